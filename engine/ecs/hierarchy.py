"""Parents and children: links between entities, and where children stand.

An entity with `Component.PARENT` follows another one: its place in the parent's frame stands in that
component, and `place_children` makes its transform from it, parents before children. Siblings form a list
in arrays by entity index. Whoever removes or destroys an entity does so to all below it.

A child may be moved like any other entity: what its transform says otherwise than `PARENT_PLACED_…`, it
was told since it was placed, and its place in the parent's frame is made to fit. Its velocity is always that
of its parent at its place: so a kinematic child pushes and carries what it meets. A scale acts along the
axes of the child: a turned child under a parent of uneven scale is not sheared.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any

from engine.ecs.access import (
    component_row,
    entity_index,
    entity_of_index,
    is_marked,
    mark_changed,
    push_command,
)
from engine.ecs.components import Component, Field
from engine.ecs.layout import COMMAND_WORDS, FULL, MARKED, NONE, Command, Counter, WorldSlot
from engine.errors import ComponentError
from engine.geometry.rotation import sine_cosine
from lang.jit import entry, floats_in, kernel, words_in

_TABLE = "int64[::1]"


# --- links ------------------------------------------------------------------------------------------


@kernel
def parent_index(table: Any, index: int) -> int:
    """Return the index of the parent of the entity at an index, or -1."""
    row = component_row(table, index, Component.PARENT)
    return NONE if row < 0 else entity_index(table, words_in(table, 2 * Field.PARENT_ENTITY)[row])


@kernel
def link_child(table: Any, index: int, parent: int) -> None:
    """Enter a child, which has the component and is in no list, into the list of its parent."""
    first_child = words_in(table, WorldSlot.FIRST_CHILD)
    following = first_child[parent]
    row = component_row(table, index, Component.PARENT)
    words_in(table, 2 * Field.PARENT_ENTITY)[row] = entity_of_index(table, parent)
    words_in(table, WorldSlot.NEXT_SIBLING)[index] = following
    words_in(table, WorldSlot.PREVIOUS_SIBLING)[index] = NONE
    if following >= 0:
        words_in(table, WorldSlot.PREVIOUS_SIBLING)[following] = index
    first_child[parent] = index
    words_in(table, WorldSlot.COUNTERS)[Counter.CHILDREN] += 1


@kernel
def unlink_child(table: Any, index: int) -> int:
    """Take an entity out of the list of its parent, if it has one; return the parent's index or -1."""
    parent = parent_index(table, index)
    if parent < 0:
        return NONE
    following = words_in(table, WorldSlot.NEXT_SIBLING)
    previous = words_in(table, WorldSlot.PREVIOUS_SIBLING)
    if previous[index] < 0:
        words_in(table, WorldSlot.FIRST_CHILD)[parent] = following[index]
    else:
        following[previous[index]] = following[index]
    if following[index] >= 0:
        previous[following[index]] = previous[index]
    following[index] = NONE
    previous[index] = NONE
    words_in(table, WorldSlot.COUNTERS)[Counter.CHILDREN] -= 1
    return parent


@kernel
def next_below(table: Any, index: int, top: int) -> int:
    """Return who follows an entity in a walk of all below `top`, parents before children; -1: the end."""
    first = words_in(table, WorldSlot.FIRST_CHILD)[index]
    if first >= 0:
        return first
    following = words_in(table, WorldSlot.NEXT_SIBLING)
    while index != top:
        if following[index] >= 0:
            return following[index]
        index = parent_index(table, index)
    return NONE


@kernel
def root_index(table: Any, index: int) -> int:
    """Return the index of the entity at the top of the family of the one at an index."""
    parent = parent_index(table, index)
    while parent >= 0:
        index = parent
        parent = parent_index(table, index)
    return index


@kernel
def unmarked_below(table: Any, index: int) -> int:
    """Return how many of an entity and all below it are not marked for destruction."""
    unmarked = 0
    at = index
    while at >= 0:
        unmarked += 0 if is_marked(table, at) else 1
        at = next_below(table, at, index)
    return unmarked


