"""Comparing values as Rhai does: text, numbers with a relative epsilon, deep arrays and maps."""

from __future__ import annotations

from lang.heap.alloc import pay
from lang.heap.strings import (
    compare_strings,
    object_address,
    string_bytes,
    utf8_length,
)
from lang.jit import I64, bits_float, kernel, words_at, words_in
from lang.layout import ENTRY_WORDS, Kind, M
from lang.values import Tag

EPSILON = 2.220446049250313e-16
DIFFERENT = 0
EQUAL = 1
NO_OPERATOR = 2
NESTED = 4
UNORDERED = 3  # of `order`: neither below, equal nor above


@kernel
def float_order(x: float, y: float) -> int:
    """Return -1, 0, 1, or UNORDERED with NaN or infinity, by a relative epsilon."""
    largest = max(abs(x), abs(y)) if x * y != 0.0 else 1.0
    difference = (x - y) / largest
    if abs(difference) <= EPSILON:
        return 0
    if difference > EPSILON:
        return 1
    if difference < -EPSILON:
        return -1
    return UNORDERED


@kernel
def char_to_string_order(m: I64, code: int, text: int) -> int:
    """Return how a character sorts beside a string."""
    view = string_bytes(m, text)
    length = utf8_length(code)
    for i in range(length):
        byte = utf8_byte(code, length, i)
        if i >= view.size:
            return 1
        if byte != int(view[i]):
            return -1 if byte < int(view[i]) else 1
    return 0 if view.size == length else -1


@kernel
def utf8_byte(code: int, length: int, i: int) -> int:
    """Return byte `i` of a code point that takes `length` bytes."""
    if length == 1:
        return code
    if i > 0:
        return 0x80 | ((code >> (6 * (length - 1 - i))) & 0x3F)
    return (code >> (6 * (length - 1))) | ((0xF0 << (4 - length)) & 0xFF)


@kernel
def number_order(lt: int, lp: int, rt: int, rp: int) -> int:
    """Return the order of two numbers of the kinds int and float."""
    if lt == Tag.INT and rt == Tag.INT:
        return -1 if lp < rp else (1 if lp > rp else 0)
    x = float(lp) if lt == Tag.INT else bits_float(lp)
    y = float(rp) if rt == Tag.INT else bits_float(rp)
    return float_order(x, y)


@kernel
def text_order(m: I64, lt: int, lp: int, rt: int, rp: int) -> int:
    """Return the order of two values of the kinds char and string."""
    if lt == Tag.STRING:
        if rt == Tag.STRING:
            return compare_strings(m, lp, rp)
        return -char_to_string_order(m, rp, lp)
    if rt == Tag.STRING:
        return char_to_string_order(m, lp, rp)
    return -1 if lp < rp else (1 if lp > rp else 0)


@kernel
def is_numeric(kind: int) -> bool:
    """Return whether values of this kind are ints or floats."""
    return kind == Tag.INT or kind == Tag.FLOAT


@kernel
def is_text(kind: int) -> bool:
    """Return whether values of this kind are characters or strings."""
    return kind == Tag.STRING or kind == Tag.CHAR


@kernel
def equal_simple(m: I64, left_tag: int, lp: int, right_tag: int, rp: int) -> int:
    """Return DIFFERENT, EQUAL, NO_OPERATOR, or NESTED for two containers of one kind."""
    lt = left_tag & 0xFF
    rt = right_tag & 0xFF
    if is_numeric(lt) and is_numeric(rt):
        return EQUAL if number_order(lt, lp, rt, rp) == 0 else DIFFERENT
    if is_text(lt) and is_text(rt):
        return EQUAL if text_order(m, lt, lp, rt, rp) == 0 else DIFFERENT
    if lt != rt:
        return DIFFERENT
    if lt == Tag.UNIT:
        return EQUAL
    if lt == Tag.BOOL:
        return EQUAL if lp == rp else DIFFERENT
    if lt == Tag.FN or lt == Tag.ITERATOR or lt == Tag.SEQUENCE:
        return NO_OPERATOR
    if lt == Tag.RANGE or lt == Tag.RANGE_INCLUSIVE:
        left = words_at(object_address(m, lp), 3)
        right = words_at(object_address(m, rp), 3)
        return EQUAL if left[1] == right[1] and left[2] == right[2] else DIFFERENT
    if lt == Tag.VEC2 or lt == Tag.VEC3:
        size = 3 if lt == Tag.VEC3 else 2
        left = words_at(object_address(m, lp), 1 + size)
        right = words_at(object_address(m, rp), 1 + size)
        for i in range(size):
            if float_order(bits_float(left[1 + i]), bits_float(right[1 + i])) != 0:
                return DIFFERENT
        return EQUAL
    return NESTED


@kernel
def equal_bytes(m: I64, left: int, right: int) -> int:
    """Compare two blobs of the same length."""
    heap = words_in(m, M.HEAP)
    pay(m, heap[left + 1])
    for i in range(heap[left + 1]):
        shift = 8 * (i % 8)
        x = heap[heap[left + 2] + 1 + i // 8] >> shift
        y = heap[heap[right + 2] + 1 + i // 8] >> shift
        if (x ^ y) & 0xFF != 0:
            return DIFFERENT
    return EQUAL


@kernel
def equal(m: I64, left_tag: int, lp: int, right_tag: int, rp: int) -> int:
    """Return DIFFERENT, EQUAL, or NO_OPERATOR (two functions, or nested too deeply).

    Pairs of containers being compared stand on a stack in the scratch space: left, right, next index.
    """
    result = equal_simple(m, left_tag, lp, right_tag, rp)
    if result != NESTED:
        return result
    heap = words_in(m, M.HEAP)
    stack = words_in(m, M.SCRATCH)
    stack[0] = lp
    stack[1] = rp
    stack[2] = 0
    depth = 1
    while depth > 0:
        top = 3 * (depth - 1)
        left = stack[top]
        right = stack[top + 1]
        index = stack[top + 2]
        kind = heap[left] & 0xFF
        length = heap[left + 1]
        if index == 0 and length != heap[right + 1]:
            return DIFFERENT
        if kind == Kind.BLOB and equal_bytes(m, left, right) == DIFFERENT:
            return DIFFERENT
        if index >= length or kind == Kind.BLOB:
            depth -= 1
            continue
        width = 2 if kind == Kind.ARRAY else ENTRY_WORDS
        x = heap[left + 2] + 1 + width * index
        y = heap[right + 2] + 1 + width * index
        if kind == Kind.MAP:
            if compare_strings(m, heap[x], heap[y]) != 0:
                return DIFFERENT
            x += 1
            y += 1
        stack[top + 2] = index + 1
        if index % 4 == 3 and not pay(m, 64):
            return DIFFERENT
        result = equal_simple(m, heap[x], heap[x + 1], heap[y], heap[y + 1])
        if result == NESTED:
            if 3 * depth + 3 > stack.size:
                return NO_OPERATOR
            stack[3 * depth] = heap[x + 1]
            stack[3 * depth + 1] = heap[y + 1]
            stack[3 * depth + 2] = 0
            depth += 1
        elif result != EQUAL:
            return result
    return EQUAL
