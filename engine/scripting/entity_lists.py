"""Short lists that entities carry, whatever components they have: items, status effects.

Two flat arrays hold the lists of all entities. `heads`: for each entity index the id of the entity that the
list belongs to, and the first row; a list of an id that is gone is no list, and its rows are free after the
next sweep. `rows`: the rows ever used, then LIST_WORDS of each: next row, key, the party whose script
added it, and three words of the list's own. Keys of one list differ; new ones go to the end, so that order
is the order of first use.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.ecs.access import entity_of_index
from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.scripting.arguments import ask_for_room
from engine.scripting.event_queue import larger
from engine.scripting.quotas import left_of, running_party, spend
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.undo import write_noted
from lang.jit import I64, entry, kernel, words_in
from lang.layout import M, Status

LIST_WORDS = 6
NEXT, KEY, OWNER, FIRST, SECOND, THIRD = range(LIST_WORDS)
NO_ROW = -1
FIRST_ROW = 1
FIRST_ROWS, MOST_ROWS = 64, 1 << 19
SWEEP_FROM = 4096
"""Rows below which sweeping is not worth its time."""


@kernel
def first_row(table: I64, heads: int, index: int) -> int:
    """Return the first word of the first row of the entity at an index, or NO_ROW."""
    words = words_in(table, heads)
    if 2 * index + 1 >= words.size or words[2 * index] != entity_of_index(table, index):
        return NO_ROW
    return words[2 * index + 1]


@kernel
def find_row(table: I64, heads: int, rows: int, index: int, key: int) -> int:
    """Return the first word of the row of a key in an entity's list, or NO_ROW."""
    words = words_in(table, rows)
    at = first_row(table, heads, index)
    while at != NO_ROW and words[at + KEY] != key:
        at = words[at + NEXT]
    return at


@kernel
def add_row(m: I64, heads: int, rows: int, share: int, index: int, key: int) -> tuple[int, int]:
    """Append a row of a new key, its words 0, from what the running party has left of a share.

    Returns:
        (status, its first word, NO_ROW where it fails).
    """
    if left_of(m, share) < 1:
        return refuse(m, Refusal.HOLDS_MOST, NO_ARGUMENT, 0), NO_ROW
    table = words_in(m, M.WORLD)
    head = words_in(table, heads)
    words = words_in(table, rows)
    at = words[0]
    if 2 * index + 1 >= head.size or at + LIST_WORDS > words.size:
        return ask_for_room(m, 0), NO_ROW
    spend(m, share, 1)
    write_noted(m, rows, 0, at + LIST_WORDS)
    words[at + NEXT] = NO_ROW
    words[at + KEY] = key
    words[at + OWNER] = running_party(m)
    for i in range(FIRST, LIST_WORDS):
        words[at + i] = 0
    last = first_row(table, heads, index)
    if last == NO_ROW:
        write_noted(m, heads, 2 * index, entity_of_index(table, index))
        write_noted(m, heads, 2 * index + 1, at)
        return Status.OK, at
    while words[last + NEXT] != NO_ROW:
        last = words[last + NEXT]
    write_noted(m, rows, last + NEXT, at)
    return Status.OK, at


@kernel
def remove_row(m: I64, heads: int, rows: int, index: int, row: int) -> None:
    """Take a row out of an entity's list."""
    words = words_in(words_in(m, M.WORLD), rows)
    at = first_row(words_in(m, M.WORLD), heads, index)
    if at == row:
        write_noted(m, heads, 2 * index + 1, words[row + NEXT])
        return
    while words[at + NEXT] != row:
        at = words[at + NEXT]
    write_noted(m, rows, at + NEXT, words[row + NEXT])


