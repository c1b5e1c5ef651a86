"""Natives that arrays, maps, blobs, strings and ranges share: `len`, `clear`, `contains` and others."""

from __future__ import annotations

from typing import Any

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import argument, field_c, put, put_bool, put_unit, register_a
from lang.heap.alloc import pay
from lang.heap.arrays import element_at, length_of
from lang.heap.copying import put_copy
from lang.heap.equality import EQUAL, equal, is_text
from lang.heap.maps import entry_at, find_key, remove_entry, set_entry
from lang.heap.search import TRUE, contains_value, find_text, matches
from lang.heap.spans import index_from
from lang.heap.strings import byte_of_character, read_utf8, string_bytes, string_counts, text_counts
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.arrays import (
    append_to_array,
    done,
    int_argument,
    pad_array,
    pop_element,
    receiver,
    receiver_kind,
    remove_at,
    split_array,
    truncate_array,
)
from lang.stdlib.overloads import SIZED, Library
from lang.stdlib.registry import NativeEntry
from lang.stdlib.string_natives import (
    append_text,
    pad_string,
    pop_character,
    remove_text,
    split_string,
    truncate_string,
)
from lang.values import Tag

LIBRARY = Library()
UNSIZED = -1


@LIBRARY.add("len", SIZED, is_property=True)
def length_of_value(value: Any) -> int:
    """The property `len`."""
    return len(value)


@LIBRARY.add("is_empty", SIZED, is_property=True)
def is_value_empty(value: Any) -> bool:
    """The property `is_empty`."""
    return not value


@kernel
def size_of(m: I64, kind: int, payload: int) -> int:
    """Return the elements, entries, bytes of a blob, or characters; UNSIZED for other kinds."""
    if kind == Tag.ARRAY or kind == Tag.MAP or kind == Tag.BLOB:
        return length_of(m, payload)
    if kind == Tag.STRING:
        return string_counts(m, payload)[1]
    return UNSIZED


@native
def length(machine: int, word: int) -> int:
    """`len`."""
    m = words_at(machine, MACHINE_WORDS)
    size = size_of(m, receiver_kind(m, word), receiver(m, word))
    if size == UNSIZED:
        return Fault.FUNCTION_NOT_FOUND
    put(m, register_a(m, word), Tag.INT, size)
    return Status.OK


@native
def is_empty(machine: int, word: int) -> int:
    """`is_empty`."""
    m = words_at(machine, MACHINE_WORDS)
    size = size_of(m, receiver_kind(m, word), receiver(m, word))
    if size == UNSIZED:
        return Status.HOST_CALL
    put_bool(m, register_a(m, word), size == 0)
    return Status.OK


@native
def clear(machine: int, word: int) -> int:
    """`clear`."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    if kind != Tag.ARRAY and kind != Tag.MAP and kind != Tag.BLOB:
        return Status.HOST_CALL
    words_in(m, M.HEAP)[receiver(m, word) + 1] = 0
    return done(m, word, Status.OK)


@native
def contains(machine: int, word: int) -> int:
    """`contains`: the same as ``in``."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    value = argument(word, m, 1)
    container = argument(word, m, 0)
    result = contains_value(
        m, registers[container] & 0xFF, registers[container + 1], registers[value], registers[value + 1]
    )
    if result > TRUE:
        return result
    put_bool(m, register_a(m, word), result == TRUE)
    return Status.OK


