"""A small game with a folder of mods, written anew for each test."""

from pathlib import Path

import pytest

SCENE = """
[scene]
name = "Cave"
[mods]
load = [{load}]
[prefab.coin]
tag = "Coin"
health = {{ value = 5, max = 9 }}
script = "scripts/coin.rhai"
[[entity]]
prefab = "coin"
position = [1, 1]
"""
COUNTER = "let n = 0; fn on_update() { n += 1; }\n"


class Cave:
    """The game's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file("scripts/coin.rhai", COUNTER)

    def file(self, name: str, text: str | bytes) -> Path:
        """Write a file below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def mod(self, mod_id: str, content: str = "", more: str = "", version: str = "1.0") -> Path:
        """Write a mod."""
        if content:
            self.file(f"mods/{mod_id}/content.toml", content)
        self.file(f"mods/{mod_id}/mod.toml", f'id = "{mod_id}"\nversion = "{version}"\n{more}\n')
        return self.folder / "mods" / mod_id

    def scene(self, *load: str, more: str = "") -> Path:
        """Write a scene that loads mods, and return its file."""
        names = ", ".join(f'"{one}"' for one in load)
        return self.file("scene.toml", SCENE.format(load=names) + more)


@pytest.fixture
def cave(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.scene.mods.mod.user_mods_folder", lambda: tmp_path / "installed")
    monkeypatch.setattr("engine.scene.loader.user_trust_file", lambda: tmp_path / "trust.toml")
    return Cave(tmp_path / "cave")
