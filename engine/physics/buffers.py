"""The arrays that the kernels of a step work on, and their growth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.geometry.hash_grid import LEVEL_COUNT, Box, Level, most_slots
from engine.geometry.outlines import ROW
from engine.physics.constraints import CONSTRAINT_WORDS, Link
from engine.physics.layout import F64, I64, Contact, Count, Event, Manifold, Motion, Tick, Value, Word

FIRST_PROXIES = 256
FIRST_PAIRS = 1024
FIRST_EVENTS = 1024
MOST_PAIRS = 1 << 20
"""Pairs beyond are left out: who piles up thousands of colliders may not exhaust the machine's memory."""
SCRATCH_ROWS = 2
CONTACT_WORDS = len(Contact)
LINE = 64
"""Bytes of a line of the cache."""


def _zeros(shape: tuple[int, ...], kind: type) -> Any:
    """Return zeros of 8 bytes that begin with a line of the cache: rows of whole lines then do, too."""
    size = math.prod(shape)
    memory = np.zeros(8 * size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + 8 * size].view(kind).reshape(shape)


class Buffers:
    """Scratch of one step, and the contacts and events that outlive it.

    Attributes:
        contacts: [2, c, Contact]: this tick's and last tick's, see Count.SIDE.
        grown, grown_ids: the boxes and ids of the proxies that the near pairs were found with.
    """

    def __init__(self) -> None:
        self.tick: F64 = np.zeros(len(Tick))
        self.levels: I64 = _zeros((len(Level), LEVEL_COUNT + 1), np.int64)
        self.indices: I64 = np.zeros((3, max(FIRST_PROXIES, len(Count)) + 2), np.int64)
        self._make_proxies(FIRST_PROXIES)
        self._make_pairs(FIRST_PAIRS)
        self.contacts: I64 = _zeros((2, FIRST_PAIRS, CONTACT_WORDS), np.int64)
        self._make_constraints(FIRST_PAIRS)
        self.grow_events(FIRST_EVENTS)

    @property
    def counts(self) -> I64:
        """The scalars, see Count."""
        return self.indices[2]

    @property
    def bodies(self) -> tuple[F64, F64, I64, F64, F64]:
        """The arrays of `layout.Bodies`."""
        return (self.values, self.motion, self.words, self.corners, self.tick)

    @property
    def touching(self) -> tuple[I64, F64, I64, F64]:
        """The arrays of `layout.Touching`."""
        return (self.contacts, self.manifolds, self.links, self.constraints)

    @property
    def grid(self) -> tuple[I64, I64, I64, F64]:
        """The memory of the grid, see `layout.GRID_ARRAYS`."""
        return (self.levels, self.starts, self.places, self.boxes)

    def grow_proxies(self) -> None:
        """Make room for twice as many proxies."""
        self._make_proxies(2 * self.values.shape[0])
        self.grow_indices(self.values.shape[0])

    def grow_indices(self, needed: int) -> None:
        """Make room for ``needed`` entity indices and proxies; the counts stay."""
        if self.indices.shape[1] < needed + 2:
            grown = _zeros((3, needed + 2), np.int64)
            grown[2, : len(Count)] = self.counts[: len(Count)]
            self.indices = grown

    @property
    def pair_room(self) -> int:
        """The number of pairs that fit; the row after them is the broad phase's scratch."""
        return self.pairs.shape[1] - 1

    def grow_pairs(self, needed: int) -> None:
        """Make room for ``needed`` pairs or MOST_PAIRS."""
        self._make_pairs(min(max(needed, 2 * self.pair_room), MOST_PAIRS))

    def grow_contacts(self, needed: int) -> None:
        """Make room for at least ``needed`` contacts; those there are stay."""
        room = self.contacts.shape[1]
        if needed > room:
            grown = _zeros((2, max(needed, 2 * room), CONTACT_WORDS), np.int64)
            grown[:, :room] = self.contacts
            self.contacts = grown
            self._make_constraints(grown.shape[1])

    def grow_events(self, needed: int) -> None:
        """Make room for half as many events again as ``needed``; what the arrays held is lost."""
        capacity = needed + needed // 2
        self.raw_events: I64 = _zeros((capacity, len(Event)), np.int64)
        self.events: I64 = _zeros((capacity, len(Event)), np.int64)
        self.keys: I64 = _zeros((capacity, 2), np.int64)
        self.other_keys: I64 = _zeros((capacity, 2), np.int64)

    def _make_proxies(self, capacity: int) -> None:
        self.values: F64 = _zeros((capacity, len(Value)), np.float64)
        self.motion: F64 = _zeros((capacity, len(Motion)), np.float64)
        self.words: I64 = _zeros((capacity, len(Word)), np.int64)
        self.corners: F64 = _zeros((capacity + SCRATCH_ROWS, ROW), np.float64)
        self.boxes: F64 = _zeros((capacity, len(Box)), np.float64)
        self.grown: F64 = _zeros((capacity, len(Box)), np.float64)
        self.grown_ids: I64 = _zeros((capacity,), np.int64)
        self.counts[Count.LISTED] = 0
        self.places: I64 = _zeros((2, capacity), np.int64)
        self.starts: I64 = np.zeros(most_slots(capacity), np.int64)

    def _make_pairs(self, room: int) -> None:
        self.pairs: I64 = _zeros((2, room + 1, 2), np.int64)

    def _make_constraints(self, room: int) -> None:
        self.manifolds: F64 = _zeros((room, len(Manifold)), np.float64)
        self.links: I64 = _zeros((room, len(Link)), np.int64)
        self.constraints: F64 = _zeros((room, CONSTRAINT_WORDS), np.float64)
