"""What API natives see of the space: places of stage `perception`, or those that physics has left since."""

from __future__ import annotations

from engine.ecs.access import component_row, entity_of_index
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import entity_argument, read_index, read_place, read_transform
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.space.layout import Part, SpaceSlot, SpaceWord
from engine.space.point_search import Wish, team_of
from lang.heap.access import argument
from lang.jit import I64, floats_in, kernel, words_in
from lang.layout import M, Status
from lang.values import Tag

POINT_BYTES = 16
BOX_BYTES = 32
"""What a search reads of each point or collider that it looks at, and so what it pays for."""
ALL_POINTS, ALL_COLLIDERS = int(Part.POINTS), int(Part.COLLIDERS)


@kernel
def require(m: I64, part: int) -> int:
    """Return OK, or the request to take a part of the space; once it is served, the call runs again."""
    space = words_in(words_in(m, M.WORLD), WorldSlot.SPACE)
    at = SpaceWord.HAS_POINTS if part == ALL_POINTS else SpaceWord.HAS_COLLIDERS
    if space.size == 0:
        return refuse(m, Refusal.NO_SPACE, NO_ARGUMENT, 0)
    if words_in(space, SpaceSlot.STATE)[at] != 0:
        return Status.OK
    m[M.REQUEST] = -part
    return Status.EMBEDDER


@kernel
def seen_place(table: I64, index: int) -> tuple[float, float]:
    """Return where the index of points has the entity at an index; who is not in it, is where it is now."""
    space = words_in(table, WorldSlot.SPACE)
    numbers = words_in(space, SpaceSlot.POINT_NUMBERS)
    if index < numbers.size and numbers[index] >= 0:
        point = numbers[index]
        if words_in(space, SpaceSlot.POINT_ENTITIES)[point] == entity_of_index(table, index):
            places = floats_in(space, SpaceSlot.POINTS)
            return places[2 * point], places[2 * point + 1]
    row = component_row(table, index, Component.TRANSFORM)
    return floats_in(table, 2 * Field.TRANSFORM_X)[row], floats_in(table, 2 * Field.TRANSFORM_Y)[row]


@kernel
def set_wish(table: I64, index: int, bond: int) -> None:
    """Let the next search want those that have a bond with the entity at an index, without itself."""
    space = words_in(table, WorldSlot.SPACE)
    wish, state = words_in(space, SpaceSlot.WISH), words_in(space, SpaceSlot.STATE)
    wish[Wish.BOND], wish[Wish.TEAM] = bond, team_of(table, index)
    wish[Wish.LEFT_OUT] = entity_of_index(table, index)
    wish[Wish.ANY_GROUP], wish[Wish.STRUCTURE] = state[SpaceWord.TEAMS_CHANGED], state[SpaceWord.STRUCTURE]


@kernel
def read_seen(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read an entity that has a place, once there is an index of points; returns (status, entity index)."""
    status, _ = read_transform(m, word, number)
    if status != Status.OK:
        return status, -1
    _, index = read_index(m, word, number)
    return require(m, ALL_POINTS), index


@kernel
def read_end(m: I64, word: int, number: int) -> tuple[int, float, float, int]:
    """Read an end of a line of sight, an entity or a position; returns (status, x, y, entity or 0)."""
    if words_in(m, M.REGISTERS)[argument(word, m, number)] & 0xFF != Tag.INT:
        status, x, y = read_place(m, word, number)
        return status, x, y, 0
    status, index = read_seen(m, word, number)
    if status != Status.OK:
        return status, 0.0, 0.0, 0
    x, y = seen_place(words_in(m, M.WORLD), index)
    return status, x, y, entity_argument(m, word, number)
