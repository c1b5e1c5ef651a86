"""Times of the last frames and ticks, for the overlay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEPT = 120


class RecentTimes:
    """The last `KEPT` durations in milliseconds, in a ring."""

    def __init__(self) -> None:
        self._ring = np.zeros(KEPT)
        self._count = 0

    def add(self, milliseconds: float) -> None:
        """Append a duration; the oldest one is dropped."""
        self._ring[self._count % KEPT] = milliseconds
        self._count += 1

    def values(self) -> NDArray[np.float64]:
        """Return the durations kept, oldest first."""
        if self._count < KEPT:
            return self._ring[: self._count].copy()
        return np.roll(self._ring, -(self._count % KEPT))

    def median(self) -> float:
        """Return the middle duration, 0 when there is none yet."""
        return float(np.median(self.values())) if self._count else 0.0

    def worst(self) -> float:
        """Return the longest duration, 0 when there is none yet."""
        return float(self.values().max()) if self._count else 0.0
