"""The last seconds of a game, in memory: one image of its state, and for each tick what leads a tick back.

A tick that changed a hundred words costs about a hundred words. What is kept is bounded twice, by ticks and
by words; the oldest ticks go first. Where arrays have grown, the image before that is kept whole.
A saved scene that was taken over ends the past.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from engine.ecs.image import delta_room, take_back
from engine.game.snapshot import GameSnapshot, GameState, GameValues
from lang.jit import I64

MOST_TICKS = 600
MOST_WORDS = 1 << 23
"""64 MiB of words, for all ticks together."""


class _Step(NamedTuple):
    """The way from a moment back to the one before."""

    tick: int
    sizes: tuple[int, ...]
    values: GameValues
    words: I64
    is_whole: bool
    """The words are the earlier image; otherwise the delta that leads to it."""


class History:
    """The moments of one game that it can return to, one a tick."""

    def __init__(self, state: GameState, most_ticks: int = MOST_TICKS, most_words: int = MOST_WORDS) -> None:
        """Begin with the present moment."""
        self._state = state
        self._most_ticks = most_ticks
        self._most_words = most_words
        self._steps: deque[_Step] = deque()
        self._words = 0
        self._take(state.take())

    def _take(self, snapshot: GameSnapshot) -> None:
        """Take a snapshot, whose image is this one's from now on, for the present moment."""
        self._tick, self._sizes = snapshot.tick, snapshot.sizes
        self._values, self._image = snapshot.values, snapshot.image
        room = delta_room(self._image.size)
        self._room: I64 = np.zeros(room, np.int64)

    def __len__(self) -> int:
        """Return how many ticks can be taken back."""
        return len(self._steps)

    @property
    def words(self) -> int:
        """The words that these ticks take."""
        return self._words

    def note(self) -> None:
        """Keep the present moment, after a tick."""
        if not self._is_of_this_scene():
            return
        regions = self._state.regions()
        before = (self._tick, self._sizes, self._values)
        if regions.sizes == self._sizes:
            step = _Step(*before, regions.move_on(self._image, self._room).copy(), is_whole=False)
            self._tick, self._values = self._state.tick, _sharing(self._state.values(), self._values)
        else:
            step = _Step(*before, self._image, is_whole=True)
            self._take(self._state.take())
        self._steps.append(step)
        self._words += step.words.size
        while len(self._steps) > self._most_ticks or self._words > self._most_words:
            self._words -= self._steps.popleft().words.size

    def _is_of_this_scene(self) -> bool:
        """Return whether the past is that of the scene as it is now; otherwise begin at this moment."""
        if self._values.scene_version == self._state.scene_version:
            return True
        self._steps.clear()
        self._words = 0
        self._take(self._state.take())
        return False

    def back(self, ticks: int) -> int:
        """Let the game return to a moment so many ticks ago, or to the oldest; returns how many it were.

        Raises:
            SnapshotRefused: its world was declared otherwise meanwhile.
        """
        count = min(ticks, len(self._steps)) if self._is_of_this_scene() else 0
        for _ in range(count):
            step = self._steps.pop()
            self._words -= step.words.size
            if step.is_whole:
                self._take(GameSnapshot(self._state, step.tick, step.sizes, step.words, step.values))
            else:
                take_back(self._image, step.words)
                self._tick, self._values = step.tick, step.values
        if count:
            snapshot = GameSnapshot(self._state, self._tick, self._sizes, self._image, self._values)
            self._state.put(snapshot)
        return count


def _sharing(values: GameValues, before: GameValues) -> GameValues:
    """Return values that hold the tables of those before where these are equal: 600 of them stay small."""
    machine, then = values.scripts.machine, before.scripts.machine
    if machine.programs == then.programs and machine.free_rows == then.free_rows:
        machine = machine._replace(programs=then.programs, free_rows=then.free_rows)
    files = before.scripts.files if values.scripts.files == before.scripts.files else values.scripts.files
    return values._replace(
        scripts=values.scripts._replace(machine=machine, files=files), fields=before.fields
    )
