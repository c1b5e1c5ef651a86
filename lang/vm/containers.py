"""Making containers and reaching into them, beyond the loop's fast paths."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import (
    field_b,
    field_c,
    put,
    put_bool,
    put_unit,
    register_a,
    register_b,
    register_c,
)
from lang.heap.alloc import container_words, has_room, take, take_container
from lang.heap.arrays import element_at, length_of
from lang.heap.copying import put_copy
from lang.heap.maps import entry_at, find_key, set_entry
from lang.heap.strings import (
    NOT_SIMPLE,
    byte_of_character,
    is_word,
    object_address,
    read_utf8,
    string_bytes,
    string_counts,
    string_words,
    take_string,
    text_counts,
    utf8_length,
    write_text,
    write_utf8,
)
from lang.jit import I64, float_bits, kernel, native, words_at, words_in
from lang.layout import ENTRY_WORDS, MACHINE_WORDS, RANGE_WORDS, Kind, M, Status
from lang.values import Tag

X, Y, Z = 0, 1, 2


@native
def new_array(machine: int, word: int) -> int:
    """Do NEW_ARRAY: the values move into it."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    count = field_c(word)
    if count > m[M.ARRAY_LIMIT]:
        return Fault.ARRAY_TOO_LARGE
    if not has_room(m, container_words(2, count)):
        return Status.NEEDS_MEMORY
    array = take_container(m, Kind.ARRAY, Kind.VALUES, 2, count)
    heap = words_in(m, M.HEAP)
    first = register_b(m, word)
    storage = heap[array + 2] + 1
    for i in range(2 * count):
        heap[storage + i] = registers[first + i]
    heap[array + 1] = count
    put(m, register_a(m, word), Tag.ARRAY, array)
    return Status.OK


@native
def new_map(machine: int, word: int) -> int:
    """Do NEW_MAP: pairs of a key and a value that moves into the map."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    count = field_c(word)
    if not has_room(m, container_words(ENTRY_WORDS, count)):
        return Status.NEEDS_MEMORY
    container = take_container(m, Kind.MAP, Kind.ENTRIES, ENTRY_WORDS, count)
    first = register_b(m, word)
    for i in range(count):
        at = first + 4 * i
        status = set_entry(m, container, registers[at + 1], registers[at + 2], registers[at + 3])
        if status != Status.OK:
            return status
    put(m, register_a(m, word), Tag.MAP, container)
    return Status.OK


@native
def new_vector(machine: int, word: int) -> int:
    """Do NEW_VECTOR from two or three numbers."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    count = field_c(word)
    first = register_b(m, word)
    for i in range(count):
        kind = registers[first + 2 * i] & 0xFF
        if kind != Tag.INT and kind != Tag.FLOAT:
            m[M.DETAIL] = kind
            return Fault.VECTOR_COMPONENT
    if not has_room(m, 1 + count):
        return Status.NEEDS_MEMORY
    at = take(m, Kind.VECTOR, 1 + count)
    heap = words_in(m, M.HEAP)
    for i in range(count):
        payload = registers[first + 2 * i + 1]
        is_int = registers[first + 2 * i] & 0xFF == Tag.INT
        heap[at + 1 + i] = float_bits(float(payload)) if is_int else payload
    put(m, register_a(m, word), Tag.VEC2 if count == 2 else Tag.VEC3, at)
    return Status.OK


@native
def new_range(machine: int, word: int) -> int:
    """Do NEW_RANGE and NEW_RANGE_INCLUSIVE of two ints."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    left = register_b(m, word)
    right = register_c(m, word)
    if registers[left] & 0xFF != Tag.INT or registers[right] & 0xFF != Tag.INT:
        return Fault.FUNCTION_NOT_FOUND
    if not has_room(m, RANGE_WORDS):
        return Status.NEEDS_MEMORY
    at = take(m, Kind.RANGE, RANGE_WORDS)
    heap = words_in(m, M.HEAP)
    heap[at + 1] = registers[left + 1]
    heap[at + 2] = registers[right + 1]
    inclusive = word & 0xFF == Op.NEW_RANGE_INCLUSIVE
    put(m, register_a(m, word), Tag.RANGE_INCLUSIVE if inclusive else Tag.RANGE, at)
    return Status.OK


@native
def join(machine: int, word: int) -> int:
    """Do JOIN: the text of an interpolated string."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    first = register_b(m, word)
    length = 0
    characters = 0
    for i in range(field_c(word)):
        part, part_characters = text_counts(m, registers[first + 2 * i], registers[first + 2 * i + 1])
        if part == NOT_SIMPLE:
            return Status.HOST_CALL
        length += part
        characters += part_characters
    if length > m[M.STRING_LIMIT]:
        return Fault.STRING_TOO_LARGE
    if not has_room(m, string_words(length)):
        return Status.NEEDS_MEMORY
    text = take_string(m, length, characters)
    out = string_bytes(m, text)
    at = 0
    for i in range(field_c(word)):
        at = write_text(m, out, at, registers[first + 2 * i], registers[first + 2 * i + 1])
    put(m, register_a(m, word), Tag.STRING, text)
    return Status.OK


