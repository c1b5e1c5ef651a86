"""What functions do, as hashes that hold from one version of a script to the next.

Two functions have the same body when they do the same with what they name: constants by value, variables
of the script, functions and files by name. Numbers (of slots, constants, functions, places) may differ.
What a called function does is that one's business; a closure inside is part of the body.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from lang.bytecode.ops import COST_SHIFT, OPCODES, OPERAND_KINDS, OPERAND_MASK, OPERAND_SHIFTS, Op
from lang.bytecode.program import FunctionInfo, Program
from lang.layout import HEADER_SIZE_SHIFT, UNIT_SHIFT, Kind
from lang.values import Tag

DIGEST_BYTES = 16
_REFERRING = frozenset({Tag.STRING, Tag.RANGE, Tag.RANGE_INCLUSIVE, Tag.FN})


class Label(NamedTuple):
    """What a function with a name is known by."""

    file: str
    name: str
    parameters: int
    this_type: str | None


class Bodies:
    """The functions of one program by name and by what they do."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._closures: dict[int, bytes] = {}
        self.files = {0: program.source.name}
        for info in program.infos:
            if info.unit and info.at >= 0:
                self.files.setdefault(info.unit, program.source.part_at(info.at).name)
        own = [(number, info) for number, info in enumerate(program.infos) if not info.built_in]
        self.named = {self.label(info): number for number, info in own if not info.is_closure}
        self.hashes = {number: self._hash(number) for number, _ in own}

    def label(self, info: FunctionInfo) -> Label:
        """Return what a function is known by."""
        return Label(self._file(info.unit), info.name, len(info.parameters), info.this_type)

    def closures(self) -> dict[tuple[str, bytes], int]:
        """Return the closures by file and hash; of equal ones, one."""
        infos = self._program.infos
        found = ((number, one) for number, one in self.hashes.items() if infos[number].is_closure)
        return {(self._file(infos[number].unit), one): number for number, one in found}

    def same(self, label: Label, other: Bodies) -> bool:
        """Return whether a function of this program is in the other as it is here."""
        there = other.named.get(label)
        return there is not None and other.hashes[there] == self.hashes[self.named[label]]

    def _file(self, unit: int) -> str:
        return self.files.get(unit, "")

    def _hash(self, number: int) -> bytes:
        if number not in self._closures:
            info = self._program.infos[number]
            digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
            head = (info.captures, len(info.parameters), info.registers, info.this_type, info.type_tag)
            digest.update(repr(head).encode())
            handlers = [one for one in self._program.handlers if info.first <= one.first < info.end]
            for one in handlers:
                places = (one.first - info.first, one.end - info.first, one.target - info.first, one.register)
                digest.update(repr(places).encode())
            for word in self._program.code[info.first : info.end].tolist():
                digest.update(repr((word & 0xFF, word >> COST_SHIFT, *self._operands(word))).encode())
            self._closures[number] = digest.digest()
        return self._closures[number]

    def _operands(self, word: int) -> Iterable[object]:
        op = OPCODES[word & 0xFF]
        for name, shift in zip(op.operands, OPERAND_SHIFTS, strict=False):
            yield self._operand(op, name, word >> shift & OPERAND_MASK)

    def _operand(self, op: Op, name: str, value: int) -> object:
        if name == "cases":
            return 0  # the comparisons that the table stands for follow it
        match OPERAND_KINDS[name]:
            case "constant" | "name":
                return self._constant(value)
            case "state":
                return self._program.state_names[value]
            case "function":
                info = self._program.infos[value]
                is_part = op == Op.CLOSURE and not info.built_in
                return self._hash(value) if is_part else (info.built_in, *self.label(info))
            case "arguments":
                return (value & (1 << UNIT_SHIFT) - 1, self._file(value >> UNIT_SHIFT))
        return value

    def _constant(self, number: int) -> object:
        tag, payload = self._program.constants[2 * number : 2 * number + 2].tolist()
        if tag not in _REFERRING:
            return tag, payload
        at = ~payload
        pool = self._program.pool
        if pool[at] & 0xFF == Kind.FN:
            return self._file(int(-1 - pool[at + 1])), self._object(~int(pool[at + 2]))
        return tag, self._object(at)

    def _object(self, at: int) -> bytes:
        pool = self._program.pool
        return pool[at : at + (int(pool[at]) >> HEADER_SIZE_SHIFT)].tobytes()
