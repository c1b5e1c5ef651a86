"""Room in the world's string table: it grows while most of it is in use, and is collected otherwise."""

from __future__ import annotations

from collections.abc import Callable

from engine.ecs.collect import collect_strings
from engine.ecs.layout import Counter, PartyWord, StringCounter
from engine.ecs.strings import ROW_BYTES
from engine.ecs.world import World
from engine.errors import StringTableFull
from lang.jit import I64

FIRST_COLLECTION = 1 << 20
"""Bytes, the rows of the table included, below which collecting is not worth its time."""
FREE_SHARE = 8
"""A collection must leave this part of a share free, or scripts could make one follow the other."""


class StringRoom:
    """Makes room for one more string; called when an intern answered "full"."""

    def __init__(self, world: World, held: Callable[[], I64]) -> None:
        """Take the world, and what tells the ids that are held outside of its columns."""
        self._world = world
        self._held = held
        self._next_collection = FIRST_COLLECTION

    def make(self, length: int) -> None:
        """Make room for a string of `length` bytes of the party that runs; 0: for something else.

        Raises:
            StringTableFull: what is in use leaves too little of the limit, or of the share of the party.
        """
        strings, storage = self._world.strings, self._world.storage
        party = int(storage.counters[Counter.PARTY])
        left = storage.parties[party]
        lacks = length > 0 and left[PartyWord.KEPT] < length + ROW_BYTES
        if lacks or self._size() >= self._next_collection or self._used() + length > strings.limit:
            before = int(strings.held[party])
            collect_strings(self._world, self._held())
            self._next_collection = max(2 * self._size(), FIRST_COLLECTION)
            left[PartyWord.KEPT] += before - int(strings.held[party])
            if lacks:
                held = int(strings.held[party])
                self._require(held, length + ROW_BYTES, held + int(left[PartyWord.KEPT]))
            elif len(storage.parties) == 1:
                self._require(self._used(), length, strings.limit)
        strings.make_room(length)

    def _require(self, used: int, length: int, limit: int) -> None:
        needed = used + max(length, limit // FREE_SHARE)
        if needed > limit:
            raise StringTableFull(needed, limit)

    def _used(self) -> int:
        return int(self._world.strings.counters[StringCounter.BYTES])

    def _size(self) -> int:
        return self._used() + ROW_BYTES * len(self._world.strings)
