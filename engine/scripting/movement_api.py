"""API: positions, velocities, distances."""

from __future__ import annotations

import math

from engine.ecs.access import component_row
from engine.ecs.components import Component, Field
from engine.scripting.arguments import (
    check_writable,
    put_float,
    read_index,
    read_number,
    read_position,
    read_row,
    read_transform,
)
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.status import speed_factor
from engine.scripting.writes import write_float, write_pair
from lang.heap.access import argument, put_bool, put_unit, register_a
from lang.heap.vectors import put_vector
from lang.jit import I64, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag

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
    status, row = read_transform(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, z, size = read_position(m, word, 1)
    if status != Status.OK:
        return status
    write_pair(m, Field.TRANSFORM_X, row, x, y)
    if size == 3:
        write_float(m, Field.TRANSFORM_Z, row, z)
    put_unit(m, register_a(m, word))
    return Status.OK


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
    status, row = read_transform(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    status, step = read_number(m, word, 2)
    if status != Status.OK:
        return status
    if step < 0.0:
        return refuse(m, Refusal.NEGATIVE, 2, 0)
    table = words_in(m, M.WORLD)
    xs = floats_in(table, 2 * Field.TRANSFORM_X)
    ys = floats_in(table, 2 * Field.TRANSFORM_Y)
    dx = x - xs[row]
    dy = y - ys[row]
    entity = words_in(m, M.REGISTERS)[argument(word, m, 0) + 1]
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


@kernel
def read_place(m: I64, word: int, number: int) -> tuple[int, float, float]:
    """Read a position or an entity; returns (status, x, y)."""
    if words_in(m, M.REGISTERS)[argument(word, m, number)] & 0xFF == Tag.INT:
        status, row = read_transform(m, word, number)
        if status != Status.OK:
            return status, 0.0, 0.0
        table = words_in(m, M.WORLD)
        x = floats_in(table, 2 * Field.TRANSFORM_X)[row]
        return Status.OK, x, floats_in(table, 2 * Field.TRANSFORM_Y)[row]
    status, x, y, _, _ = read_position(m, word, number)
    return status, x, y


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
    status, row = read_row(m, word, 0, Component.VELOCITY, Refusal.NO_VELOCITY)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    write_pair(m, Field.VELOCITY_VX, row, x, y)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def get_rotation(machine: int, word: int) -> int:
    """get_rotation(e) in radians, counter-clockwise."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_transform(m, word, 0)
    if status == Status.OK:
        put_float(m, register_a(m, word), floats_in(words_in(m, M.WORLD), 2 * Field.TRANSFORM_ROTATION)[row])
    return status


ENTRIES = (
    NativeEntry("get_position", get_position, (1, 1), api=True),
    NativeEntry("set_position", set_position, (2, 2), api=True),
    NativeEntry("move_towards", move_towards, (3, 3), api=True),
    NativeEntry("distance", distance, (2, 2), api=True),
    NativeEntry("get_velocity", get_velocity, (1, 1), api=True),
    NativeEntry("set_velocity", set_velocity, (2, 2), api=True),
    NativeEntry("get_rotation", get_rotation, (1, 1), api=True),
)
