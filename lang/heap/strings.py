"""Strings: immutable UTF-8 on the heap or in the constant pool, and the text of simple values."""

from __future__ import annotations

import numpy as np

from lang.heap.alloc import pay, take
from lang.jit import I64, U8, bits_float, bytes_at, inlined, kernel, words_at, words_in
from lang.layout import STRING_HEAD_WORDS, Kind, M
from lang.numeric.floats import float_length, write_float
from lang.values import Tag

COUNT_MASK = 0xFFFFFFFF
NOT_SIMPLE = -1
MOST_NEGATIVE = -(2**63)
LOW_BYTES, LOW_PAIRS = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
BITS = (np.uint64(8), np.uint64(16), np.uint64(32))


@kernel
def object_address(m: I64, reference: int) -> int:
    """Return the address of an object of the heap or the constant pool."""
    if reference >= 0:
        return m[M.HEAP] + 8 * reference
    return m[M.POOL] + 8 * ~reference


@kernel
def string_counts(m: I64, reference: int) -> tuple[int, int]:
    """Return (bytes, characters) of a string."""
    counts = words_at(object_address(m, reference), STRING_HEAD_WORDS)[1]
    return counts & COUNT_MASK, counts >> 32


@inlined
def string_bytes(m: I64, reference: int) -> U8:
    """Return the bytes of a string, as a view."""
    return bytes_at(object_address(m, reference) + 8 * STRING_HEAD_WORDS, string_counts(m, reference)[0])


@kernel
def string_words(length: int) -> int:
    """Return the words that a string of so many bytes takes."""
    return STRING_HEAD_WORDS + (length + 7) // 8


@kernel
def take_string(m: I64, length: int, characters: int) -> int:
    """Take a string of `length` bytes (there is room) and return it; its bytes are to be written."""
    words = string_words(length)
    at = take(m, Kind.STRING, words)
    heap = words_in(m, M.HEAP)
    heap[at + 1] = length | characters << 32
    if length > 0:
        heap[at + words - 1] = 0
    return at


@kernel
def compare_bytes(left: U8, right: U8) -> int:
    """Return -1, 0 or 1 as `left` sorts before, with or after `right`."""
    for i in range(min(left.size, right.size)):
        if left[i] != right[i]:
            return -1 if left[i] < right[i] else 1
    if left.size == right.size:
        return 0
    return -1 if left.size < right.size else 1


@kernel
def first_byte_highest(word: int) -> np.uint64:
    """Return a word of text with its bytes turned round, so that words sort as their bytes do."""
    x = np.uint64(word)
    x = (x & LOW_BYTES) << BITS[0] | (x >> BITS[0]) & LOW_BYTES
    x = (x & LOW_PAIRS) << BITS[1] | (x >> BITS[1]) & LOW_PAIRS
    return x << BITS[2] | x >> BITS[2]


@kernel
def compare_texts(left: int, right: int) -> int:
    """Return how two strings at addresses sort, as `compare_bytes` does, eight bytes at a time.

    Bytes beyond the shorter one's are zero in both or decide rightly; only then do the lengths.
    """
    x = words_at(left, STRING_HEAD_WORDS)[1] & COUNT_MASK
    y = words_at(right, STRING_HEAD_WORDS)[1] & COUNT_MASK
    words = (min(x, y) + 7) // 8
    left_words = words_at(left + 8 * STRING_HEAD_WORDS, words)
    right_words = words_at(right + 8 * STRING_HEAD_WORDS, words)
    for i in range(words):
        if left_words[i] != right_words[i]:
            return -1 if first_byte_highest(left_words[i]) < first_byte_highest(right_words[i]) else 1
    if x == y:
        return 0
    return -1 if x < y else 1


@kernel
def compare_strings(m: I64, left: int, right: int) -> int:
    """Return -1, 0 or 1 as the string `left` sorts before, with or after `right`."""
    if left == right:
        return 0
    pay(m, min(string_counts(m, left)[0], string_counts(m, right)[0]))
    return compare_texts(object_address(m, left), object_address(m, right))


@kernel
def is_word(m: I64, name: int, packed: int, length: int) -> bool:
    """Return whether a string is the ASCII word packed into an int, first byte lowest."""
    text = string_bytes(m, name)
    if text.size != length:
        return False
    for i in range(length):
        if int(text[i]) != (packed >> (8 * i)) & 0xFF:
            return False
    return True


