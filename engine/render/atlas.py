"""The atlas: all images of a game in a few square pages, so that one draw call can show them all.

An image has a number that stays when it is replaced. Pages hold premultiplied colours: filtering between
an opaque and a transparent pixel is right for these only. The first page grows before a second one is
begun. A transparent pixel lies around each image, and drawing never reads outside an image's rectangle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadImage
from engine.render.packing import Skyline

FIRST_PAGE_SIZE = 256
LARGEST_PAGE_SIZE = 4096
MOST_PAGES = 4
REGION_WORDS = 5
"""Words of a region: page, x, y, width, height in pixels; row 0 of a page is the top of its images."""
PLACEHOLDER = 0
"""Number of the image that stands for one that cannot be shown."""

_GAP = 1
LARGEST_IMAGE = LARGEST_PAGE_SIZE - 2 * _GAP

Pixels = NDArray[np.uint8]


class Region(NamedTuple):
    """Where an image lies: its page, and its rectangle in pixels from the upper left corner of the page."""

    page: int
    x: int
    y: int
    width: int
    height: int

    def sides(self, frames: tuple[int, int] = (1, 1), frame: int = 0) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of one of its frames, in columns and rows, on its page."""
        width, height = self.width / frames[0], self.height / frames[1]
        left = self.x + width * (frame % frames[0])
        top = self.y + height * (frame // frames[0])
        return left, top + height, left + width, top


class Atlas:
    """Images packed into pages.

    Attributes:
        pages: [pages, size, size, 4] uint8, premultiplied red, green, blue, alpha.
        regions: [images, REGION_WORDS] int64, by number.
    """

    def __init__(self) -> None:
        self.pages: Pixels = np.zeros((1, FIRST_PAGE_SIZE, FIRST_PAGE_SIZE, 4), np.uint8)
        self.regions: NDArray[np.int64] = np.zeros((0, REGION_WORDS), np.int64)
        self._skylines = [Skyline(FIRST_PAGE_SIZE)]
        self._changed: list[Region] = []
        number = self.add(placeholder_pixels())
        assert number == PLACEHOLDER, "the first image is the placeholder"

    def add(self, pixels: Pixels) -> int:
        """Take an image [height, width, 4] of premultiplied colours and return its number.

        Raises:
            BadImage: it is too large, or all pages are full.
        """
        region = self._store(pixels)
        self.regions = np.concatenate([self.regions, np.array([region], np.int64)])
        return len(self.regions) - 1

    def replace(self, number: int, pixels: Pixels) -> None:
        """Put other pixels in the place of an image. Another size needs new room; the old one is lost.

        Raises:
            BadImage: as `add`.
        """
        old = self.region(number)
        if (old.height, old.width) == pixels.shape[:2] and number != PLACEHOLDER:
            self._write(old, pixels)
        else:
            self.regions[number] = self._store(pixels)

    def region(self, number: int) -> Region:
        """Return where an image lies."""
        return Region(*self.regions[number].tolist())

    def take_changes(self) -> list[Region]:
        """Return the rectangles that were written since the last call; pages may be new or larger as well."""
        changed, self._changed = self._changed, []
        return changed

    def _store(self, pixels: Pixels) -> Region:
        height, width = pixels.shape[:2]
        page, x, y = self._place(width + 2 * _GAP, height + 2 * _GAP)
        region = Region(page, x + _GAP, y + _GAP, width, height)
        self._write(region, pixels)
        return region

    def _write(self, region: Region, pixels: Pixels) -> None:
        page, x, y, width, height = region
        self.pages[page, y : y + height, x : x + width] = pixels
        self._changed.append(region)

    def _place(self, width: int, height: int) -> tuple[int, int, int]:
        if max(width, height) > LARGEST_PAGE_SIZE:
            most = f"{LARGEST_IMAGE} by {LARGEST_IMAGE}"
            raise BadImage(f"{width - 2 * _GAP} by {height - 2 * _GAP} pixels are too many: at most {most}")
        while True:
            for page, skyline in enumerate(self._skylines):
                place = skyline.place(width, height)
                if place is not None:
                    return (page, *place)
            self._make_room()

    def _make_room(self) -> None:
        count, size = self.pages.shape[:2]
        if size < LARGEST_PAGE_SIZE:
            self._resize(count, 2 * size)
        elif count < MOST_PAGES:
            self._resize(count + 1, size)
        else:
            raise BadImage("there is no room: all images together are too large")

    def _resize(self, count: int, size: int) -> None:
        old = self.pages
        self.pages = np.zeros((count, size, size, 4), np.uint8)
        self.pages[: old.shape[0], : old.shape[1], : old.shape[2]] = old
        for skyline in self._skylines:
            skyline.grow(size)
        self._skylines += [Skyline(size) for _ in range(count - len(self._skylines))]


def placeholder_pixels() -> Pixels:
    """Return the image that says at first sight that one is missing: a board of pink and black."""
    row, column = np.indices((16, 16)) // 4
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[(row + column) % 2 == 0] = (255, 0, 220, 255)
    pixels[..., 3] = 255
    return pixels
