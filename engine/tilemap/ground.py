"""The ground of a game: its tile map placed in the world, and ways over it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.ecs.layout import WorldSlot
from engine.ecs.storage import Column
from engine.ecs.values import Value
from engine.ecs.world import World
from engine.tilemap.boxes import merged_boxes
from engine.tilemap.layout import TABLES, Table, TileWord
from engine.tilemap.paths import cell_at, find_cells
from engine.tilemap.tile_map import TileMap
from engine.tilemap.traces import TRACE_WORDS, legs
from lang.jit import I64


class Ground:
    """A tile map in a world.

    Attributes:
        map: the map.  side: metres of a tile.  position: the lower left corner in metres.
        tiles: what compiled code knows of it, see `engine.tilemap.layout`.
        layer: of drawing, of its lowest layer.  image_names: of the images of its tilesets, in their order.
        boxes: the entities that make it solid.
    """

    def __init__(
        self,
        world: World,
        tile_map: TileMap,
        side: float,
        position: tuple[float, float],
        layer: int = 0,
        image_names: tuple[str, ...] = (),
    ) -> None:
        self.layer, self.image_names = layer, image_names
        self.boxes: I64 = np.zeros(0, np.int64)
        self.map, self.side, self.position = tile_map, side, position
        columns, rows = tile_map.size
        cost = np.where(tile_map.solid, 0.0, tile_map.cost)
        cells = columns * rows
        self.tiles: I64 = np.zeros(TileWord.FIRST_CELL + TABLES * cells + TRACE_WORDS, np.int64)
        self.tiles[TileWord.COLUMNS], self.tiles[TileWord.ROWS] = columns, rows
        free = cost[cost > 0.0]
        least = float(free.min()) if free.size else 1.0
        numbers = np.array([side, *position, least])
        self.tiles[TileWord.SIDE : TileWord.LEAST_COST + 1] = numbers.view(np.int64)
        self.tiles[TileWord.FIRST_CELL : TileWord.FIRST_CELL + cells] = cost.ravel().view(np.int64)
        self._path = TileWord.FIRST_CELL + int(Table.PATH) * cells
        world.publish(WorldSlot.TILES, self.tiles)

    def ways_found(self, tick: int) -> npt.NDArray[np.float64]:
        """Return the legs [n, 4] of the ways that scripts found in the last second, in metres."""
        return legs(self.tiles, tick)

    def spawn_boxes(self, world: World) -> I64:
        """Make the map solid: static boxes for runs of solid tiles; returns their ids."""
        boxes = np.array(merged_boxes(self.map.solid), np.float64).reshape(-1, 4)
        row, column, high, wide = boxes.T
        x = self.position[0] + (column + 0.5 * wide) * self.side
        y = self.position[1] + (self.map.size[1] - row - 0.5 * high) * self.side
        values: dict[int, Value] = {
            Field.COLLIDER_SHAPE: int(ShapeKind.BOX),
            Field.BODY_KIND: int(BodyKind.STATIC),
        }
        columns: dict[int, Column] = {
            Field.TRANSFORM_X: x,
            Field.TRANSFORM_Y: y,
            Field.TRANSFORM_PREVIOUS_X: x,
            Field.TRANSFORM_PREVIOUS_Y: y,
            Field.COLLIDER_HALF_WIDTH: 0.5 * self.side * wide,
            Field.COLLIDER_HALF_HEIGHT: 0.5 * self.side * high,
        }
        parts = [Component.TRANSFORM, Component.COLLIDER, Component.BODY]
        entities = world.spawn_many(parts, len(boxes), values, columns)
        cells = self.map.solid.size
        first = TileWord.FIRST_CELL + Table.BOX * cells
        box_of = self.tiles[first : first + cells].reshape(self.map.solid.shape)
        for entity, (top, left, rows, wide_by) in zip(
            entities.tolist(), boxes.astype(int).tolist(), strict=True
        ):
            box_of[top : top + rows, left : left + wide_by] = entity
        self.boxes = entities
        return entities

    def find_path(
        self, start: tuple[float, float], goal: tuple[float, float]
    ) -> list[tuple[float, float]] | None:
        """Return the turning points of the best way, in metres, `goal` the last; None: there is none.

        Raises:
            ValueError: a place is NaN or infinite.
        """
        if not all(map(math.isfinite, (*start, *goal))):
            raise ValueError("a place is NaN or infinite")
        count = int(find_cells(self.tiles, int(cell_at(self.tiles, *start)), int(cell_at(self.tiles, *goal))))
        if count < 0:
            return None
        columns, rows = self.map.size
        middles = []
        for cell in self.tiles[self._path : self._path + count].tolist():
            x = self.position[0] + (cell % columns + 0.5) * self.side
            middles.append((x, self.position[1] + (rows - cell // columns - 0.5) * self.side))
        return [*middles[:-1], goal]