@kernel
def vector_component(m: I64, dst: int, kind: int, vector: int, index: int) -> int:
    """Write a component into a register; returns a status."""
    size = 3 if kind == Tag.VEC3 else 2
    if index < 0 or index >= size:
        m[M.DETAIL] = index
        m[M.DETAIL2] = size
        return Fault.ARRAY_BOUNDS
    put(m, dst, Tag.FLOAT, words_at(object_address(m, vector), 1 + size)[1 + index])
    return Status.OK


@kernel
def character_at(m: I64, text: int, index: int) -> int:
    """Return the code point at a character index (0 to the number of characters - 1)."""
    return read_utf8(string_bytes(m, text), byte_of_character(m, text, index))[0]


@kernel
def bit_index(m: I64, index: int) -> int:
    """Return a bit index from 0 to 63 for one from -64 to 63, or -1."""
    m[M.DETAIL] = index
    if index < -64 or index > 63:
        return -1
    return index if index >= 0 else index + 64


@kernel
def index_within(m: I64, index: int, length: int) -> int:
    """Return an index from 0 on for one that may count from the end, or -1; leave both for a message."""
    m[M.DETAIL] = index
    m[M.DETAIL2] = length
    if index < 0:
        index += length
    return index if 0 <= index < length else -1


@kernel
def get_part(m: I64, dst: int, kind: int, reference: int, index: int) -> int:
    """Write a character, a bit or a component into a register; returns a status."""
    if kind == Tag.STRING:
        at = index_within(m, index, string_counts(m, reference)[1])
        if at < 0:
            return Fault.STRING_BOUNDS
        put(m, dst, Tag.CHAR, character_at(m, reference, at))
        return Status.OK
    if kind == Tag.INT:
        bit = bit_index(m, index)
        if bit < 0:
            return Fault.BIT_BOUNDS
        put_bool(m, dst, (reference >> bit) & 1 == 1)
        return Status.OK
    return vector_component(m, dst, kind, reference, index)


@kernel
def has_parts(kind: int) -> bool:
    """Return whether values of this kind are indexed but are no containers."""
    return kind == Tag.STRING or kind == Tag.INT or kind == Tag.VEC2 or kind == Tag.VEC3


