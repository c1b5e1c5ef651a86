"""Values of effects that are drawn by chance or change over a life: ranges, curves, gradients.

Each is written in its shortest form: a number alone, a list, or a list with times.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

from engine.scene.values import COLOR_FORMS, LARGEST, Color

T = TypeVar("T", float, Color)
V = TypeVar("V")
R = TypeVar("R")

MOST_STOPS = 64
_NUMBER = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}


def _stops_schema(one: dict[str, Any]) -> dict[str, Any]:
    stop = {"type": "array", "prefixItems": [_NUMBER, one], "minItems": 2, "maxItems": 2}
    several = {"type": "array", "items": {"anyOf": [one, stop]}, "minItems": 1, "maxItems": MOST_STOPS}
    return {"anyOf": [one, several]}


def finite_number(value: object) -> float:
    """Read a number within the bounds of all numbers; anything else is a ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        raise ValueError(f"{shown} is not a number")  # noqa: TRY004 - msgspec reports ValueErrors alone
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"{value} is beyond {LARGEST:_.0f}")
    return float(value)


def _stops(value: object, parse: Callable[[object], T]) -> tuple[tuple[float, T], ...]:
    """Read a value, a list of values, or a list of [time, value]; times rise within 0 to 1."""
    if not isinstance(value, list):
        return ((0.0, parse(value)),)
    if not 1 <= len(value) <= MOST_STOPS:
        raise ValueError(f"expected 1 to {MOST_STOPS} stops, not {len(value)}")
    if all(isinstance(stop, list) for stop in value):
        if any(len(stop) != 2 for stop in value):
            raise ValueError("expected each stop as [part of the life, value]")
        stops = tuple((finite_number(time), parse(one)) for time, one in value)
        times = [time for time, _ in stops]
        if times != sorted(times) or times[0] < 0.0 or times[-1] > 1.0:
            raise ValueError("expected the parts of the life to rise from 0 to 1")
        return stops
    last = max(len(value) - 1, 1)
    return tuple((number / last, parse(one)) for number, one in enumerate(value))


class Range(tuple[float, float]):
    """The least and the most of a number that is drawn for each particle."""

    __slots__ = ()
    forms: ClassVar[str] = "a number, or [least, most]"
    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [_NUMBER, {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}]
    }

    @classmethod
    def parse(cls, value: object) -> Range:
        """Read ``0.5`` or ``[0.5, 1.0]``; anything else is a ValueError."""
        if not isinstance(value, list):
            number = finite_number(value)
            return cls((number, number))
        if len(value) != 2:
            raise ValueError(f"expected two numbers, not {len(value)}")
        least, most = (finite_number(one) for one in value)
        if least > most:
            raise ValueError("expected the least first")
        return cls((least, most))

    def toml(self) -> str:
        """Return it as a scene writes it."""
        return f"{self[0]}" if self[0] == self[1] else f"[{self[0]}, {self[1]}]"


class Curve(tuple[tuple[float, float], ...]):
    """A number that changes over a life: (part of the life, value), in between by straight lines."""

    __slots__ = ()
    forms: ClassVar[str] = "a number, a list of them over the life, or a list of [part of the life, number]"
    schema: ClassVar[dict[str, Any]] = _stops_schema({**_NUMBER, "minimum": 0.0})

    @classmethod
    def parse(cls, value: object) -> Curve:
        """Read ``0.3``, ``[0.1, 0.3, 0]`` or ``[[0, 0.1], [0.2, 0.3], [1, 0]]``; all else is a ValueError."""
        stops = _stops(value, finite_number)
        if any(one < 0.0 for _, one in stops):
            raise ValueError("expected no number below 0")
        return cls(stops)

    def toml(self) -> str:
        """Return it as a scene writes it."""
        return f"{self[0][1]}" if len(self) == 1 else str([list(stop) for stop in self])

    def at(self, part: float) -> float:
        """Return the value at a part of the life."""
        return _between(self, part, lambda low, high, share: low + (high - low) * share)


class Gradient(tuple[tuple[float, Color], ...]):
    """A colour that changes over a life: (part of the life, colour)."""

    __slots__ = ()
    forms: ClassVar[str] = (
        f"a colour ({COLOR_FORMS}), a list of them over the life, or a list of [part of the life, colour]"
    )
    schema: ClassVar[dict[str, Any]] = _stops_schema(Color.schema)

    @classmethod
    def parse(cls, value: object) -> Gradient:
        """Read ``"#fff"``, a list of colours, or a list of [part, colour]; anything else is a ValueError."""
        return cls(_stops(value, Color.parse))

    def toml(self) -> str:
        """Return it as a scene writes it."""
        if len(self) == 1:
            return self[0][1].toml()
        return "[" + ", ".join(f"[{time}, {color.toml()}]" for time, color in self) + "]"

    def at(self, part: float) -> tuple[float, ...]:
        """Return red, green, blue, alpha (0..255) at a part of the life."""

        def mix(low: Color, high: Color, share: float) -> tuple[float, ...]:
            pairs = zip(low.channels(), high.channels(), strict=True)
            return tuple(one + (other - one) * share for one, other in pairs)

        return _between(self, part, mix)


def _between(stops: tuple[tuple[float, V], ...], part: float, mix: Callable[[V, V, float], R]) -> R:
    """Return the value of a row of stops; before the first and after the last it stays."""
    if part <= stops[0][0]:
        return mix(stops[0][1], stops[0][1], 0.0)
    for (time, low), (after, high) in pairwise(stops):
        if part <= after:
            return mix(low, high, (part - time) / (after - time) if after > time else 1.0)
    return mix(stops[-1][1], stops[-1][1], 0.0)
