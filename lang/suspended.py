"""Functions that wait, as Python sees them in the words of a heap: their names, and whether they are sound.

`lang.vm.suspension` tells how they lie there. What a snapshot from elsewhere says of them is checked as all
that is on a heap: the loop trusts registers and frames as the compiler and its own instructions fill them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from lang.bytecode.ops import OPERAND_MASK, OPERAND_SHIFTS, Op
from lang.bytecode.program import SEQUENCES, FunctionInfo, Program
from lang.jit import I64
from lang.layout import HEADER_SIZE_SHIFT, STRING_HEAD_WORDS, Kind
from lang.values import READ_ONLY, USER_TAG_SHIFT, Tag
from lang.vm.suspension import ARGUMENTS, BEGINS, DEPTH, FIRST_PART, HANDLE, HEAD, LEVELS, POINTER, ROW
from lang.workspace import REGISTERS

WAITING = frozenset({Op.CALL_NATIVE, Op.CALL_ON})
CALLING = WAITING | {
    *(Op.CALL, Op.CALL_POINTER, Op.CALL_METHOD_OF),
    *(Op.CALL_BACK, Op.CALL_BUILT_IN, Op.CALL_BUILT_IN_ON),
}
TRUSTING = frozenset({Op.EACH, Op.FOLD, Op.MERGE})
"""Instructions of the prelude that work on registers as only they fill them: nothing waits within."""
LOOPED = frozenset({Tag.ARRAY, Tag.STRING, Tag.VEC2, Tag.VEC3})


class SuspendedFrame(NamedTuple):
    """A frame of a waiting function: where it goes on, and its first register."""

    pc: int
    base: int


class Suspended(NamedTuple):
    """A sequence that waits: where its array lies, and what the array begins with.

    `first` is the element of register 0; without frames it has not begun.
    """

    at: int
    handle: int
    row: int
    levels: int
    frames: tuple[SuspendedFrame, ...]
    first: int
    end: int


def elements(words: Sequence[int], array: int) -> Iterator[int]:
    """Yield where the elements of an array of a heap lie."""
    first = words[array + 2] + 1
    yield from range(first, first + 2 * words[array + 1], 2)


def suspended(words: Sequence[int], program: Program) -> list[Suspended]:
    """Return the sequences that wait in an instance, of whose heap these are the words."""
    slot = program.slots.get(SEQUENCES)
    if slot is None or words[2 * slot] != Tag.ARRAY:
        return []
    held = [words[at + 1] for at in elements(words, words[2 * slot + 1]) if words[at] == Tag.ARRAY]
    return [_read(words, array) for array in held]


def _read(words: Sequence[int], array: int) -> Suspended:
    values = [words[at + 1] for at in elements(words, array)]
    count = 0 if values[DEPTH] == BEGINS else values[DEPTH] + 1
    frames = [SuspendedFrame(*values[HEAD + 2 * i : HEAD + 2 * i + 2]) for i in range(count)]
    first = HEAD + 2 * count
    return Suspended(
        array, values[HANDLE], values[ROW], values[LEVELS], tuple(frames), first, len(values) - first
    )


def redirect(heap: I64, old: Program, new: Program, functions: I64) -> None:
    """Let the functions that wait in an instance go on in another version of their program.

    Args:
        heap: the words of the instance's heap, which are written to. functions: the new index of each old
            function, negative where the new program has none like it; what waits in such a one ends.
    """
    words = heap.tolist()
    for at in elements(words, words[2 * old.slots[SEQUENCES] + 1]):
        if words[at] == Tag.ARRAY and not _redirected(heap, _read(words, words[at + 1]), old, new, functions):
            heap[at : at + 2] = (Tag.UNIT, 0)


def _redirected(heap: I64, sequence: Suspended, old: Program, new: Program, functions: I64) -> bool:
    """Change where the frames of a sequence go on, and which state variables it refers to; False: it ends."""
    first = int(heap[sequence.at + 2]) + 1
    for number, frame in enumerate(sequence.frames):
        before = old.function_at(frame.pc - 1)
        after = int(functions[before])
        if after < 0:
            return False
        pc = frame.pc - old.infos[before].first + new.infos[after].first
        heap[first + 2 * (HEAD + 2 * number) + 1] = pc
    registers = first + 2 * sequence.first
    for at in range(registers, registers + 2 * sequence.end if sequence.frames else registers, 2):
        if heap[at] & 0xFF == Tag.REF_STATE:
            slot = new.slots.get(old.state_names[int(heap[at + 1])])
            if slot is None:
                return False
            heap[at + 1] = slot
    return True


def function_name(words: Sequence[int], program: Program, sequence: Suspended) -> str:
    """Return what a sequence is called: as the function that was started."""
    if sequence.frames:
        return program.infos[program.function_at(sequence.frames[0].pc - 1)].name
    heap, at = _object(words, program, words[words[sequence.at + 2] + 2 + 2 * POINTER])
    if heap[at + 1] >= 0:
        return program.infos[heap[at + 1]].name
    heap, at = _object(words, program, heap[at + 2])
    data = np.array(heap[at + STRING_HEAD_WORDS : at + (heap[at] >> HEADER_SIZE_SHIFT)], np.int64).tobytes()
    return data[: heap[at + 1] & 0xFFFFFFFF].decode()


def _object(words: Sequence[int], program: Program, reference: int) -> tuple[Sequence[int], int]:
    """Return the words in which an object lies, and where."""
    return (words, reference) if reference >= 0 else (program.pool.tolist(), ~reference)


def is_text(data: bytes) -> bool:
    """Return whether bytes end where a character does."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class HeapChecker(Protocol):
    """What the rules need of the checker of a heap."""

    words: list[int]
    objects: dict[int, Kind]

    def fail(self, at: int, sentence: str) -> Exception:
        """Return the error that tells of a breach."""

    def bytes_of(self, reference: int) -> bytes:
        """Return the bytes of a string."""

    def check_value(self, at: int, holder: int = -1, *, may_be_shared: bool = False) -> None:
        """Check an ordinary value."""