@native
def get_index(machine: int, word: int) -> int:
    """Do GET_INDEX and GET_INDEX_REF."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    container = register_b(m, word)
    key = register_c(m, word)
    kind = registers[container] & 0xFF
    reference = registers[container + 1]
    index_kind = registers[key] & 0xFF
    index = registers[key + 1]
    dst = register_a(m, word)
    at = -1
    if kind == Tag.MAP:
        if index_kind != Tag.STRING:
            return Fault.INDEX_NOT_STRING
        found = find_key(m, reference, index)
        if found < 0:
            put_unit(m, dst)
            return Status.OK
        at = entry_at(m, reference, found) + 1
    elif index_kind == Tag.RANGE or index_kind == Tag.RANGE_INCLUSIVE or kind == Tag.BLOB:
        return Status.HOST_CALL
    elif kind == Tag.ARRAY:
        if index_kind != Tag.INT:
            return Fault.INDEX_NOT_INT
        index = index_within(m, index, length_of(m, reference))
        if index < 0:
            return Fault.ARRAY_BOUNDS
        at = element_at(m, reference, index)
    elif has_parts(kind):
        return get_part(m, dst, kind, reference, index) if index_kind == Tag.INT else Fault.INDEX_NOT_INT
    else:
        return Fault.INDEXING_TYPE
    heap = words_in(m, M.HEAP)
    if word & 0xFF == Op.GET_INDEX_REF:
        put(m, dst, heap[at], heap[at + 1])
        return Status.OK
    return put_copy(m, dst, heap[at], heap[at + 1])


@kernel
def replace_character(m: I64, at: int, index: int, code: int) -> int:
    """Put a new string with one character changed into the register of the old one."""
    registers = words_in(m, M.REGISTERS)
    text = registers[at + 1]
    length, characters = string_counts(m, text)
    start = byte_of_character(m, text, index)
    old = read_utf8(string_bytes(m, text), start)[1] - start
    new_length = length - old + utf8_length(code)
    if not has_room(m, string_words(new_length)):
        return Status.NEEDS_MEMORY
    result = take_string(m, new_length, characters)
    source = string_bytes(m, text)
    out = string_bytes(m, result)
    for i in range(start):
        out[i] = source[i]
    end = write_utf8(out, start, code)
    for i in range(start + old, length):
        out[end] = source[i]
        end += 1
    put(m, at, Tag.STRING, result)
    return Status.OK


@kernel
def set_part(m: I64, container: int, index: int, value: int) -> int:
    """Set a character or a bit of the string or int in a register; returns a status."""
    registers = words_in(m, M.REGISTERS)
    reference = registers[container + 1]
    if registers[container] & 0xFF == Tag.STRING:
        length = string_counts(m, reference)[1]
        if index_within(m, index, length) < 0:
            return Fault.STRING_BOUNDS
        if registers[value] & 0xFF != Tag.CHAR:
            m[M.DETAIL] = registers[value] & 0xFF
            return Fault.NOT_CHAR
        index = abs(index)  # the reference implementation drops the sign here, and only here
        if index >= length:
            return Status.OK
        return replace_character(m, container, index, registers[value + 1])
    bit = bit_index(m, index)
    if bit < 0:
        return Fault.BIT_BOUNDS
    if registers[value] & 0xFF != Tag.BOOL:
        m[M.DETAIL] = registers[value] & 0xFF
        return Fault.NOT_BOOL
    mask = 1 << bit
    registers[container + 1] = reference | mask if registers[value + 1] else reference & ~mask
    return Status.OK


@native
def set_index(machine: int, word: int) -> int:
    """Do SET_INDEX; a string or an int in the container's register is replaced by a changed one."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    container = register_a(m, word)
    key = register_b(m, word)
    value = register_c(m, word)
    kind = registers[container] & 0xFF
    reference = registers[container + 1]
    index_kind = registers[key] & 0xFF
    index = registers[key + 1]
    if kind == Tag.MAP:
        if index_kind != Tag.STRING:
            return Fault.INDEX_NOT_STRING
        return set_entry(m, reference, index, registers[value], registers[value + 1])
    if kind == Tag.BLOB or index_kind == Tag.RANGE or index_kind == Tag.RANGE_INCLUSIVE:
        return Status.HOST_CALL
    if kind == Tag.VEC2 or kind == Tag.VEC3:
        return Fault.VECTOR_READONLY
    if kind != Tag.ARRAY and not has_parts(kind):
        return Fault.INDEXING_TYPE
    if index_kind != Tag.INT:
        return Fault.INDEX_NOT_INT
    if kind != Tag.ARRAY:
        return set_part(m, container, index, value)
    index = index_within(m, index, length_of(m, reference))
    if index < 0:
        return Fault.ARRAY_BOUNDS
    heap = words_in(m, M.HEAP)
    at = element_at(m, reference, index)
    heap[at] = registers[value]
    heap[at + 1] = registers[value + 1]
    return Status.OK


@kernel
def component_name(m: I64, name: int) -> int:
    """Return 0, 1, 2 for the names x, y, z, or -1."""
    text = string_bytes(m, name)
    if text.size != 1 or text[0] < 120 or text[0] > 122:
        return -1
    return int(text[0]) - 120


@native
def get_property(machine: int, word: int) -> int:
    """Do GET_PROPERTY and GET_PROPERTY_REF, which UPDATE_AHEAD begins with."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    container = register_b(m, word)
    kind = registers[container] & 0xFF
    reference = registers[container + 1]
    name = words_in(m, M.CONSTANTS)[2 * field_c(word) + 1]
    dst = register_a(m, word)
    if kind == Tag.MAP:
        found = find_key(m, reference, name)
        if found < 0:
            put_unit(m, dst)
            return Status.OK
        heap = words_in(m, M.HEAP)
        at = entry_at(m, reference, found) + 1
        if word & 0xFF != Op.GET_PROPERTY:
            put(m, dst, heap[at], heap[at + 1])
            return Status.OK
        return put_copy(m, dst, heap[at], heap[at + 1])
    if kind == Tag.VEC2 or kind == Tag.VEC3:
        index = component_name(m, name)
        if index < 0 or (index == Z and kind == Tag.VEC2):
            return Fault.PROPERTY_UNKNOWN
        return vector_component(m, dst, kind, reference, index)
    if kind == Tag.ARRAY and is_word(m, name, 0x6E656C, 3):
        put(m, dst, Tag.INT, length_of(m, reference))
        return Status.OK
    if kind == Tag.STRING and is_word(m, name, 0x6E656C, 3):
        put(m, dst, Tag.INT, string_counts(m, reference)[1])
        return Status.OK
    return Status.HOST_CALL


@native
def set_property(machine: int, word: int) -> int:
    """Do SET_PROPERTY."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    container = register_a(m, word)
    value = register_c(m, word)
    kind = registers[container] & 0xFF
    if kind == Tag.MAP:
        name = words_in(m, M.CONSTANTS)[2 * field_b(word) + 1]
        return set_entry(m, registers[container + 1], name, registers[value], registers[value + 1])
    if kind == Tag.VEC2 or kind == Tag.VEC3:
        return Fault.VECTOR_READONLY
    return Status.HOST_CALL