@kernel
def destroy(table: Any, index: int) -> int:
    """Mark an entity and all below it and queue their removal, each once; return 0, or -1 (full)."""
    counters = words_in(table, WorldSlot.COUNTERS)
    unmarked = unmarked_below(table, index)
    if (counters[Counter.COMMANDS] + unmarked) * COMMAND_WORDS > table[WorldSlot.COMMANDS + 1]:
        return FULL
    at = index
    while at >= 0:
        if not is_marked(table, at):
            push_command(table, Command.DESTROY, entity_of_index(table, at), 0, 0)
            words_in(table, WorldSlot.FLAGS)[at] |= MARKED
        at = next_below(table, at, index)
    return 0


# --- places -----------------------------------------------------------------------------------------


@kernel
def _unscaled(way: float, scale: float, old: float) -> float:
    """Return a way in the frame of a parent of this scale; one without extent keeps the old one."""
    return way / scale if scale != 0.0 else old


@kernel
def _take_moves(table: Any, parent: int, child: int, own: int, turn: tuple[float, float]) -> None:
    """Make the place in the parent's frame fit to what was written to a child's transform since."""
    xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    scale_x = floats_in(table, 2 * Field.TRANSFORM_SCALE_X)
    scale_y = floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)
    placed_x = floats_in(table, 2 * Field.PARENT_PLACED_X)[own]
    placed_y = floats_in(table, 2 * Field.PARENT_PLACED_Y)[own]
    if xs[child] != placed_x or ys[child] != placed_y:
        sine, cosine = turn
        dx, dy = xs[child] - xs[parent], ys[child] - ys[parent]
        local_x, local_y = floats_in(table, 2 * Field.PARENT_X), floats_in(table, 2 * Field.PARENT_Y)
        local_x[own] = _unscaled(cosine * dx + sine * dy, scale_x[parent], local_x[own])
        local_y[own] = _unscaled(cosine * dy - sine * dx, scale_y[parent], local_y[own])
    zs = floats_in(table, 2 * Field.TRANSFORM_Z)
    if zs[child] != floats_in(table, 2 * Field.PARENT_PLACED_Z)[own]:
        floats_in(table, 2 * Field.PARENT_Z)[own] = zs[child] - zs[parent]
    rotations = floats_in(table, 2 * Field.TRANSFORM_ROTATION)
    if rotations[child] != floats_in(table, 2 * Field.PARENT_PLACED_ROTATION)[own]:
        floats_in(table, 2 * Field.PARENT_ROTATION)[own] = rotations[child] - rotations[parent]
    if scale_x[child] != floats_in(table, 2 * Field.PARENT_PLACED_SCALE_X)[own]:
        local_scale = floats_in(table, 2 * Field.PARENT_SCALE_X)
        local_scale[own] = _unscaled(scale_x[child], scale_x[parent], local_scale[own])
    if scale_y[child] != floats_in(table, 2 * Field.PARENT_PLACED_SCALE_Y)[own]:
        local_scale = floats_in(table, 2 * Field.PARENT_SCALE_Y)
        local_scale[own] = _unscaled(scale_y[child], scale_y[parent], local_scale[own])


