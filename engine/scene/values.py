"""Values that scene files write as text or lists: colours, numbers with bounds, positions.

NaN and infinity are numbers in TOML; the bounds refuse them, so nothing behind the loader must.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

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


class Color(int):
    """A colour as 0xRRGGBBAA."""

    __slots__ = ()

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

    def channels(self) -> tuple[int, int, int, int]:
        """Return (red, green, blue, alpha), each 0..255."""
        return (self >> 24 & 255, self >> 16 & 255, self >> 8 & 255, self & 255)


def decode(wanted: type, value: Any) -> Any:
    """Make the values that msgspec does not know: its hook for types of ours."""
    if wanted is Color:
        return Color.parse(value)
    raise NotImplementedError(wanted)
