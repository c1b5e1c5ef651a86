"""Natives on strings and characters. Positions count characters; negative ones from the end.

What is rare they leave to the host functions of `strings`: letters outside ASCII, separators without a
character, values that are no text.
"""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import argument, field_c, put, register_a
from lang.heap.alloc import has_room
from lang.heap.copying import FULL
from lang.heap.equality import is_text
from lang.heap.spans import read_span
from lang.heap.strings import read_utf8, string_bytes, string_counts, string_words, take_string, text_counts
from lang.heap.substrings import (
    character_array,
    put_characters,
    put_joined,
    put_padded,
    put_part,
    put_pieces,
    put_replaced,
    put_words,
    trimmed,
)
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.arrays import done, int_argument, receiver, receiver_kind
from lang.stdlib.registry import NativeEntry
from lang.values import Tag


@kernel
def part_of(m: I64, word: int) -> tuple[bool, int, int]:
    """Return (whether the arguments are a string and a part of it, first character, how many)."""
    more = field_c(word) - 1
    if receiver_kind(m, word) != Tag.STRING:
        return False, 0, 0
    characters = string_counts(m, receiver(m, word))[1]
    if more == 0:
        return True, 0, characters
    used, start, count = read_span(m, argument(word, m, 1), more, characters)
    return used == more, start, count


@native
def sub_string(machine: int, word: int) -> int:
    """`sub_string`: a part, from a start on, of so many characters, or in a range."""
    m = words_at(machine, MACHINE_WORDS)
    fits, start, count = part_of(m, word)
    if not fits:
        return Fault.FUNCTION_NOT_FOUND
    return put_characters(m, register_a(m, word), receiver(m, word), start, count)


@native
def crop(machine: int, word: int) -> int:
    """`crop`: keep a part only."""
    m = words_at(machine, MACHINE_WORDS)
    fits, start, count = part_of(m, word)
    if not fits:
        return Fault.FUNCTION_NOT_FOUND
    return done(m, word, put_characters(m, argument(word, m, 0), receiver(m, word), start, count))


@kernel
def put_character_array(m: I64, word: int, tag: int) -> int:
    """Write an array of the characters of a part, or an iterator over it; returns a status."""
    fits, start, count = part_of(m, word)
    if not fits:
        return Fault.FUNCTION_NOT_FOUND
    if count > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    array = character_array(m, receiver(m, word), start, count)
    if array == FULL:
        return Status.NEEDS_MEMORY
    put(m, register_a(m, word), tag, array)
    return Status.OK


@native
def chars_of(machine: int, word: int) -> int:
    """`chars`: an iterator over the characters of a part."""
    return put_character_array(words_at(machine, MACHINE_WORDS), word, Tag.SEQUENCE)


@native
def to_chars(machine: int, word: int) -> int:
    """`to_chars`: an array of the characters."""
    return put_character_array(words_at(machine, MACHINE_WORDS), word, Tag.ARRAY)


@native
def trim(machine: int, word: int) -> int:
    """`trim`: remove white space at both ends."""
    m = words_at(machine, MACHINE_WORDS)
    if receiver_kind(m, word) != Tag.STRING:
        return Fault.FUNCTION_NOT_FOUND
    text = receiver(m, word)
    start, end = trimmed(string_bytes(m, text))
    return done(m, word, put_part(m, argument(word, m, 0), text, start, end))


@kernel
def split_string(m: I64, word: int) -> int:
    """Do `split` of a string: at white space (an empty one is one piece), or at a text into some pieces."""
    registers = words_in(m, M.REGISTERS)
    text = receiver(m, word)
    count = field_c(word)
    limit = m[M.ARRAY_LIMIT] + 1
    if count == 1:
        if string_counts(m, text)[0] == 0:
            return put_pieces(m, register_a(m, word), text, Tag.CHAR, 0, 1)
        return put_words(m, register_a(m, word), text)
    if count == 3:
        is_int, wanted = int_argument(m, word, 2)
        if not is_int:
            return Status.HOST_CALL
        limit = min(limit, max(wanted, 1))
    at = argument(word, m, 1)
    if not is_text(registers[at] & 0xFF):
        return Status.HOST_CALL
    if text_counts(m, registers[at], registers[at + 1])[0] == 0:
        return Status.HOST_CALL
    return put_pieces(m, register_a(m, word), text, registers[at], registers[at + 1], limit)


