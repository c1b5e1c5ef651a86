"""Parts of strings, and strings made of parts of others.

What takes memory measures first, so that one look for room does: `FULL` says that there is none, and
nothing has changed but the fuel, which the caller gives back before the instruction runs again.
"""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import put
from lang.heap.alloc import container_words, has_room, pay, take_container
from lang.heap.arrays import VALUE_WORDS, element_at
from lang.heap.copying import FULL
from lang.heap.search import find_text
from lang.heap.strings import (
    NOT_SIMPLE,
    byte_of_character,
    copy_bytes,
    read_utf8,
    string_bytes,
    string_counts,
    string_words,
    take_string,
    text_counts,
    write_text,
)
from lang.jit import I64, U8, kernel, words_in
from lang.layout import Kind, M, Status
from lang.values import Tag


@kernel
def is_blank(code: int) -> bool:
    """Return whether a code point is white space, as Unicode's property of that name says."""
    if code < 0x85:
        return code == 32 or 9 <= code <= 13
    if code < 0x2000:
        return code == 0x85 or code == 0xA0 or code == 0x1680
    return (
        code <= 0x200A
        or code == 0x2028
        or code == 0x2029
        or code == 0x202F
        or code == 0x205F
        or code == 0x3000
    )


@kernel
def next_text(text: U8, at: int, end: int) -> int:
    """Return where the first character from `at` on stands that is no white space."""
    while at < end:
        code, following = read_utf8(text, at)
        if not is_blank(code):
            return at
        at = following
    return end


@kernel
def next_blank(text: U8, at: int, end: int) -> int:
    """Return where the first white space from `at` on stands."""
    while at < end:
        if text[at] <= 0x20 or text[at] >= 0x80:  # others are one byte, and no white space
            code, following = read_utf8(text, at)
            if is_blank(code):
                return at
            at = following
        else:
            at += 1
    return end


@kernel
def trimmed(text: U8) -> tuple[int, int]:
    """Return (start, end) of a text without the white space around it."""
    start = next_text(text, 0, text.size)
    end = text.size
    while end > start:
        at = end - 1
        while text[at] & 0xC0 == 0x80:
            at -= 1
        if not is_blank(read_utf8(text, at)[0]):
            break
        end = at
    return start, end


@kernel
def characters_between(text: U8, start: int, end: int) -> int:
    """Return how many characters begin in a run of bytes."""
    count = 0
    for i in range(start, end):
        if text[i] & 0xC0 != 0x80:
            count += 1
    return count


@kernel
def take_part(m: I64, text: int, start: int, end: int) -> int:
    """Return a new string of the bytes from `start` to `end` of another; there is room."""
    length, characters = string_counts(m, text)
    source = string_bytes(m, text)
    count = end - start if length == characters else characters_between(source, start, end)
    part = take_string(m, end - start, count)
    copy_bytes(string_bytes(m, part), 0, source, start, end)
    return part


@kernel
def put_part(m: I64, at: int, text: int, start: int, end: int) -> int:
    """Write the bytes from `start` to `end` of a string into a register; returns a status."""
    if end - start < string_counts(m, text)[0]:
        if not has_room(m, string_words(end - start)):
            return Status.NEEDS_MEMORY
        text = take_part(m, text, start, end)
    put(m, at, Tag.STRING, text)
    return Status.OK


@kernel
def put_characters(m: I64, at: int, text: int, start: int, count: int) -> int:
    """Write `count` characters of a string from a character on into a register; returns a status."""
    fuel = m[M.FUEL]
    first = byte_of_character(m, text, start)
    end = byte_of_character(m, text, start + count)
    status = put_part(m, at, text, first, end)
    if status == Status.NEEDS_MEMORY:
        m[M.FUEL] = fuel
    return status


@kernel
def character_array(m: I64, text: int, start: int, count: int) -> int:
    """Return an array of `count` characters of a string from a character on, or FULL."""
    if not has_room(m, container_words(VALUE_WORDS, count)):
        return FULL
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, count)
    heap = words_in(m, M.HEAP)
    heap[array + 1] = count
    view = string_bytes(m, text)
    place = byte_of_character(m, text, start)
    for i in range(count):
        code, place = read_utf8(view, place)
        at = element_at(m, array, i)
        heap[at] = Tag.CHAR
        heap[at + 1] = code
    return array


@kernel
def pieces_of(m: I64, text: int, tag: int, payload: int, limit: int) -> tuple[int, int]:
    """Return (pieces of a string between occurrences of a text, words that they take as strings)."""
    width = text_counts(m, tag, payload)[0]
    length = string_counts(m, text)[0]
    pieces = 1
    words = 0
    start = 0
    while pieces < limit:
        at = find_text(m, text, tag, payload, start, False)
        if at < 0:
            break
        words += string_words(at - start)
        start = at + width
        pieces += 1
    return pieces, words + string_words(length - start)


@kernel
def put_pieces(m: I64, dst: int, text: int, tag: int, payload: int, limit: int) -> int:
    """Write an array of the pieces of a string between occurrences of a text, at most `limit`; a status."""
    fuel = m[M.FUEL]
    length = string_counts(m, text)[0]
    pay(m, length)
    pieces, words = pieces_of(m, text, tag, payload, limit)
    if pieces > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    if not has_room(m, container_words(VALUE_WORDS, pieces) + words):
        m[M.FUEL] = fuel
        return Status.NEEDS_MEMORY
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, pieces)
    heap = words_in(m, M.HEAP)
    heap[array + 1] = pieces
    width = text_counts(m, tag, payload)[0]
    start = 0
    for i in range(pieces):
        end = find_text(m, text, tag, payload, start, True) if i < pieces - 1 else length
        at = element_at(m, array, i)
        heap[at] = Tag.STRING
        heap[at + 1] = take_part(m, text, start, end)
        start = end + width
    put(m, dst, Tag.ARRAY, array)
    return Status.OK


