"""What ticks took: scripts, physics, the whole."""

from __future__ import annotations

import numpy as np

WARM_UP_TICKS = 60
"""Ticks at the start that do not count."""
TICKS_KEPT = 1 << 15
"""Nine minutes; a game may run for weeks."""
NANOSECONDS_PER_MILLISECOND = 1e6


class GameTimes:
    """Times of the last ticks.

    Attributes:
        script: nanoseconds that scripts took in the present tick, added up by the game.
    """

    def __init__(self) -> None:
        self.script = 0
        self._rows = np.zeros((1024, 3))
        self._count = 0

    def add(self, tick: int, physics: int) -> None:
        """Note a finished tick: nanoseconds of the whole and of physics."""
        if self._count == len(self._rows) < TICKS_KEPT:
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self._count % TICKS_KEPT] = (self.script, physics, tick)
        self._count += 1

    def summary(self) -> dict[str, dict[str, float]]:
        """Return median and 95th percentile of `script`, `physics`, `tick` in ms, after the first ticks."""
        first = WARM_UP_TICKS if self._count <= TICKS_KEPT else 0
        rows = self._rows[first : self._count] / NANOSECONDS_PER_MILLISECOND
        return {
            name: {
                "median": round(float(np.median(rows[:, at])), 6) if len(rows) else 0.0,
                "p95": round(float(np.percentile(rows[:, at], 95)), 6) if len(rows) else 0.0,
            }
            for at, name in enumerate(("script", "physics", "tick"))
        }