@native
def get(machine: int, word: int) -> int:
    """`get`: a copy of an element, or ()."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    kind = receiver_kind(m, word)
    container = receiver(m, word)
    key = argument(word, m, 1)
    index = registers[key + 1]
    at = -1
    if kind == Tag.ARRAY and registers[key] & 0xFF == Tag.INT:
        index = index_from(length_of(m, container), index)
        if index < length_of(m, container):
            at = element_at(m, container, index)
    elif kind == Tag.MAP and registers[key] & 0xFF == Tag.STRING:
        found = find_key(m, container, index)
        if found >= 0:
            at = entry_at(m, container, found) + 1
    else:
        return Status.HOST_CALL
    if at < 0:
        put_unit(m, register_a(m, word))
        return Status.OK
    heap = words_in(m, M.HEAP)
    return put_copy(m, register_a(m, word), heap[at], heap[at + 1])


@native
def set_element(machine: int, word: int) -> int:
    """`set`: an index beyond the array is ignored."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    kind = receiver_kind(m, word)
    container = receiver(m, word)
    key = argument(word, m, 1)
    value = argument(word, m, 2)
    if kind == Tag.MAP and registers[key] & 0xFF == Tag.STRING:
        status = set_entry(m, container, registers[key + 1], registers[value], registers[value + 1])
        return done(m, word, status)
    if kind != Tag.ARRAY or registers[key] & 0xFF != Tag.INT:
        return Status.HOST_CALL
    index = index_from(length_of(m, container), registers[key + 1])
    if index < length_of(m, container):
        heap = words_in(m, M.HEAP)
        at = element_at(m, container, index)
        heap[at] = registers[value]
        heap[at + 1] = registers[value + 1]
    return done(m, word, Status.OK)


@native
def remove(machine: int, word: int) -> int:
    """`remove` an element or entry and return it, or of a string every occurrence of a text."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    kind = receiver_kind(m, word)
    container = receiver(m, word)
    key = argument(word, m, 1)
    if kind == Tag.STRING:
        return remove_text(m, word)
    if kind == Tag.ARRAY and registers[key] & 0xFF == Tag.INT:
        index = registers[key + 1]
        return remove_at(m, word, container, index + length_of(m, container) if index < 0 else index)
    if kind != Tag.MAP or registers[key] & 0xFF != Tag.STRING:
        return Status.HOST_CALL
    found = find_key(m, container, registers[key + 1])
    if found < 0:
        put_unit(m, register_a(m, word))
        return Status.OK
    heap = words_in(m, M.HEAP)
    at = entry_at(m, container, found) + 1
    put(m, register_a(m, word), heap[at], heap[at + 1])
    remove_entry(m, container, found)
    return Status.OK


@kernel
def character_index(m: I64, text: int, at: int) -> int:
    """Return the number of characters before a byte."""
    counts = string_counts(m, text)
    if counts[0] == counts[1]:
        return at
    view = string_bytes(m, text)
    count = 0
    for i in range(at):
        if view[i] & 0xC0 != 0x80:
            count += 1
    return count


@kernel
def text_index(m: I64, text: int, tag: int, payload: int, start: int) -> int:
    """Return the character index of a text in another from a character index on, or -1."""
    characters = string_counts(m, text)[1]
    start = index_from(characters, start)
    if start > 0 and start >= characters:
        return -1  # not even an empty text
    at = find_text(m, text, tag, payload, byte_of_character(m, text, start), False)
    return at if at < 0 else character_index(m, text, at)


@kernel
def value_index(m: I64, array: int, tag: int, payload: int, start: int) -> int:
    """Return the index of an equal element from an index on, or -1."""
    heap = words_in(m, M.HEAP)
    for i in range(index_from(length_of(m, array), start), length_of(m, array)):
        at = element_at(m, array, i)
        if equal(m, heap[at], heap[at + 1], tag, payload) == EQUAL:
            return i
    return -1


@native
def index_of(machine: int, word: int) -> int:
    """`index_of` a value; with a function the prelude does it."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    kind = receiver_kind(m, word)
    value = argument(word, m, 1)
    tag = registers[value]
    start = 0
    if field_c(word) == 3:
        is_int, start = int_argument(m, word, 2)
        if not is_int:
            return Fault.FUNCTION_NOT_FOUND
    if kind == Tag.ARRAY and tag & 0xFF != Tag.FN:
        index = value_index(m, receiver(m, word), tag, registers[value + 1], start)
    elif kind == Tag.STRING and is_text(tag & 0xFF):
        index = text_index(m, receiver(m, word), tag, registers[value + 1], start)
    else:
        return Status.HOST_CALL
    put(m, register_a(m, word), Tag.INT, index)
    return Status.OK


