"""API: ways over the tile map."""

from __future__ import annotations

from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import read_position
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.results import VECTOR_WORDS, put_array
from engine.tilemap.layout import Table
from engine.tilemap.paths import cell_middle, cell_of, search, straighten, table_at
from engine.tilemap.traces import keep_leg
from lang.heap.access import put_unit, register_a
from lang.heap.alloc import container_words, has_room, pay, take
from lang.heap.arrays import VALUE_WORDS
from lang.jit import float_bits, native, words_at, words_in
from lang.layout import MACHINE_WORDS, Kind, M, Status
from lang.values import Tag

CELL_BYTES = 16
"""What a cell looked at costs, as bytes: four cells are one operation."""


@native
def find_path(machine: int, word: int) -> int:
    """find_path(from, to) → the turning points of the best way over the tile map, `to` the last, or ()."""
    m = words_at(machine, MACHINE_WORDS)
    status, x, y, _, _ = read_position(m, word, 0)
    if status != Status.OK:
        return status
    status, to_x, to_y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    tiles = words_in(words_in(m, M.WORLD), WorldSlot.TILES)
    if tiles.size == 0:
        return refuse(m, Refusal.NO_MAP, NO_ARGUMENT, 0)
    goal = cell_of(tiles, to_x, to_y)
    found, looked = search(tiles, cell_of(tiles, x, y), goal)
    if not found:
        pay(m, CELL_BYTES * looked)
        put_unit(m, register_a(m, word))
        return Status.OK
    count = max(straighten(tiles, goal), 1)
    if not has_room(m, container_words(VALUE_WORDS, count) + count * VECTOR_WORDS):
        return Status.NEEDS_MEMORY
    pay(m, CELL_BYTES * looked)
    path = table_at(tiles, Table.PATH)
    status, first = put_array(m, register_a(m, word), count)
    if status != Status.OK:
        return status
    heap = words_in(m, M.HEAP)
    for i in range(count):
        to = cell_middle(tiles, tiles[path + i]) if i + 1 < count else (to_x, to_y)
        vector = take(m, Kind.VECTOR, VECTOR_WORDS)
        heap[vector + 1], heap[vector + 2] = float_bits(to[0]), float_bits(to[1])
        keep_leg(tiles, m[M.TICK], x, y, to[0], to[1])
        x, y = to
        heap[first + VALUE_WORDS * i - 1], heap[first + VALUE_WORDS * i] = Tag.VEC2, vector
    return Status.OK


FUNCTIONS = (
    ApiFunction(
        name="find_path",
        implementation=find_path,
        category=Category.WAYS,
        parameters=(
            Parameter("from", ArgumentType.POSITION, "m"),
            Parameter("to", ArgumentType.POSITION, "m"),
        ),
        errors=(Refusal.NO_MAP,),
        brief="the turning points of the best way over the scene's `[tilemap]`, `to` the last",
        result="array of `vec2`, or `()` where there is no way",
        details=(
            "Eight directions, no corner of a solid tile is cut, dear ground is walked around where that "
            "is cheaper. Four cells looked at cost one operation."
        ),
        pitfalls=("Ask once and walk: a path a tick for each of a hundred is dear.",),
        example="""
let way = [];

fn on_spawn() {
    let found = find_path(get_position(entity_id), (6.5, 1.5));
    if found != () { way = found; }
}

fn on_update() {
    if way.is_empty() { return; }
    if move_towards(entity_id, way[0], 3.0 * delta_time) { way.shift(); }
}""",
    ),
)
