"""Values that scene files write as text or lists: colours, numbers with bounds, positions.

NaN and infinity are numbers in TOML; the bounds refuse them, so nothing behind the loader must.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Protocol, Self

from msgspec import Meta

LARGEST = 1e9

Number = Annotated[float, Meta(ge=-LARGEST, le=LARGEST)]
Positive = Annotated[float, Meta(gt=0.0, le=LARGEST)]
NotNegative = Annotated[float, Meta(ge=0.0, le=LARGEST)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Vector = tuple[Number, Number]
Size = tuple[Positive, Positive]
Position = Annotated[tuple[Number, ...], Meta(min_length=2, max_length=3)]
Integer = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]

COLOR_FORMS = '"#rgb", "#rrggbb" or "#rrggbbaa"'
_COLOR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


class Written(Protocol):
    """A type of ours that a scene writes in forms that msgspec does not know."""

    forms: ClassVar[str]
    """What may be written, for messages and for the page of all keys."""
    schema: ClassVar[dict[str, Any]]
    """The same as JSON schema."""

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read what TOML made of it; anything that is not one of the forms is a ValueError."""

    def toml(self) -> str:
        """Return it as a scene writes it."""


class Color(int):
    """A colour as 0xRRGGBBAA."""

    __slots__ = ()
    forms: ClassVar[str] = COLOR_FORMS
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{_COLOR.pattern}$"}

    @classmethod
    def parse(cls, text: object) -> Color:
        """Read ``"#rgb"``, ``"#rrggbb"`` (opaque) or ``"#rrggbbaa"``; anything else is a ValueError."""
        if not isinstance(text, str) or not _COLOR.fullmatch(text):
            shown = f'"{text}"' if isinstance(text, str) else repr(text)
            raise ValueError(f"{shown} is not a colour")
        digits = text[1:]
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return cls(int(digits.ljust(8, "f"), 16))

    def toml(self) -> str:
        """Return it as a scene writes it."""
        return f'"#{self:08x}"'

    def channels(self) -> tuple[int, int, int, int]:
        """Return (red, green, blue, alpha), each 0..255."""
        return (self >> 24 & 255, self >> 16 & 255, self >> 8 & 255, self & 255)


def decode(wanted: type[Written], value: Any) -> Any:
    """Make the values that msgspec does not know: its hook for types of ours."""
    return wanted.parse(value)


@contextlib.contextmanager
def told_of(key: str) -> Iterator[None]:
    """Let a ValueError inside tell which key of a table it is about; `faults` reads that again."""
    try:
        yield
    except ValueError as fault:
        raise ValueError(f"`{key}`: {fault}") from None
