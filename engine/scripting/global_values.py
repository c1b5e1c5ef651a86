"""Values by name: those that all scripts of a game share, and those that outlive the game.

Shared ones are part of the state and saved with the world. Those that outlive it (`save_data`) are what a run
begins with, like its seed: they are read once, and nothing that is written meanwhile comes back in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.scripting.event_queue import larger, room_for
from engine.scripting.script_file import GAME
from lang.jit import I64
from lang.words import string_words

GLOBAL_WORDS = 4
NAME, PARCEL, PARCEL_WORDS, PARTY = range(GLOBAL_WORDS)
"""String id, where its parcel lies, its words, and the party that set it last."""
COUNT, TOP, WANTED, FIRST_GLOBAL = range(4)
"""`WorldSlot.GLOBALS`: number of names, then their rows. `WorldSlot.GLOBAL_DATA`: -, how far it is filled,
whether a parcel found no room, -, then parcels."""
FIRST_GLOBALS, MOST_GLOBALS = 64, 4096
FIRST_DATA, MOST_DATA = 1 << 12, 1 << 20
MOST_LIVE = MOST_DATA // 2
"""Words that parties may have set; with those that they replace in a tick there is room for all."""
MOST_SAVED = 1 << 13
"""Words of all values that outlive a game, with their names: 64 KiB."""


class Kept(NamedTuple):
    """A value with its name, as it goes from one game to the next."""

    name: str
    parcel: I64
    owner: str = GAME
    """Who set it last: the game, or the id of a mod."""


Contents = Sequence[Kept]


class GlobalValues:
    """The shared values of a world, or those that outlive the game.

    Attributes:
        owners: names of the parties, by their numbers; then of mods that are not there any more, which
            only values that outlive a game can be of.
    """

    def __init__(
        self, world: World, slots: tuple[WorldSlot, WorldSlot] = (WorldSlot.GLOBALS, WorldSlot.GLOBAL_DATA)
    ) -> None:
        """Take a world, and under which slots it has the rows and the data."""
        self._world, self._slots = world, slots
        self.owners = [GAME]
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
        names: I64 = np.bincount(self.rows[:, PARTY], minlength=parties)
        words = np.zeros(parties, np.int64)
        np.add.at(words, self.rows[:, PARTY], self.rows[:, PARCEL_WORDS])
        return names, words

    def contents(self) -> list[Kept]:
        """Return all values, in the order of their first use: for the game of another scene."""
        text, data = self._world.strings.text, self.data
        return [
            Kept(text(name), data[first : first + words].copy(), self.owners[party])
            for name, first, words, party in self.rows.tolist()
        ]

    def fill(self, contents: Contents) -> None:
        """Take what `contents` of another game returned, before any script of this one has run.

        Shared values of mods that are not there become the game's. Those that outlive a game stay theirs, as
        far as they leave room for all others.
        """
        if self._slots[0] == WorldSlot.SAVED:
            contents = self._with_room(contents)
            absent = {one.owner: None for one in contents if one.owner not in self.owners}
            self.owners = [*self.owners, *absent]
        words = sum(one.parcel.size for one in contents)
        self._rows = larger_until(self._rows, FIRST_GLOBAL + GLOBAL_WORDS * len(contents))
        self.data = larger_until(self.data, FIRST_GLOBAL + words)
        at = FIRST_GLOBAL
        self._rows[COUNT] = len(contents)
        for row, (name, parcel, owner) in zip(self.rows, contents, strict=True):
            party = self.owners.index(owner) if owner in self.owners else 0
            row[:] = self._world.strings.intern(name), at, parcel.size, party
            self.data[at : at + parcel.size] = parcel
            at += parcel.size
        self.data[TOP] = at
        self._publish()

    def _with_room(self, contents: Contents) -> list[Kept]:
        """Return values without those of mods that are not there that are too many for a file."""
        left = MOST_SAVED - sum(_words_of(one) for one in contents if one.owner in self.owners)
        found = []
        for one in contents:
            if one.owner not in self.owners:
                left -= _words_of(one)
            if one.owner in self.owners or left >= 0:
                found.append(one)
        return found

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


def _words_of(one: Kept) -> int:
    return one.parcel.size + len(string_words(one.name))


def larger_until(words: I64, size: int) -> I64:
    """Return an array of at least a size, with the same words at its beginning."""
    while words.size < size:
        words = np.concatenate([words, np.zeros_like(words)])
    return words
