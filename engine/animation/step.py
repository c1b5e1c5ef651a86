"""One tick of all animations, by one kernel: requests, time, transitions, frames, poses."""

from __future__ import annotations

from typing import Any

from engine.animation.clock import book_offset, folded, frame_at, go_on, tell_passed
from engine.animation.layout import (
    COLOR_BIT,
    ENDED,
    FRESH,
    HAPPENING_WORDS,
    MOST_EVENTS,
    ROTATION_BIT,
    AnimatorWord,
    ClipWord,
    Header,
    Mode,
    StateWord,
    TransitionWord,
)
from engine.animation.machine import (
    NO_TRANSITION,
    animator_of,
    has_animator,
    speed_of,
    state_of,
    transition_to_take,
    use_triggers,
)
from engine.animation.pose import blended, clip_pose, lay_pose
from engine.ecs.access import mark_changed
from engine.ecs.components import Component, Field
from engine.ecs.layout import CHUNK_ROWS, WorldSlot
from engine.ecs.query import RANGE_HEAD
from lang.jit import bits_float, entry, floats_in, kernel, words_in

MOST_OF_A_CHUNK = CHUNK_ROWS * (MOST_EVENTS + 1)
"""Happenings that the entities of one chunk may have in a tick."""
_TRANSFORM_FIRST, _PARENT_FIRST = int(Field.TRANSFORM_X), int(Field.PARENT_X)


@kernel
def begin_clip(table: Any, row: int, clip: int, blend: float) -> None:
    """Let an animation's row begin a clip; `blend` seconds lead over from the present pose."""
    words_in(table, 2 * Field.ANIMATION_CLIP)[row] = clip
    floats_in(table, 2 * Field.ANIMATION_TIME)[row] = 0.0
    words_in(table, 2 * Field.ANIMATION_FLAGS)[row] = FRESH
    floats_in(table, 2 * Field.ANIMATION_BLEND_TIME)[row] = blend
    floats_in(table, 2 * Field.ANIMATION_BLEND_LEFT)[row] = blend
    for number in range(6):  # words of columns, whatever they hold
        offset = words_in(table, 2 * (int(Field.ANIMATION_OFFSET_X) + number))[row]
        words_in(table, 2 * (int(Field.ANIMATION_FROM_X) + number))[row] = offset


@kernel
def _begin_state(table: Any, book: Any, rows: tuple[int, int], state: int, blend: float) -> None:
    words_in(table, 2 * Field.ANIMATOR_STATE)[rows[1]] = state
    clip = book[state_of(book, animator_of(table, book, rows[1]), state) + StateWord.CLIP]
    begin_clip(table, rows[0], clip, blend)


@kernel
def _take_request(table: Any, book: Any, rows: tuple[int, int]) -> bool:
    """Begin what was asked for, if anything was; what runs already goes on."""
    animation, animator = rows
    requests = words_in(table, 2 * Field.ANIMATION_REQUEST)
    request = requests[animation]
    requests[animation] = 0
    if request < 1 or request > _most(table, book, animator):
        return False
    wanted = request - 1
    blend = floats_in(table, 2 * Field.ANIMATION_REQUEST_BLEND)[animation]
    if animator >= 0:
        playing = words_in(table, 2 * Field.ANIMATOR_STATE)[animator]
    else:
        playing = words_in(table, 2 * Field.ANIMATION_CLIP)[animation]
    if playing == wanted and not _is_over(table, book, animation):
        return False
    if animator >= 0:
        _begin_state(table, book, rows, wanted, blend)
    else:
        begin_clip(table, animation, wanted, blend)
    return True


@kernel
def _most(table: Any, book: Any, animator: int) -> int:
    """Return how many states or, without an animator, clips there are to ask for."""
    if animator < 0:
        return book[Header.CLIPS]
    return book[animator_of(table, book, animator) + AnimatorWord.STATES]


@kernel
def _is_over(table: Any, book: Any, row: int) -> bool:
    """Return whether an animation's row has no clip, or one that plays once and has ended."""
    clip = words_in(table, 2 * Field.ANIMATION_CLIP)[row]
    if clip < 0 or clip >= book[Header.CLIPS]:
        return True
    is_once = book[book_offset(book, clip) + ClipWord.MODE] == Mode.ONCE
    return is_once and words_in(table, 2 * Field.ANIMATION_FLAGS)[row] & ENDED != 0


@kernel
def _pass_time(
    table: Any, book: Any, rows: tuple[int, int], step: tuple[float, int], happenings: Any, found: int
) -> int:
    """Let a clip go on, or tell what happens at its first instant; returns how many happenings there are."""
    animation, animator = rows
    clip = book_offset(book, words_in(table, 2 * Field.ANIMATION_CLIP)[animation])
    flags, name = words_in(table, 2 * Field.ANIMATION_FLAGS), book[clip + ClipWord.NAME]
    if flags[animation] & FRESH:
        flags[animation] &= ~FRESH
        time = floats_in(table, 2 * Field.ANIMATION_TIME)[animation]
        return tell_passed(
            book, clip, (-1.0 if time == 0.0 else time, time, False), step[1], happenings, found
        )
    seconds = step[0] * floats_in(table, 2 * Field.ANIMATION_SPEED)[animation]
    if animator >= 0:
        number = words_in(table, 2 * Field.ANIMATOR_STATE)[animator]
        state = state_of(book, animator_of(table, book, animator), number)
        seconds *= bits_float(book[state + StateWord.SPEED])
        name = book[state + StateWord.NAME]
    left = floats_in(table, 2 * Field.ANIMATION_BLEND_LEFT)
    left[animation] = max(left[animation] - step[0], 0.0)
    return go_on(table, book, animation, (seconds, step[1], name), happenings, found)


