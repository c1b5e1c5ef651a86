"""API: who is near, who is friend and foe, what a ray meets.

Until `physics` all of this is about the places of stage `perception`, after it about those that physics left:
what a script finds does not depend on which scripts ran before it in the tick.
"""

from __future__ import annotations

import math

from engine.ecs.access import component_row, entity_index, entity_of_index
from engine.ecs.components import Component, Field, ShapeKind
from engine.ecs.layout import WorldSlot
from engine.geometry.outlines import POLYGON_WORDS
from engine.physics.layout import Word
from engine.physics.mass import inverse_mass_of
from engine.scripting.arguments import (
    check_writable,
    read_index,
    read_number,
    read_position,
    read_row,
    read_transform,
)
from engine.scripting.entity_api import keep_string, put_world_string
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.results import put_entities, put_hit
from engine.scripting.writes import note_team_change, write_pair, write_word
from engine.space.layout import Part, SpaceSlot, SpaceWord
from engine.space.point_search import Wish, nearest_points, points_within, team_of
from engine.space.published import bodies_in, grid_in, points_in
from engine.space.rays import first_on_ray
from engine.space.shapes import MOST_LAYERS, Ask, meet_shape
from engine.space.teams import Bond
from lang.heap.access import argument, field_c, put, put_bool, put_unit, register_a
from lang.heap.alloc import pay
from lang.jit import I64, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
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
def read_radius(m: I64, word: int, number: int) -> tuple[int, float]:
    """Read a number that is not negative; returns (status, it)."""
    status, radius = read_number(m, word, number)
    if status == Status.OK and radius < 0.0:
        return refuse(m, Refusal.NEGATIVE, number, 0), 0.0
    return status, radius


@native
def get_nearest_enemy(machine: int, word: int) -> int:
    """get_nearest_enemy(e[, radius]) → the nearest living entity of a hostile team, or ()."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_seen(m, word, 0)
    radius = math.inf
    if status == Status.OK and field_c(word) == 2:
        status, radius = read_radius(m, word, 1)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    query = floats_in(space, SpaceSlot.QUERY)
    query[0], query[1] = seen_place(table, index)
    set_wish(table, index, Bond.ENEMY)
    who = (words_in(space, SpaceSlot.RELATIONS), words_in(space, SpaceSlot.WISH))
    found = words_in(space, SpaceSlot.FOUND)
    asked = (query.reshape((1, 2)), 1, radius * radius)
    keys = floats_in(space, SpaceSlot.KEYS)
    pay(m, POINT_BYTES * nearest_points(table, points_in(space), who, asked, keys, found))
    if found[0] == 0:
        put_unit(m, register_a(m, word))
    else:
        put(m, register_a(m, word), Tag.INT, found[0])
    return Status.OK


@native
def get_allies_in_radius(machine: int, word: int) -> int:
    """get_allies_in_radius(e, r) → living entities of its own and of allied teams, nearest first."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_seen(m, word, 0)
    if status != Status.OK:
        return status
    status, radius = read_radius(m, word, 1)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    x, y = seen_place(table, index)
    set_wish(table, index, Bond.ALLY)
    who = (words_in(space, SpaceSlot.RELATIONS), words_in(space, SpaceSlot.WISH))
    found = words_in(space, SpaceSlot.FOUND)
    keys = floats_in(space, SpaceSlot.KEYS)
    count, looked_at = points_within(table, points_in(space), who, (x, y, radius), keys, found)
    status = put_entities(m, register_a(m, word), found, count)
    if status == Status.OK:
        pay(m, POINT_BYTES * looked_at)
    return status


@native
def raycast(machine: int, word: int) -> int:
    """raycast(origin, dir, max) → #{entity, point, normal, distance} of the first solid, or ()."""
    m = words_at(machine, MACHINE_WORDS)
    status, x, y, _, _ = read_position(m, word, 0)
    if status != Status.OK:
        return status
    status, way_x, way_y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    status, most = read_radius(m, word, 2)
    if status == Status.OK:
        status = require(m, ALL_COLLIDERS)
    if status != Status.OK:
        return status
    largest = max(abs(way_x), abs(way_y))
    if largest == 0.0:
        return refuse(m, Refusal.NO_DIRECTION, 1, 0)
    way_x, way_y = way_x / largest, way_y / largest
    length = math.sqrt(way_x * way_x + way_y * way_y)
    way_x, way_y = way_x / length * most, way_y / length * most
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    bodies, left_out = bodies_in(space), (m[M.ENTITY], 0)
    part, proxy, nx, ny, looked_at = first_on_ray(
        table, bodies, grid_in(space), ((x, y), (way_x, way_y)), MOST_LAYERS, left_out, False
    )
    status = Status.OK
    if proxy < 0:
        put_unit(m, register_a(m, word))
    else:
        entity = bodies.words[proxy, Word.ENTITY]
        point = (x + part * way_x, y + part * way_y)
        status = put_hit(m, register_a(m, word), entity, part * most, point, (nx, ny))
    if status == Status.OK:
        pay(m, BOX_BYTES * looked_at)
    return status


