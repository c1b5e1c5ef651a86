"""Functions on floats; those that are not exact are our own, so that every machine agrees."""

from __future__ import annotations

import math

from lang.numeric.transcendental import FUNCTIONS, evaluate
from lang.stdlib.overloads import FLOAT, INT, Library

LIBRARY = Library()


@LIBRARY.add("PI")
def pi() -> float:
    """The circle's number."""
    return math.pi


@LIBRARY.add("E")
def e() -> float:
    """The base of the natural logarithm."""
    return math.e


def _rounded(value: float, whole: int) -> float:
    return math.copysign(float(whole), value)


def _is_whole(value: float) -> bool:
    return not math.isfinite(value) or abs(value) >= 2.0**52


@LIBRARY.add("floor", FLOAT, is_property=True)
def floor(value: float) -> float:
    """The whole number below."""
    return value if _is_whole(value) else _rounded(value, math.floor(value))


@LIBRARY.add("ceiling", FLOAT, is_property=True)
def ceiling(value: float) -> float:
    """The whole number above."""
    return value if _is_whole(value) else _rounded(value, math.ceil(value))


@LIBRARY.add("round", FLOAT, is_property=True)
def round_half_away(value: float) -> float:
    """The nearest whole number, halves away from zero."""
    if _is_whole(value):
        return value
    whole = math.floor(abs(value))
    return _rounded(value, whole + (abs(value) - whole >= 0.5))


@LIBRARY.add("int", FLOAT, is_property=True)
def integral(value: float) -> float:
    """Without its fraction."""
    return value if _is_whole(value) else _rounded(value, math.trunc(value))


@LIBRARY.add("fraction", FLOAT, is_property=True)
def fraction(value: float) -> float:
    """What `int` leaves out."""
    return value - integral(value)


@LIBRARY.add("is_nan", FLOAT, is_property=True)
def is_nan(value: float) -> bool:
    """Whether it is no number."""
    return math.isnan(value)


@LIBRARY.add("is_finite", FLOAT, is_property=True)
def is_finite(value: float) -> bool:
    """Whether it is neither infinite nor no number."""
    return math.isfinite(value)


@LIBRARY.add("is_infinite", FLOAT, is_property=True)
def is_infinite(value: float) -> bool:
    """Whether it is infinite."""
    return math.isinf(value)


@LIBRARY.add("is_zero", FLOAT, is_property=True)
@LIBRARY.add("is_zero", INT, is_property=True)
def is_zero(value: float) -> bool:
    """Whether it is zero."""
    return value == 0


@LIBRARY.add("to_radians", FLOAT)
def to_radians(value: float) -> float:
    """Degrees to radians."""
    return value * (math.pi / 180.0)


@LIBRARY.add("to_degrees", FLOAT)
def to_degrees(value: float) -> float:
    """Radians to degrees."""
    return value * (180.0 / math.pi)


@LIBRARY.add("log", FLOAT)
def logarithm(value: float) -> float:
    """To base 10."""
    return evaluate("log10", value)


@LIBRARY.add("log", FLOAT, FLOAT)
def logarithm_to(value: float, base: float) -> float:
    """To a base."""
    return evaluate("log", value, base)


def _declare() -> None:
    for name in FUNCTIONS:
        if name in ("sin", "cos", "atan", "hypot", "log", "log10", "atan2"):
            continue

        def function(value: float, name: str = name) -> float:
            return evaluate(name, value, 0.0)

        LIBRARY.add(name, FLOAT)(function)


_declare()
