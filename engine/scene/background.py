"""``[[background]]``: images behind or before the world, which move with the camera by a part of its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from engine.scene.components import WHITE
from engine.scene.faults import read_table
from engine.scene.file_names import IMAGE, CheckedNames
from engine.scene.values import Color, Name, Size, Vector

Factor = Annotated[float, Meta(ge=0.0, le=10.0)]
Repeat = Literal["x", "y", "both", "none"]
_OF_SIZE = ("factor", "repeat", "offset", "drift")


class Background(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[background]]``: an image behind or before the world, such as hills, clouds or fog."""

    image: Name
    """An image file, found as that of a sprite."""
    size: Size | None = None
    """Width and height of one copy in metres; this or `cover`."""
    cover: bool = False
    """Whether it fills the view, whatever its shape and zoom, and stays there; its proportions are kept."""
    factor: tuple[Factor, Factor] = (0.5, 0.5)
    """How much it moves with the world, across and along: 0 is fixed to the screen, 1 moves as the world
    does, what is beyond 1 is nearer than the world."""
    repeat: Repeat = "x"
    """In which directions copies follow each other without end."""
    offset: Vector = (0.0, 0.0)
    """Metres from the middle of the scene to that of the image, seen by a camera in the scene's middle."""
    drift: Vector = (0.0, 0.0)
    """Its own speed in m/s, as clouds have one."""
    layer: Annotated[int, Meta(ge=-1000, le=1000)] = -1000
    """Drawn above the sprites of lower layers, under those of the same and of higher ones."""
    color: Color = WHITE
    """The image is multiplied with it."""

    def __post_init__(self) -> None:
        """Refuse what has no size, and what moves and does not."""
        if self.cover == (self.size is not None):
            raise ValueError("Expected either `size` or `cover = true`")
        defaults = dict(zip(self.__struct_fields__[1:], self.__struct_defaults__, strict=True))
        if self.cover and any(getattr(self, key) != defaults[key] for key in _OF_SIZE):
            raise ValueError(f"Expected {', '.join(_OF_SIZE)} with `size` only: what covers the view stays")


def read_backgrounds(
    rows: Iterable[Any], files: CheckedNames, file_of: Callable[[str], Path]
) -> tuple[Background, ...]:
    """Return the backgrounds of a scene.

    Args:
        rows: the raw tables.  files: checks names of images.  file_of: tells the file of a table.
    Raises:
        SceneError: a fault of a table, no such image.
    """
    found: list[Background] = []
    for number, raw in enumerate(rows, 1):
        table = f"background {number}"
        found.append(read_table(raw, Background, file=file_of(table), table=table))
        files.check(found[-1].image, IMAGE, table, "image")
    return tuple(found)
