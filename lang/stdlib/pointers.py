"""Function pointers: making them by name, what they carry, what they are called."""

from __future__ import annotations

import re
from typing import Any

from lang.faults import Fault
from lang.heap.access import argument, field_c, put, register_a
from lang.heap.alloc import has_room, take
from lang.heap.convert import FunctionValue
from lang.heap.strings import object_address
from lang.jit import native, words_at, words_in
from lang.layout import FN_HEAD_WORDS, MACHINE_WORDS, Kind, M, Status
from lang.stdlib.arrays import receiver, receiver_kind
from lang.stdlib.overloads import POINTER, Library
from lang.stdlib.registry import HostFault, NativeEntry
from lang.stdlib.text import type_name
from lang.syntax.tokens import KEYWORDS, RESERVED
from lang.values import Tag

LIBRARY = Library()
NOT_NAMES = RESERVED | frozenset(KEYWORDS) | {"true", "false", "!in", "global"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\$[0-9a-f]+)?")
_SYMBOLS = re.compile(r"[-+*/%<>=!&|^~?.,:;(){}\[\]@#$]+")


def make_pointer(machine: Any, window: int, count: int) -> None:
    """Return a pointer to the function of a name."""
    name = machine.arguments(window, count)[0]
    if type(name) is not str:
        raise HostFault(Fault.WRONG_TYPE, f"{type_name(name)} (expecting string)")
    if name in NOT_NAMES:
        raise HostFault(Fault.PARSING, f"'{name}' is a reserved keyword")
    if _SYMBOLS.fullmatch(name):
        raise HostFault(Fault.PARSING, f"'{name}' is a reserved symbol")
    if not _NAME.fullmatch(name):
        raise HostFault(Fault.MISSING_NAME, name)
    machine.put(window, FunctionValue(name, -1 - machine.unit()))


@LIBRARY.add("name", POINTER, is_property=True)
def pointer_name(value: FunctionValue) -> str:
    """The name of its function."""
    return value.name


@LIBRARY.add("is_anonymous", POINTER, is_property=True)
def is_anonymous(value: FunctionValue) -> bool:
    """Whether its function is a closure."""
    return value.name.startswith("anon$")


@native
def curry(machine: int, word: int) -> int:
    """`curry`: a pointer that carries more arguments."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.FN:
        m[M.DETAIL] = receiver_kind(m, word)
        return Fault.FUNCTION_POINTER
    added = field_c(word) - 1
    head = words_at(object_address(m, receiver(m, word)), FN_HEAD_WORDS)
    carried = head[3]
    words = FN_HEAD_WORDS + 2 * (carried + added)
    if not has_room(m, words):
        return Status.NEEDS_MEMORY
    source = words_at(object_address(m, receiver(m, word)), FN_HEAD_WORDS + 2 * carried)
    at = take(m, Kind.FN, words)
    heap = words_in(m, M.HEAP)
    registers = words_in(m, M.REGISTERS)
    for i in range(1, FN_HEAD_WORDS + 2 * carried):
        heap[at + i] = source[i]
    heap[at + 3] = carried + added
    first = argument(word, m, 1)
    for i in range(2 * added):
        heap[at + FN_HEAD_WORDS + 2 * carried + i] = registers[first + i]
    put(m, register_a(m, word), Tag.FN, at)
    return Status.OK


KERNELS = (
    NativeEntry("Fn", make_pointer, (1, 1)),
    NativeEntry("curry", curry, (1, 64)),
)
