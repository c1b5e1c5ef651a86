"""A compiled script: immutable arrays that the machine runs, and what names and places they have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lang.bytecode.ops import OPERAND_MASK, OPERAND_SHIFTS, Op
from lang.layout import (
    FN_HEAD_WORDS,
    FUNCTION_WORDS,
    HEADER_SIZE_SHIFT,
    METHOD_WORDS,
    Kind,
)
from lang.source import Source, parts_of
from lang.values import Tag
from lang.words import string_words

I64 = npt.NDArray[np.int64]
RAN = "::"
"""How the name of a state slot ends that has a value once its imported file has run."""
SEQUENCES = "$sequences"
"""The state slot of what waits in the middle of a function: no script can name it."""
NO_SLOT = -1


class FunctionInfo(NamedTuple):
    """What messages and callers need to know of a function; `built_in` ones stay out of traces.

    `unit` is the number of its file, 0 for the script itself; `is_module`: it is the top level of a file.
    `this_type` is the type that it is a method of, None if it is for all; it may be one that does not exist.
    """

    name: str
    parameters: tuple[str, ...]
    captures: int
    first: int
    end: int
    registers: int
    at: int
    built_in: bool = False
    type_tag: int = -1
    is_closure: bool = False
    unit: int = 0
    is_module: bool = False
    this_type: str | None = None


class Handler(NamedTuple):
    """A `try`: faults at first <= pc < end go to `target`, with the value in `register` (if any)."""

    first: int
    end: int
    target: int
    register: int


IN_SLOT = 0
"""The register of a variable of the top level whose value is in its state slot all the time."""


class TopVariable(NamedTuple):
    """A variable of the top level: from the instruction `first` on its register holds its value."""

    name: str
    register: int
    first: int
    constant: bool


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled script.

    Attributes:
        code: [n] instruction words. places: [n] character offsets, NO_PLACE where there is none.
        constants: [2 k] tag and payload of each. pool: words of the constant heap.
        functions: rows of FUNCTION_WORDS; `top_level` is the script itself. methods: rows of METHOD_WORDS.
        state_names: script-level variables by slot; `constant_names` are those that are constants.
        callbacks: name → the untyped function with most parameters.
        names: pc → name of what is called there, for messages.
        fault_places: (pc, fault) → place, where it is not the place of the instruction.
        variables: of the top level, in the order of their declaration, where it was compiled for a scope:
            their registers are read after the run, whether or not any instruction reads them.
        parts: pc → places of the plain instructions that the one there stands for, if they differ from its
            own. assignments: pcs of operators that assign what they make.
        live: [n] row of `roots` for each instruction: the registers that hold a value just before it.
        roots: rows (see `RootTable`).
    """

    source: Source
    code: I64
    places: npt.NDArray[np.int32]
    constants: I64
    pool: I64
    functions: I64
    methods: I64
    infos: tuple[FunctionInfo, ...]
    handlers: tuple[Handler, ...]
    state_names: tuple[str, ...]
    names: dict[int, str]
    callbacks: dict[str, int]
    top_level: int
    constant_names: frozenset[str]
    live: I64
    roots: I64
    linked: Any  # what a script that links to this program (the prelude) starts with
    warnings: tuple[str, ...] = ()
    fault_places: dict[tuple[int, int], int] = field(default_factory=dict)
    variables: tuple[TopVariable, ...] = ()
    parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    assignments: frozenset[int] = frozenset()
    image: I64 = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the words that the machine copies when it enters the program."""
        image = np.array(
            [
                self.code.ctypes.data,
                self.code.size,
                self.constants.ctypes.data,
                self.constants.size,
                self.methods.ctypes.data,
                self.pool.ctypes.data,
                self.pool.size,
                self.functions.ctypes.data,
                self.functions.size // FUNCTION_WORDS,
                len(self.state_names),
                self.methods.size // METHOD_WORDS,
                self.live.ctypes.data,
                self.roots.ctypes.data,
                self.roots.size,
                self.slots.get(SEQUENCES, NO_SLOT),
                self.places.ctypes.data,
            ],
            np.int64,
        )
        object.__setattr__(self, "image", image)

    def __repr__(self) -> str:
        """Return which script it is."""
        return f"<Program {self.source.name!r}: {self.code.size} instructions>"

    def with_pool(self, pool: I64) -> Program:
        """Return the same program with another constant heap, in which all its constants lie unchanged."""
        return replace(self, pool=pool)

    @cached_property
    def built_ins(self) -> dict[tuple[str, int], int]:
        """Functions of the prelude by name and number of parameters."""
        return {
            (info.name, len(info.parameters)): index
            for index, info in enumerate(self.infos)
            if info.built_in and info.name and not info.is_closure
        }

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that it is made of, its own first: when one changes, compile it again."""
        return tuple(dict.fromkeys(part.name for part in parts_of(self.source)))

    @cached_property
    def slots(self) -> dict[str, int]:
        """State variables by name."""
        return {name: slot for slot, name in enumerate(self.state_names)}

    @cached_property
    def functions_by_name(self) -> dict[str, dict[int, int]]:
        """The script's untyped functions: name → number of parameters → index; later ones come first."""
        found: dict[str, dict[int, int]] = {}
        for index, info in enumerate(self.infos):
            if info.name and info.type_tag == -1 and not info.built_in and not info.is_closure:
                found.setdefault(info.name, {})[len(info.parameters)] = index
        return found

    def used_kernels(self) -> list[tuple[int, int]]:
        """Return (opcode, number of a native or 0) of every instruction that can be reached, once each."""
        found: set[tuple[int, int]] = set()
        todo = [index for index, info in enumerate(self.infos) if not info.built_in]
        seen = set(todo)
        while todo:
            info = self.infos[todo.pop()]
            for word in self.code[info.first : info.end].tolist():
                op, operand = word & 0xFF, word >> OPERAND_SHIFTS[1] & OPERAND_MASK
                is_call = op in (Op.CALL_NATIVE, Op.CALL_ON)
                found.add((op, operand if is_call else 0))
                if op in (Op.CALL_BUILT_IN, Op.CALL_BUILT_IN_ON, Op.CLOSURE, Op.CALL) and operand not in seen:
                    seen.add(operand)
                    todo.append(operand)
        return sorted(found)

    def function_at(self, pc: int) -> int:
        """Return the index of the function that an instruction belongs to."""
        return next(i for i, info in enumerate(self.infos) if info.first <= pc < info.end)


