"""How a run of the reference interpreter ends early."""

from __future__ import annotations

from typing import Any

from lang.source import NO_PLACE
from tests.reference.values import spelled, type_name

UNCATCHABLE = {"ErrorStackOverflow", "ErrorTooManyOperations", "ErrorDataTooLarge", "Parsing"}


class Fault(Exception):
    """A run-time error; `calls` grows, innermost first, as it leaves functions."""

    def __init__(self, kind: str, message: str, at: int = NO_PLACE, **fields: Any) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.at = at
        self.fields = fields
        self.plain = False  # raised by a plain operator: scripts see no place
        self.calls: list[tuple[str | None, int]] = []
        self.rethrown: dict[str, Any] = {}
        self.elsewhere: tuple[int, int] | None = None  # line and column in a text that the script reads
        self.outermost = 0  # place of the closure that is the last of them

    def placed(self, at: int) -> Fault:
        """Give it a place, unless it has one."""
        if self.at == NO_PLACE:
            self.at = at
        return self

    @property
    def catchable(self) -> bool:
        """Whether `catch` sees it."""
        return self.kind not in UNCATCHABLE


class Thrown(Fault):
    """A `throw`."""

    def __init__(self, value: Any, at: int) -> None:
        super().__init__("ErrorRuntime", "Runtime error", at)
        self.value = value


class Exit(Exception):
    """`exit(value)`."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class Return(Exit):
    """`return value`."""


class Break(Exit):
    """`break value`."""


class Continue(Exception):
    """`continue`."""


def race(at: int) -> Fault:
    """A variable is touched while a method works on it: scripts see no place."""
    fault = Fault("ErrorDataRace", "Data race detected", at)
    fault.plain = True
    return fault


def missing(name: str, values: list[Any], at: int = NO_PLACE) -> Fault:
    """No function of that name takes such values."""
    signature = f"{name} ({', '.join(map(spelled, values))})"
    return Fault("ErrorFunctionNotFound", f"Function not found: {signature}", at, function=signature)


def mismatch(value: Any, wanted: str, at: int = NO_PLACE) -> Fault:
    """A value of another type."""
    actual = type_name(value)
    if actual in {"range", "range="}:
        actual = f"core::ops::range::Range{'Inclusive' if actual == 'range=' else ''}<i64>"
    message = f"Data type incorrect: {actual} (expecting {wanted})"
    return Fault("ErrorMismatchDataType", message, at, actual=actual, requested=wanted)


def arithmetic(message: str, at: int = NO_PLACE) -> Fault:
    """A sum that does not work out."""
    return Fault("ErrorArithmetic", message, at)


def out_of_bounds(kind: str, index: int, length: int, at: int = NO_PLACE) -> Fault:
    """An index beyond an array's or string's end."""
    what, unit = ("Array", "element") if kind == "ErrorArrayBounds" else ("String", "character")
    container = what.lower()
    how = f"only {length} {unit}{'s' * (length != 1)} in {container}" if length else f"{container} is empty"
    return Fault(kind, f"{what} index {index} out of bounds: {how}", at, index=index, length=length)


def unbound(name: str, at: int) -> Fault:
    """No such variable."""
    return Fault("ErrorVariableNotFound", f"Variable not found: {name}", at, variable=name)
