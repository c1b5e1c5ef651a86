"""From a scene's clips and animators to the book that kernels read (`engine.animation.layout`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from engine.animation.easing import Ease
from engine.animation.layout import (
    ANY_STATE,
    COLOR_BIT,
    NO_CLIP,
    POSITION_BIT,
    ROTATION_BIT,
    SCALE_BIT,
    Condition,
    Header,
    Mode,
    Property,
)
from engine.animation.system import AnimationBook, AnimatorNames
from engine.ecs.components import Component, Field
from engine.ecs.strings import StringTable
from engine.ecs.values import Value
from engine.scene.animation import ANY, Animation, Animator, Clip, Track, Transition, When

_BITS = {"position": POSITION_BIT, "rotation": ROTATION_BIT, "scale": SCALE_BIT, "color": COLOR_BIT}


def animation_book(
    clips: Mapping[str, Clip], animators: Mapping[str, Animator], strings: StringTable
) -> AnimationBook:
    """Return the book of clips and animators whose names refer to each other rightly.

    Raises:
        StringTableFull: their names need more room than the world has.
    """
    writer = _Writer(strings)
    numbers = {name: number for number, name in enumerate(clips)}
    writer.words += [0] * len(Header)
    clip_rows = [writer.clip(name, clip) for name, clip in clips.items()]
    animator_rows = [writer.animator(name, one, numbers) for name, one in animators.items()]
    first_clip, first_animator = writer.rows(clip_rows), writer.rows(animator_rows)
    writer.words[: len(Header)] = [len(clips), first_clip, len(animators), first_animator]
    return AnimationBook(
        words=np.array(writer.words, np.int64),
        clips=tuple(clips),
        animators=tuple(
            AnimatorNames(name, tuple(state.name for state in one.states), numbers[one.states[0].clip])
            for name, one in animators.items()
        ),
        strings=tuple(writer.held),
    )


def animated_columns(animation: Animation, book: AnimationBook) -> list[tuple[int, dict[int, Value]]]:
    """Return the components that an animation of a scene needs, each with the values of its fields."""
    clip = NO_CLIP if animation.clip is None else book.clips.index(animation.clip)
    others: list[tuple[int, dict[int, Value]]] = []
    if animation.animator is not None:
        number = [one.name for one in book.animators].index(animation.animator)
        clip = book.animators[number].first_clip
        others.append((Component.ANIMATOR, {Field.ANIMATOR_NUMBER: number}))
    values: dict[int, Value] = {
        Field.ANIMATION_CLIP: clip,
        Field.ANIMATION_TIME: animation.start,
        Field.ANIMATION_SPEED: animation.speed,
    }
    return [(Component.ANIMATION, values), *others]


def _bits(value: float) -> int:
    return int(np.float64(value).view(np.int64))


class _Writer:
    """Writes the book from its inner rows to its outer ones; a row knows where its parts stand."""

    def __init__(self, strings: StringTable) -> None:
        self._strings = strings
        self.words: list[int] = []
        self.held: list[int] = []

    def name(self, text: str) -> int:
        self.held.append(self._strings.intern(text))
        return self.held[-1]

    def rows(self, rows: Iterable[Sequence[int]]) -> int:
        """Write rows one after the other; return where they begin."""
        first = len(self.words)
        for row in rows:
            self.words += row
        return first

    def clip(self, name: str, clip: Clip) -> list[int]:
        columns, rows = clip.grid or (0, 0)
        first_frame = self.rows([clip.frames])
        first_track = self.rows([self._track(track) for track in clip.tracks])
        first_event = self.rows([(_bits(event.time), self.name(event.name)) for event in clip.events])
        return [
            self.name(name),
            self.name(clip.image) if clip.image else 0,
            columns,
            rows,
            len(clip.frames),
            first_frame,
            _bits(clip.fps),
            _bits(clip.length),
            int(Mode[clip.play.upper()]),
            len(clip.tracks),
            first_track,
            len(clip.events),
            first_event,
            _mask(clip),
            _bits(clip.pivot[0]),
            _bits(clip.pivot[1]),
        ]

    def _track(self, track: Track) -> list[int]:
        keys = []
        for key in track.keys:
            a, b = (int(key.value.color), 0) if key.value.is_color else map(_bits, key.value.numbers)
            keys.append((_bits(key.time), int(Ease[key.ease.upper()]), a, b))
        return [int(Property[track.property.upper()]), len(keys), self.rows(keys)]

    def animator(self, name: str, animator: Animator, clips: Mapping[str, int]) -> list[int]:
        states = [(self.name(state.name), clips[state.clip], _bits(state.speed)) for state in animator.states]
        parameters = [(self.name(one), int(one in animator.triggers)) for one in animator.settable]
        transitions = [self._transition(one, animator) for one in animator.transitions]
        return [
            self.name(name),
            len(states),
            self.rows(states),
            len(parameters),
            self.rows(parameters),
            len(transitions),
            self.rows(transitions),
        ]

    def _transition(self, transition: Transition, animator: Animator) -> list[int]:
        states = [state.name for state in animator.states]
        conditions = list(_conditions(transition.when, animator.settable))
        return [
            ANY_STATE if transition.begin == ANY else states.index(transition.begin),
            states.index(transition.to),
            _bits(transition.blend),
            len(conditions),
            self.rows(conditions),
        ]


def _conditions(when: When, settable: Sequence[str]) -> Iterable[tuple[int, int, int]]:
    if when.end:
        yield int(Condition.END), 0, 0
    speeds = ((Condition.SPEED_ABOVE, when.speed_above), (Condition.SPEED_BELOW, when.speed_below))
    for kind, value in speeds:
        if value is not None:
            yield int(kind), 0, _bits(value)
    if when.trigger is not None:
        yield int(Condition.ABOVE), settable.index(when.trigger), _bits(0.0)
    bounds = ((Condition.ABOVE, when.above), (Condition.BELOW, when.below), (Condition.EQUALS, when.equals))
    for kind, value in bounds:
        if value is not None and when.parameter is not None:
            yield int(kind), settable.index(when.parameter), _bits(value)


def _mask(clip: Clip) -> int:
    mask = sum(_BITS[track.property] for track in clip.tracks)
    if clip.pivot != (0.0, 0.0) and mask & (ROTATION_BIT | SCALE_BIT):
        mask |= POSITION_BIT
    return mask