@kernel
def _show(table: Any, book: Any, row: int, place: Any, sprite: int) -> None:
    """Write the frame and the pose of a row that has a clip."""
    clip = book_offset(book, words_in(table, 2 * Field.ANIMATION_CLIP)[row])
    time = folded(book, clip, floats_in(table, 2 * Field.ANIMATION_TIME)[row])
    if sprite >= 0 and book[clip + ClipWord.FRAMES] > 0:
        frames, frame = words_in(table, 2 * Field.SPRITE_FRAME), frame_at(book, clip, time)
        if frames[sprite] != frame:
            mark_changed(table, Component.SPRITE, sprite)
        frames[sprite] = frame
        if book[clip + ClipWord.IMAGE] != 0:
            words_in(table, 2 * Field.SPRITE_IMAGE)[sprite] = book[clip + ClipWord.IMAGE]
        if book[clip + ClipWord.COLUMNS] != 0:
            words_in(table, 2 * Field.SPRITE_COLUMNS)[sprite] = book[clip + ClipWord.COLUMNS]
            words_in(table, 2 * Field.SPRITE_ROWS)[sprite] = book[clip + ClipWord.ROWS]
    posed = words_in(table, 2 * Field.ANIMATION_POSED)[row]
    wanted = book[clip + ClipWord.MASK]
    if wanted | posed == 0:
        return
    if floats_in(table, 2 * Field.ANIMATION_BLEND_LEFT)[row] > 0.0:
        wanted |= posed
    rest = floats_in(table, 2 * (place[1] + 3))[place[0]]
    if posed & ROTATION_BIT:
        rest -= floats_in(table, 2 * Field.ANIMATION_OFFSET_ROTATION)[row]
    pose = blended(table, row, clip_pose(book, clip, time, rest))
    lay_pose(table, row, place, sprite, pose, wanted)
    if (wanted | posed) & ~COLOR_BIT:
        mark_changed(
            table, Component.TRANSFORM if place[1] == _TRANSFORM_FIRST else Component.PARENT, place[0]
        )
    if (wanted | posed) & COLOR_BIT and sprite >= 0:
        mark_changed(table, Component.SPRITE, sprite)


@kernel
def _step_one(
    table: Any,
    book: Any,
    rows: tuple[int, int, int, int, int],
    step: tuple[float, int],
    happenings: Any,
    found: int,
) -> int:
    """Do the tick of one entity; returns how many happenings there are."""
    animation, transform, sprite, animator, parent = rows
    if not has_animator(table, book, animator):
        animator = -1
    pair = (animation, animator)
    begun = _take_request(table, book, pair)
    clip = words_in(table, 2 * Field.ANIMATION_CLIP)[animation]
    if clip < 0 or clip >= book[Header.CLIPS]:
        return found
    found = _pass_time(table, book, pair, step, happenings, found)
    if animator >= 0 and not begun:
        transition = transition_to_take(table, book, pair, speed_of(table, transform, step[0]))
        if transition != NO_TRANSITION:
            use_triggers(table, book, animator, transition)
            blend = bits_float(book[transition + TransitionWord.BLEND])
            _begin_state(table, book, pair, book[transition + TransitionWord.TO], blend)
            found = _pass_time(table, book, pair, step, happenings, found)
    place = (transform, _TRANSFORM_FIRST) if parent < 0 else (parent, _PARENT_FIRST)
    _show(table, book, animation, place, sprite)
    return found


@entry("int64(int64[::1], int64[:,::1], int64, float64, int64[::1], int64[::1])")
def step_animations(table: Any, ranges: Any, first: int, seconds: float, happenings: Any, count: Any) -> int:
    """Do a tick of the animations in ranges[first:]; returns the range that it came to, for want of room.

    Args:
        ranges: see `Query.ranges`: of animation, transform, and those or -1: sprite, animator, parent.
        happenings: room for rows of HAPPENING_WORDS.  count: [1] how many there are; set to 0 by the caller.
    """
    book = words_in(table, WorldSlot.ANIMATION)
    entities = words_in(table, WorldSlot.CHUNK_ENTITY)
    found = count[0]
    for number in range(first, ranges.shape[0]):
        if (found + MOST_OF_A_CHUNK) * HAPPENING_WORDS > happenings.size:
            count[0] = found
            return number
        place = ranges[number, 0] * CHUNK_ROWS + ranges[number, 1]
        bases = ranges[number, RANGE_HEAD:]
        for row in range(ranges[number, 2]):
            rows = (
                bases[0] + row,
                bases[1] + row,
                bases[2] + row if bases[2] >= 0 else -1,
                bases[3] + row if bases[3] >= 0 else -1,
                bases[4] + row if bases[4] >= 0 else -1,
            )
            step = (seconds, entities[place + row])
            found = _step_one(table, book, rows, step, happenings, found)
    count[0] = found
    return ranges.shape[0]