class RootTable:
    """Sets of registers under construction, each once.

    A row is the number of its runs, then the first register and the length of each run.
    """

    def __init__(self) -> None:
        self.words: list[int] = []
        self._rows: dict[int, int] = {}

    def copy(self) -> RootTable:
        """Return a table that starts with the same rows."""
        table = RootTable()
        table.words = self.words.copy()
        table._rows = self._rows.copy()
        return table

    def row(self, registers: int) -> int:
        """Return where the row of a set starts, which has a bit for each register."""
        row = self._rows.get(registers)
        if row is None:
            row = self._rows[registers] = len(self.words)
            self.words.append(0)
            while registers:
                first = (registers & -registers).bit_length() - 1
                length = (~(registers >> first) & (registers >> first) + 1).bit_length() - 1
                self.words += [first, length]
                self.words[row] += 1
                registers &= registers + (1 << first)
        return row


class ConstantPool:
    """Constants under construction: each value once, strings and pointers on the constant heap."""

    def __init__(self) -> None:
        self.words: list[int] = []
        self.heap: list[int] = []
        self._numbers: dict[tuple[int, int | str], int] = {}
        self._strings: dict[str, int] = {}

    def copy(self) -> ConstantPool:
        """Return a pool that starts with the same constants."""
        pool = ConstantPool()
        pool.words = self.words.copy()
        pool.heap = self.heap.copy()
        pool._numbers = self._numbers.copy()
        pool._strings = self._strings.copy()
        return pool

    def with_heap_of(self, other: ConstantPool) -> ConstantPool:
        """Return these constants on the heap of a pool that began as a copy of this one."""
        pool = other.copy()
        pool.words = self.words.copy()
        pool._numbers = self._numbers.copy()  # noqa: SLF001 - another one of this class
        return pool

    def string(self, text: str) -> int:
        """Return the reference of a string."""
        reference = self._strings.get(text)
        if reference is None:
            reference = ~len(self.heap)
            self.heap.extend(string_words(text))
            self._strings[text] = reference
        return reference

    def value(self, tag: Tag, payload: int) -> int:
        """Return the number of the constant."""
        key = (int(tag), payload)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.words) // 2
            self.words += [int(tag), payload]
        return number

    def table(self, payloads: list[int]) -> int:
        """Return the number of the first of new constants, which are ints in a row."""
        first = len(self.words) // 2
        for payload in payloads:
            self.words += [int(Tag.INT), payload]
        return first

    def range(self, start: int, end: int, inclusive: bool) -> int:
        """Return the number of a constant range."""
        key = (int(Tag.RANGE), f"{start} {end} {inclusive}")
        number = self._numbers.get(key)
        if number is None:
            reference = ~len(self.heap)
            self.heap += [Kind.RANGE | 3 << HEADER_SIZE_SHIFT, start, end]
            number = self.value(Tag.RANGE_INCLUSIVE if inclusive else Tag.RANGE, reference)
            self._numbers[key] = number
        return number

    def pointer(self, name: str, unit: int) -> int:
        """Return the number of a constant pointer to the function of that name in a file."""
        key = (int(Tag.FN), f"{unit} {name}")
        number = self._numbers.get(key)
        if number is None:
            text = self.string(name)
            reference = ~len(self.heap)
            self.heap += [Kind.FN | FN_HEAD_WORDS << HEADER_SIZE_SHIFT, -1 - unit, text, 0]
            number = self._numbers[key] = len(self.words) // 2
            self.words += [int(Tag.FN), reference]
        return number