@native
def replace_text(machine: int, word: int) -> int:
    """`replace` every occurrence of a text."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    old = argument(word, m, 1)
    new = argument(word, m, 2)
    old_tag = registers[old] & 0xFF
    new_tag = registers[new] & 0xFF
    if receiver_kind(m, word) != Tag.STRING or not is_text(old_tag) or not is_text(new_tag):
        return Status.HOST_CALL
    if text_counts(m, old_tag, registers[old + 1])[0] == 0:
        return Status.HOST_CALL
    text = receiver(m, word)
    to = argument(word, m, 0)
    return done(m, word, put_replaced(m, to, text, old_tag, registers[old + 1], new_tag, registers[new + 1]))


@kernel
def remove_text(m: I64, word: int) -> int:
    """Do `remove` of every occurrence of a text in a string."""
    registers = words_in(m, M.REGISTERS)
    what = argument(word, m, 1)
    tag = registers[what] & 0xFF
    if not is_text(tag):
        return Fault.FUNCTION_NOT_FOUND
    to = argument(word, m, 0)
    return done(m, word, put_replaced(m, to, receiver(m, word), tag, registers[what + 1], Tag.UNIT, 0))


@kernel
def pad_string(m: I64, word: int) -> int:
    """Do `pad` of a string: append a filling, over and over, up to a length."""
    registers = words_in(m, M.REGISTERS)
    is_int, wanted = int_argument(m, word, 1)
    filling = argument(word, m, 2)
    tag = registers[filling] & 0xFF
    if not is_int or not is_text(tag):
        return Fault.FUNCTION_NOT_FOUND
    to = argument(word, m, 0)
    return done(m, word, put_padded(m, to, receiver(m, word), wanted, tag, registers[filling + 1]))


@kernel
def truncate_string(m: I64, word: int) -> int:
    """Do `truncate` of a string: keep the first characters."""
    is_int, wanted = int_argument(m, word, 1)
    if not is_int:
        return Fault.FUNCTION_NOT_FOUND
    text = receiver(m, word)
    count = min(max(wanted, 0), string_counts(m, text)[1])
    return done(m, word, put_characters(m, argument(word, m, 0), text, 0, count))


@kernel
def pop_character(m: I64, word: int) -> int:
    """Do `pop` of a string without a count: remove the last character and return it, or ()."""
    if field_c(word) != 1:
        return Status.HOST_CALL
    text = receiver(m, word)
    view = string_bytes(m, text)
    if view.size == 0:
        return done(m, word, Status.OK)
    at = view.size - 1
    while view[at] & 0xC0 == 0x80:
        at -= 1
    status = put_part(m, argument(word, m, 0), text, 0, at)
    if status == Status.OK:
        put(m, register_a(m, word), Tag.CHAR, read_utf8(view, at)[0])
    return status


@kernel
def append_text(m: I64, word: int) -> int:
    """Do `append` of the display form of a value to a string."""
    registers = words_in(m, M.REGISTERS)
    value = argument(word, m, 1)
    to = argument(word, m, 0)
    text = receiver(m, word)
    return done(m, word, put_joined(m, to, Tag.STRING, text, registers[value], registers[value + 1]))


@kernel
def other_case(byte: int, upper: bool) -> int:
    """Return an ASCII character in upper or else lower case."""
    if upper:
        return byte - 32 if 97 <= byte <= 122 else byte
    return byte + 32 if 65 <= byte <= 90 else byte


@kernel
def put_case(m: I64, dst: int, word: int, upper: bool) -> int:
    """Write the receiver in upper or lower case; a status, HOST_CALL for what is not all ASCII."""
    kind = receiver_kind(m, word)
    value = receiver(m, word)
    if kind == Tag.CHAR and value < 0x80:
        put(m, dst, Tag.CHAR, other_case(value, upper))
        return Status.OK
    if kind != Tag.STRING:
        return Status.HOST_CALL
    length, characters = string_counts(m, value)
    if length != characters:
        return Status.HOST_CALL
    if not has_room(m, string_words(length)):
        return Status.NEEDS_MEMORY
    result = take_string(m, length, length)
    out = string_bytes(m, result)
    source = string_bytes(m, value)
    for i in range(length):
        out[i] = other_case(int(source[i]), upper)
    put(m, dst, Tag.STRING, result)
    return Status.OK


@native
def case_to_upper(machine: int, word: int) -> int:
    """`to_upper`."""
    m = words_at(machine, MACHINE_WORDS)
    return put_case(m, register_a(m, word), word, True)


@native
def case_to_lower(machine: int, word: int) -> int:
    """`to_lower`."""
    m = words_at(machine, MACHINE_WORDS)
    return put_case(m, register_a(m, word), word, False)


@native
def case_made_upper(machine: int, word: int) -> int:
    """`make_upper`."""
    m = words_at(machine, MACHINE_WORDS)
    return done(m, word, put_case(m, argument(word, m, 0), word, True))


@native
def case_made_lower(machine: int, word: int) -> int:
    """`make_lower`."""
    m = words_at(machine, MACHINE_WORDS)
    return done(m, word, put_case(m, argument(word, m, 0), word, False))


KERNELS = (
    NativeEntry("sub_string", sub_string, (2, 3)),
    NativeEntry("crop", crop, (2, 3), changes=True),
    NativeEntry("chars", chars_of, (1, 3)),
    NativeEntry("to_chars", to_chars, (1, 1)),
    NativeEntry("trim", trim, (1, 1), changes=True),
    NativeEntry("replace", replace_text, (3, 3), changes=True),
    NativeEntry("to_upper", case_to_upper, (1, 1)),
    NativeEntry("to_lower", case_to_lower, (1, 1)),
    NativeEntry("make_upper", case_made_upper, (1, 1), changes=True),
    NativeEntry("make_lower", case_made_lower, (1, 1), changes=True),
)
