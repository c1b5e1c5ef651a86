"""Files that other libraries decode: images, sounds, maps of Tiled."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from engine.audio.sound_file import read_sound
from engine.errors import BadImage, BadMap, BadSound
from engine.render.image_files import read_image
from engine.render.png import encode_png
from engine.tilemap.tiled import read_map
from tests.fuzz.mutation import bytes_changed, words_changed
from tests.fuzz.target import ROOT, Bug, Target, Try, told

MOST_SAMPLES = 2_000_000
SIDE = 8


def image(folder: Path) -> Try:
    """Read images: pixels come out, or what is wrong."""
    file = folder / "a.png"

    def attempt(data: bytes) -> None:
        file.write_bytes(data)
        try:
            pixels = read_image(file)
        except BadImage as error:
            told(error)
            return
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 4:
            raise Bug(f"an image of {pixels.dtype} {pixels.shape}")

    return attempt


def images() -> Iterator[bytes]:
    """Yield a small image in each format."""
    pixels = (np.arange(SIDE * SIDE * 4) * 7 % 256).astype(np.uint8).reshape(SIDE, SIDE, 4)
    made = Image.fromarray(pixels)
    for form, mode in (("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "RGB"), ("WEBP", "RGBA"),
                       ("BMP", "RGB"), ("BMP", "P"), ("PNG", "1")):  # fmt: skip
        stream = BytesIO()
        (made.convert("L").convert("I;16") if mode == "I;16" else made.convert(mode)).save(stream, form)
        yield stream.getvalue()


def sound(folder: Path) -> Try:
    """Read sounds: finite samples come out, or what is wrong."""
    file = folder / "a.wav"

    def attempt(data: bytes) -> None:
        file.write_bytes(data)
        try:
            samples = read_sound(file, MOST_SAMPLES)
        except BadSound as error:
            told(error)
            return
        if samples.dtype != np.float32 or samples.ndim != 2 or not np.isfinite(samples).all():
            raise Bug(f"samples of {samples.dtype} {samples.shape}")

    return attempt


def sounds() -> Iterator[bytes]:
    """Yield a short sound in each format."""
    import soundfile

    wave = 0.5 * np.sin(np.arange(400) / 9.0)
    for form, kind in (("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAV", "IMA_ADPCM"), ("OGG", "VORBIS")):
        for samples, rate in ((wave, 44_100), (np.stack([wave, -wave], 1), 22_050)):
            stream = BytesIO()
            soundfile.write(stream, samples, rate, subtype=kind, format=form)
            yield stream.getvalue()


def tile_map(folder: Path) -> Try:
    """Read maps, as JSON or XML."""
    (folder / "tiles.png").write_bytes(encode_png(np.zeros((SIDE, 4 * SIDE, 3), np.uint8)))
    (folder / "tiles.tsx").write_text(TILESET, encoding="utf-8")
    files = {False: folder / "a.tmj", True: folder / "a.tmx"}

    def attempt(data: bytes) -> None:
        file = files[data.lstrip()[:1] == b"<"]
        file.write_bytes(data)
        try:
            found = read_map(file, lambda path: path.is_relative_to(folder))
        except BadMap as error:
            told(error)
            return
        if found.solid.shape != found.cost.shape or not (found.cost >= 1.0).all():
            raise Bug("the ground does not fit")

    return attempt


TILESET = (
    '<?xml version="1.0"?>\n<tileset name="t" tilewidth="8" tileheight="8" tilecount="4" columns="4">'
    '<image source="tiles.png" width="32" height="8"/><tile id="1"><properties>'
    '<property name="solid" type="bool" value="true"/></properties></tile></tileset>'
)
TMX = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<map version="1.10" tiledversion="1.10.2" infinite="0" '
    'orientation="orthogonal" renderorder="right-down" nextlayerid="3" nextobjectid="3" width="3" height="2" '
    'tilewidth="8" tileheight="8">'
    '<tileset firstgid="1" source="tiles.tsx"/><layer id="1" name="ground" width="3" height="2">'
    '<data encoding="csv">1,2,3,\n0,0,4</data></layer><objectgroup id="2" name="things">'
    '<object id="1" name="a" type="chest" x="4" y="4" width="8" height="8"/>'
    '<object id="2" name="b" x="4" y="4"><point/></object></objectgroup></map>'
)


def maps() -> Iterator[bytes]:
    """Yield small maps."""
    tileset = {
        "firstgid": 1, "name": "tiles", "image": "tiles.png", "imagewidth": 32, "imageheight": 8,
        "tilewidth": 8, "tileheight": 8, "tilecount": 4, "columns": 4, "margin": 0, "spacing": 0,
        "tiles": [
            {"id": 1, "properties": [{"name": "solid", "type": "bool", "value": True}]},
            {"id": 2, "properties": [{"name": "cost", "type": "float", "value": 5.0}]},
        ],
    }  # fmt: skip
    layer = {
        "type": "tilelayer", "id": 1, "name": "ground", "width": 2, "height": 2, "x": 0, "y": 0,
        "opacity": 1, "visible": True, "data": [1, 2, 3, 0],
    }  # fmt: skip
    things = {
        "type": "objectgroup", "draworder": "topdown", "id": 2, "name": "things", "opacity": 1,
        "visible": True, "x": 0, "y": 0,
        "objects": [
            {"id": 1, "name": "a", "type": "chest", "x": 4, "y": 4, "width": 8, "height": 8, "rotation": 0,
             "visible": True},
            {"id": 2, "name": "b", "type": "", "gid": 2, "x": 8, "y": 8, "width": 8, "height": 8,
             "rotation": 0, "visible": True},
        ],
    }  # fmt: skip
    whole = {
        "type": "map", "version": "1.10", "tiledversion": "1.10.2", "orientation": "orthogonal",
        "renderorder": "right-down", "infinite": False, "width": 2, "height": 2, "tilewidth": 8,
        "tileheight": 8, "nextlayerid": 3, "nextobjectid": 3, "tilesets": [tileset],
        "layers": [layer, things],
    }  # fmt: skip
    yield json.dumps(whole).encode()
    yield json.dumps({**whole, "tilesets": [{"firstgid": 1, "source": "tiles.tsx"}]}).encode()
    yield TMX.encode()
    arena = (ROOT / "examples" / "arena" / "maps" / "arena.tmj").read_bytes()
    yield re.sub(rb'"[^"]*tiles.png"', b'"tiles.png"', arena)


def image_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change an image; the checksums of a PNG are set right again, or nothing behind them would be read."""
    found = bytes_changed(data, other, random)
    return _summed(found) if found.startswith(b"\x89PNG\r\n\x1a\n") and random.random() < 0.8 else found


def _summed(data: bytes) -> bytes:
    import zlib

    found, at = bytearray(data), 8
    while at + 12 <= len(found):
        (size,) = struct.unpack_from(">I", found, at)
        if at + 12 + size > len(found):
            break
        struct.pack_into(">I", found, at + 8 + size, zlib.crc32(found[at + 4 : at + 8 + size]))
        at += 12 + size
    return bytes(found)


TARGETS = (
    Target("image", image, images, ("engine.render.image_files", "PIL.PngImagePlugin", "PIL.BmpImagePlugin"),
           image_changed),
    Target("sound", sound, sounds, ("engine.audio.sound_file",), bytes_changed),
    Target("map", tile_map, maps, ("engine.tilemap", "pytiled_parser"), words_changed),
)  # fmt: skip
