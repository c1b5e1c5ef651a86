"""What lies under a point of the world: the topmost entity in the order in which sprites are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.ecs.access import component_row, entity_of_index, is_in_queries, is_marked
from engine.ecs.components import Component, Field, ShapeKind
from engine.ecs.world import World
from engine.geometry.rotation import sine_cosine
from engine.render.sprites import drawing_key
from lang.jit import I64, entry, floats_in, kernel, words_in


@kernel
def sprite_holds(table: Any, transform: int, sprite: int, x: float, y: float) -> bool:
    """Return whether a visible sprite covers a point: its ellipse, or the box around any other shape."""
    if words_in(table, 2 * Field.SPRITE_VISIBLE)[sprite] == 0:
        return False
    dx = x - floats_in(table, 2 * Field.TRANSFORM_X)[transform]
    dy = y - floats_in(table, 2 * Field.TRANSFORM_Y)[transform]
    sine, cosine = sine_cosine(floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform])
    width = floats_in(table, 2 * Field.SPRITE_WIDTH)[sprite]
    height = floats_in(table, 2 * Field.SPRITE_HEIGHT)[sprite]
    width *= floats_in(table, 2 * Field.TRANSFORM_SCALE_X)[transform]
    height *= floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)[transform]
    if width == 0.0 or height == 0.0:
        return False
    across = (dx * cosine + dy * sine) / width + floats_in(table, 2 * Field.SPRITE_ANCHOR_X)[sprite] - 0.5
    up = (dy * cosine - dx * sine) / height + floats_in(table, 2 * Field.SPRITE_ANCHOR_Y)[sprite] - 0.5
    image = words_in(table, 2 * Field.SPRITE_IMAGE)[sprite]
    if image == 0 and words_in(table, 2 * Field.SPRITE_SHAPE)[sprite] == ShapeKind.CIRCLE:
        return across * across + up * up <= 0.25
    return abs(across) <= 0.5 and abs(up) <= 0.5


@entry("int64(int64[::1], int64[::1], int64[::1], float64, float64)")
def topmost_of(table: Any, indices: Any, solid: Any, x: float, y: float) -> int:
    """Return the id of the entity that is drawn last of those under a point, or 0.

    Args:
        table: the world's.  indices: of the entities asked for, ascending.
        solid: by entity index, 1 where a collider holds the point.  x, y: metres.
    """
    best, best_key = 0, 0
    for at in range(indices.size):
        index = indices[at]
        transform = component_row(table, index, Component.TRANSFORM)
        if transform < 0 or is_marked(table, index) or not is_in_queries(table, index):
            continue
        sprite = component_row(table, index, Component.SPRITE)
        held = solid[index] != 0
        layer = 0
        if sprite >= 0:
            held = held or sprite_holds(table, transform, sprite, x, y)
            layer = words_in(table, 2 * Field.SPRITE_LAYER)[sprite]
        if held:
            key = drawing_key(layer, floats_in(table, 2 * Field.TRANSFORM_Z)[transform])
            if best == 0 or key >= best_key:
                best, best_key = entity_of_index(table, index), key
    return best


def topmost_entity(world: World, indices: I64, colliding: list[int], point: tuple[float, float]) -> int:
    """Return the topmost of some entities under a point, or 0.

    Args:
        indices: entity indices, ascending.  colliding: ids of entities whose colliders hold the point.
    """
    solid = np.zeros(world.storage.entity_capacity, np.int64)
    solid[(np.array(colliding, np.int64) & 0xFFFFFFFF) - 1] = 1
    return int(topmost_of(world.table, indices, solid, *point))