@kernel
def _write_place(table: Any, parent: int, child: int, own: int, turn: tuple[float, float]) -> None:
    """Write a child's transform from its place in the parent's frame, and note what was written."""
    sine, cosine = turn
    scale_x = floats_in(table, 2 * Field.TRANSFORM_SCALE_X)
    scale_y = floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)
    rotations = floats_in(table, 2 * Field.TRANSFORM_ROTATION)
    xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
    zs = floats_in(table, 2 * Field.TRANSFORM_Z)
    dx = floats_in(table, 2 * Field.PARENT_X)[own] * scale_x[parent]
    dy = floats_in(table, 2 * Field.PARENT_Y)[own] * scale_y[parent]
    x = xs[parent] + (cosine * dx - sine * dy)
    y = ys[parent] + (sine * dx + cosine * dy)
    z = zs[parent] + floats_in(table, 2 * Field.PARENT_Z)[own]
    rotation = rotations[parent] + floats_in(table, 2 * Field.PARENT_ROTATION)[own]
    wide = scale_x[parent] * floats_in(table, 2 * Field.PARENT_SCALE_X)[own]
    high = scale_y[parent] * floats_in(table, 2 * Field.PARENT_SCALE_Y)[own]
    moves = xs[child] != x or ys[child] != y or zs[child] != z or rotations[child] != rotation
    if moves or scale_x[child] != wide or scale_y[child] != high:
        mark_changed(table, Component.TRANSFORM, child)
    xs[child], ys[child], zs[child] = x, y, z
    rotations[child], scale_x[child], scale_y[child] = rotation, wide, high
    floats_in(table, 2 * Field.PARENT_PLACED_X)[own] = x
    floats_in(table, 2 * Field.PARENT_PLACED_Y)[own] = y
    floats_in(table, 2 * Field.PARENT_PLACED_Z)[own] = z
    floats_in(table, 2 * Field.PARENT_PLACED_ROTATION)[own] = rotation
    floats_in(table, 2 * Field.PARENT_PLACED_SCALE_X)[own] = wide
    floats_in(table, 2 * Field.PARENT_PLACED_SCALE_Y)[own] = high


@kernel
def _carry(table: Any, index: int, velocity: int, child: int) -> None:
    """Give a child the velocity that the next above it, which has one, has at the place of the child."""
    above = parent_index(table, index)
    row = component_row(table, above, Component.VELOCITY)
    while row < 0 and parent_index(table, above) >= 0:
        above = parent_index(table, above)
        row = component_row(table, above, Component.VELOCITY)
    vx, vy, angular = 0.0, 0.0, 0.0
    transform = component_row(table, above, Component.TRANSFORM)
    if row >= 0 and transform >= 0:
        xs, ys = floats_in(table, 2 * Field.TRANSFORM_X), floats_in(table, 2 * Field.TRANSFORM_Y)
        angular = floats_in(table, 2 * Field.VELOCITY_ANGULAR)[row]
        vx = floats_in(table, 2 * Field.VELOCITY_VX)[row] - angular * (ys[child] - ys[transform])
        vy = floats_in(table, 2 * Field.VELOCITY_VY)[row] + angular * (xs[child] - xs[transform])
    column_x, column_y = floats_in(table, 2 * Field.VELOCITY_VX), floats_in(table, 2 * Field.VELOCITY_VY)
    column_angular = floats_in(table, 2 * Field.VELOCITY_ANGULAR)
    if column_x[velocity] != vx or column_y[velocity] != vy or column_angular[velocity] != angular:
        mark_changed(table, Component.VELOCITY, velocity)
    column_x[velocity], column_y[velocity], column_angular[velocity] = vx, vy, angular


@kernel
def _place_child(table: Any, index: int, parent: int, turn: tuple[float, float], after_physics: bool) -> None:
    """Place one child; `parent` is the row of the parent's transform, `turn` its sine and cosine."""
    child = component_row(table, index, Component.TRANSFORM)
    own = component_row(table, index, Component.PARENT)
    if child < 0:
        return
    placed = floats_in(table, 2 * Field.PARENT_PLACED_X)[own]
    is_new = placed != placed  # noqa: PLR0124 - NaN is what differs from itself
    if not (is_new or after_physics):
        _take_moves(table, parent, child, own, turn)
    _write_place(table, parent, child, own, turn)
    velocity = component_row(table, index, Component.VELOCITY)
    if velocity >= 0:
        _carry(table, index, velocity, child)
    if is_new:
        x, y = floats_in(table, 2 * Field.TRANSFORM_X)[child], floats_in(table, 2 * Field.TRANSFORM_Y)[child]
        floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)[child] = x
        floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)[child] = y
        rotation = floats_in(table, 2 * Field.TRANSFORM_ROTATION)[child]
        floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_ROTATION)[child] = rotation


