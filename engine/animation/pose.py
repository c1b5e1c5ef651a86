"""Poses: what the tracks of a clip say at a time, and how a pose is laid over an entity at rest.

A pose is what is added to the rest: (x, y, rotation, scale_x, scale_y, color). The rest is what the columns
would hold without animation. Both are kept, so a column that nobody else writes comes back to its rest to the
bit, however often a clip goes round. What others write in the meantime moves the rest: positions and angles
by the difference, scales and colours are the new rest.
"""

from __future__ import annotations

from typing import Any

from engine.animation.easing import ease
from engine.animation.layout import (
    COLOR_BIT,
    KEY_WORDS,
    POSITION_BIT,
    ROTATION_BIT,
    SCALE_BIT,
    TRACK_WORDS,
    WHITE,
    ClipWord,
    KeyWord,
    Property,
    TrackWord,
)
from engine.ecs.components import Field
from engine.geometry.rotation import sine_cosine
from lang.jit import bits_float, floats_in, kernel, words_in

Pose = tuple[float, float, float, float, float, int]


@kernel
def between(a: float, b: float, part: float) -> float:
    """Return what lies at a part of the way; exactly `a` at 0."""
    return a + (b - a) * part


@kernel
def color_between(a: int, b: int, part: float) -> int:
    """Return the colour at a part of the way, channel by channel; beyond an end, what a channel can hold."""
    color = 0
    for shift in range(0, 32, 8):
        channel = between(float(a >> shift & 255), float(b >> shift & 255), part) + 0.5
        color |= int(min(max(channel, 0.0), 255.0)) << shift
    return color


@kernel
def multiplied(a: int, b: int) -> int:
    """Return the product of two colours, channel by channel; white changes nothing."""
    color = 0
    for shift in range(0, 32, 8):
        color |= ((a >> shift & 255) * (b >> shift & 255) + 127) // 255 << shift
    return color


@kernel
def key_at(book: Any, track: int, time: float) -> tuple[int, int, float]:
    """Return (offset of the key before, of the key after, part of the way between) of a track at a time."""
    keys, first = book[track + TrackWord.KEYS], book[track + TrackWord.FIRST_KEY]
    if time <= bits_float(book[first + KeyWord.TIME]):
        return first, first, 0.0
    for number in range(1, keys):
        after = first + number * KEY_WORDS
        end = bits_float(book[after + KeyWord.TIME])
        if time < end:
            before = after - KEY_WORDS
            begin = bits_float(book[before + KeyWord.TIME])
            return before, after, ease(book[before + KeyWord.EASE], (time - begin) / (end - begin))
    last = first + (keys - 1) * KEY_WORDS
    return last, last, 0.0


@kernel
def clip_pose(book: Any, clip: int, time: float, rest: float) -> Pose:
    """Return the pose of a clip (its offset in the book) at a time, for an entity turned by `rest`."""
    x, y, rotation, scale_x, scale_y, color = 0.0, 0.0, 0.0, 1.0, 1.0, WHITE
    track = book[clip + ClipWord.FIRST_TRACK]
    for _ in range(book[clip + ClipWord.TRACKS]):
        before, after, part = key_at(book, track, time)
        kind = book[track + TrackWord.PROPERTY]
        if kind == Property.COLOR:
            color = color_between(book[before + KeyWord.A], book[after + KeyWord.A], part)
        else:
            a = between(bits_float(book[before + KeyWord.A]), bits_float(book[after + KeyWord.A]), part)
            b = between(bits_float(book[before + KeyWord.B]), bits_float(book[after + KeyWord.B]), part)
            if kind == Property.POSITION:
                x, y = a, b
            elif kind == Property.ROTATION:
                rotation = a
            else:
                scale_x, scale_y = a, b
        track += TRACK_WORDS
    pivot_x = bits_float(book[clip + ClipWord.PIVOT_X])
    pivot_y = bits_float(book[clip + ClipWord.PIVOT_Y])
    if pivot_x != 0.0 or pivot_y != 0.0:
        sine, cosine = sine_cosine(rest)
        turned_sine, turned_cosine = sine_cosine(rest + rotation)
        far_x, far_y = scale_x * pivot_x, scale_y * pivot_y
        x += (cosine * pivot_x - sine * pivot_y) - (turned_cosine * far_x - turned_sine * far_y)
        y += (sine * pivot_x + cosine * pivot_y) - (turned_sine * far_x + turned_cosine * far_y)
    return x, y, rotation, scale_x, scale_y, color


