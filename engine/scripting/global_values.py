"""Values by name: those that all scripts of a game share, and those that outlive the game.

Shared ones are part of the state and saved with the world. Those that outlive it (`save_data`) are what a run
begins with, like its seed: they are read once, and nothing that is written meanwhile comes back in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.scripting.event_queue import larger, room_for
from lang.jit import I64

GLOBAL_WORDS = 4
NAME, PARCEL, PARCEL_WORDS, PARTY = range(GLOBAL_WORDS)
"""String id, where its parcel lies, its words, and the party that set it first."""
COUNT, TOP, WANTED, FIRST_GLOBAL = range(4)
"""`WorldSlot.GLOBALS`: number of names, then their rows. `WorldSlot.GLOBAL_DATA`: -, how far it is filled,
whether a parcel found no room, -, then parcels."""
FIRST_GLOBALS, MOST_GLOBALS = 64, 4096
FIRST_DATA, MOST_DATA = 1 << 12, 1 << 20
MOST_LIVE = MOST_DATA // 2
"""Words that parties may have set; with those that they replace in a tick there is room for all."""
MOST_SAVED = 1 << 13
"""Words of all values that outlive a game, with their names: 64 KiB."""


class GlobalValues:
    """The shared values of a world, or those that outlive the game."""

    def __init__(
        self, world: World, slots: tuple[WorldSlot, WorldSlot] = (WorldSlot.GLOBALS, WorldSlot.GLOBAL_DATA)
    ) -> None:
        """Take a world, and under which slots it has the rows and the data."""
        self._world, self._slots = world, slots
        self._rows = np.zeros(FIRST_GLOBAL + GLOBAL_WORDS * FIRST_GLOBALS, np.int64)
        self.data = np.zeros(FIRST_DATA, np.int64)
        self.data[TOP] = FIRST_GLOBAL
        self._publish()

    def _publish(self) -> None:
        self._world.publish(self._slots[0], self._rows)
        self._world.publish(self._slots[1], self.data)

    @property
    def rows(self) -> I64:
        """A row for each name [n, GLOBAL_WORDS], in the order of their first use, as a view."""
        used = FIRST_GLOBAL + GLOBAL_WORDS * int(self._rows[COUNT])
        return self._rows[FIRST_GLOBAL:used].reshape(-1, GLOBAL_WORDS)

    @property
    def state(self) -> I64:
        """Names and values as words, for the state hash."""
        parts = [self._world.strings.hashes(self.rows[:, NAME])]
        parts += [self.data[first : first + words] for _, first, words, _ in self.rows.tolist()]
        return np.concatenate(parts)

    @property
    def arrays(self) -> tuple[I64, I64]:
        """The rows and the data."""
        return (self._rows, self.data)

    def hold(self, rows: I64, data: I64) -> None:
        """Work on these arrays from now on."""
        self._rows, self.data = rows, data
        self._publish()

    @property
    def held_strings(self) -> I64:
        """Ids of the names."""
        return self.rows[:, NAME].copy()

    def put(self, rows: I64, data: I64) -> None:
        """Hold these names [n, GLOBAL_WORDS], and data that begins as `self.data` does.

        Raises:
            TooMuchWaits: they are more than may be.
        """
        size, most = FIRST_GLOBAL + rows.size, FIRST_GLOBAL + GLOBAL_WORDS * MOST_GLOBALS
        self._rows = room_for(size, FIRST_GLOBAL + GLOBAL_WORDS * FIRST_GLOBALS, most)
        self.data = room_for(data.size, FIRST_DATA, MOST_DATA)
        self._rows[COUNT] = len(rows)
        self.rows[:] = rows
        self.data[: data.size] = data
        self._publish()

    def make_room(self) -> None:
        """Grow what a native found full.

        Raises:
            TooMuchWaits: it has its largest size already.
        """
        if FIRST_GLOBAL + GLOBAL_WORDS * (int(self._rows[COUNT]) + 1) > self._rows.size:
            self._rows = larger(self._rows, FIRST_GLOBAL + GLOBAL_WORDS * MOST_GLOBALS)
        if self.data[WANTED]:
            self.data[WANTED] = 0
            self.data = larger(self.data, MOST_DATA)
        self._publish()

    def held(self, parties: int) -> tuple[I64, I64]:
        """Return how many names each party has set, and the words of their values."""
        names = np.bincount(self.rows[:, PARTY], minlength=parties)
        words = np.zeros(parties, np.int64)
        np.add.at(words, self.rows[:, PARTY], self.rows[:, PARCEL_WORDS])
        return names, words

    def contents(self) -> list[tuple[str, I64]]:
        """Return names and parcels, in the order of their first use: for the game of another scene."""
        text, data, rows = self._world.strings.text, self.data, self.rows[:, :PARTY].tolist()
        return [(text(name), data[first : first + words].copy()) for name, first, words in rows]

    def fill(self, contents: Sequence[tuple[str, I64]]) -> None:
        """Take what `contents` of another game returned, before any script of this one has run."""
        words = sum(parcel.size for _, parcel in contents)
        self._rows = larger_until(self._rows, FIRST_GLOBAL + GLOBAL_WORDS * len(contents))
        self.data = larger_until(self.data, FIRST_GLOBAL + words)
        at = FIRST_GLOBAL
        self._rows[COUNT] = len(contents)
        for row, (name, parcel) in zip(self.rows, contents, strict=True):
            row[:] = self._world.strings.intern(name), at, parcel.size, 0
            self.data[at : at + parcel.size] = parcel
            at += parcel.size
        self.data[TOP] = at
        self._publish()

    def compact(self) -> None:
        """Drop values that were replaced, once they take half of the room; between ticks only."""
        live = int(self.rows[:, PARCEL_WORDS].sum())
        top = int(self.data[TOP])
        if top < min(2 * live + FIRST_DATA // 2, MOST_LIVE) or top == FIRST_GLOBAL + live:
            return
        at = FIRST_GLOBAL
        fresh = np.zeros_like(self.data)
        for row in self.rows:
            first, words = int(row[PARCEL]), int(row[PARCEL_WORDS])
            fresh[at : at + words] = self.data[first : first + words]
            row[PARCEL] = at
            at += words
        self.data[:] = fresh
        self.data[TOP] = at


def larger_until(words: I64, size: int) -> I64:
    """Return an array of at least a size, with the same words at its beginning."""
    while words.size < size:
        words = np.concatenate([words, np.zeros_like(words)])
    return words
