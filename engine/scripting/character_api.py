"""API: characters, which go where they are told and slide along what they meet."""

from __future__ import annotations

from engine.ecs.access import component_row, entity_of_index
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.physics.proxies import FASTEST
from engine.scripting.arguments import check_writable, read_index, read_position, read_transform
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.layout import TICKS_A_SECOND
from engine.scripting.perception import BOX_BYTES, require
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.writes import write_float
from engine.space.layout import Part, SpaceSlot
from engine.space.published import bodies_in, grid_in
from engine.space.shapes import MOST_LAYERS
from engine.space.sliding import proxy_of, slide
from lang.heap.access import register_a
from lang.heap.alloc import has_room, pay
from lang.heap.vectors import put_vector
from lang.jit import I64, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status

_COLLIDERS = int(Part.COLLIDERS)
_VECTOR_WORDS = 3
_SECONDS = 1.0 / TICKS_A_SECOND


@kernel
def _read_character(m: I64, word: int) -> tuple[int, int, int]:
    """Read an entity with a collider that may be moved; returns (status, entity index, transform row)."""
    status, row = read_transform(m, word, 0)
    if status != Status.OK:
        return status, -1, -1
    _, index = read_index(m, word, 0)
    table = words_in(m, M.WORLD)
    if component_row(table, index, Component.COLLIDER) < 0:
        return refuse(m, Refusal.NO_COLLIDER, 0, entity_of_index(table, index)), -1, -1
    return check_writable(m), index, row


@native
def move_and_slide(machine: int, word: int) -> int:
    """move_and_slide(e, velocity) moves its collider for a tick, along what it meets → the velocity left."""
    m = words_at(machine, MACHINE_WORDS)
    status, index, row = _read_character(m, word)
    if status != Status.OK:
        return status
    status, vx, vy, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    if abs(vx) > FASTEST or abs(vy) > FASTEST:
        return refuse(m, Refusal.TOO_STRONG, 1, 0)
    status = require(m, _COLLIDERS)
    if status == Status.OK and not has_room(m, _VECTOR_WORDS):  # before anything moves: the call runs again
        status = Status.NEEDS_MEMORY
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    bodies, grid = bodies_in(space), grid_in(space)
    proxy = proxy_of(bodies, grid, entity_of_index(table, index))
    if proxy < 0:
        return put_vector(m, register_a(m, word), vx, vy, 0.0, 2)
    x, y = floats_in(table, 2 * Field.TRANSFORM_X)[row], floats_in(table, 2 * Field.TRANSFORM_Y)[row]
    ask, found = floats_in(space, SpaceSlot.ASK), words_in(space, SpaceSlot.COLLIDERS_FOUND)
    hits = floats_in(space, SpaceSlot.HITS).reshape((found.size, 3))
    move = (x, y, vx, vy, _SECONDS)
    way_x, way_y, vx, vy, _, looked_at = slide(
        table, bodies, grid, (proxy, MOST_LAYERS), move, (ask, found, hits)
    )
    write_float(m, Field.TRANSFORM_X, row, x + way_x)
    write_float(m, Field.TRANSFORM_Y, row, y + way_y)
    pay(m, BOX_BYTES * looked_at)
    return put_vector(m, register_a(m, word), vx, vy, 0.0, 2)


FUNCTIONS = (
    ApiFunction(
        name="move_and_slide",
        implementation=move_and_slide,
        category=Category.MOVEMENT,
        parameters=(
            Parameter("e", ArgumentType.WITH_COLLIDER),
            Parameter("velocity", ArgumentType.VECTOR, "m/s", errors=(Refusal.TOO_STRONG,)),
        ),
        writes=True,
        needs=Part.COLLIDERS,
        brief="moves it for one tick, along the solids that its layers meet; the velocity that is left",
        result="`vec2`, metres a second: 0 down on a floor, 0 sideways at a wall",
        details=(
            "It stops at solids, slides along them, and lands on one-way platforms. Solids are where "
            "stage `perception` saw them; who was spawned in this tick stays where it is. For a kinematic"
            " body (with a velocity of zero) or a collider without a body."
        ),
        pitfalls=(
            "It moves the entity itself: a velocity beside that would move it twice.",
            "Gravity is up to the script: keep the velocity that it returns, and add to its y.",
        ),
        example="""
let v = (0.0, 0.0);

fn on_update() {
    v = (3.0 * action_value("move"), v.y - 20.0 * delta_time);
    v = move_and_slide(entity_id, v);
}""",
    ),
)