@kernel
def text_at_edge(m: I64, word: int, at_end: bool) -> int:
    """Write whether a string starts or ends with a string or character."""
    registers = words_in(m, M.REGISTERS)
    value = argument(word, m, 1)
    kind = registers[value] & 0xFF
    if receiver_kind(m, word) != Tag.STRING or not is_text(kind):
        return Status.HOST_CALL
    text = string_bytes(m, receiver(m, word))
    wanted = registers[value + 1]
    length = text_counts(m, kind, wanted)[0]
    start = text.size - length if at_end else 0
    if length > text.size:
        found = False
    elif kind == Tag.CHAR:
        found = text[start] & 0xC0 != 0x80 and read_utf8(text, start)[0] == wanted
    else:
        found = matches(text, start, string_bytes(m, wanted)) == length
        pay(m, length)
    put_bool(m, register_a(m, word), found)
    return Status.OK


@native
def starts_with(machine: int, word: int) -> int:
    """`starts_with`."""
    return text_at_edge(words_at(machine, MACHINE_WORDS), word, at_end=False)


@native
def ends_with(machine: int, word: int) -> int:
    """`ends_with`."""
    return text_at_edge(words_at(machine, MACHINE_WORDS), word, at_end=True)


@native
def split(machine: int, word: int) -> int:
    """`split` an array in two, or a string at a separator."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    if kind == Tag.ARRAY:
        return split_array(m, word)
    return split_string(m, word) if kind == Tag.STRING else Status.HOST_CALL


@native
def pad(machine: int, word: int) -> int:
    """`pad` an array or a string up to a length."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    if kind == Tag.ARRAY:
        return pad_array(m, word)
    return pad_string(m, word) if kind == Tag.STRING else Status.HOST_CALL


@native
def truncate(machine: int, word: int) -> int:
    """`truncate`: keep the first elements or characters."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    if kind == Tag.ARRAY:
        return truncate_array(m, word)
    return truncate_string(m, word) if kind == Tag.STRING else Status.HOST_CALL


@native
def pop(machine: int, word: int) -> int:
    """`pop` the last element or character."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    if kind == Tag.ARRAY:
        return pop_element(m, word)
    return pop_character(m, word) if kind == Tag.STRING else Status.HOST_CALL


@native
def append(machine: int, word: int) -> int:
    """`append` another array, or to a string the text of a value."""
    m = words_at(machine, MACHINE_WORDS)
    kind = receiver_kind(m, word)
    if kind == Tag.ARRAY:
        return append_to_array(m, word)
    return append_text(m, word) if kind == Tag.STRING else Status.HOST_CALL


KERNELS = (
    NativeEntry("len", length, (1, 1), is_property=True, ahead=Op.LEN_AHEAD),
    NativeEntry("is_empty", is_empty, (1, 1), is_property=True),
    NativeEntry("clear", clear, (1, 1), changes=True),
    NativeEntry("contains", contains, (2, 2)),
    NativeEntry("get", get, (2, 2)),
    NativeEntry("set", set_element, (3, 3), changes=True),
    NativeEntry("remove", remove, (2, 2), changes=True),
    NativeEntry("index_of", index_of, (2, 3)),
    NativeEntry("split", split, (1, 3), changes=True),
    NativeEntry("pad", pad, (3, 3), changes=True),
    NativeEntry("truncate", truncate, (2, 2), changes=True),
    NativeEntry("pop", pop, (1, 2), changes=True),
    NativeEntry("append", append, (2, 2), changes=True),
    NativeEntry("starts_with", starts_with, (2, 2)),
    NativeEntry("ends_with", ends_with, (2, 2)),
)