@entry("int64(int64[::1], int64, int64, int64[:,::1])")
def gather(table: I64, heads: int, rows: int, out: I64) -> int:
    """Write all lists by entity index, the entity in place of NEXT; returns how many rows there are."""
    head = words_in(table, heads)
    words = words_in(table, rows)
    count = 0
    for index in range(head.size // 2):
        if head[2 * index] == 0 or words_in(table, WorldSlot.CHUNK)[index] < 0:
            continue
        at = first_row(table, heads, index)
        while at != NO_ROW:
            if count < out.shape[0]:
                out[count, 0] = head[2 * index]
                for i in range(KEY, LIST_WORDS):
                    out[count, i] = words[at + i]
            count += 1
            at = words[at + NEXT]
    return count


class EntityLists:
    """The lists of one kind."""

    def __init__(
        self, world: World, heads: WorldSlot, rows: WorldSlot, key_hashes: Callable[[I64], I64] | None = None
    ) -> None:
        """Make them.

        Args:
            heads, rows: where natives find the arrays. key_hashes: what is the same in every run for keys
                that are string ids; None for keys that are the same already.
        """
        self._world = world
        self._slots = (heads, rows)
        self._key_hashes = key_hashes
        self._heads = np.zeros(0, np.int64)
        self._rows = np.zeros(FIRST_ROW + LIST_WORDS * FIRST_ROWS, np.int64)
        self._rows[0] = FIRST_ROW
        self._publish()

    def _publish(self) -> None:
        for slot, array in zip(self._slots, (self._heads, self._rows), strict=True):
            self._world.publish(slot, array)

    def make_room(self) -> None:
        """Grow what a native found full.

        Raises:
            TooMuchWaits: there are as many rows as may be.
        """
        if self._rows[0] + LIST_WORDS > self._rows.size:
            self._rows = larger(self._rows, FIRST_ROW + LIST_WORDS * MOST_ROWS)
        capacity = self._world.storage.entity_capacity
        if self._heads.size < 2 * capacity:
            grown = np.zeros(2 * capacity, np.int64)
            grown[: self._heads.size] = self._heads
            self._heads = grown
        self._publish()

    @property
    def arrays(self) -> tuple[I64, I64]:
        """The heads and the rows."""
        return (self._heads, self._rows)

    def hold(self, heads: I64, rows: I64) -> None:
        """Work on these arrays from now on."""
        self._heads, self._rows = heads, rows
        self._publish()

    @property
    def rows(self) -> I64:
        """The rows in use [n, LIST_WORDS], those among them that no list holds any more, as a view."""
        return self._rows[FIRST_ROW : int(self._rows[0])].reshape(-1, LIST_WORDS)

    def held(self, parties: int) -> I64:
        """Return how many rows each party has, those among them that no list holds any more."""
        return np.bincount(self.rows[:, OWNER], minlength=parties)

    def entries(self) -> I64:
        """Return all rows of entities that exist, by entity: [n, LIST_WORDS], the entity in place of NEXT."""
        out = np.zeros(self.rows.shape, np.int64)
        heads, rows = self._slots
        return out[: gather(self._world.table, int(heads), int(rows), out)]

    def fill(self, entries: I64) -> None:
        """Take the place of all lists: rows as `entries` gives them; between ticks only."""
        while (needed := FIRST_ROW + LIST_WORDS * len(entries)) > self._rows.size:
            self._rows = larger(self._rows, max(FIRST_ROW + LIST_WORDS * MOST_ROWS, needed))
        self._heads[:] = 0
        self.make_room()
        self._rows[0] = FIRST_ROW
        last: dict[int, int] = {}
        for entity, *words in entries.tolist():
            at = int(self._rows[0])
            index = (entity & 0xFFFFFFFF) - 1
            self._rows[at : at + LIST_WORDS] = [NO_ROW, *words]
            self._rows[0] = at + LIST_WORDS
            if entity in last:
                self._rows[last[entity] + NEXT] = at
            else:
                self._heads[2 * index : 2 * index + 2] = (entity, at)
            last[entity] = at

    def sweep(self) -> None:
        """Give rows back that no list holds any more, once they are the most; between ticks only."""
        used = len(self.rows)
        if used >= SWEEP_FROM:
            entries = self.entries()
            if 2 * len(entries) < used:
                self.fill(entries)

    @property
    def state(self) -> I64:
        """All lists as words, for the state hash."""
        entries = self.entries().copy()
        if self._key_hashes is not None:
            entries[:, KEY] = self._key_hashes(entries[:, KEY])
        return entries.ravel()

    @property
    def held_strings(self) -> I64:
        """Ids of the keys, where these are strings."""
        return np.zeros(0, np.int64) if self._key_hashes is None else self.entries()[:, KEY].copy()
