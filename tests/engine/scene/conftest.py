"""Scenes written to a temporary folder."""

from __future__ import annotations

import pytest

from engine.scene import load_scene


class SceneFolder:
    """A folder with a scene file and empty scripts."""

    def __init__(self, path):
        self.path = path

    def script(self, name):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
        return file

    def write(self, text):
        file = self.path / "scene.toml"
        file.write_text(text, encoding="utf-8")
        return file

    def load(self, text, seed=None):
        return load_scene(self.write(text), seed)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "game").mkdir()
    return SceneFolder(tmp_path / "game")