@kernel
def read_end(m: I64, word: int, number: int) -> tuple[int, float, float, int]:
    """Read an end of a line of sight, an entity or a position; returns (status, x, y, entity or 0)."""
    at = argument(word, m, number)
    if words_in(m, M.REGISTERS)[at] & 0xFF != Tag.INT:
        status, x, y, _, _ = read_position(m, word, number)
        return status, x, y, 0
    status, index = read_seen(m, word, number)
    if status != Status.OK:
        return status, 0.0, 0.0, 0
    x, y = seen_place(words_in(m, M.WORLD), index)
    return status, x, y, words_in(m, M.REGISTERS)[at + 1]


@native
def line_of_sight(machine: int, word: int) -> int:
    """line_of_sight(a, b) of entities or positions: whether no solid is between; both ends are ignored."""
    m = words_at(machine, MACHINE_WORDS)
    status, ax, ay, first = read_end(m, word, 0)
    if status != Status.OK:
        return status
    status, bx, by, second = read_end(m, word, 1)
    if status == Status.OK:
        status = require(m, ALL_COLLIDERS)
    if status != Status.OK:
        return status
    if bx < ax or (bx == ax and by < ay):  # the same from either end, to the last bit
        ax, ay, bx, by = bx, by, ax, ay
    clear = True
    if ax != bx or ay != by:
        table = words_in(m, M.WORLD)
        space = words_in(table, WorldSlot.SPACE)
        ray = ((ax, ay), (bx - ax, by - ay))
        _, proxy, _, _, looked_at = first_on_ray(
            table, bodies_in(space), grid_in(space), ray, MOST_LAYERS, (first, second), True
        )
        clear = proxy < 0
        pay(m, BOX_BYTES * looked_at)
    put_bool(m, register_a(m, word), clear)
    return Status.OK


@native
def overlap_circle(machine: int, word: int) -> int:
    """overlap_circle(pos, r) → the entities whose colliders meet a circle, sensors too, by index."""
    m = words_at(machine, MACHINE_WORDS)
    status, x, y, _, _ = read_position(m, word, 0)
    if status != Status.OK:
        return status
    status, radius = read_radius(m, word, 1)
    if status == Status.OK:
        status = require(m, ALL_COLLIDERS)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    ask, bodies = floats_in(space, SpaceSlot.ASK), bodies_in(space)
    ask[:] = 0.0
    ask[Ask.SHAPE], ask[Ask.PROXY] = ShapeKind.CIRCLE, -1.0
    ask[Ask.X], ask[Ask.Y], ask[Ask.HALF_WIDTH], ask[Ask.HALF_HEIGHT] = x, y, radius, radius
    found, hits = words_in(space, SpaceSlot.COLLIDERS_FOUND), floats_in(space, SpaceSlot.HITS)
    count = meet_shape(bodies, grid_in(space), ask, MOST_LAYERS, found, hits.reshape((hits.size // 3, 3)))
    kept = 0
    for i in range(count):
        entity = bodies.words[found[i], Word.ENTITY]
        if entity_index(table, entity) >= 0:
            found[kept] = entity
            kept += 1
    status = put_entities(m, register_a(m, word), found, kept)
    if status == Status.OK:
        pay(m, BOX_BYTES * count)
    return status


@native
def get_team(machine: int, word: int) -> int:
    """get_team(e) → its team, "" for none."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    return put_world_string(m, register_a(m, word), team_of(words_in(m, M.WORLD), index))


@native
def set_team(machine: int, word: int) -> int:
    """set_team(e, team) of an entity that is in a team; "" is none."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row(m, word, 0, Component.TEAM, Refusal.NO_TEAM)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 1)
    if status != Status.OK:
        return status
    write_word(m, Field.TEAM_NAME, row, string)
    note_team_change(m)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def apply_impulse(machine: int, word: int) -> int:
    """apply_impulse(e, v) of a dynamic body: its velocity changes by v over its mass."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
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
    put_unit(m, register_a(m, word))
    return Status.OK


ENTRIES = (
    NativeEntry("get_nearest_enemy", get_nearest_enemy, (1, 2), api=True),
    NativeEntry("get_allies_in_radius", get_allies_in_radius, (2, 2), api=True),
    NativeEntry("raycast", raycast, (3, 3), api=True),
    NativeEntry("line_of_sight", line_of_sight, (2, 2), api=True),
    NativeEntry("overlap_circle", overlap_circle, (2, 2), api=True),
    NativeEntry("apply_impulse", apply_impulse, (2, 2), api=True),
    NativeEntry("get_team", get_team, (1, 1), api=True),
    NativeEntry("set_team", set_team, (2, 2), api=True),
)
NEEDS = {
    "get_nearest_enemy": Part.POINTS,
    "get_allies_in_radius": Part.POINTS,
    "raycast": Part.COLLIDERS,
    "line_of_sight": Part.POINTS | Part.COLLIDERS,
    "overlap_circle": Part.COLLIDERS,
}
"""The parts of the space that are taken each tick while a script calls one of these by its name."""
