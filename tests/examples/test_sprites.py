"""The pictures of the examples: what the script draws, and small."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.integration

ASSETS = Path(__file__).resolve().parents[2] / "assets"
sys.path.insert(0, str(ASSETS))
import draw_arena  # noqa: E402, the folder of programs is no package
import draw_sprites  # noqa: E402

sys.path.remove(str(ASSETS))


PICTURES = {draw_sprites.FOLDER / name: draw for name, draw in draw_sprites.PICTURES.items()}
PICTURES |= draw_arena.PICTURES


def test_every_picture_is_drawn_by_the_scripts_and_all_are_small():
    files = [file for folder in {file.parent for file in PICTURES} for file in folder.iterdir()]
    assert set(files) == set(PICTURES)
    assert sum(file.stat().st_size for file in files) < 300_000


@pytest.mark.parametrize("file", PICTURES, ids=lambda file: f"{file.parent.parent.name}-{file.stem}")
def test_a_picture_is_what_the_script_draws(file):
    drawn = np.asarray(PICTURES[file]().convert("RGBA")).astype(int)
    with Image.open(file) as image:
        found = np.asarray(image.convert("RGBA")).astype(int)
    assert found.shape == drawn.shape
    # versions of Pillow smooth edges a little differently
    assert np.abs(found - drawn).mean() < 1.0


def test_the_map_of_the_arena_is_what_the_script_draws():
    assert json.loads((draw_arena.FOLDER / "maps" / "arena.tmj").read_text()) == draw_arena.level()