@kernel
def place_below(table: Any, top: int, after_physics: bool) -> int:
    """Place all below the entity at an index, parents before children; return how many they are.

    Args:
        after_physics: what moved children since was physics, by the velocities that their parents gave them:
            they are where their parents take them. Otherwise who was moved stands where it was put.
    """
    first_child = words_in(table, WorldSlot.FIRST_CHILD)
    following = words_in(table, WorldSlot.NEXT_SIBLING)
    placed = 0
    at = top
    while at >= 0:
        parent = component_row(table, at, Component.TRANSFORM)
        child = first_child[at]
        if child >= 0 and parent >= 0:
            turn = sine_cosine(floats_in(table, 2 * Field.TRANSFORM_ROTATION)[parent])
            while child >= 0:
                _place_child(table, child, parent, turn, after_physics)
                placed += 1
                child = following[child]
        at = next_below(table, at, top)
    return placed


@entry(f"int64({_TABLE}, boolean)")
def place_children(table: Any, after_physics: bool) -> int:
    """Place all children of the world, see `place_below`; return how many they are."""
    counters = words_in(table, WorldSlot.COUNTERS)
    if counters[Counter.CHILDREN] == 0:
        return 0
    first_child = words_in(table, WorldSlot.FIRST_CHILD)
    placed = 0
    for index in range(counters[Counter.HIGH_WATER]):
        if first_child[index] >= 0 and component_row(table, index, Component.PARENT) < 0:
            placed += place_below(table, index, after_physics)
    return placed


# --- for Python -------------------------------------------------------------------------------------


@entry(f"int64({_TABLE}, {_TABLE})")
def link_children(table: Any, indices: Any) -> int:
    """Link new entities, whose component names their parent, and place them."""
    for at in range(indices.size):
        parent = parent_index(table, indices[at])
        link_child(table, indices[at], parent)
        row = component_row(table, parent, Component.TRANSFORM)
        if row >= 0:
            turn = sine_cosine(floats_in(table, 2 * Field.TRANSFORM_ROTATION)[row])
            _place_child(table, indices[at], row, turn, False)
    return 0


@entry(f"int64({_TABLE}, int64, int64)")
def adopt_child(table: Any, index: int, parent: int) -> int:
    """Take an entity from its parent, if any, give it another one, and place all below that."""
    unlink_child(table, index)
    link_child(table, index, parent)
    return place_below(table, parent, False)


@entry(f"int64({_TABLE}, {_TABLE})")
def unlink_children(table: Any, entities: Any) -> int:
    """Take entities out of the lists of their parents; return how many had one."""
    unlinked = 0
    for at in range(entities.size):
        index = entity_index(table, entities[at])
        if index >= 0 and unlink_child(table, index) >= 0:
            unlinked += 1
    return unlinked


@entry(f"int64({_TABLE}, {_TABLE}, {_TABLE}, {_TABLE})")
def collect_families(table: Any, entities: Any, seen: Any, out: Any) -> int:
    """Write the ids of entities and of all below them, each once, parents first; return how many.

    Args:
        seen: zeros, by entity index.
    """
    found = 0
    for at in range(entities.size):
        top = entity_index(table, entities[at])
        index = top
        while index >= 0:
            if seen[index] == 0:
                seen[index] = 1
                out[found] = entity_of_index(table, index)
                found += 1
            index = next_below(table, index, top)
    return found


@entry(f"int64({_TABLE}, {_TABLE}, int64)")
def destroy_families(table: Any, entities: Any, first: int) -> int:
    """Mark entities[first:] and all below them for destruction; skip stale ids. Return the place reached."""
    for at in range(first, entities.size):
        index = entity_index(table, entities[at])
        if index >= 0 and destroy(table, index) < 0:
            return at
    return entities.size


def refuse_parent(component: int) -> None:
    """Raise when a component is one that only `World.hierarchy` gives and changes."""
    if component == Component.PARENT:
        raise ComponentError("a parent is given by `hierarchy.set_parent`")
