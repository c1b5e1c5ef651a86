"""Sprites of the world's columns as instances, in the order in which they are drawn.

Entities are visited by index and sorted stably by (layer, z), so equal ones keep the order of their
indices in every run. Positions are relative to the middle of the view: float32 then suffices in a
world of any size.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.ecs.access import component_row, entity_index
from engine.ecs.components import Component, Field
from engine.ecs.layout import FULL, Counter, WorldSlot
from engine.ecs.strings import string_hash
from engine.ecs.world import World
from engine.geometry.rotation import sine_cosine
from engine.render.camera import Camera
from engine.render.image_table import image_number, write_frame
from engine.render.images import Images
from engine.render.shapes import INSTANCE_WORDS, InstanceWord
from lang.jit import entry, float_bits, floats_in, kernel, words_in

_FIRST_CAPACITY = 1024

# Literals of kernels: arithmetic on enum members is not in Numba's reach.
_TRANSFORM, _SPRITE, _UNBORN = int(Component.TRANSFORM), int(Component.SPRITE), int(Component.UNBORN)
_X, _Y, _ROTATION = int(InstanceWord.X), int(InstanceWord.Y), int(InstanceWord.ROTATION)
_HALF_WIDTH, _HALF_HEIGHT = int(InstanceWord.HALF_WIDTH), int(InstanceWord.HALF_HEIGHT)
_COLOR, _SHAPE = int(InstanceWord.COLOR), int(InstanceWord.SHAPE)

VIEW_X, VIEW_Y, VIEW_HALF_WIDTH, VIEW_HALF_HEIGHT, VIEW_ALPHA = range(5)
"""Places in a view array: its middle and half its size in metres, and the part of a tick."""

_KEYS, _ORDER, _SPARE, _COUNTS = range(4)
_COUNT, _FIRST, _LINE, _WANTED, _FIRST_WANTED = range(5)
_MOST_WANTED = 16
_DIGITS = 256
_LAYER_LIMIT = 1 << 30
# To mypy an intrinsic takes Numba's typing context as well.
_bits_of = cast(Callable[[float], int], float_bits)


def view_array(camera: Camera, alpha: float) -> NDArray[np.float64]:
    """Return what kernels of this room know about a view."""
    return np.array([camera.x, camera.y, camera.half_width, camera.half_height, alpha])


@kernel
def between(previous: float, now: float, alpha: float) -> float:
    """Return the value at a part of the tick."""
    return previous + (now - previous) * alpha


@kernel
def within_a_turn(angle: float) -> float:
    """Return the same direction as -pi to pi: float32 is exact enough for these only."""
    if -math.pi <= angle <= math.pi:
        return angle
    return angle - 2.0 * math.pi * math.floor((angle + math.pi) / (2.0 * math.pi))


@kernel
def angle_between(previous: float, now: float, alpha: float) -> float:
    """Return the angle at a part of the tick, turning the shorter way, as -pi to pi."""
    return within_a_turn(previous + within_a_turn(now - previous) * alpha)


@kernel
def swapped_bytes(color: int) -> int:
    """Return 0xRRGGBBAA as the signed int32 whose bytes lie in memory as red, green, blue, alpha."""
    word = (color & 255) << 24 | (color >> 8 & 255) << 16 | (color >> 16 & 255) << 8 | color >> 24 & 255
    return word - (1 << 32) if word >= 1 << 31 else word


@kernel
def drawing_key(layer: int, z: float) -> int:
    """Return an int that orders by layer, then by z (to one part in a million)."""
    bits = _bits_of(z + 0.0)  # -0.0 is 0.0
    if bits < 0:
        bits ^= 0x7FFFFFFFFFFFFFFF
    return (min(max(layer, -_LAYER_LIMIT), _LAYER_LIMIT) << 32) + (bits >> 32) + (1 << 31)


def least_key(layer: int) -> int:
    """Return the least `drawing_key` of a layer."""
    return min(max(layer, -_LAYER_LIMIT), _LAYER_LIMIT) << 32


@kernel
def _write_instance(
    table: Any, view: Any, at: int, transform: int, sprite: int, rows: Any, colors: Any
) -> bool:
    """Write the plain shape of one sprite; return whether any of it is in sight (NaN is not)."""
    alpha = view[VIEW_ALPHA]
    x = floats_in(table, 2 * Field.TRANSFORM_X)[transform]
    y = floats_in(table, 2 * Field.TRANSFORM_Y)[transform]
    x = between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)[transform], x, alpha) - view[VIEW_X]
    y = between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)[transform], y, alpha) - view[VIEW_Y]
    width = (
        floats_in(table, 2 * Field.SPRITE_WIDTH)[sprite]
        * floats_in(table, 2 * Field.TRANSFORM_SCALE_X)[transform]
    )
    height = (
        floats_in(table, 2 * Field.SPRITE_HEIGHT)[sprite]
        * floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)[transform]
    )
    rotation = angle_between(
        floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_ROTATION)[transform],
        floats_in(table, 2 * Field.TRANSFORM_ROTATION)[transform],
        alpha,
    )
    across = (0.5 - floats_in(table, 2 * Field.SPRITE_ANCHOR_X)[sprite]) * width
    along = (0.5 - floats_in(table, 2 * Field.SPRITE_ANCHOR_Y)[sprite]) * height
    if across != 0.0 or along != 0.0:
        sine, cosine = sine_cosine(rotation)
        x += across * cosine - along * sine
        y += across * sine + along * cosine
    reach = 0.5 * (abs(width) + abs(height))
    if not (abs(x) <= view[VIEW_HALF_WIDTH] + reach and abs(y) <= view[VIEW_HALF_HEIGHT] + reach):
        return False
    row = rows[at]
    row[_X] = x
    row[_Y] = y
    row[_HALF_WIDTH] = 0.5 * abs(width)
    row[_HALF_HEIGHT] = 0.5 * abs(height)
    row[_ROTATION] = rotation
    row[_SHAPE] = words_in(table, 2 * Field.SPRITE_SHAPE)[sprite]
    colors[at, _COLOR] = swapped_bytes(words_in(table, 2 * Field.SPRITE_COLOR)[sprite])
    return True


@kernel
def _write_look(table: Any, transform: int, sprite: int, images: Any, row: Any, result: Any) -> None:
    """Turn a shape that is mirrored, or put an image in its place; one that is not known is asked for."""
    scale_x = floats_in(table, 2 * Field.TRANSFORM_SCALE_X)[transform]
    scale_y = floats_in(table, 2 * Field.TRANSFORM_SCALE_Y)[transform]
    mirrors_x = (scale_x < 0.0) != (words_in(table, 2 * Field.SPRITE_FLIP_X)[sprite] != 0)
    mirrors_y = (scale_y < 0.0) != (words_in(table, 2 * Field.SPRITE_FLIP_Y)[sprite] != 0)
    name = words_in(table, 2 * Field.SPRITE_IMAGE)[sprite]
    if name == 0:
        if mirrors_x:
            row[_ROTATION] += math.pi  # every shape looks the same upside down
        return
    number = image_number(images, string_hash(words_in(table, WorldSlot.STRINGS), name))
    if number >= 0:
        write_frame(table, sprite, images, number, mirrors_x, mirrors_y, row)
        return
    wanted = result[_WANTED]
    for i in range(wanted):
        if result[_FIRST_WANTED + i] == name:
            return
    if wanted < _MOST_WANTED:
        result[_FIRST_WANTED + wanted] = name
        result[_WANTED] = wanted + 1


@kernel
def _sort(keys: Any, sorting: Any, count: int, varying: int) -> int:
    """Sort by radix the bytes in which keys differ; return the row of `sorting` with the order."""
    order, spare, counts = _ORDER, _SPARE, sorting[_COUNTS]
    for i in range(count):
        sorting[order, i] = i
    for byte in range(8):
        shift = 8 * byte
        if varying >> shift & 255 == 0:
            continue
        flip = 128 if byte == 7 else 0  # the sign
        counts[:_DIGITS] = 0
        for i in range(count):
            counts[keys[i] >> shift & 255 ^ flip] += 1
        start = 0
        for digit in range(_DIGITS):
            start, counts[digit] = start + counts[digit], start
        for i in range(count):
            item = sorting[order, i]
            digit = keys[item] >> shift & 255 ^ flip
            sorting[spare, counts[digit]] = item
            counts[digit] += 1
        order, spare = spare, order
    return order


@entry("int64(int64[::1], float64[::1], int64[::1], int64[:,::1], float32[:,::1], int32[:,::1], int64[::1])")
def build_instances(
    table: Any, view: Any, images: Any, sorting: Any, rows: Any, words: Any, result: Any
) -> int:
    """Write the instances of all sprites in sight.

    Args:
        table: the world's.  view: see `view_array`.  images: see `engine.render.image_table`.
        sorting: [4, capacity >= 256] room for keys, two orders, counts.
        rows: [2 * capacity, INSTANCE_WORDS] room for instances; words: the same memory as int32.
        result: [_FIRST_WANTED + _MOST_WANTED] out: how many instances, the row of the first, the line of
            `sorting` with their order (-1: as they come), how many names are not known, ids of these names.
    Returns:
        0, or FULL (the first result: how large a capacity is needed).
    """
    result[_WANTED] = 0
    capacity = sorting.shape[1]
    keys = sorting[_KEYS]
    high_water = words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]
    count = 0
    varying = 0
    is_sorted = True
    visible = words_in(table, 2 * Field.SPRITE_VISIBLE)
    layers = words_in(table, 2 * Field.SPRITE_LAYER)
    heights = floats_in(table, 2 * Field.TRANSFORM_Z)
    for index in range(high_water):
        sprite = component_row(table, index, _SPRITE)
        if sprite < 0 or visible[sprite] == 0 or component_row(table, index, _UNBORN) >= 0:
            continue
        transform = component_row(table, index, _TRANSFORM)
        if transform < 0:
            continue
        if count == capacity:
            result[_COUNT] = high_water
            return FULL
        if _write_instance(table, view, count, transform, sprite, rows, words):
            _write_look(table, transform, sprite, images, rows[count], result)
            keys[count] = drawing_key(layers[sprite], heights[transform])
            varying |= keys[count] ^ keys[0]
            is_sorted = is_sorted and (count == 0 or keys[count - 1] <= keys[count])
            count += 1
    result[_COUNT] = count
    result[_FIRST] = 0
    result[_LINE] = -1
    if not is_sorted:
        order = _sort(keys, sorting, count, varying)
        for i in range(count):
            item = sorting[order, i]
            for word in range(INSTANCE_WORDS):
                words[capacity + i, word] = words[item, word]
        result[_FIRST] = capacity
        result[_LINE] = order
    return 0


@entry("int64(int64[::1], int64, float64, float64[::1])")
def place_entity(table: Any, entity: int, alpha: float, place: Any) -> int:
    """Write the position [2] of an entity at a part of the tick; return 1, or 0 if it has none."""
    index = entity_index(table, entity)
    row = component_row(table, index, _TRANSFORM) if index >= 0 else -1
    if row < 0:
        return 0
    x, y = floats_in(table, 2 * Field.TRANSFORM_X)[row], floats_in(table, 2 * Field.TRANSFORM_Y)[row]
    place[0] = between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)[row], x, alpha)
    place[1] = between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)[row], y, alpha)
    return 1


def interpolated_position(table: NDArray[np.int64], entity: int, alpha: float) -> tuple[float, float] | None:
    """Return where an entity is drawn, in metres, or None for one without a place (NaN is none)."""
    place = np.zeros(2)
    if not place_entity(table, entity, alpha, place) or not np.isfinite(place).all():
        return None
    return float(place[0]), float(place[1])


class SpriteInstances:
    """The buffers of `build_instances`, reused every frame and grown when a world outgrows them."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self._result = np.zeros(_FIRST_WANTED + _MOST_WANTED, np.int64)
        self._make_room(_FIRST_CAPACITY)

    def _make_room(self, capacity: int) -> None:
        self._sorting = np.zeros((4, capacity), np.int64)
        self._rows = np.zeros((2 * capacity, INSTANCE_WORDS), np.float32)
        self._words = self._rows.view(np.int32)

    def build(self, world: World, camera: Camera, alpha: float) -> NDArray[np.float32]:
        """Return [sprites in sight, INSTANCE_WORDS] in drawing order, valid until the next call.

        Images that come into sight for the first time are loaded.
        """
        view, result = view_array(camera, alpha), self._result
        while True:
            images = self._images.table
            if (
                build_instances(world.table, view, images, self._sorting, self._rows, self._words, result)
                == FULL
            ):
                self._make_room(int(result[_COUNT]))
            elif not self._load_images(world):
                break
        first = int(result[_FIRST])
        return self._rows[first : first + int(result[_COUNT])]

    def _load_images(self, world: World) -> bool:
        """Load what the last build asked for; return whether that changes the picture."""
        wanted = self._result[_FIRST_WANTED : _FIRST_WANTED + self._result[_WANTED]].tolist()
        return self._images.load(world.strings.text(name) for name in wanted)

    def rows_below(self, layer: int) -> int:
        """Return how many of the rows last built lie on layers below this one."""
        count, line = int(self._result[_COUNT]), int(self._result[_LINE])
        keys = self._sorting[_KEYS, :count]
        order = None if line < 0 else self._sorting[line, :count]
        return int(np.searchsorted(keys, least_key(layer), sorter=order))
