"""The time of a clip: how it goes on, what it passes, which frame it shows."""

from __future__ import annotations

import math
from typing import Any

from engine.animation.layout import (
    CLIP_WORDS,
    ENDED,
    EVENT_WORDS,
    HAPPENING_WORDS,
    ClipWord,
    EventWord,
    Happening,
    Header,
    Mode,
)
from engine.ecs.components import Field
from lang.jit import bits_float, floats_in, kernel, words_in
from lang.numeric.rounding import FLOOR, rounded

EARLY = 1e-9
"""Seconds by which what is due counts as come: a sum of ticks may lie a rounding below what it should be."""


@kernel
def book_offset(book: Any, clip: int) -> int:
    """Return where a clip of a number stands in the book."""
    return book[Header.FIRST_CLIP] + clip * CLIP_WORDS


@kernel
def folded(book: Any, clip: int, time: float) -> float:
    """Return the place in a clip, 0 to its length, that belongs to a time of it."""
    duration = bits_float(book[clip + ClipWord.DURATION])
    if book[clip + ClipWord.MODE] == Mode.PINGPONG and time > duration:
        return max(2.0 * duration - time, 0.0)
    return min(time, duration)


@kernel
def frame_at(book: Any, clip: int, place: float) -> int:
    """Return the frame that a clip shows at a place; it has one, and NaN is the first."""
    last = book[clip + ClipWord.FRAMES] - 1
    number = (place + EARLY) * bits_float(book[clip + ClipWord.FPS])
    if not number < last:
        number = float(last) if number >= last else 0.0
    return book[book[clip + ClipWord.FIRST_FRAME] + math.floor(max(number, 0.0))]


@kernel
def tell(happenings: Any, found: int, kind: int, index: int, name: int) -> int:
    """Note what happened; returns how many there are now."""
    at = found * HAPPENING_WORDS
    happenings[at], happenings[at + 1], happenings[at + 2] = kind, index, name
    return found + 1


@kernel
def _passed(at: float, after: float, until: float) -> bool:
    return after < at <= until


@kernel
def tell_passed(
    book: Any, clip: int, way: tuple[float, float, bool], index: int, happenings: Any, found: int
) -> int:
    """Note the events of a clip on its way; returns how many there are now.

    Args:
        way: (after this time, until that time, whether it came round in between); an event at 0 is passed by
            a way from below 0, or round.
    """
    after, until, is_round = way
    duration = bits_float(book[clip + ClipWord.DURATION])
    is_pingpong = book[clip + ClipWord.MODE] == Mode.PINGPONG
    event = book[clip + ClipWord.FIRST_EVENT]
    for _ in range(book[clip + ClipWord.EVENTS]):
        at = bits_float(book[event + EventWord.TIME]) - EARLY
        passed = at > after or at <= until if is_round else _passed(at, after, until)
        if is_pingpong and not passed and 0.0 < at < duration - 2.0 * EARLY:
            back = 2.0 * (duration - EARLY) - at
            passed = (back > after or back <= until) if is_round else _passed(back, after, until)
        if passed:
            found = tell(happenings, found, Happening.EVENT, index, book[event + EventWord.NAME])
        event += EVENT_WORDS
    return found


@kernel
def go_on(table: Any, book: Any, row: int, step: tuple[float, int, int], happenings: Any, found: int) -> int:
    """Let the time of an animation's row go on; returns how many things have happened now.

    Args:
        row: it has a clip, which has begun.  step: (seconds, entity index, name that ends).
    """
    times, flags = floats_in(table, 2 * Field.ANIMATION_TIME), words_in(table, 2 * Field.ANIMATION_FLAGS)
    seconds, index, name = step
    clip = book_offset(book, words_in(table, 2 * Field.ANIMATION_CLIP)[row])
    mode, length = book[clip + ClipWord.MODE], bits_float(book[clip + ClipWord.DURATION])
    before, time = times[row], times[row] + seconds
    if mode == Mode.ONCE:
        if flags[row] & ENDED:
            return found
        times[row] = min(time, length)
        found = tell_passed(book, clip, (before, times[row], False), index, happenings, found)
        if time < length - EARLY:
            return found
        times[row] = length
        flags[row] |= ENDED
        return tell(happenings, found, Happening.END, index, name)
    if mode == Mode.PINGPONG:
        length *= 2.0
    is_round = time >= length - EARLY
    if is_round:
        time -= length * rounded((time + EARLY) / length, FLOOR)
        time = time if 0.0 <= time < length else 0.0  # early, or the quotient was rounded
    times[row] = time
    flags[row] = flags[row] | ENDED if is_round else flags[row] & ~ENDED
    return tell_passed(book, clip, (before, time, is_round), index, happenings, found)
