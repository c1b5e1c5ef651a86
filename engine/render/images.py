"""The images of a game: loaded by name when first asked for, shown from one atlas.

An image that cannot be shown is told once, and a placeholder stands for it: a game goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.ecs.strings import content_hash
from engine.errors import BadFileName, BadImage
from engine.render.atlas import PLACEHOLDER, Atlas, Region
from engine.render.image_files import read_image
from engine.render.image_table import image_table
from engine.scene.file_names import IMAGE, FileNames

MOST_NAMES = 4096
"""Names that are looked for; a script could make up new ones in every tick."""


class Images:
    """Images by name, in an atlas.

    Attributes:
        atlas: where their pixels lie.
    """

    def __init__(self, files: FileNames, warn: Callable[[str], None]) -> None:
        self.atlas = Atlas()
        self._files = files
        self._warn = warn
        self._numbers: dict[str, int] = {}
        self._by_content: dict[int, int] = {}
        self._table: NDArray[np.int64] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that was asked for, also those of images that cannot be shown."""
        return tuple(self._numbers)

    @property
    def table(self) -> NDArray[np.int64]:
        """What compiled code knows of the images, see `engine.render.image_table`."""
        if self._table is None:
            self._table = image_table(self._by_content, self.atlas.regions)
        return self._table

    def places(self, name: str) -> list[Path]:
        """Return the files that a name may stand for, whether they are there or not."""
        return self._files.places(name, IMAGE)

    def number(self, name: str) -> int:
        """Return the number of an image in the atlas, loading it if need be; PLACEHOLDER if it cannot be."""
        if name not in self._numbers and len(self._numbers) < MOST_NAMES:
            self._set(name, self._load(name))
        return self._numbers.get(name, PLACEHOLDER)

    def region(self, name: str) -> Region:
        """Return where an image lies in the atlas."""
        return self.atlas.region(self.number(name))

    def load(self, names: Iterable[str]) -> bool:
        """Load images before they are first seen; returns whether there was a new name."""
        before = len(self._numbers)
        for name in names:
            self.number(name)
        return len(self._numbers) > before

    def reload(self, name: str) -> bool:
        """Read an image again; returns whether it could be. A bad one keeps what was shown before."""
        number = self._numbers.get(name, PLACEHOLDER)
        if number == PLACEHOLDER:
            self._set(name, self._load(name))
            return self._numbers[name] != PLACEHOLDER
        try:
            self.atlas.replace(number, read_image(self._files.find(name, IMAGE)))
        except (BadFileName, BadImage) as error:
            self._warn(f"image {name}: {error}; the last version is shown")
            return False
        self._table = None
        return True

    def _set(self, name: str, number: int) -> None:
        self._numbers[name] = number
        self._by_content[content_hash(name)] = number
        self._table = None

    def _load(self, name: str) -> int:
        try:
            return self.atlas.add(read_image(self._files.find(name, IMAGE)))
        except (BadFileName, BadImage) as error:
            self._warn(f"image {name}: {error}")
            return PLACEHOLDER
