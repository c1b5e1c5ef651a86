"""API: positions, velocities, distances, pushes."""

from __future__ import annotations

import math

from engine.ecs.access import component_row, entity_of_index
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.geometry.outlines import POLYGON_WORDS
from engine.physics.mass import inverse_mass_of
from engine.scripting.arguments import (
    done,
    entity_argument,
    put_field,
    put_float,
    read_index,
    read_index_to_write,
    read_not_negative,
    read_place,
    read_position,
    read_row_and_vector,
    read_transform,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.status import speed_factor
from engine.scripting.writes import write_float, write_pair
from engine.space.layout import SpaceSlot
from lang.heap.access import put_bool, register_a
from lang.heap.vectors import put_vector
from lang.jit import floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status

TINY = 2.0**-600


@native
def get_position(machine: int, word: int) -> int:
    """get_position(e) → (x, y, z)."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_transform(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    return put_vector(
        m,
        register_a(m, word),
        floats_in(table, 2 * Field.TRANSFORM_X)[row],
        floats_in(table, 2 * Field.TRANSFORM_Y)[row],
        floats_in(table, 2 * Field.TRANSFORM_Z)[row],
        3,
    )


@native
def set_position(machine: int, word: int) -> int:
    """set_position(e, pos): z stays for a position of two components."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, x, y, z, size = read_row_and_vector(m, word, Component.TRANSFORM, Refusal.NO_TRANSFORM)
    if status != Status.OK:
        return status
    write_pair(m, Field.TRANSFORM_X, row, x, y)
    if size == 3:
        write_float(m, Field.TRANSFORM_Z, row, z)
    return done(m, word)


@kernel
def scaled_way(from_x: float, from_y: float, to_x: float, to_y: float) -> tuple[float, float, float]:
    """Return (x, y, length) of a way whose length no float can hold, TINY times as long."""
    dx = to_x * TINY - from_x * TINY
    dy = to_y * TINY - from_y * TINY
    length = math.sqrt(dx * dx + dy * dy)
    return dx, dy, length


@native
def move_towards(machine: int, word: int) -> int:
    """move_towards(e, target, max_step) → whether the target was reached; planar."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, x, y, _, _ = read_row_and_vector(m, word, Component.TRANSFORM, Refusal.NO_TRANSFORM)
    if status != Status.OK:
        return status
    status, step = read_not_negative(m, word, 2)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    xs = floats_in(table, 2 * Field.TRANSFORM_X)
    ys = floats_in(table, 2 * Field.TRANSFORM_Y)
    dx = x - xs[row]
    dy = y - ys[row]
    entity = entity_argument(m, word, 0)
    step *= speed_factor(table, (entity & 0xFFFFFFFF) - 1)
    left = math.sqrt(dx * dx + dy * dy)
    scale = 1.0
    if not math.isfinite(left):
        scale = TINY
        dx, dy, left = scaled_way(xs[row], ys[row], x, y)
    reached = left <= step * scale
    if not reached:
        x = xs[row] + dx / left * step
        y = ys[row] + dy / left * step
    write_pair(m, Field.TRANSFORM_X, row, x, y)
    put_bool(m, register_a(m, word), reached)
    return Status.OK


@native
def distance(machine: int, word: int) -> int:
    """distance(a, b) of positions or entities, planar, in metres."""
    m = words_at(machine, MACHINE_WORDS)
    status, ax, ay = read_place(m, word, 0)
    if status != Status.OK:
        return status
    status, bx, by = read_place(m, word, 1)
    if status != Status.OK:
        return status
    put_float(m, register_a(m, word), math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by)))
    return Status.OK


@native
def get_velocity(machine: int, word: int) -> int:
    """get_velocity(e) → (x, y), zero for what has no velocity."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    row = component_row(table, index, Component.VELOCITY)
    if row < 0:
        return put_vector(m, register_a(m, word), 0.0, 0.0, 0.0, 2)
    x = floats_in(table, 2 * Field.VELOCITY_VX)[row]
    return put_vector(m, register_a(m, word), x, floats_in(table, 2 * Field.VELOCITY_VY)[row], 0.0, 2)


@native
def set_velocity(machine: int, word: int) -> int:
    """set_velocity(e, v) of an entity that has a velocity or a body."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, x, y, _, _ = read_row_and_vector(m, word, Component.VELOCITY, Refusal.NO_VELOCITY)
    if status != Status.OK:
        return status
    write_pair(m, Field.VELOCITY_VX, row, x, y)
    return done(m, word)


@native
def get_rotation(machine: int, word: int) -> int:
    """get_rotation(e) in radians, counter-clockwise."""
    m = words_at(machine, MACHINE_WORDS)
    return put_field(m, word, Component.TRANSFORM, Refusal.NO_TRANSFORM, Field.TRANSFORM_ROTATION)


@native
def apply_impulse(machine: int, word: int) -> int:
    """apply_impulse(e, v) of a dynamic body: its velocity changes by v over its mass."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    status, x, y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    if space.size == 0:
        return refuse(m, Refusal.NO_SPACE, NO_ARGUMENT, 0)
    pool = floats_in(space, SpaceSlot.POLYGONS)
    inverse = inverse_mass_of(table, pool.reshape((pool.size // POLYGON_WORDS, POLYGON_WORDS)), index)
    if inverse < 0.0:
        return refuse(m, Refusal.NO_DYNAMIC_BODY, 0, entity_of_index(table, index))
    row = component_row(table, index, Component.VELOCITY)
    vx = floats_in(table, 2 * Field.VELOCITY_VX)[row] + x * inverse
    vy = floats_in(table, 2 * Field.VELOCITY_VY)[row] + y * inverse
    if not (math.isfinite(vx) and math.isfinite(vy)):
        return refuse(m, Refusal.TOO_STRONG, 1, 0)
    write_pair(m, Field.VELOCITY_VX, row, vx, vy)
    return done(m, word)


_E = Parameter("e", ArgumentType.PLACED)
_TARGET = Parameter("target", ArgumentType.POSITION, "m")
FUNCTIONS = (
    ApiFunction(
        name="get_position",
        implementation=get_position,
        category=Category.MOVEMENT,
        parameters=(_E,),
        brief="where it is",
        result="`vec3`, metres",
        pitfalls=("`get_position(e) == (1.0, 2.0)` is never true: it has a z.",),
        example="""
fn on_update() {
    if get_position(entity_id).y < -10.0 { destroy_entity(entity_id); }
}""",
    ),
    ApiFunction(
        name="set_position",
        implementation=set_position,
        category=Category.MOVEMENT,
        parameters=(_E, Parameter("pos", ArgumentType.POSITION, "m")),
        writes=True,
        brief="puts it elsewhere; it keeps its velocity, and its z for a position of two components",
        details="A child stays there and follows its parent from there.",
        pitfalls=(
            "Physics sweeps the way there: what is solid in between is hit. `teleport` jumps.",
            "In `on_update` it wins over the velocity of the tick before, not over that of this one.",
        ),
        example="""
let home = ();

fn on_spawn() { home = get_position(entity_id); }

fn on_trigger(name, other) {
    if name == "exit" { set_position(entity_id, home); }
}""",
    ),
    ApiFunction(
        name="move_towards",
        implementation=move_towards,
        category=Category.MOVEMENT,
        parameters=(_E, _TARGET, Parameter("max_step", ArgumentType.NOT_NEGATIVE, "m")),
        writes=True,
        brief="moves it at most `max_step` metres in the plane; whether the target was reached",
        result="`bool`: whether it is there now",
        details="Status effects that slow or stun make the step shorter.",
        pitfalls=("`max_step` is for one call: a speed has to be multiplied by `delta_time`.",),
        example="""
fn on_update() {
    if move_towards(entity_id, (8.0, 3.0), 4.0 * delta_time) {
        print("there");
    }
}""",
    ),
    ApiFunction(
        name="distance",
        implementation=distance,
        category=Category.MOVEMENT,
        parameters=(Parameter("a", ArgumentType.PLACE, "m"), Parameter("b", ArgumentType.PLACE, "m")),
        brief="metres in the plane between two positions or entities",
        result="`float`, metres",
        pitfalls=("z does not count; `(a - b).length()` of two `vec3` is the distance in space.",),
        example="""
fn on_update() {
    let player = find_entity_by_tag("Player");
    if player != () && distance(entity_id, player) < 5.0 {
        set_text(entity_id, "!");
    }
}""",
    ),
    ApiFunction(
        name="get_velocity",
        implementation=get_velocity,
        category=Category.MOVEMENT,
        parameters=(Parameter("e", ArgumentType.ENTITY),),
        brief="how fast it moves; zero for what has no velocity",
        result="`vec2`, metres a second",
        pitfalls=("Only velocity counts: `set_position` and `move_towards` do not show in it.",),
        example="""
fn on_collision(other) {
    if get_velocity(entity_id).length() > 6.0 { play_sound("hit"); }
}""",
    ),
    ApiFunction(
        name="set_velocity",
        implementation=set_velocity,
        category=Category.MOVEMENT,
        parameters=(
            Parameter("e", ArgumentType.WITH_VELOCITY),
            Parameter("v", ArgumentType.VECTOR, "m/s"),
        ),
        writes=True,
        brief="gives it a velocity",
        pitfalls=("It replaces gravity's work of this tick too: keep y where only x is meant.",),
        example="""
fn on_update() {
    if is_action_down("right") {
        set_velocity(entity_id, (5.0, get_velocity(entity_id).y));
    }
}""",
    ),
    ApiFunction(
        name="apply_impulse",
        implementation=apply_impulse,
        category=Category.MOVEMENT,
        parameters=(
            Parameter("e", ArgumentType.WITH_DYNAMIC_BODY),
            Parameter("v", ArgumentType.VECTOR, "N s", errors=(Refusal.TOO_STRONG,)),
        ),
        writes=True,
        brief="pushes a dynamic body at its centre: its velocity changes by `v` over its mass",
        pitfalls=("Each tick again it is a force of 60 times as many newtons.",),
        example="""
fn on_update() {
    if is_action_pressed("jump") { apply_impulse(entity_id, (0.0, 6.0)); }
}""",
    ),
    ApiFunction(
        name="get_rotation",
        implementation=get_rotation,
        category=Category.MOVEMENT,
        parameters=(_E,),
        brief="how far it is turned counter-clockwise from the x axis",
        result="`float`, radians",
        pitfalls=("It is not wrapped: after two turns it may be 12.6.",),
        example="""
fn on_update() {
    set_rotation(entity_id, get_rotation(entity_id) + 2.0 * delta_time);
}""",
    ),
)
