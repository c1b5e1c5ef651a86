"""The pairs of proxies that may touch within the next ticks.

They are found with grown AABBs and hold until a proxy leaves its own, or others are there: a heap at rest
never searches again. Each tick takes those of them whose own AABBs overlap, in their order: what a step does
never depends on when they were found.

Source of the idea: Verlet, Computer "experiments" on classical fluids (1967): lists of neighbours.
"""

from __future__ import annotations

from engine.geometry.hash_grid import Box
from engine.physics.broad_phase import find_pairs
from engine.physics.buffers import MOST_PAIRS, Buffers
from engine.physics.layout import MARGIN, Array, Count, Motion, Tick, Value, Word
from lang.jit import entry, kernel

TICKS_AHEAD = 3.0
"""A box is grown by what its body, or the usual one, which may hit it, goes in so many ticks."""
MOST_GROWTH = 0.5
"""Parts of the longer side of a box by which it may grow: one fast body may not be near to everything."""
LONGEST_WAIT = 64
"""Ticks that pass at most before grown boxes are tried again where they did not last."""


@entry("boolean(float64[:,::1], int64[:,::1], float64[:,::1], int64[::1], int64)")
def are_inside(values: Array, words: Array, grown: Array, ids: Array, count: int) -> bool:
    """Return whether proxies are those of the near pairs, each inside of its grown box."""
    for i in range(count):
        if words[i, Word.ENTITY] != ids[i]:
            return False
        low = (values[i, Value.MIN_X] >= grown[i, Box.MIN_X]) & (
            values[i, Value.MIN_Y] >= grown[i, Box.MIN_Y]
        )
        high = (values[i, Value.MAX_X] <= grown[i, Box.MAX_X]) & (
            values[i, Value.MAX_Y] <= grown[i, Box.MAX_Y]
        )
        if not (low & high):
            return False
    return True


@kernel
def _usual_speed(motion: Array, count: int) -> float:
    """Return the mean speed of the movable ones of ``count`` proxies in m/s."""
    total, movable = 0.0, 0
    for i in range(count):
        if motion[i, Motion.INVERSE_MASS] > 0.0:
            total += max(abs(motion[i, Motion.VX]), abs(motion[i, Motion.VY]))
            movable += 1
    return total / movable if movable > 0 else 0.0


@entry("void(float64[:,::1], float64[:,::1], int64[:,::1], float64[:,::1], int64[::1], int64, float64)")
def grow_boxes(
    values: Array, motion: Array, words: Array, grown: Array, ids: Array, count: int, seconds: float
) -> None:
    """Grow the boxes of proxies by what they go in so many seconds, and a margin; by nothing in 0 seconds."""
    usual = _usual_speed(motion, count)
    for i in range(count):
        ids[i] = words[i, Word.ENTITY]
        low_x, low_y = values[i, Value.MIN_X], values[i, Value.MIN_Y]
        high_x, high_y = values[i, Value.MAX_X], values[i, Value.MAX_Y]
        growth = 0.0
        if seconds > 0.0:
            speed = max(abs(motion[i, Motion.VX]), abs(motion[i, Motion.VY]), usual)
            most = MOST_GROWTH * max(high_x - low_x, high_y - low_y)
            growth = min(MARGIN + speed * seconds, most)
        grown[i, Box.MIN_X], grown[i, Box.MIN_Y] = low_x - growth, low_y - growth
        grown[i, Box.MAX_X], grown[i, Box.MAX_Y] = high_x + growth, high_y + growth


class NearPairs:
    """Keeps the near pairs of a step's buffers."""

    def __init__(self, buffers: Buffers) -> None:
        self._buffers = buffers
        self._has_lasted = True  # the last list that was found with grown boxes, for a tick more
        self._wait = 1  # ticks without growth after one that did not last
        self._left = 0  # of them

    def update(self) -> None:
        """Find the near pairs anew if they do not hold any more."""
        buffers = self._buffers
        counts = buffers.counts
        count = int(counts[Count.PROXIES])
        given = (buffers.grown, buffers.grown_ids, count)
        if counts[Count.LISTED] == count and are_inside(buffers.values, buffers.words, *given):
            self._has_lasted = True
        else:
            self._find_all(count, self._choose_seconds())
        buffers.grow_contacts(int(counts[Count.PAIRS]))

    def _choose_seconds(self) -> float:
        """Return for how long the next list shall hold: not at all for a while after one that did not."""
        if self._left > 0:
            self._left -= 1
            return 0.0
        if self._has_lasted:
            self._wait = 1
        else:
            self._left, self._wait = self._wait, min(2 * self._wait, LONGEST_WAIT)
        self._has_lasted = False
        return TICKS_AHEAD * float(self._buffers.tick[Tick.SECONDS])

    def _find_all(self, count: int, seconds: float) -> None:
        """Find the pairs of boxes that are grown by the way of some seconds.

        More than may be are found with boxes as they are; if those are too many too, the list is for once:
        which of them are left out must not depend on earlier ticks.
        """
        buffers = self._buffers
        found = self._find(count, seconds)
        if found > MOST_PAIRS and seconds > 0.0:
            found = self._find(count, 0.0)
        buffers.counts[Count.PAIRS] = min(found, buffers.pair_room)
        buffers.counts[Count.LISTED] = count if found <= buffers.pair_room else 0

    def _find(self, count: int, seconds: float) -> int:
        buffers = self._buffers
        grow_boxes(
            buffers.values, buffers.motion, buffers.words, buffers.grown, buffers.grown_ids, count, seconds
        )
        while True:
            found = int(find_pairs(buffers.grown[:count], buffers.pairs, buffers.grid, buffers.indices[1]))
            if found <= buffers.pair_room or buffers.pair_room == MOST_PAIRS:
                return found
            buffers.grow_pairs(found)
