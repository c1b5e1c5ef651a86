"""Finding a value in a container: `in`, `contains`, `index_of`."""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.alloc import pay
from lang.heap.equality import EQUAL, NO_OPERATOR, equal, is_text, utf8_byte
from lang.heap.maps import find_key
from lang.heap.strings import object_address, string_bytes, utf8_length
from lang.jit import I64, U8, kernel, words_at, words_in
from lang.layout import M
from lang.values import Tag

FALSE, TRUE = 0, 1
UNPAID = 4096  # bytes that a search looks at before it pays


@kernel
def matches(view: U8, at: int, wanted: U8) -> int:
    """Return how many bytes of `wanted` stand at a place that has room for all of them."""
    i = 0
    while i < wanted.size and view[at + i] == wanted[i]:
        i += 1
    return i


@kernel
def find_character(view: U8, code: int, start: int) -> int:
    """Return the byte at which a character occurs from byte `start` on, or -1."""
    length = utf8_length(code)
    first = utf8_byte(code, length, 0)
    for at in range(start, view.size - length + 1):
        if int(view[at]) == first:
            i = 1
            while i < length and int(view[at + i]) == utf8_byte(code, length, i):
                i += 1
            if i == length:
                return at
    return -1


@kernel
def find_text(m: I64, text: int, tag: int, payload: int, start: int, is_paid: bool) -> int:
    """Return the byte at which a string or character occurs in `text` from byte `start`, or -1.

    It pays for what it looks at, unless that has been paid for; when nothing is left it gives up.
    """
    view = string_bytes(m, text)
    if tag & 0xFF == Tag.CHAR:
        found = find_character(view, payload, start)
        if not is_paid:
            pay(m, (found if found >= 0 else view.size) - start)
        return found
    wanted = string_bytes(m, payload)
    looked_at = 0
    for at in range(start, view.size - wanted.size + 1):
        same = matches(view, at, wanted)
        if same == wanted.size:
            if not is_paid:
                pay(m, looked_at)
            return at
        looked_at += 1 + same
        if looked_at > UNPAID and not is_paid:
            if not pay(m, looked_at):
                return -1
            looked_at = 0
    if not is_paid:
        pay(m, looked_at)
    return -1


@kernel
def contains_value(m: I64, ct: int, cp: int, tag: int, payload: int) -> int:
    """Return FALSE, TRUE or a fault for ``value in container``."""
    kind = tag & 0xFF
    if ct == Tag.ARRAY:
        heap = words_in(m, M.HEAP)
        for i in range(heap[cp + 1]):
            if i % 4 == 3 and not pay(m, 64):
                return FALSE
            at = heap[cp + 2] + 1 + 2 * i
            result = equal(m, heap[at], heap[at + 1], tag, payload)
            if result == NO_OPERATOR:
                return Fault.FUNCTION_NOT_FOUND
            if result == EQUAL:
                return TRUE
        return FALSE
    if ct == Tag.MAP and kind == Tag.STRING:
        return TRUE if find_key(m, cp, payload) >= 0 else FALSE
    if ct == Tag.STRING and is_text(kind):
        return TRUE if find_text(m, cp, kind, payload, 0, False) >= 0 else FALSE
    if (ct == Tag.RANGE or ct == Tag.RANGE_INCLUSIVE) and kind == Tag.INT:
        bounds = words_at(object_address(m, cp), 3)
        inside = bounds[1] <= payload and (
            payload < bounds[2] or (payload == bounds[2] and ct == Tag.RANGE_INCLUSIVE)
        )
        return TRUE if inside else FALSE
    if ct == Tag.BLOB and kind == Tag.INT:
        heap = words_in(m, M.HEAP)
        pay(m, heap[cp + 1])
        for i in range(heap[cp + 1]):
            if (heap[heap[cp + 2] + 1 + i // 8] >> (8 * (i % 8))) & 0xFF == payload & 0xFF:
                return TRUE
        return FALSE
    return Fault.FUNCTION_NOT_FOUND
