"""The fixed-step clock: real seconds in, whole ticks out.

The simulation never sees this clock: it counts ticks of `STEP_SECONDS`. What real time brings beyond
`most_steps` in one frame is dropped, so that a slow machine slows down the game instead of falling
further behind with every frame.
"""

from __future__ import annotations

import math

TICKS_PER_SECOND = 60
STEP_SECONDS = 1.0 / TICKS_PER_SECOND
"""Seconds of one tick; what scripts see as `delta_time`."""

MOST_STEPS = 5
"""Ticks that one frame may catch up with."""

SLOWEST = 1.0 / 64.0
FASTEST = 8.0


class FixedClock:
    """An accumulator of real time, counted in ticks.

    ``alpha`` in [0, 1) tells how far the picture stands between the last tick and the next.
    """

    def __init__(self, most_steps: int = MOST_STEPS) -> None:
        if most_steps < 1:
            raise ValueError(f"most_steps must be at least 1, not {most_steps}")
        self.most_steps = most_steps
        self.paused = False
        self._speed = 1.0
        self._ticks_due = 0.0
        self._single_steps = 0

    @property
    def speed(self) -> float:
        """Game seconds a real second; 1 is normal, below is slow motion."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed must lie between {SLOWEST} and {FASTEST}, not {speed}")
        self._speed = speed

    @property
    def alpha(self) -> float:
        """How far the picture stands between the last tick and the next, 0 <= alpha < 1."""
        return self._ticks_due

    def step(self) -> None:
        """Ask for one tick while paused; the next `advance` returns it."""
        self._single_steps += 1

    def reset(self) -> None:
        """Forget the time that is due; after loading, say, or when the window was hidden."""
        self._ticks_due = 0.0
        self._single_steps = 0

    def advance(self, real_seconds: float) -> int:
        """Take in the real seconds since the last call and return how many ticks to run now.

        Raises:
            ValueError: the time is negative or not finite.
        """
        if not (math.isfinite(real_seconds) and real_seconds >= 0.0):
            raise ValueError(f"real_seconds must be finite and not negative, not {real_seconds}")
        if self.paused:
            steps = min(self._single_steps, self.most_steps)
            self._single_steps -= steps
            return steps
        self._single_steps = 0
        due = self._ticks_due + real_seconds * TICKS_PER_SECOND * self._speed
        whole = math.floor(due)
        self._ticks_due = due - whole
        return min(whole, self.most_steps)
