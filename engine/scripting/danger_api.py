"""API: how well an entity is covered from somebody, and how much danger it is in."""

from __future__ import annotations

import math

from engine.ecs.access import component_row, entity_index
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.physics.layout import Bodies, Value, Word
from engine.scripting.arguments import entity_argument, put_float
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.perception import (
    ALL_COLLIDERS,
    BOX_BYTES,
    POINT_BYTES,
    read_end,
    read_seen,
    require,
    seen_place,
    set_wish,
)
from engine.space.layout import Part, SpaceSlot
from engine.space.point_search import nearest_points
from engine.space.published import bodies_in, grid_in, points_in
from engine.space.rays import first_on_ray
from engine.space.shapes import MOST_LAYERS
from engine.space.teams import Bond
from lang.heap.access import register_a
from lang.heap.alloc import pay
from lang.jit import I64, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status

COVER_RAYS = 16
"""Points of the outline that are tried; the score is a multiple of one over them."""
SIGHT = 20.0
"""Metres up to which an enemy is a threat."""
MOST_THREATS = 16
"""So many enemies count, the nearest ones: each costs a ray."""
USUAL_HEALTH = 100.0
"""Hit points of an enemy, or of oneself, that count as 1; who has no health counts as 1."""


@kernel
def is_blocked(
    m: I64, start: tuple[float, float], end: tuple[float, float], left_out: tuple[int, int]
) -> bool:
    """Return whether a solid lies between two points, but for two entities."""
    way = (end[0] - start[0], end[1] - start[1])
    if way[0] == 0.0 and way[1] == 0.0:
        return False
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    _, proxy, _, _, looked_at = first_on_ray(
        table, bodies_in(space), grid_in(space), (start, way), MOST_LAYERS, left_out, True
    )
    pay(m, BOX_BYTES * looked_at)
    return bool(proxy >= 0)


@kernel
def collider_of(space: I64, bodies: Bodies, entity: int) -> int:
    """Return the number of an entity's collider in the space, or -1."""
    numbers, index = words_in(space, SpaceSlot.PROXIES), (entity & 0xFFFFFFFF) - 1
    if index >= numbers.size or numbers[index] < 0 or numbers[index] >= bodies.words.shape[0]:
        return -1
    proxy = numbers[index]
    has_shape = bodies.words[proxy, Word.ENTITY] == entity and bodies.words[proxy, Word.CORNERS] > 0
    return int(proxy) if has_shape else -1


@kernel
def breadth(bodies: Bodies, proxy: int, x: float, y: float) -> tuple[float, float]:
    """Return how far a collider reaches along a unit vector from its centre: (least, most) in metres."""
    least, most = math.inf, -math.inf
    for i in range(bodies.words[proxy, Word.CORNERS]):
        along = bodies.corners[proxy, 2 * i] * x + bodies.corners[proxy, 2 * i + 1] * y
        least, most = min(least, along), max(most, along)
    radius = bodies.values[proxy, Value.RADIUS]
    return least - radius, most + radius


@kernel
def hidden_part(m: I64, entity: int, place: tuple[float, float], threat: tuple[float, float, int]) -> float:
    """Return the part of an entity's breadth, as seen from a threat, that solids hide from it.

    Points at equal distances across the breadth are tried, at the depth of the centre of mass; of an entity
    without a collider the point where it stands.
    """
    space = words_in(words_in(m, M.WORLD), WorldSlot.SPACE)
    bodies = bodies_in(space)
    eye, left_out = (threat[0], threat[1]), (entity, threat[2])
    proxy = collider_of(space, bodies, entity)
    if proxy < 0:
        return 1.0 if is_blocked(m, eye, place, left_out) else 0.0
    x, y = bodies.values[proxy, Value.X], bodies.values[proxy, Value.Y]
    dx, dy = x - eye[0], y - eye[1]
    length = math.sqrt(dx * dx + dy * dy)
    if length == 0.0 or not math.isfinite(length):
        return 0.0
    across_x, across_y = -dy / length, dx / length
    least, most = breadth(bodies, proxy, across_x, across_y)
    hidden = 0
    for i in range(COVER_RAYS):
        at = least + (most - least) * (i + 0.5) / COVER_RAYS
        hidden += 1 if is_blocked(m, eye, (x + at * across_x, y + at * across_y), left_out) else 0
    return hidden / COVER_RAYS


