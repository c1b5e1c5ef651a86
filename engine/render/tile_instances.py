"""Tiles in sight as instances: made anew only when the view comes to other chunks of the map.

Every instance shows one frame of the tileset's image in the atlas. A tile that Tiled has turned is mirrored
and turned by a quarter: a flip along the diagonal is a flip upside down, then a quarter turn clockwise.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.shapes import FIRST_PAGE, INSTANCE_WORDS, InstanceWord
from engine.tilemap.ground import Ground
from engine.tilemap.tile_map import FLIP_DIAGONAL, FLIP_X, FLIP_Y, TILE_MASK, TileLayer
from lang.jit import I64

CHUNK = 16
"""Cells of a side of a chunk."""
_OVERLAP = 1.0 / 1024.0
"""Part of a tile by which its neighbours overlap: roundings would leave gaps."""
_WHITE = 0x00FFFFFF

Range = tuple[int, int, int, int]


class TileInstances:
    """The tiles of one layer of a map."""

    def __init__(self, ground: Ground, layer: TileLayer, names: tuple[str, ...], images: Images) -> None:
        """Take the layer, and the names of the images of the map's tilesets in their order."""
        self._ground = ground
        self._layer = layer
        self._names = names
        self._images = images
        self._made_for: tuple[Range, bytes] | None = None
        self._rows = np.zeros((0, INSTANCE_WORDS), np.float32)
        self._places = np.zeros((0, 2))

    def build(self, camera: Camera) -> NDArray[np.float32]:
        """Return [tiles in sight, INSTANCE_WORDS], valid until the next call."""
        regions = np.array([self._images.region(name) for name in self._names], np.int64)
        wanted = (self._chunks_in_sight(camera), regions.tobytes())
        if wanted != self._made_for:
            self._make(wanted[0], regions)
            self._made_for = wanted
        self._rows[:, InstanceWord.X : InstanceWord.Y + 1] = self._places - (camera.x, camera.y)
        return self._rows

    def _chunks_in_sight(self, camera: Camera) -> Range:
        """Return first row, row after the last, first column, column after the last, in whole chunks."""
        ground = self._ground
        columns, rows = ground.map.size
        x, y = camera.x - ground.position[0], camera.y - ground.position[1]
        chunk = CHUNK * ground.side
        high = rows * ground.side
        left, right = ((x + side * camera.half_width) / chunk for side in (-1.0, 1.0))
        top, bottom = ((high - y + side * camera.half_height) / chunk for side in (-1.0, 1.0))
        first_row, last_row = _whole(top, bottom, rows)
        first_column, last_column = _whole(left, right, columns)
        return first_row, last_row, first_column, last_column

    def _make(self, cells: Range, regions: I64) -> None:
        first_row, last_row, first_column, last_column = cells
        part = self._layer.cells[first_row:last_row, first_column:last_column]
        row, column = np.nonzero(part & TILE_MASK)
        words = part[row, column]
        ground = self._ground
        high = ground.map.size[1]
        self._places = np.stack(
            [
                ground.position[0] + (column + first_column + 0.5) * ground.side,
                ground.position[1] + (high - row - first_row - 0.5) * ground.side,
            ],
            axis=1,
        )
        self._rows = np.zeros((words.size, INSTANCE_WORDS), np.float32)
        half = 0.5 * ground.side * (1.0 + _OVERLAP)
        self._rows[:, InstanceWord.HALF_WIDTH : InstanceWord.HALF_HEIGHT + 1] = half
        alpha = round(255.0 * self._layer.opacity)
        self._rows.view(np.int32)[:, InstanceWord.COLOR] = np.uint32(alpha << 24 | _WHITE).view(np.int32)
        self._show_frames(words, regions)

    def _show_frames(self, words: I64, regions: I64) -> None:
        rows, numbers = self._rows, words & TILE_MASK
        for tileset, (page, x, y, wide, high) in zip(
            self._ground.map.tilesets, regions.tolist(), strict=True
        ):
            which = (numbers >= tileset.first) & (numbers < tileset.first + tileset.count)
            frame = numbers[which] - tileset.first
            width, height = wide / tileset.columns, high / tileset.rows
            left, top = x + width * (frame % tileset.columns), y + height * (frame // tileset.columns)
            rows[which, InstanceWord.SHAPE] = FIRST_PAGE + page
            rows[which, InstanceWord.LEFT], rows[which, InstanceWord.RIGHT] = left, left + width
            rows[which, InstanceWord.TOP], rows[which, InstanceWord.BOTTOM] = top, top + height
        is_turned = words & FLIP_DIAGONAL != 0
        flips_x, flips_y = words & FLIP_X != 0, words & FLIP_Y != 0
        rows[is_turned, InstanceWord.ROTATION] = -0.5 * math.pi
        _swap(rows, np.where(is_turned, flips_y, flips_x), InstanceWord.LEFT, InstanceWord.RIGHT)
        _swap(rows, np.where(is_turned, ~flips_x, flips_y), InstanceWord.TOP, InstanceWord.BOTTOM)


def _swap(rows: NDArray[np.float32], which: NDArray[np.bool_], a: int, b: int) -> None:
    rows[which, a], rows[which, b] = rows[which, b].copy(), rows[which, a].copy()


def _whole(begin: float, end: float, cells: int) -> tuple[int, int]:
    """Return the cells of the chunks between two places in chunks, first and after the last."""
    most = -(-cells // CHUNK)
    first = min(max(math.floor(begin), 0), most) if math.isfinite(begin) else 0
    last = min(max(math.ceil(end), first), most) if math.isfinite(end) else most
    return first * CHUNK, min(last * CHUNK, cells)
