"""Hashes of what the ticks of a game depend on beside its input: its files, by their names.

Those are its scene with what it includes, the tables of its mods, its scripts with what they import, and its
map. Images, sounds and fonts are only seen and heard: they may be others.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from engine.scene.mods.mod_file import MOD_FILE
from lang.source import parts_of

if TYPE_CHECKING:
    from engine.game.game import Game

DIGEST_BYTES = 16


def contents_of(game: Game) -> dict[str, str]:
    """Return the hash of each file of a game by its name, as hexadecimal digits."""
    scene = game.scene
    found = {_name(file, scene.folder): _digest(file.read_bytes()) for file in scene.files}
    for mod in scene.mods:
        for name in (MOD_FILE, *mod.file.content):
            found[f"{mod.prefix}{name}"] = _digest((mod.folder / name).read_bytes())
    for path, script in game.scripts.files.items():
        texts = {path: script.text}
        if script.program is not None:
            texts |= {part.name: part.text for part in parts_of(script.program.source)}
        found |= {name: _digest(text.encode()) for name, text in texts.items()}
    if scene.tilemap is not None:
        tiles = scene.tilemap.map
        shape = repr((tiles.solid.shape, tiles.objects)).encode()
        found[scene.tilemap.table.file] = _digest(shape + tiles.solid.tobytes() + tiles.cost.tobytes())
    return found


def differing(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    """Return the names of files that two runs do not share, sorted."""
    names = expected.keys() | found.keys()
    return sorted(name for name in names if expected.get(name) != found.get(name))


def _name(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=DIGEST_BYTES).hexdigest()