@native
def cover_score(machine: int, word: int) -> int:
    """cover_score(e, threat) → the part of its outline that an entity or a place does not see, 0 to 1."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_seen(m, word, 0)
    if status != Status.OK:
        return status
    status, x, y, threat = read_end(m, word, 1)
    if status == Status.OK:
        status = require(m, ALL_COLLIDERS)
    if status != Status.OK:
        return status
    entity = entity_argument(m, word, 0)
    place = seen_place(words_in(m, M.WORLD), index)
    put_float(m, register_a(m, word), hidden_part(m, entity, place, (x, y, threat)))
    return Status.OK


@kernel
def strength_of(table: I64, index: int) -> float:
    """Return the health of the entity at an index in USUAL_HEALTHs, 1 without health."""
    row = component_row(table, index, Component.HEALTH)
    if row < 0:
        return 1.0
    return float(max(floats_in(table, 2 * Field.HEALTH_VALUE)[row], 0.0)) / USUAL_HEALTH


@kernel
def danger(m: I64, entity: int, place: tuple[float, float], wanted: int) -> float:
    """Return the sum of strength · (1 - distance / SIGHT) of those of the wanted enemies who see a place."""
    table = words_in(m, M.WORLD)
    found = words_in(words_in(table, WorldSlot.SPACE), SpaceSlot.FOUND)
    total = 0.0
    for i in range(wanted):
        enemy = found[i]
        if enemy == 0:
            break
        index = entity_index(table, enemy)
        x, y = seen_place(table, index)
        dx, dy = x - place[0], y - place[1]
        if not is_blocked(m, (x, y), place, (entity, enemy)):
            total += strength_of(table, index) * max(1.0 - math.sqrt(dx * dx + dy * dy) / SIGHT, 0.0)
    return total


@native
def threat_level(machine: int, word: int) -> int:
    """threat_level(e) → danger / (danger + own strength), 0 to 1; see `danger` and `strength_of`."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_seen(m, word, 0)
    if status == Status.OK:
        status = require(m, ALL_COLLIDERS)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    space = words_in(table, WorldSlot.SPACE)
    place = seen_place(table, index)
    set_wish(table, index, Bond.ENEMY)
    who = (words_in(space, SpaceSlot.RELATIONS), words_in(space, SpaceSlot.WISH))
    found, keys = words_in(space, SpaceSlot.FOUND), floats_in(space, SpaceSlot.KEYS)
    query, wanted = floats_in(space, SpaceSlot.QUERY), min(MOST_THREATS, found.size)
    query[0], query[1] = place
    asked = (query.reshape((1, 2)), wanted, SIGHT * SIGHT)
    pay(m, POINT_BYTES * nearest_points(table, points_in(space), who, asked, keys, found))
    entity = entity_argument(m, word, 0)
    total = danger(m, entity, place, wanted)
    put_float(m, register_a(m, word), total / (total + strength_of(table, index)) if total > 0.0 else 0.0)
    return Status.OK


FUNCTIONS = (
    ApiFunction(
        name="cover_score",
        implementation=cover_score,
        category=Category.TACTICS,
        parameters=(
            Parameter("e", ArgumentType.PLACED),
            Parameter("threat", ArgumentType.PLACE, "m"),
        ),
        needs=Part.POINTS | Part.COLLIDERS,
        brief="the part of its breadth that solids hide from an entity or a place",
        result="`float` from 0 to 1: 16 points across it are tried",
        pitfalls=("It asks up to 16 rays: not for a hundred places a tick.",),
        example="""
fn on_update() {
    let enemy = get_nearest_enemy(entity_id);
    if enemy != () && cover_score(entity_id, enemy) < 0.5 {
        set_text(entity_id, "cover!");
    }
}""",
    ),
    ApiFunction(
        name="threat_level",
        implementation=threat_level,
        category=Category.TACTICS,
        parameters=(Parameter("e", ArgumentType.PLACED),),
        needs=Part.POINTS | Part.COLLIDERS,
        brief="in how much danger it is: `D / (D + h)`, 0 to 1",
        result="`float` from 0 to 1",
        details=(
            "`D` sums `health / 100 · (1 - distance / 20)` of the 16 nearest living enemies within 20 "
            "metres that see it, `h` is its own `health / 100`; who has no health counts as 100."
        ),
        pitfalls=("An enemy behind a wall is no threat, however near.",),
        example="""
fn on_update() {
    if threat_level(entity_id) > 0.7 { play_animation(entity_id, "walk"); }
}""",
    ),
)
