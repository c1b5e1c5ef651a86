"""API: who is near, who is friend and foe, what a ray meets.

Until `physics` all of this is about the places of stage `perception`, after it about those that physics left:
what a script finds does not depend on which scripts ran before it in the tick.
"""

from __future__ import annotations

import math

from engine.ecs.access import entity_index
from engine.ecs.components import ShapeKind
from engine.ecs.layout import WorldSlot
from engine.physics.layout import Word
from engine.scripting.arguments import read_not_negative, read_position
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
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.results import put_entities, put_hit
from engine.space.layout import Part, SpaceSlot
from engine.space.point_search import nearest_points, points_within
from engine.space.published import bodies_in, grid_in, points_in
from engine.space.rays import first_on_ray
from engine.space.shapes import MOST_LAYERS, Ask, meet_shape
from engine.space.teams import Bond
from lang.heap.access import field_c, put, put_bool, put_unit, register_a
from lang.heap.alloc import pay
from lang.jit import floats_in, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag


@native
def get_nearest_enemy(machine: int, word: int) -> int:
    """get_nearest_enemy(e[, radius]) → the nearest living entity of a hostile team, or ()."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_seen(m, word, 0)
    radius = math.inf
    if status == Status.OK and field_c(word) == 2:
        status, radius = read_not_negative(m, word, 1)
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
    status, radius = read_not_negative(m, word, 1)
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
    status, most = read_not_negative(m, word, 2)
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
    status, radius = read_not_negative(m, word, 1)
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


_SEEKER = Parameter("e", ArgumentType.PLACED)
FUNCTIONS = (
    ApiFunction(
        name="get_nearest_enemy",
        implementation=get_nearest_enemy,
        category=Category.TACTICS,
        parameters=(_SEEKER, Parameter("radius", ArgumentType.NOT_NEGATIVE, "m", default="any distance")),
        needs=Part.POINTS,
        brief="the nearest living entity of a hostile team; of two as near the lower index",
        result="entity, or `()`",
        details="Living is whose health, if it has any, is above 0.",
        pitfalls=("Who is in no team has no enemies: give it a `team`.",),
        example="""
fn on_update() {
    let enemy = get_nearest_enemy(entity_id, 12.0);
    if enemy != () {
        move_towards(entity_id, get_position(enemy), 2.0 * delta_time);
    }
}""",
    ),
    ApiFunction(
        name="get_allies_in_radius",
        implementation=get_allies_in_radius,
        category=Category.TACTICS,
        parameters=(_SEEKER, Parameter("r", ArgumentType.NOT_NEGATIVE, "m")),
        needs=Part.POINTS,
        brief="living entities of its own and of allied teams but itself, nearest first",
        result="array of entities",
        pitfalls=("A large radius makes a long array, and each element costs operations.",),
        example="""
fn on_damage(amount, source) {
    for ally in get_allies_in_radius(entity_id, 8.0) {
        send_message(ally, "help", source);
    }
}""",
    ),
    ApiFunction(
        name="raycast",
        implementation=raycast,
        category=Category.TACTICS,
        parameters=(
            Parameter("origin", ArgumentType.POSITION, "m"),
            Parameter("dir", ArgumentType.DIRECTION),
            Parameter("max", ArgumentType.NOT_NEGATIVE, "m"),
        ),
        needs=Part.COLLIDERS,
        brief="what a ray of at most `max` metres hits first",
        result="`#{entity, point, normal, distance}`, or `()`",
        details="`dir` may have any length but 0. Triggers, sensors and the caller are skipped.",
        pitfalls=("It begins inside of what stands at `origin`, unless that is the caller.",),
        example="""
fn on_update() {
    let floor = raycast(get_position(entity_id), (0.0, -1.0), 1.5);
    if floor != () && is_action_pressed("jump") {
        set_velocity(entity_id, (0.0, 8.0));
    }
}""",
    ),
    ApiFunction(
        name="line_of_sight",
        implementation=line_of_sight,
        category=Category.TACTICS,
        parameters=(Parameter("a", ArgumentType.PLACE, "m"), Parameter("b", ArgumentType.PLACE, "m")),
        needs=Part.POINTS | Part.COLLIDERS,
        brief="whether no solid lies between two entities or positions",
        result="`bool`",
        details="`a` and `b` themselves are ignored, and it is the same from either end.",
        pitfalls=("Others hide too: any solid collider between them blocks.",),
        example="""
fn on_update() {
    let player = find_entity_by_tag("Player");
    if player != () && line_of_sight(entity_id, player) {
        set_text(entity_id, "I see you");
    }
}""",
    ),
    ApiFunction(
        name="overlap_circle",
        implementation=overlap_circle,
        category=Category.TACTICS,
        parameters=(
            Parameter("pos", ArgumentType.POSITION, "m"),
            Parameter("r", ArgumentType.NOT_NEGATIVE, "m"),
        ),
        needs=Part.COLLIDERS,
        brief="all entities whose colliders meet the circle, sensors and the caller too, by index",
        result="array of entities",
        pitfalls=("The caller is among them where its collider meets the circle.",),
        example="""
fn on_destroy() {
    for e in overlap_circle(get_position(entity_id), 3.0) {
        if e != entity_id && get_component(e, "health") != () {
            apply_damage(e, 25);
        }
    }
}""",
    ),
)
