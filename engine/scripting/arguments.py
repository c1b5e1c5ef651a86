"""How API natives read their arguments: checked before anything is done with them.

Each reader returns a status first; it is OK, or the fault that the native passes on.
"""

from __future__ import annotations

import math

from engine.ecs.access import component_row, entity_index
from engine.ecs.components import Component, Field
from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.strings import find_string
from engine.scripting.layout import TICKS_A_SECOND
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.undo import MORE_UNDO, has_undo_room, has_undo_room_for
from lang.heap.access import argument, field_c, put, put_unit, register_a
from lang.heap.alloc import pay
from lang.heap.strings import object_address, string_bytes
from lang.jit import I64, bits_float, float_bits, floats_in, kernel, words_at, words_in
from lang.layout import M, Status
from lang.values import Tag

MOST_SECONDS = 1e9
NOT_FOUND = -1


@kernel
def read_index(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read an entity; returns (status, entity index)."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    if registers[at] & 0xFF != Tag.INT:
        return refuse(m, Refusal.NOT_AN_ENTITY, number, 0), -1
    index = entity_index(words_in(m, M.WORLD), registers[at + 1])
    if index < 0:
        return refuse(m, Refusal.STALE_ENTITY, number, registers[at + 1]), -1
    return Status.OK, index


@kernel
def read_row(m: I64, word: int, number: int, component: int, missing: int) -> tuple[int, int]:
    """Read an entity that has a component; returns (status, pool row). `missing` is the refusal."""
    status, index = read_index(m, word, number)
    if status != Status.OK:
        return status, -1
    row = component_row(words_in(m, M.WORLD), index, component)
    if row < 0:
        entity = words_in(m, M.REGISTERS)[argument(word, m, number) + 1]
        return refuse(m, missing, number, entity), -1
    return Status.OK, row


@kernel
def read_transform(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read an entity; returns (status, pool row of its transform)."""
    return read_row(m, word, number, Component.TRANSFORM, Refusal.NO_TRANSFORM)


@kernel
def read_index_to_write(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read an entity that is to change; returns (status, entity index)."""
    status, index = read_index(m, word, number)
    return (check_writable(m) if status == Status.OK else status), index


@kernel
def read_row_to_write(m: I64, word: int, number: int, component: int, missing: int) -> tuple[int, int]:
    """Read an entity with a component that is to change; returns (status, pool row)."""
    status, row = read_row(m, word, number, component, missing)
    return (check_writable(m) if status == Status.OK else status), row


@kernel
def read_transform_to_write(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read an entity that is to be put elsewhere; returns (status, pool row of its transform)."""
    return read_row_to_write(m, word, number, Component.TRANSFORM, Refusal.NO_TRANSFORM)


@kernel
def entity_argument(m: I64, word: int, number: int) -> int:
    """Return the id of an entity that was read."""
    return words_in(m, M.REGISTERS)[argument(word, m, number) + 1]


@kernel
def number_value(tag: int, payload: int) -> float:
    """Return an int or float as a float; anything else is NaN."""
    kind = tag & 0xFF
    if kind == Tag.INT:
        return float(payload)
    return bits_float(payload) if kind == Tag.FLOAT else math.nan


@kernel
def read_number(m: I64, word: int, number: int) -> tuple[int, float]:
    """Read a finite number; returns (status, value)."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    kind = registers[at] & 0xFF
    if kind != Tag.INT and kind != Tag.FLOAT:
        return refuse(m, Refusal.NOT_A_NUMBER, number, 0), 0.0
    value = number_value(registers[at], registers[at + 1])
    if not math.isfinite(value):
        return refuse(m, Refusal.NOT_FINITE, number, 0), 0.0
    return Status.OK, value


@kernel
def read_not_negative(m: I64, word: int, number: int) -> tuple[int, float]:
    """Read a finite number from 0 on; returns (status, value)."""
    status, value = read_number(m, word, number)
    if status == Status.OK and value < 0.0:
        return refuse(m, Refusal.NEGATIVE, number, 0), 0.0
    return status, value


@kernel
def read_if_given(m: I64, word: int, number: int, default: float) -> tuple[int, float]:
    """Read a finite number from 0 on that may be left out; returns (status, value)."""
    return read_not_negative(m, word, number) if number < field_c(word) else (Status.OK, default)


@kernel
def read_positive(m: I64, word: int, number: int) -> tuple[int, float]:
    """Read a finite number above 0; returns (status, value)."""
    status, value = read_number(m, word, number)
    if status == Status.OK and value <= 0.0:
        return refuse(m, Refusal.NOT_POSITIVE, number, 0), 0.0
    return status, value


@kernel
def read_ticks(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read a time in seconds; returns (status, the ticks it lasts, 1 at least)."""
    status, seconds = read_number(m, word, number)
    if status == Status.OK and (seconds < 0.0 or seconds > MOST_SECONDS):
        return refuse(m, Refusal.NOT_A_TIME, number, 0), 0
    return status, max(math.floor(seconds * TICKS_A_SECOND + 0.5), 1)


@kernel
def now(m: I64) -> int:
    """Return the tick, from which times count."""
    return words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)[Counter.TICK]


@kernel
def read_int(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read an int; returns (status, value)."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    if registers[at] & 0xFF != Tag.INT:
        return refuse(m, Refusal.NOT_AN_INT, number, 0), 0
    return Status.OK, registers[at + 1]


@kernel
def read_bool(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read a bool; returns (status, 0 or 1)."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    if registers[at] & 0xFF != Tag.BOOL:
        return refuse(m, Refusal.NOT_A_BOOL, number, 0), 0
    return Status.OK, registers[at + 1]


@kernel
def vector_value(m: I64, tag: int, payload: int) -> tuple[int, float, float, float]:
    """Return (components, x, y, z) of a vector or an array of 2 or 3 numbers; 0 components: it is neither."""
    kind = tag & 0xFF
    x, y, z = 0.0, 0.0, 0.0
    if kind == Tag.VEC2 or kind == Tag.VEC3:
        size = 3 if kind == Tag.VEC3 else 2
        words = words_at(object_address(m, payload), 1 + size)
        return size, bits_float(words[1]), bits_float(words[2]), bits_float(words[3]) if size == 3 else 0.0
    if kind != Tag.ARRAY:
        return 0, x, y, z
    heap = words_in(m, M.HEAP)
    size = heap[payload + 1]
    if size < 2 or size > 3:
        return 0, x, y, z
    first = heap[payload + 2] + 1
    for i in range(size):
        element = heap[first + 2 * i] & 0xFF
        if element != Tag.INT and element != Tag.FLOAT:
            return 0, x, y, z
    x = number_value(heap[first], heap[first + 1])
    y = number_value(heap[first + 2], heap[first + 3])
    if size == 3:
        z = number_value(heap[first + 4], heap[first + 5])
    return size, x, y, z


@kernel
def read_position(m: I64, word: int, number: int) -> tuple[int, float, float, float, int]:
    """Read a position; returns (status, x, y, z, components); z is 0 where it is left out."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    size, x, y, z = vector_value(m, registers[at], registers[at + 1])
    if size == 0:
        return refuse(m, Refusal.NOT_A_VECTOR, number, 0), x, y, z, size
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        return refuse(m, Refusal.VECTOR_NOT_FINITE, number, 0), x, y, z, size
    return Status.OK, x, y, z, size


@kernel
def read_row_and_vector(
    m: I64, word: int, component: int, missing: int
) -> tuple[int, int, float, float, float, int]:
    """Read an entity with a component that is to change, then a vector.

    Returns:
        (status, pool row, x, y, z, components of the vector).
    """
    status, row = read_row_to_write(m, word, 0, component, missing)
    if status != Status.OK:
        return status, row, 0.0, 0.0, 0.0, 0
    status, x, y, z, size = read_position(m, word, 1)
    return status, row, x, y, z, size


@kernel
def read_row_and_number(m: I64, word: int, component: int, missing: int) -> tuple[int, int, float]:
    """Read an entity with a component that is to change, then a number; returns (status, row, number)."""
    status, row = read_row_to_write(m, word, 0, component, missing)
    if status != Status.OK:
        return status, row, 0.0
    status, value = read_number(m, word, 1)
    return status, row, value


@kernel
def put_field(m: I64, word: int, component: int, missing: int, field: int) -> int:
    """Answer a call with a float field of the entity that is its first argument; returns a status."""
    status, row = read_row(m, word, 0, component, missing)
    if status == Status.OK:
        put_float(m, register_a(m, word), floats_in(words_in(m, M.WORLD), 2 * field)[row])
    return status


@kernel
def read_place(m: I64, word: int, number: int) -> tuple[int, float, float]:
    """Read a position, or an entity for where it is now; returns (status, x, y)."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    if registers[at] & 0xFF == Tag.INT:
        status, row = read_transform(m, word, number)
        if status != Status.OK:
            return status, 0.0, 0.0
        table = words_in(m, M.WORLD)
        x = floats_in(table, 2 * Field.TRANSFORM_X)[row]
        return Status.OK, x, floats_in(table, 2 * Field.TRANSFORM_Y)[row]
    size, x, y, z = vector_value(m, registers[at], registers[at + 1])
    if size == 0:
        return refuse(m, Refusal.NOT_A_PLACE, number, 0), 0.0, 0.0
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        return refuse(m, Refusal.VECTOR_NOT_FINITE, number, 0), 0.0, 0.0
    return Status.OK, x, y


@kernel
def read_string(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read a string; returns (status, its reference)."""
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    if registers[at] & 0xFF != Tag.STRING:
        return refuse(m, Refusal.NOT_A_STRING, number, 0), 0
    return Status.OK, registers[at + 1]


@kernel
def world_string(m: I64, reference: int) -> int:
    """Return the id of a script's string in the world's string table, or -1 when it is not there."""
    text = string_bytes(m, reference)
    pay(m, text.size)
    return find_string(words_in(words_in(m, M.WORLD), WorldSlot.STRINGS), text, text.size)


@kernel
def read_known(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read a name; returns (status, its id in the world's string table, or -1 when it is not there)."""
    status, reference = read_string(m, word, number)
    return status, world_string(m, reference) if status == Status.OK else -1


@kernel
def find_named(rows: I64, first: int, count: int, width: int, name: int) -> int:
    """Return which of the rows from a word on begins with a name (-1 is none), or NOT_FOUND."""
    for number in range(count if name >= 0 else 0):
        if rows[first + number * width] == name:
            return number
    return NOT_FOUND


@kernel
def ask_for_room(m: I64, text_bytes: int) -> int:
    """Return the request to grow what is full; `text_bytes` are wanted in the world's string table."""
    m[M.REQUEST] = text_bytes
    return Status.EMBEDDER


@kernel
def check_writable(m: I64) -> int:
    """Return OK, or the fault of a write where none is allowed, or the request for room to note it."""
    if m[M.REFUSES_WRITES] != 0:
        return refuse(m, Refusal.WRITES_REFUSED, NO_ARGUMENT, 0)
    if not has_undo_room(m):
        return ask_for_room(m, 0)
    return Status.OK


@kernel
def check_notes(m: I64, notes: int) -> int:
    """Return OK, or the request for room to note so many words beside what `check_writable` asks for."""
    if not has_undo_room_for(m, notes):
        m[M.REQUEST] = -MORE_UNDO
        return Status.EMBEDDER
    return Status.OK


@kernel
def done(m: I64, word: int) -> int:
    """Answer a call that returns nothing."""
    put_unit(m, register_a(m, word))
    return Status.OK


@kernel
def put_float(m: I64, at: int, value: float) -> None:
    """Write a float into a register."""
    put(m, at, Tag.FLOAT, float_bits(value))
