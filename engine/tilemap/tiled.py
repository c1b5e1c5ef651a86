"""Reads maps of Tiled (.tmj, .tmx). Strangers make maps: paths, sizes and encodings are checked first.

Compressed layers are refused: a few bytes of them may unpack to more than the machine holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytiled_parser
from pytiled_parser.layer import Layer, LayerGroup, ObjectLayer
from pytiled_parser.layer import TileLayer as TiledLayer

from engine.errors import BadMap
from engine.tilemap.tile_map import TILE_MASK, MapObject, TileLayer, TileMap, Tileset

LARGEST_FILE = 32_000_000
MOST_CELLS = 4_000_000
LARGEST_COST = 1_000.0
_TileProperties = dict[int, dict[str, Any]]


def read_map(file: Path, inside: Callable[[Path], bool]) -> TileMap:
    """Return the map of a file.

    Args:
        inside: tells whether a file may be read: one that lies in the scene's folder.
    Raises:
        BadMap: it cannot be read, names a file outside, or is of a kind that is not drawn.
    """
    seen: set[Path] = set()
    _check_file(file, inside, seen)
    try:
        return _read(file, inside, tuple(sorted(seen)))
    except BadMap:
        raise
    except Exception as error:  # noqa: BLE001 - the library stumbles, or hands on what is of another type
        raise BadMap(f"it is no map of Tiled: {type(error).__name__}: {error}") from None


def _read(file: Path, inside: Callable[[Path], bool], files: tuple[Path, ...]) -> TileMap:
    """Return the map of a file; the library gives what stands there, of whatever type that is."""
    found: Any = pytiled_parser.parse_map(file)
    if found.orientation != "orthogonal" or found.infinite:
        raise BadMap("only orthogonal maps of a fixed size are drawn", "switch `Infinite` off in Tiled")
    if found.tile_size.width != found.tile_size.height or found.tile_size.width <= 0:
        raise BadMap("tiles must be square")
    tilesets, properties = _tilesets(found, file.parent, inside)
    layers = list(_flat(found.layers))
    rows, columns = int(found.map_size.height), int(found.map_size.width)
    tiles = [layer for layer in layers if isinstance(layer, TiledLayer)]
    made = tuple(_layer(layer, (rows, columns), tilesets) for layer in tiles)
    solid, cost = _ground(made, (rows, columns), properties)
    objects = [one for layer in layers if isinstance(layer, ObjectLayer) for one in layer.tiled_objects]
    return TileMap(
        layers=tuple(one for one, layer in zip(made, tiles, strict=True) if layer.visible),
        tilesets=tilesets,
        objects=tuple(_object(one, rows, float(found.tile_size.width)) for one in objects),
        solid=solid,
        cost=cost,
        files=files,
    )


# --- before anything is parsed ------------------------------------------------------------------------


def _check_file(file: Path, inside: Callable[[Path], bool], seen: set[Path]) -> None:
    """Refuse what a file asks for and may not have, and the tilesets that it names as well."""
    if file in seen:
        return
    seen.add(file)
    if not inside(file):
        raise BadMap(f'"{file.name}" lies outside of the scene\'s folder')
    if not file.is_file():
        raise BadMap(f'no such file: "{file.name}"')
    if file.stat().st_size > LARGEST_FILE:
        raise BadMap(f'"{file.name}" is too large: at most {LARGEST_FILE:_} bytes')
    try:
        text = file.read_text(encoding="utf-8")
        nodes = list(_xml_nodes(text) if text.lstrip().startswith("<") else _json_nodes(json.loads(text)))
    except (UnicodeDecodeError, ValueError, RecursionError, ET.ParseError) as error:
        raise BadMap(f'"{file.name}" cannot be read: {error}') from None
    for node in nodes:
        _check_node(node)
        source = node.get("source")
        if isinstance(source, str) and source.lower().endswith((".tsx", ".tsj", ".json")):
            _check_file((file.parent / source).resolve(), inside, seen)


def _json_nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all tables of a JSON file, outer ones first."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list) and one and not isinstance(one[0], int | float):
            waiting += one


def _xml_nodes(text: str) -> Iterator[dict[str, Any]]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it declares entities")
    yield from (dict(element.attrib) for element in ET.fromstring(text).iter())  # noqa: S314 - no entities


def _check_node(node: dict[str, Any]) -> None:
    if node.get("compression") or node.get("encoding") == "base64":
        hint = "set `Tile Layer Format` to CSV in the map's properties"
        raise BadMap("its layers are compressed or in base64", hint)
    if "template" in node:
        raise BadMap("it uses object templates", "detach them in Tiled")
    try:
        cells = int(node.get("width", 0)) * int(node.get("height", 0)) if "tilewidth" in node else 0
    except (TypeError, ValueError, OverflowError):
        cells = 0  # the library tells
    if cells > MOST_CELLS:
        raise BadMap(f"it has {cells:_} cells: at most {MOST_CELLS:_}")


# --- what the library has read ------------------------------------------------------------------------


def _flat(layers: Any) -> Iterator[Layer]:
    for layer in layers or ():
        if isinstance(layer, LayerGroup):
            yield from _flat(layer.layers)
        else:
            yield layer


def _tilesets(
    found: Any, folder: Path, inside: Callable[[Path], bool]
) -> tuple[tuple[Tileset, ...], _TileProperties]:
    tilesets: list[Tileset] = []
    properties: _TileProperties = {}
    for first, one in found.tilesets.items():
        if one.image is None or not one.columns or one.margin or one.spacing:
            hint = "use a tileset based on one image, without margin and spacing"
            raise BadMap(f'the tileset "{one.name}" is not one image of tiles side by side', hint)
        if not all(isinstance(n, int) and 0 < n < TILE_MASK for n in (first, one.tile_count, one.columns)):
            raise BadMap(f'the tileset "{one.name}" has no proper numbers of tiles')
        image = (folder / one.image).resolve()  # of an external tileset the library knows the whole path
        if not inside(image) or not image.is_file():
            raise BadMap(f'no image "{Path(one.image).name}" in the scene\'s folder for "{one.name}"')
        rows = -(-one.tile_count // one.columns)
        tilesets.append(Tileset(first, one.tile_count, one.columns, rows, image))
        for number, tile in (one.tiles or {}).items():
            properties[first + number] = dict(tile.properties or {})
    return tuple(tilesets), properties


def _layer(layer: TiledLayer, shape: tuple[int, int], tilesets: tuple[Tileset, ...]) -> TileLayer:
    try:
        cells = np.array(layer.data, np.int64)
    except (TypeError, ValueError, OverflowError):
        cells = np.zeros((0, 0), np.int64)
    if cells.shape != shape:
        raise BadMap(f'the layer "{layer.name}" has not {shape[1]} by {shape[0]} cells')
    numbers = cells & TILE_MASK
    known = numbers == 0
    for one in tilesets:
        known |= (numbers >= one.first) & (numbers < one.first + one.count)
    if not known.all():
        raise BadMap(f'the layer "{layer.name}" has a tile {int(numbers[~known][0])} that no tileset has')
    return TileLayer(layer.name, cells, min(max(float(layer.opacity), 0.0), 1.0))


def _ground(
    layers: tuple[TileLayer, ...], shape: tuple[int, int], properties: _TileProperties
) -> tuple[Any, Any]:
    """Return where the map is solid, and what a step costs."""
    solid, cost = np.zeros(shape, np.bool_), np.ones(shape)
    for number, given in properties.items():
        price = given.get("cost", 1.0)
        if isinstance(price, bool) or not isinstance(price, int | float) or not 1.0 <= price <= LARGEST_COST:
            raise BadMap(f"the tile {number} has a `cost` of {price!r}: from 1 to {LARGEST_COST:_.0f}")
        if not isinstance(given.get("solid", False), bool):
            raise BadMap(f"the tile {number} has a property `solid` that is not true or false")
        for layer in layers:
            here = (layer.cells & TILE_MASK) == number
            solid |= here & given.get("solid", False)
            cost[here] = np.maximum(cost[here], float(price))
    return solid, cost


def _object(one: Any, rows: int, side: float) -> MapObject:
    """Return an object; one with a tile stands on its position, others hang from it."""
    width, height = float(one.size.width) / side, float(one.size.height) / side
    up = getattr(one, "gid", None) is not None
    y = rows - one.coordinates.y / side + (0.5 if up else -0.5) * height
    place = (one.coordinates.x / side + 0.5 * width, y)
    if one.rotation or not all(np.isfinite((*place, width, height))):
        raise BadMap(f'the object "{one.name}" is turned, or nowhere')
    return MapObject(str(one.name), str(one.class_ or ""), *place, width, height)
