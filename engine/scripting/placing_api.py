"""API: putting entities elsewhere and turning them, at once and without a way there."""

from __future__ import annotations

from engine.ecs.access import component_row, entity_of_index
from engine.ecs.components import Component, Field
from engine.ecs.hierarchy import next_below
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import (
    ask_for_room,
    check_notes,
    done,
    number_value,
    read_index,
    read_number,
    read_position,
    read_row_and_number,
    read_row_and_vector,
    read_transform_to_write,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.layout import LARGEST_SCALE
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.teleports import FIRST_TELEPORTED
from engine.scripting.undo import write_noted
from engine.scripting.writes import write_float, write_pair
from lang.heap.access import argument
from lang.heap.alloc import pay
from lang.jit import I64, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.numeric.circular import angle_of
from lang.values import Tag

NOTES_A_MEMBER = 12
MEMBER_BYTES = 128
"""What a teleport writes of each entity of a family, and so what it pays for."""


@kernel
def _forget_contacts(m: I64, entity: int) -> None:
    """Let physics forget what the contacts of an entity held (there is room)."""
    teleported = words_in(words_in(m, M.WORLD), WorldSlot.TELEPORTED)
    teleported[FIRST_TELEPORTED + teleported[0]] = entity
    write_noted(m, WorldSlot.TELEPORTED, 0, teleported[0] + 1)


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
    status, row, x, y, z, size = read_row_and_vector(m, word, Component.TRANSFORM, Refusal.NO_TRANSFORM)
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
    return done(m, word)


@native
def face_direction(machine: int, word: int) -> int:
    """face_direction(e, dir): turns it so that its x axis points along dir."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, x, y, _, _ = read_row_and_vector(m, word, Component.TRANSFORM, Refusal.NO_TRANSFORM)
    if status != Status.OK:
        return status
    if x == 0.0 and y == 0.0:
        return refuse(m, Refusal.NO_DIRECTION, 1, 0)
    write_float(m, Field.TRANSFORM_ROTATION, row, angle_of(y, x))
    return done(m, word)


@native
def set_rotation(machine: int, word: int) -> int:
    """set_rotation(e, radians), counter-clockwise."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, radians = read_row_and_number(m, word, Component.TRANSFORM, Refusal.NO_TRANSFORM)
    if status != Status.OK:
        return status
    write_float(m, Field.TRANSFORM_ROTATION, row, radians)
    return done(m, word)


@native
def set_scale(machine: int, word: int) -> int:
    """set_scale(e, factor) with a number for both axes, or a vector."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_transform_to_write(m, word, 0)
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
    if max(abs(x), abs(y)) > LARGEST_SCALE:
        return refuse(m, Refusal.TOO_LARGE, 1, 0)
    write_pair(m, Field.TRANSFORM_SCALE_X, row, x, y)
    return done(m, word)


_E = Parameter("e", ArgumentType.PLACED)
FUNCTIONS = (
    ApiFunction(
        name="teleport",
        implementation=teleport,
        category=Category.MOVEMENT,
        parameters=(_E, Parameter("pos", ArgumentType.POSITION, "m")),
        writes=True,
        brief="puts it elsewhere as if it had always been there, at rest; all below it come along",
        details="What its contacts held is forgotten: nothing is swept, drawn or hit on the way.",
        pitfalls=("Where it arrives may be inside a wall; physics pushes it out from there.",),
        example="""
fn on_trigger(name, other) {
    if name == "portal" { teleport(entity_id, (2.0, 9.0)); }
}""",
    ),
    ApiFunction(
        name="set_rotation",
        implementation=set_rotation,
        category=Category.MOVEMENT,
        parameters=(_E, Parameter("radians", ArgumentType.NUMBER, "rad")),
        writes=True,
        brief="turns it, counter-clockwise from the x axis",
        pitfalls=("Degrees are to be converted: `90.0.to_radians()`.",),
        example="""
fn on_spawn() { set_rotation(entity_id, 90.0.to_radians()); }""",
    ),
    ApiFunction(
        name="face_direction",
        implementation=face_direction,
        category=Category.MOVEMENT,
        parameters=(_E, Parameter("dir", ArgumentType.DIRECTION)),
        writes=True,
        brief="turns it so that its x axis points along `dir`",
        pitfalls=(
            (
                "`dir` is a direction, not a place: towards a place it is `place - get_position(e)`, and "
                "that is zero, an error, where both are the same."
            ),
        ),
        example="""
fn on_update() {
    let player = find_entity_by_tag("Player");
    if player == () { return; }
    let dir = get_position(player) - get_position(entity_id);
    if dir.length() > 0.1 { face_direction(entity_id, dir); }
}""",
    ),
    ApiFunction(
        name="set_scale",
        implementation=set_scale,
        category=Category.MOVEMENT,
        parameters=(_E, Parameter("factor", ArgumentType.SCALE)),
        writes=True,
        brief="how large it is: one number, or a vector with one for each axis; 1 is as declared",
        details="Colliders, pictures and children scale with it.",
        pitfalls=("It sets the scale and does not multiply it.",),
        example="""
let size = 1.0;

fn on_trigger(name, other) {
    size += 0.25;
    set_scale(entity_id, size);
}""",
    ),
)