@kernel
def words_of(m: I64, text: int) -> tuple[int, int]:
    """Return (runs of characters between white space, words that they take as strings)."""
    view = string_bytes(m, text)
    start = next_text(view, 0, view.size)
    pieces = 0
    words = 0
    while start < view.size:
        end = next_blank(view, start, view.size)
        words += string_words(end - start)
        pieces += 1
        start = next_text(view, end, view.size)
    return pieces, words


@kernel
def put_words(m: I64, dst: int, text: int) -> int:
    """Write an array of what stands between white space in a string; returns a status."""
    pieces, words = words_of(m, text)
    if pieces > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    if not has_room(m, container_words(VALUE_WORDS, pieces) + words):
        return Status.NEEDS_MEMORY
    view = string_bytes(m, text)
    pay(m, view.size)
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, pieces)
    heap = words_in(m, M.HEAP)
    heap[array + 1] = pieces
    end = 0
    for i in range(pieces):
        start = next_text(view, end, view.size)
        end = next_blank(view, start, view.size)
        at = element_at(m, array, i)
        heap[at] = Tag.STRING
        heap[at + 1] = take_part(m, text, start, end)
    put(m, dst, Tag.ARRAY, array)
    return Status.OK


@kernel
def put_replaced(m: I64, dst: int, text: int, old_tag: int, old: int, new_tag: int, new: int) -> int:
    """Write a string with each occurrence of a text (an empty one has none) replaced; returns a status."""
    fuel = m[M.FUEL]
    length, characters = string_counts(m, text)
    old_bytes, old_characters = text_counts(m, old_tag, old)
    new_bytes, new_characters = text_counts(m, new_tag, new)
    pay(m, length)
    count = 0
    at = find_text(m, text, old_tag, old, 0, False) if old_bytes > 0 else -1
    while at >= 0:
        count += 1
        at = find_text(m, text, old_tag, old, at + old_bytes, False)
    result_bytes = length + count * (new_bytes - old_bytes)
    if result_bytes > m[M.STRING_LIMIT]:
        return Fault.STRING_TOO_LARGE
    if count > 0:
        if not has_room(m, string_words(result_bytes)):
            m[M.FUEL] = fuel
            return Status.NEEDS_MEMORY
        result = take_string(m, result_bytes, characters + count * (new_characters - old_characters))
        out = string_bytes(m, result)
        source = string_bytes(m, text)
        start = 0
        to = 0
        for _ in range(count):
            at = find_text(m, text, old_tag, old, start, True)
            to = copy_bytes(out, to, source, start, at)
            to = write_text(m, out, to, new_tag, new)
            start = at + old_bytes
        copy_bytes(out, to, source, start, length)
        text = result
    put(m, dst, Tag.STRING, text)
    return Status.OK


@kernel
def put_padded(m: I64, dst: int, text: int, wanted: int, tag: int, payload: int) -> int:
    """Write a string with a filling appended over and over, up to so many characters; returns a status."""
    fuel = m[M.FUEL]
    length, characters = string_counts(m, text)
    fill_bytes, fill_characters = text_counts(m, tag, payload)
    if wanted > characters and fill_characters > 0:
        if wanted > m[M.STRING_LIMIT]:
            return Fault.STRING_TOO_LARGE
        missing = wanted - characters  # of a negative number it would need more than 64 bits
        rest = missing % fill_characters
        rest_bytes = byte_of_character(m, payload, rest) if rest > 0 else 0  # of a string, then
        added = missing // fill_characters * fill_bytes + rest_bytes
        if length + added > m[M.STRING_LIMIT]:
            return Fault.STRING_TOO_LARGE
        if not has_room(m, string_words(length + added)):
            m[M.FUEL] = fuel
            return Status.NEEDS_MEMORY
        result = take_string(m, length + added, wanted)
        out = string_bytes(m, result)
        to = copy_bytes(out, 0, string_bytes(m, text), 0, length)
        for _ in range(missing // fill_characters):
            to = write_text(m, out, to, tag, payload)
        if rest > 0:
            copy_bytes(out, to, string_bytes(m, payload), 0, rest_bytes)
        text = result
    put(m, dst, Tag.STRING, text)
    return Status.OK


@kernel
def put_joined(m: I64, dst: int, lt: int, lp: int, rt: int, rp: int) -> int:
    """Write the text of two values, joined, into a register; returns a status."""
    left_bytes, left_characters = text_counts(m, lt, lp)
    right_bytes, right_characters = text_counts(m, rt, rp)
    if left_bytes == NOT_SIMPLE or right_bytes == NOT_SIMPLE:
        return Status.HOST_CALL
    if left_bytes + right_bytes > m[M.STRING_LIMIT]:
        return Fault.STRING_TOO_LARGE
    if not has_room(m, string_words(left_bytes + right_bytes)):
        return Status.NEEDS_MEMORY
    at = take_string(m, left_bytes + right_bytes, left_characters + right_characters)
    out = string_bytes(m, at)
    write_text(m, out, write_text(m, out, 0, lt, lp), rt, rp)
    put(m, dst, Tag.STRING, at)
    return Status.OK