class SuspendedRules:
    """The rules of waiting functions; each method raises on the first breach."""

    def __init__(self, checker: HeapChecker, program: Program) -> None:
        self._checker = checker
        self._program = program
        self._words = checker.words
        self.arrays: set[int] = set()
        """The arrays that no value of a script may be."""
        self.slot = program.slots.get(SEQUENCES, -1)

    def find(self) -> None:
        """Find the arrays of all sequences, before anything else is checked."""
        at = 2 * self.slot
        if self.slot < 0 or self._words[at] == Tag.UNDEFINED:
            return
        every = self._array(at)
        self.arrays.add(every)
        handles = set()
        for element in elements(self._words, every):
            if self._words[element] == Tag.UNIT:
                continue
            array = self._array(element)
            values = list(elements(self._words, array))
            self._require(array not in self.arrays and len(values) >= FIRST_PART, element)
            self._require(all(self._words[value] == Tag.INT for value in values[:HEAD]), array)
            depth = self._words[values[DEPTH] + 1]
            self._require(depth >= BEGINS and HEAD + 2 * (depth + 1) <= len(values), array)
            self._require(self._words[values[HANDLE] + 1] not in handles, array)
            handles.add(self._words[values[HANDLE] + 1])
            self.arrays.add(array)

    def _array(self, at: int) -> int:
        """Return the array that is a value, whose storage is sound."""
        array = self._words[at + 1]
        objects = self._checker.objects
        self._require(self._words[at] == Tag.ARRAY and objects.get(array) == Kind.ARRAY, at)
        length, storage = self._words[array + 1 : array + 3]
        fits = objects.get(storage) == Kind.VALUES and self._words[storage] >> 32 == 1 + 2 * length
        self._require(length == 0 or fits, array)
        return array

    def _require(self, fits: bool, at: int) -> None:
        if not fits:
            raise self._checker.fail(at, "is no function that waits")

    def check_all(self) -> None:
        """Check all sequences, when the arrays that hold them are known to be sound."""
        if self.arrays:
            for sequence in suspended(self._words, self._program):
                self._check(sequence)

    def _check(self, sequence: Suspended) -> None:
        values = list(elements(self._words, sequence.at))
        self._require(sequence.handle > 0 and sequence.row >= 0 and sequence.end >= 0, sequence.at)
        if not sequence.frames:
            fits = self._words[values[DEPTH] + 1] == BEGINS and len(values) == FIRST_PART
            given = self._words[values[ARGUMENTS]]
            self._require(fits and self._words[values[POINTER]] & 0xFF == Tag.FN, sequence.at)
            self._require(given in (Tag.UNIT, Tag.ARRAY), sequence.at)
            self._checker.check_value(values[POINTER], sequence.at)
            self._checker.check_value(values[ARGUMENTS], sequence.at)
            return
        registers = values[sequence.first :]
        pcs = values[HEAD : sequence.first : 2]
        self._require(all(self._words[at] == Tag.CODE for at in pcs), sequence.at)
        ends = [frame.base for frame in sequence.frames[1:]] + [len(registers)]
        levels = 0
        for number, (frame, end) in enumerate(zip(sequence.frames, ends, strict=True)):
            info = self._frame(sequence, number)
            levels += info.built_in
            self._registers(sequence.at, frame, end, registers)
            self._loops(sequence.at, info, frame, registers)
        self._require(levels == sequence.levels, sequence.at)

    def _frame(self, sequence: Suspended, number: int) -> FunctionInfo:
        """Check that a frame waits for a call in whose window the next one stands; returns its function."""
        program, frame = self._program, sequence.frames[number]
        is_last = number + 1 == len(sequence.frames)
        self._require(0 < frame.pc < program.code.size, sequence.at)
        info = program.infos[program.function_at(frame.pc - 1)]
        word = int(program.code[frame.pc - 1])
        op = word & 0xFF
        window = frame.base + (word >> OPERAND_SHIFTS[0] & OPERAND_MASK)
        self._require(op in (WAITING if is_last else CALLING) and frame.pc < info.end, sequence.at)
        self._require(number > 0 or frame.base == 0, sequence.at)
        self._require(frame.base >= 0 and frame.base + info.registers <= REGISTERS, sequence.at)
        if not is_last:
            following = sequence.frames[number + 1].base
            self._require(following in (window, window + (op == Op.CALL_POINTER)), sequence.at)
        if info.built_in:
            code = program.code[info.first : info.end].tolist()
            self._require(is_last and not any(word & 0xFF in TRUSTING for word in code), sequence.at)
        return info

    def _held(self, frame: SuspendedFrame) -> Iterator[int]:
        """Yield the registers that hold values where a frame stands."""
        roots = self._program.roots
        row = int(self._program.live[frame.pc - 1])
        for i in range(int(roots[row])):
            first, length = roots[row + 1 + 2 * i : row + 3 + 2 * i].tolist()
            yield from range(frame.base + first, frame.base + first + length)

    def _registers(self, array: int, frame: SuspendedFrame, end: int, registers: list[int]) -> None:
        self._require(frame.base <= end <= len(registers), array)
        held = {register for register in self._held(frame) if register < end}
        for register in range(frame.base, end):
            at = registers[register]
            if register in held:
                self._register(array, register, registers)
            else:
                self._require(self._words[at] == Tag.UNIT and self._words[at + 1] == 0, at)

    def _register(self, array: int, register: int, registers: list[int]) -> None:
        at = registers[register]
        tag, payload = self._words[at], self._words[at + 1]
        kind = tag & 0xFF
        plain = tag & ~READ_ONLY
        if kind == Tag.REF_REGISTER:
            self._require(plain == kind and 0 <= payload < len(registers) and payload != register, at)
            is_chain = self._words[registers[payload]] & 0xFF == Tag.REF_REGISTER
            self._require(payload < register or not is_chain, at)
        elif kind == Tag.REF_STATE:
            fits = plain == kind and 0 <= payload < len(self._program.state_names) and payload != self.slot
            self._require(fits and self._words[2 * payload] != Tag.UNDEFINED, at)
        elif kind == Tag.REF_ELEMENT:
            fits = tag >= 0 and plain & (1 << USER_TAG_SHIFT) - 1 == kind
            is_container = self._checker.objects.get(payload) in (Kind.ARRAY, Kind.MAP)
            self._require(fits and is_container and payload not in self.arrays, at)
        elif kind in (Tag.UNBOUND, Tag.COUNTING):
            self._require(tag == kind and (kind == Tag.COUNTING or payload == 0), at)
        else:
            self._checker.check_value(at, array, may_be_shared=True)

    def _loops(self, array: int, info: FunctionInfo, frame: SuspendedFrame, registers: list[int]) -> None:
        """Check how far the loops are that a frame is in."""
        for pc in range(info.first, info.end):
            word = int(self._program.code[pc])
            if word & 0xFF != Op.FOR_NEXT:
                continue
            state, _, jump = (word >> shift & OPERAND_MASK for shift in OPERAND_SHIFTS)
            body = pc + 1 + ((jump ^ 0x8000) - 0x8000)
            if not body <= frame.pc - 1 <= pc or frame.base + state + 1 >= len(registers):
                continue
            over, index = registers[frame.base + state], registers[frame.base + state + 1]
            kind, position = self._words[over] & 0xFF, self._words[index + 1]
            if kind in LOOPED:
                self._require(position >= 0, array)
            if kind == Tag.STRING:
                read = self._checker.bytes_of(self._words[over + 1])[:position]
                self._require(len(read) == position and is_text(read), array)