@kernel
def blended(table: Any, row: int, pose: Pose) -> Pose:
    """Return the pose on the way from FROM, as far as the blend of an animation's row has come."""
    left = floats_in(table, 2 * Field.ANIMATION_BLEND_LEFT)[row]
    if left <= 0.0:
        return pose
    part = 1.0 - left / floats_in(table, 2 * Field.ANIMATION_BLEND_TIME)[row]
    return (
        between(floats_in(table, 2 * Field.ANIMATION_FROM_X)[row], pose[0], part),
        between(floats_in(table, 2 * Field.ANIMATION_FROM_Y)[row], pose[1], part),
        between(floats_in(table, 2 * Field.ANIMATION_FROM_ROTATION)[row], pose[2], part),
        between(floats_in(table, 2 * Field.ANIMATION_FROM_SCALE_X)[row], pose[3], part),
        between(floats_in(table, 2 * Field.ANIMATION_FROM_SCALE_Y)[row], pose[4], part),
        color_between(words_in(table, 2 * Field.ANIMATION_FROM_COLOR)[row], pose[5], part),
    )


@kernel
def _add(table: Any, row: int, place: tuple[int, int], number: int, value: float, was: bool) -> None:
    """Lay an offset (by its number in a pose) over a column (row, field) whose rest others may have moved."""
    at, field = place
    column = floats_in(table, 2 * field)
    rest = floats_in(table, 2 * (int(Field.ANIMATION_REST_X) + number))
    offset = floats_in(table, 2 * (int(Field.ANIMATION_OFFSET_X) + number))
    if not was:
        rest[row] = column[at]
    elif column[at] != rest[row] + offset[row]:
        rest[row] = column[at] - offset[row]
    offset[row] = value
    # Without an offset the very bits of the rest: 0 is not -0 to the state hash.
    column[at] = rest[row] + value if value != 0.0 else rest[row]


@kernel
def _scale(table: Any, row: int, place: tuple[int, int], number: int, value: float, was: bool) -> None:
    """Lay a factor (by its number in a pose) over a column; what others wrote is its new rest."""
    at, field = place
    column = floats_in(table, 2 * field)
    rest = floats_in(table, 2 * (int(Field.ANIMATION_REST_X) + number))
    offset = floats_in(table, 2 * (int(Field.ANIMATION_OFFSET_X) + number))
    if not was or column[at] != rest[row] * offset[row]:
        rest[row] = column[at]
    offset[row] = value
    column[at] = rest[row] * value


@kernel
def _tint(table: Any, sprite: int, row: int, value: int, was: bool) -> None:
    column = words_in(table, 2 * Field.SPRITE_COLOR)
    rest = words_in(table, 2 * Field.ANIMATION_REST_COLOR)
    offset = words_in(table, 2 * Field.ANIMATION_OFFSET_COLOR)
    if not was or column[sprite] != multiplied(rest[row], offset[row]):
        rest[row] = column[sprite]
    offset[row] = value
    column[sprite] = multiplied(rest[row], value)


@kernel
def lay_pose(table: Any, row: int, place: Any, sprite: int, pose: Pose, wanted: int) -> None:
    """Write a pose into the columns of an entity.

    Args:
        row: of its animation.  place: (row, first field) of x, y, z, rotation, scale_x, scale_y.
        sprite: row, or -1.  wanted: bits of the properties that leave their rest; others return to it.
    """
    posed = words_in(table, 2 * Field.ANIMATION_POSED)
    moved = posed[row] | wanted
    at, first = place
    if moved & POSITION_BIT:
        was = posed[row] & POSITION_BIT != 0
        _add(table, row, (at, first), 0, pose[0], was)
        _add(table, row, (at, first + 1), 1, pose[1], was)
    if moved & ROTATION_BIT:
        _add(table, row, (at, first + 3), 2, pose[2], posed[row] & ROTATION_BIT != 0)
    if moved & SCALE_BIT:
        was = posed[row] & SCALE_BIT != 0
        _scale(table, row, (at, first + 4), 3, pose[3], was)
        _scale(table, row, (at, first + 5), 4, pose[4], was)
    if moved & COLOR_BIT and sprite >= 0:
        _tint(table, sprite, row, pose[5], posed[row] & COLOR_BIT != 0)
    posed[row] = wanted
