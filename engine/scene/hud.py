"""``[[hud]]``: what lies over the picture at a fixed place, and the values of entities that it shows."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from engine.scene.components import WHITE, Frames
from engine.scene.values import Color, Name, Positive, Size, Vector, told_of

Anchor = Literal[
    "top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"
]
_SPECIFICATION = re.compile(r"([<>^])?([+ ])?0?[0-9]{0,2},?(\.[0-9]{1,2})?[dfgs%]?")
_PATH = "Expected a value as Tag.component.field, such as Player.health.value"


class Binding(NamedTuple):
    """A field of the first entity with a tag, and how it is written as text."""

    tag: str
    component: str
    field: str
    specification: str = ""

    def written(self, value: object) -> str:
        """Return the text of a value; one that the specification is not for is written plainly."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float) and not self.specification:
            return f"{value:g}"
        try:
            return format(value, self.specification)
        except ValueError:
            return str(value)


class Bar(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A box that is filled from the left."""

    value: Name
    """Which value fills it: `"Player.health.value"` is of the first entity with the tag Player."""
    max: Name | None = None
    """Which value is a full bar."""
    full: Positive = 1.0
    """The number that is a full bar, when `max` is absent."""
    size: Size = (120.0, 12.0)
    """Whole width and height in pixels."""
    color: Color = Color(0x6EE7A8FF)
    """Of the filled part."""
    background: Color = Color(0x00000080)
    """Of the whole."""

    def __post_init__(self) -> None:
        """Refuse what is no value."""
        for key, path in zip(("value", "max"), self.paths, strict=False):
            with told_of(key):
                parse_path(path)

    @property
    def paths(self) -> tuple[str, ...]:
        """The values that it shows."""
        return (self.value,) if self.max is None else (self.value, self.max)


class Hud(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[hud]]``: a text, a bar or an image over the picture, which no camera moves: one of the three."""

    text: Annotated[str, Meta(max_length=1000)] | None = None
    """The words. `{Player.health.value}` is a field of the first entity with the tag Player, nothing while
    there is none; `{Player.health.value:.0f}` writes it without decimals; `{{` is a brace."""
    bar: Bar | None = None
    """A bar of a value."""
    image: Name | None = None
    """An image file, found as that of a sprite."""
    anchor: Anchor = "top_left"
    """The place of the picture at which it lies."""
    offset: Vector = (0.0, 0.0)
    """Pixels: inward from the sides of its place; to the right and up from the middle."""
    size: Positive = 16.0
    """Height of a line of text in pixels."""
    color: Color = WHITE
    """Of the letters; an image is multiplied with it."""
    image_size: Size = (32.0, 32.0)
    """Whole width and height of the image in pixels."""
    frames: tuple[Frames, Frames] = (1, 1)
    """Frames side by side and above each other in the image."""
    frame: Annotated[int, Meta(ge=0)] = 0
    """Which frame is shown."""

    def __post_init__(self) -> None:
        """Refuse none and several, and a text that cannot be filled in."""
        if sum(part is not None for part in (self.text, self.bar, self.image)) != 1:
            raise ValueError("Expected exactly one of `text`, `bar` and `image`")
        if self.frame >= self.frames[0] * self.frames[1]:
            raise ValueError("Expected `frame` to be less than the number of `frames`, which count from 0")
        with told_of("text"):
            parse_text(self.text or "")

    @property
    def bindings(self) -> tuple[tuple[str, Binding], ...]:
        """The values that it shows, each with the key that names it."""
        if self.bar is not None:
            keys = ("bar.value", "bar.max")
            return tuple(zip(keys, (parse_path(path) for path in self.bar.paths), strict=False))
        parts = parse_text(self.text or "")
        return tuple(("text", part) for part in parts if isinstance(part, Binding))


def parse_path(path: str, specification: str = "") -> Binding:
    """Return the binding of a path; a ValueError tells what is wrong with it."""
    parts = path.split(".", 2)
    if len(parts) != 3 or not all(parts) or path != path.strip():
        raise ValueError(f"{_PATH}, not `{path}`")
    tag, component, field = parts
    return Binding(tag, component, field, specification)


def parse_text(text: str) -> tuple[str | Binding, ...]:
    """Return the parts of a text with values in braces; a ValueError tells what is wrong with it."""
    parts: list[str | Binding] = []
    try:
        found = list(Formatter().parse(text))
    except ValueError:
        raise ValueError("Expected a closing brace for each opening one; {{ and }} are braces") from None
    for literal, path, specification, conversion in found:
        if literal:
            parts.append(literal)
        if path is None:
            continue
        if conversion or not _SPECIFICATION.fullmatch(specification or ""):
            raise ValueError("Expected a form such as :.0f or :5.1f or :, after the value")
        parts.append(parse_path(path, specification or ""))
    return tuple(parts)
