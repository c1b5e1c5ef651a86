"""API: putting entities elsewhere and turning them, at once and without a way there."""

from __future__ import annotations

from engine.ecs.access import component_row, entity_of_index
from engine.ecs.components import Component, Field
from engine.ecs.hierarchy import next_below
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import (
    ask_for_room,
    check_notes,
    check_writable,
    number_value,
    read_index,
    read_number,
    read_position,
    read_transform,
)
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.teleports import FIRST_TELEPORTED
from engine.scripting.undo import note
from engine.scripting.writes import write_float, write_pair
from lang.heap.access import argument, put_unit, register_a
from lang.heap.alloc import pay
from lang.jit import I64, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.numeric.circular import angle_of
from lang.stdlib.registry import NativeEntry
from lang.values import Tag

NOTES_A_MEMBER = 12
MEMBER_BYTES = 128
"""What a teleport writes of each entity of a family, and so what it pays for."""


@kernel
def _forget_contacts(m: I64, entity: int) -> None:
    """Let physics forget what the contacts of an entity held (there is room)."""
    teleported = words_in(words_in(m, M.WORLD), WorldSlot.TELEPORTED)
    note(m, WorldSlot.TELEPORTED, 0, teleported[0])
    teleported[FIRST_TELEPORTED + teleported[0]] = entity
    teleported[0] += 1


@kernel
def _stand_still(m: I64, index: int) -> None:
    """Take the velocity from the entity at an index, if it has one."""
    row = component_row(words_in(m, M.WORLD), index, Component.VELOCITY)
    if row >= 0:
        write_pair(m, Field.VELOCITY_VX, row, 0.0, 0.0)
        write_float(m, Field.VELOCITY_ANGULAR, row, 0.0)


@kernel
def _carry_along(m: I64, index: int, way: tuple[float, float, float]) -> None:
    """Move an entity below a teleported one as far as that, so that it stands where it stood in its frame."""
    table = words_in(m, M.WORLD)
    row = component_row(table, index, Component.TRANSFORM)
    own = component_row(table, index, Component.PARENT)
    if row < 0 or own < 0:
        return
    x = floats_in(table, 2 * Field.TRANSFORM_X)[row] + way[0]
    y = floats_in(table, 2 * Field.TRANSFORM_Y)[row] + way[1]
    z = floats_in(table, 2 * Field.TRANSFORM_Z)[row] + way[2]
    write_pair(m, Field.TRANSFORM_X, row, x, y)
    write_float(m, Field.TRANSFORM_Z, row, z)
    write_pair(m, Field.TRANSFORM_PREVIOUS_X, row, x, y)
    write_pair(m, Field.PARENT_PLACED_X, own, x, y)  # nobody moved it by itself
    write_float(m, Field.PARENT_PLACED_Z, own, z)


@kernel
def _family_size(table: I64, top: int) -> int:
    """Return how many entities are at and below an index."""
    count, at = 0, top
    while at >= 0:
        count += 1
        at = next_below(table, at, top)
    return count


@native
def teleport(machine: int, word: int) -> int:
    """teleport(e, pos): there at once, at rest, without contacts; all below it come along."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_transform(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, z, size = read_position(m, word, 1)
    if status != Status.OK:
        return status
    _, top = read_index(m, word, 0)
    table = words_in(m, M.WORLD)
    members = _family_size(table, top)
    teleported = words_in(table, WorldSlot.TELEPORTED)
    if FIRST_TELEPORTED + teleported[0] + members > teleported.size:
        return ask_for_room(m, 0)
    status = check_notes(m, NOTES_A_MEMBER * members)
    if status != Status.OK:
        return status
    zs = floats_in(table, 2 * Field.TRANSFORM_Z)
    if size == 2:
        z = zs[row]
    way_x, way_y = (
        x - floats_in(table, 2 * Field.TRANSFORM_X)[row],
        y - floats_in(table, 2 * Field.TRANSFORM_Y)[row],
    )
    way = (way_x, way_y, z - zs[row])
    write_pair(m, Field.TRANSFORM_X, row, x, y)
    write_float(m, Field.TRANSFORM_Z, row, z)
    write_pair(m, Field.TRANSFORM_PREVIOUS_X, row, x, y)
    _stand_still(m, top)
    at = top
    while at >= 0:
        if at != top:
            _carry_along(m, at, way)
        _forget_contacts(m, entity_of_index(table, at))
        at = next_below(table, at, top)
    pay(m, MEMBER_BYTES * (members - 1))
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def face_direction(machine: int, word: int) -> int:
    """face_direction(e, dir): turns it so that its x axis points along dir."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_transform(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    if x == 0.0 and y == 0.0:
        return refuse(m, Refusal.NO_DIRECTION, 1, 0)
    write_float(m, Field.TRANSFORM_ROTATION, row, angle_of(y, x))
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def set_rotation(machine: int, word: int) -> int:
    """set_rotation(e, radians), counter-clockwise."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_transform(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, radians = read_number(m, word, 1)
    if status != Status.OK:
        return status
    write_float(m, Field.TRANSFORM_ROTATION, row, radians)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def set_scale(machine: int, word: int) -> int:
    """set_scale(e, factor) with a number for both axes, or a vector."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_transform(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 1)
    if registers[at] & 0xFF == Tag.INT or registers[at] & 0xFF == Tag.FLOAT:
        status, x = read_number(m, word, 1)
        y = number_value(registers[at], registers[at + 1])
    else:
        status, x, y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    write_pair(m, Field.TRANSFORM_SCALE_X, row, x, y)
    put_unit(m, register_a(m, word))
    return Status.OK


ENTRIES = (
    NativeEntry("teleport", teleport, (2, 2), api=True),
    NativeEntry("face_direction", face_direction, (2, 2), api=True),
    NativeEntry("set_rotation", set_rotation, (2, 2), api=True),
    NativeEntry("set_scale", set_scale, (2, 2), api=True),
)
