"""Drawing the layers of a tile map, each between the layers of sprites where the scene has put it."""

from __future__ import annotations

from engine.app.shape_drawing import ShapeDrawing
from engine.render.atlas import PLACEHOLDER
from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.tile_instances import TileInstances
from engine.render.view import GameView
from engine.tilemap.ground import Ground


class TileLayerDrawing:
    """One layer of a map, in one draw call.

    Attributes:
        layer: where it lies among the layers of sprites.
    """

    def __init__(self, layer: int, instances: TileInstances, drawing: ShapeDrawing) -> None:
        self.layer = layer
        self._instances = instances
        self._drawing = drawing

    def draw(self, camera: Camera, _alpha: float) -> None:
        """Draw what is in sight; a map does not move within a tick."""
        rows = self._instances.build(camera)
        self._drawing.draw(rows, (camera.width, camera.height), camera.pixels_per_metre)


def tile_layers(game: GameView, images: Images, drawing: ShapeDrawing) -> list[TileLayerDrawing]:
    """Return the layers of a game's map, none without a map."""
    ground = game.ground
    if ground is None:
        return []
    names = tuple(ground.image_names)
    _tell_of_odd_sizes(game, ground, images)
    return [
        TileLayerDrawing(ground.layer + number, TileInstances(ground, layer, names, images), drawing)
        for number, layer in enumerate(ground.map.layers)
    ]


def _tell_of_odd_sizes(game: GameView, ground: Ground, images: Images) -> None:
    """Warn of images that columns and rows of tiles do not part into whole pixels."""
    for tileset, name in zip(ground.map.tilesets, ground.image_names, strict=True):
        if images.number(name) == PLACEHOLDER:
            continue
        region = images.region(name)
        if region.width % tileset.columns or region.height % tileset.rows:
            size, grid = f"{region.width} × {region.height}", f"{tileset.columns} × {tileset.rows}"
            game.warn(f"image {name}: {size} pixels are no grid of {grid} tiles; the tiles are cut askew")
