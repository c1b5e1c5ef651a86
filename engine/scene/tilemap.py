"""`[tilemap]`: a map of Tiled in a scene, and what its objects become."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from engine.errors import BadMap, SceneError
from engine.scene.components import Shape, Trigger
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.file_names import MAP, CheckedNames
from engine.scene.values import Name, Positive, Vector
from engine.tilemap.tile_map import MapObject, TileMap
from engine.tilemap.tiled import read_map

TABLE = "tilemap"
TRIGGER_CLASS = "trigger"


class Tilemap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[tilemap]``: a map made with Tiled, its tiles, entities and triggers."""

    file: Name
    """A `.tmj` or `.tmx` file, looked for in the scene's folder, then in its folder `maps`. Tiles with the
    property `solid` are solid; nothing catches where one meets the next."""
    scale: Positive = 1.0
    """Metres of a tile."""
    position: Vector = (0.0, 0.0)
    """The lower left corner in metres."""
    layer: Annotated[int, Meta(ge=-1000, le=1000)] = -100
    """Layer of drawing of its lowest layer; each one above is one higher."""


class PlacedMap(Struct, frozen=True, kw_only=True):
    """A map in its place."""

    table: Tilemap
    map: TileMap

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the place in metres of one in tiles."""
        return (
            self.table.position[0] + self.table.scale * x,
            self.table.position[1] + self.table.scale * y,
        )

    def triggers(self, file: Path) -> tuple[Trigger, ...]:
        """Return the volumes among the objects.

        Raises:
            SceneError: one has no name or no size.
        """
        found = []
        for one in self.map.objects:
            if one.kind == TRIGGER_CLASS:
                if not (one.name and one.width > 0.0 and one.height > 0.0):
                    raise SceneError(file, TABLE, "file", "a trigger of the map has no name or no size")
                size = (one.width * self.table.scale, one.height * self.table.scale)
                place = self.place(one.x, one.y)
                found.append(Trigger(name=one.name, shape=Shape(box=size), position=place))
        return tuple(found)

    def entities(self, prefabs: Mapping[str, Any], file: Path) -> tuple[dict[str, Any], ...]:
        """Return the raw tables of the entities among the objects.

        Raises:
            SceneError: a class is no prefab's name.
        """
        objects = [one for one in self.map.objects if one.kind not in {"", TRIGGER_CLASS}]
        return tuple(self._entity(one, prefabs, file) for one in objects)

    def _entity(self, one: MapObject, prefabs: Mapping[str, Any], file: Path) -> dict[str, Any]:
        if one.kind not in prefabs:
            message = f'an object of the map has the class "{one.kind}", which is no prefab'
            allowed, hint = listed([*prefabs, TRIGGER_CLASS]), hint_for(one.kind, prefabs)
            raise SceneError(file, TABLE, "file", message, allowed=allowed, hint=hint)
        return {"prefab": one.kind, "position": list(self.place(one.x, one.y))}


def read_tilemap(raw: object, file: Path, names: CheckedNames) -> PlacedMap:
    """Read the table and its map.

    Raises:
        SceneError: something in them is wrong.
    """
    table = read_table(raw, Tilemap, file=file, table=TABLE)
    path = names.check(table.file, MAP, TABLE, "file").resolve()
    root = file.parent.resolve()
    try:
        found = read_map(path, lambda one: one.resolve().is_relative_to(root))
    except BadMap as fault:
        message = f'the map "{table.file}": {fault.message}'
        raise SceneError(file, TABLE, "file", message, hint=fault.hint) from None
    return PlacedMap(table=table, map=found)