@kernel
def utf8_length(code: int) -> int:
    """Return how many bytes a code point takes."""
    if code < 0x80:
        return 1
    if code < 0x800:
        return 2
    return 3 if code < 0x10000 else 4


@kernel
def write_utf8(out: U8, at: int, code: int) -> int:
    """Write a code point; returns where the next byte goes."""
    length = utf8_length(code)
    if length == 1:
        out[at] = code
        return at + 1
    for i in range(length - 1, 0, -1):
        out[at + i] = 0x80 | (code & 0x3F)
        code >>= 6
    out[at] = code | ((0xF0 << (4 - length)) & 0xFF)
    return at + length


@kernel
def read_utf8(text: U8, at: int) -> tuple[int, int]:
    """Return (code point, where the next one starts)."""
    first = int(text[at])
    if first < 0x80:
        return first, at + 1
    length = 2 if first < 0xE0 else (3 if first < 0xF0 else 4)
    code = first & (0xFF >> (length + 1))
    for i in range(1, length):
        code = code << 6 | (int(text[at + i]) & 0x3F)
    return code, at + length


@kernel
def byte_of_character(m: I64, reference: int, index: int) -> int:
    """Return the byte at which character `index` (0 to the number of characters) starts."""
    length, characters = string_counts(m, reference)
    if length == characters or index == 0:
        return index
    text = string_bytes(m, reference)
    at = 0
    for _ in range(index):
        at += 1
        while at < length and (text[at] & 0xC0) == 0x80:
            at += 1
    pay(m, at)
    return at


@kernel
def digits(value: int) -> int:
    """Return how many characters an int displays as."""
    if value == MOST_NEGATIVE:
        return 20
    count = 1
    if value < 0:
        count = 2
        value = -value
    while value >= 10:
        value //= 10
        count += 1
    return count


@kernel
def text_counts(m: I64, tag: int, payload: int) -> tuple[int, int]:
    """Return (bytes, characters) that a value displays as; (NOT_SIMPLE, 0): ask the host."""
    kind = tag & 0xFF
    if kind == Tag.STRING:
        return string_counts(m, payload)
    if kind == Tag.INT:
        count = digits(payload)
        return count, count
    if kind == Tag.CHAR:
        return utf8_length(payload), 1
    if kind == Tag.UNIT:
        return 0, 0
    if kind == Tag.FLOAT:
        count = float_length(bits_float(payload), False)
        return count, count
    if kind == Tag.BOOL:
        return 5 - payload, 5 - payload
    return NOT_SIMPLE, 0


@kernel
def write_int(out: U8, at: int, value: int) -> int:
    """Write an int in decimal; returns where the next byte goes."""
    count = digits(value)
    end = at + count
    if value < 0:
        out[at] = 45
    place = end - 1
    while True:
        digit = value % 10 if value >= 0 else (10 - value % 10) % 10
        out[place] = 48 + digit
        value = (value - digit) // 10 if value >= 0 else -((-(value + digit)) // 10)
        place -= 1
        if value == 0:
            return end


@kernel
def copy_bytes(out: U8, to: int, text: U8, start: int, end: int) -> int:
    """Copy the bytes from `start` to `end`; returns where the next one goes. See `alloc.copy_words`."""
    place = np.uint64(to)
    first = np.uint64(start)
    for i in range(np.uint64(end - start)):
        out[place + i] = text[first + i]
    return to + end - start


@kernel
def write_text(m: I64, out: U8, at: int, tag: int, payload: int) -> int:
    """Write what a simple value displays as; returns where the next byte goes."""
    kind = tag & 0xFF
    if kind == Tag.STRING:
        text = string_bytes(m, payload)
        return copy_bytes(out, at, text, 0, text.size)
    if kind == Tag.INT:
        return write_int(out, at, payload)
    if kind == Tag.CHAR:
        return write_utf8(out, at, payload)
    if kind == Tag.FLOAT:
        return write_float(out, at, bits_float(payload), False)
    if kind == Tag.BOOL:
        word = 0x65757274 if payload else 0x65736C6166  # "true", "false", first byte lowest
        for i in range(5 - payload):
            out[at + i] = (word >> (8 * i)) & 0xFF
        return at + 5 - payload
    return at
