"""Small maps of Tiled, written by the test: `#` is solid, `~` costs 5, `.` is floor, a blank nothing."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.render.png import encode_png

TILES = {" ": 0, ".": 1, "#": 2, "~": 3}


def tiled_map(text, **more):
    """Return a map as Tiled's JSON."""
    rows = [line for line in text.splitlines() if line.strip()]
    width = max(map(len, rows))
    data = [TILES[cell] for line in rows for cell in line.ljust(width)]
    layer = {
        "type": "tilelayer",
        "id": 1,
        "name": "ground",
        "width": width,
        "height": len(rows),
        "x": 0,
        "y": 0,
        "opacity": 1,
        "visible": True,
        "data": data,
    }
    tiles = [
        {"id": 1, "properties": [{"name": "solid", "type": "bool", "value": True}]},
        {"id": 2, "properties": [{"name": "cost", "type": "float", "value": 5.0}]},
    ]
    tileset = {
        "firstgid": 1,
        "name": "tiles",
        "image": "tiles.png",
        "imagewidth": 32,
        "imageheight": 8,
        "tilewidth": 8,
        "tileheight": 8,
        "tilecount": 4,
        "columns": 4,
        "margin": 0,
        "spacing": 0,
        "tiles": tiles,
    }
    return {
        "type": "map",
        "version": "1.10",
        "tiledversion": "1.10.2",
        "orientation": "orthogonal",
        "renderorder": "right-down",
        "infinite": False,
        "width": width,
        "height": len(rows),
        "tilewidth": 8,
        "tileheight": 8,
        "nextlayerid": 2,
        "nextobjectid": 1,
        "layers": [layer],
        "tilesets": [tileset],
    } | more


@pytest.fixture
def maps(tmp_path):
    """Write a map into a folder with the image that it names; returns the file."""

    def write(found, name="map.tmj"):
        (tmp_path / "tiles.png").write_bytes(encode_png(np.full((8, 32, 3), 200, np.uint8)))
        file = tmp_path / name
        file.write_text(found if isinstance(found, str) else json.dumps(found))
        return file

    return write
