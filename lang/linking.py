"""The tables of addresses through which the loop reaches kernels and natives.

A kernel takes some milliseconds to load from the cache, so a table starts full of a stub, and what a
program uses is loaded when its first instance is made. Whatever is reached in another way (a pointer
by name) answers `UNLINKED` once: the machine loads it, and the instruction runs again.
"""

from __future__ import annotations

import numpy as np

from lang.bytecode.ops import Op
from lang.bytecode.program import Program
from lang.jit import I64, Native
from lang.layout import MACHINE_WORDS, M
from lang.stdlib.registry import NativeTable
from lang.vm.fault import host_native, unlinked
from lang.vm.table import KERNELS

NAME_BYTES = 64
"""Room for the name of a native."""
CALLS = (Op.CALL_NATIVE, Op.CALL_ON)


class Linker:
    """The tables of one machine.

    Attributes:
        kernels: [256] address by opcode. natives: [n] address by number.
    """

    def __init__(self, table: NativeTable, words: I64) -> None:
        self._table = table
        self._words = words
        self._linked: set[int] = set()
        self.kernels = np.full(256, unlinked.address, np.int64)
        words[M.KERNELS] = self.kernels.ctypes.data
        self.publish()

    def publish(self) -> None:
        """Lay out the natives; again after the table has grown."""
        entries = self._table.entries
        addresses = [
            unlinked.address if isinstance(entry.implementation, Native) else host_native.address
            for entry in entries
        ]
        self.natives = np.array(addresses, np.int64)
        names = [entry.name.encode()[:NAME_BYTES] for entry in entries]
        self._names = np.frombuffer(b"".join(name.ljust(NAME_BYTES) for name in names), np.uint8).copy()
        first = self._names.ctypes.data
        rows = [(first + NAME_BYTES * number, len(name)) for number, name in enumerate(names)]
        self._name_rows = np.array(rows, np.int64).ravel()
        self._words[M.NATIVES] = self.natives.ctypes.data
        self._words[M.NATIVE_COUNT] = len(entries)
        self._changes = np.array([entry.changes for entry in entries], np.int64)
        self._words[M.NATIVE_CHANGES] = self._changes.ctypes.data
        self._words[M.NATIVE_NAMES] = self._name_rows.ctypes.data
        self._linked.clear()

    def link(self, program: Program) -> None:
        """Load the kernels that a program uses."""
        if id(program) in self._linked:
            return
        self._linked.add(id(program))
        for op, native in program.used_kernels():
            self.load(op, native)

    def load(self, op: int, native: int) -> None:
        """Load the kernel of an opcode, or for a call that of the native of a number."""
        if op in CALLS:
            implementation = self._table.entries[native].implementation
            if isinstance(implementation, Native):
                self.natives[native] = implementation.address
        kernel = KERNELS.get(Op(op))
        if kernel is not None:
            self.kernels[op] = kernel.address


def load_kernels(program: Program, table: NativeTable) -> None:
    """Load the kernels that a program uses, so that no machine needs to; from any thread."""
    words = np.zeros(MACHINE_WORDS, np.int64)
    Linker(table, words).link(program)
