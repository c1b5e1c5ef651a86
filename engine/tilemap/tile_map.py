"""A tile map as arrays. Row 0 is the upper one, as in Tiled; metres are y up from the lower left corner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lang.jit import F64, I64

# Bits of a cell beside the number of its tile, as Tiled writes them.
FLIP_X, FLIP_Y, FLIP_DIAGONAL = 1 << 31, 1 << 30, 1 << 29
TILE_MASK = FLIP_DIAGONAL - 1


@dataclass(frozen=True, slots=True)
class Tileset:
    """One image of tiles side by side: tile `first + n` is its n-th, counted row by row."""

    first: int
    count: int
    columns: int
    rows: int
    image: Path


@dataclass(frozen=True, slots=True)
class TileLayer:
    """One layer: cells [rows, columns], 0 or a tile's number with flip bits; opacity 0 to 1."""

    name: str
    cells: I64
    opacity: float


@dataclass(frozen=True, slots=True)
class MapObject:
    """Something placed in the map: its middle and size in tiles, from the lower left corner, y up."""

    name: str
    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TileMap:
    """A whole map.

    Attributes:
        layers: from below upwards; hidden ones are not among them.
        solid: [rows, columns] bool: whether any layer has a tile there with the property `solid`.
        cost: [rows, columns] what a step over it costs: the highest `cost` of its tiles, 1 by default.
        files: that it was read from: the map itself and its tilesets.
    """

    layers: tuple[TileLayer, ...]
    tilesets: tuple[Tileset, ...]
    objects: tuple[MapObject, ...]
    solid: npt.NDArray[np.bool_]
    cost: F64
    files: tuple[Path, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.solid.shape[1], self.solid.shape[0]
