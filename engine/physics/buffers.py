"""The arrays that the kernels of a step work on, and their growth."""

from __future__ import annotations

import numpy as np

from engine.geometry.hash_grid import LEVEL_COUNT, Box, Level, most_slots
from engine.physics.contacts import Count
from engine.physics.layout import F64, I64, Contact, Event, Value, Word

FIRST_PROXIES = 256
FIRST_PAIRS = 1024
FIRST_EVENTS = 1024
MOST_PAIRS = 1 << 21
"""Pairs beyond are left out: who piles up thousands of colliders may not exhaust the machine's memory."""


class Buffers:
    """Scratch of one step, and the contacts and events that outlive it.

    Invariant: ``contacts`` and ``old_contacts`` have one shape.
    """

    def __init__(self) -> None:
        self.counts: I64 = np.zeros(len(Count), np.int64)
        self.levels: I64 = np.zeros((len(Level), LEVEL_COUNT + 1), np.int64)
        self._make_proxies(FIRST_PROXIES)
        self._make_pairs(FIRST_PAIRS)
        self.contacts: I64 = np.zeros((FIRST_PAIRS, len(Contact)), np.int64)
        self.old_contacts: I64 = np.zeros_like(self.contacts)
        self.grow_events(FIRST_EVENTS)

    def grow_proxies(self) -> None:
        """Make room for twice as many proxies."""
        self._make_proxies(2 * self.values.shape[0])

    @property
    def pair_room(self) -> int:
        """The number of pairs that fit; the row after them is the broad phase's scratch."""
        return len(self.pairs) - 1

    def grow_pairs(self, needed: int) -> None:
        """Make room for ``needed`` pairs or MOST_PAIRS."""
        self._make_pairs(min(max(needed, 2 * self.pair_room), MOST_PAIRS))

    def grow_contacts(self, needed: int) -> None:
        """Make room for at least ``needed`` contacts; those there are stay."""
        grown = np.zeros((max(needed, 2 * self.contacts.shape[0]), len(Contact)), np.int64)
        grown[: self.contacts.shape[0]] = self.contacts
        self.contacts, self.old_contacts = grown, np.zeros_like(grown)

    def grow_events(self, needed: int) -> None:
        """Make room for half as many events again as ``needed``; what the arrays held is lost."""
        capacity = needed + needed // 2
        self.raw_events: I64 = np.zeros((capacity, len(Event)), np.int64)
        self.events: I64 = np.zeros((capacity, len(Event)), np.int64)
        self.keys: I64 = np.zeros((capacity, 2), np.int64)
        self.other_keys: I64 = np.zeros((capacity, 2), np.int64)

    def swap_contacts(self) -> None:
        """Let the contacts become last tick's."""
        self.contacts, self.old_contacts = self.old_contacts, self.contacts

    def _make_proxies(self, capacity: int) -> None:
        self.values: F64 = np.zeros((capacity, len(Value)))
        self.words: I64 = np.zeros((capacity, len(Word)), np.int64)
        self.boxes: F64 = np.zeros((capacity, len(Box)))
        self.places: I64 = np.zeros((2, capacity), np.int64)
        self.moved = np.zeros(capacity, np.uint8)
        self.starts: I64 = np.zeros(most_slots(capacity), np.int64)

    def _make_pairs(self, room: int) -> None:
        self.pairs: I64 = np.zeros((room + 1, 3), np.int64)
        self.sorted_pairs: I64 = np.zeros((room + 1, 3), np.int64)
