"""The animations of one world: the book they read, their tick, and what Python may ask of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.animation.layout import HAPPENING_WORDS, NO_CLIP
from engine.animation.step import MOST_OF_A_CHUNK, step_animations
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.errors import MissingComponent, UnknownAnimation
from lang.jit import I64


class AnimatorNames(NamedTuple):
    """An animator: its name, those of its states by number, and the clip of the first."""

    name: str
    states: tuple[str, ...]
    first_clip: int


@dataclass(frozen=True, slots=True)
class AnimationBook:
    """All clips and animators of a game, see `engine.animation.layout`.

    Attributes:
        words: the book. clips: names by number. animators: by number.
        strings: ids of all strings in the book.
    """

    words: I64
    clips: tuple[str, ...]
    animators: tuple[AnimatorNames, ...]
    strings: tuple[int, ...]


class Animation:
    """Plays the animations of the entities that have one; call `step` once a tick.

    Attributes:
        book: what it plays from.
        happenings: [n, 3] of the last step: kind (`layout.Happening`), entity index, string id of a name;
            sorted by kind, then entity; of one entity in the order of its clip.
    """

    def __init__(self, world: World, book: AnimationBook) -> None:
        self._world = world
        self._query = Query(
            world,
            (Component.ANIMATION, Component.TRANSFORM),
            optional=(Component.SPRITE, Component.ANIMATOR, Component.PARENT),
        )
        self._room = np.zeros(MOST_OF_A_CHUNK * HAPPENING_WORDS, np.int64)
        self._count = np.zeros(1, np.int64)
        self.happenings: I64 = np.zeros((0, HAPPENING_WORDS), np.int64)
        self.take(book)

    def take(self, book: AnimationBook) -> None:
        """Play by another book, in which what entities play has the numbers that it had."""
        self.book = book
        self._world.publish(WorldSlot.ANIMATION, book.words)

    def step(self, seconds: float) -> None:
        """Let every animation go on by `seconds`.

        A child is animated in the frame of its parent; the next placing of children takes it there.
        """
        ranges = self._query.ranges
        if ranges.size and ranges[:, -1].max() >= 0:
            self._world.hierarchy.place()  # a child that was put elsewhere: that is its rest now
        found: list[I64] = []
        done = 0
        while done < len(ranges):
            self._count[0] = 0
            # (the kernel stops where the room might not do for the next chunk)
            done = int(step_animations(self._world.table, ranges, done, seconds, self._room, self._count))
            if self._count[0]:
                rows = self._room[: self._count[0] * HAPPENING_WORDS]
                found.append(rows.reshape(-1, HAPPENING_WORDS).copy())
        self.happenings = _sorted(found)
        self._query.mark_changed(Component.ANIMATION)

    def play(self, entity: int, name: str, blend: float = 0.0) -> None:
        """Play a clip, or a state for an entity with an animator, from the next animation stage on.

        What is playing already goes on; what has ended begins again. `blend` seconds lead over to it.

        Raises:
            NoSuchEntity: the id is stale.  MissingComponent: it has no animation.
            UnknownAnimation: there is no such clip or state.  ValueError: a blend below 0, NaN or infinite.
        """
        if not (math.isfinite(blend) and blend >= 0.0):
            raise ValueError(f"a blend of {blend} seconds")
        if not self._world.has_component(entity, Component.ANIMATION):
            raise MissingComponent(entity, Component.ANIMATION.label)
        known = self._names(entity)
        if name not in known:
            raise UnknownAnimation(name, known)
        self._world.set(entity, Field.ANIMATION_REQUEST, known.index(name) + 1)
        self._world.set(entity, Field.ANIMATION_REQUEST_BLEND, blend)

    def playing(self, entity: int) -> str:
        """Return the clip, or the state for an entity with an animator, that plays or has ended; "" for none.

        Raises:
            NoSuchEntity: the id is stale.  MissingComponent: it has no animation.
        """
        clip = int(self._world.get(entity, Field.ANIMATION_CLIP))
        if not self._world.has_component(entity, Component.ANIMATOR):
            return "" if clip == NO_CLIP else self.book.clips[clip]
        return self._names(entity)[int(self._world.get(entity, Field.ANIMATOR_STATE))]

    def _names(self, entity: int) -> tuple[str, ...]:
        if not self._world.has_component(entity, Component.ANIMATOR):
            return self.book.clips
        number = int(self._world.get(entity, Field.ANIMATOR_NUMBER))
        return self.book.animators[number].states


def _sorted(found: list[I64]) -> I64:
    if not found:
        return np.zeros((0, HAPPENING_WORDS), np.int64)
    rows = np.concatenate(found)
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]
