"""Which image a sprite shows and where it lies in the atlas: one array for compiled code.

The array: how many buckets, pairs (hash of the name, number + 1) of open addressing, then the regions by
number. Names are found by the hash of their content, since ids of strings belong to one world and are
used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.ecs.components import Field
from engine.render.atlas import REGION_WORDS
from engine.render.shapes import FIRST_PAGE, InstanceWord
from lang.jit import kernel, words_in

_FIRST_BUCKETS = 64
_SHAPE = int(InstanceWord.SHAPE)
_LEFT, _BOTTOM = int(InstanceWord.LEFT), int(InstanceWord.BOTTOM)
_RIGHT, _TOP = int(InstanceWord.RIGHT), int(InstanceWord.TOP)


def image_table(numbers: Mapping[int, int], regions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the array for images by the hash of their names.

    Args:
        numbers: hash of the name to number.  regions: [images, REGION_WORDS], those of an atlas.
    """
    size = _FIRST_BUCKETS
    while size < 2 * len(numbers):
        size *= 2
    buckets = np.zeros((size, 2), np.int64)
    for content, number in numbers.items():
        at = _first_bucket(content, size - 1)
        while buckets[at, 1] != 0:
            at = (at + 1) & (size - 1)
        buckets[at] = content, number + 1
    return np.concatenate([[size], buckets.ravel(), regions.ravel()])


def _first_bucket(content: int, mask: int) -> int:
    return (content ^ (content >> 32)) & mask


@kernel
def image_number(images: Any, content: int) -> int:
    """Return the number of the image whose name has a hash, or -1."""
    mask = images[0] - 1
    at = (content ^ (content >> 32)) & mask
    while images[2 + 2 * at] != 0:
        if images[1 + 2 * at] == content:
            return int(images[2 + 2 * at]) - 1
        at = (at + 1) & mask
    return -1


@kernel
def write_frame(
    table: Any, sprite: int, images: Any, number: int, mirrors_x: bool, mirrors_y: bool, row: Any
) -> None:
    """Write into an instance the part of an image that a sprite shows.

    Frames beyond the last one begin again from the first: an animation may count on.
    """
    columns = max(1, words_in(table, 2 * Field.SPRITE_COLUMNS)[sprite])
    lines = max(1, words_in(table, 2 * Field.SPRITE_ROWS)[sprite])
    frame = words_in(table, 2 * Field.SPRITE_FRAME)[sprite] % (columns * lines)
    at = 1 + 2 * images[0] + REGION_WORDS * number
    width = images[at + 3] / columns
    height = images[at + 4] / lines
    left = images[at + 1] + width * (frame % columns)
    top = images[at + 2] + height * (frame // columns)
    row[_SHAPE] = FIRST_PAGE + images[at]
    row[_LEFT] = left + width if mirrors_x else left
    row[_RIGHT] = left if mirrors_x else left + width
    row[_TOP] = top + height if mirrors_y else top
    row[_BOTTOM] = top if mirrors_y else top + height
