"""The pictures of the examples: what the script draws, and small."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.integration

ASSETS = Path(__file__).resolve().parents[2] / "assets"
sys.path.insert(0, str(ASSETS))
import draw_sprites  # noqa: E402, the folder of programs is no package

sys.path.remove(str(ASSETS))


def test_every_picture_is_drawn_by_the_script_and_all_are_small():
    files = list(draw_sprites.FOLDER.iterdir())
    assert {file.name for file in files} == set(draw_sprites.PICTURES)
    assert sum(file.stat().st_size for file in files) < 200_000


@pytest.mark.parametrize("name", draw_sprites.PICTURES)
def test_a_picture_is_what_the_script_draws(name):
    drawn = np.asarray(draw_sprites.PICTURES[name]().convert("RGBA")).astype(int)
    with Image.open(draw_sprites.FOLDER / name) as image:
        found = np.asarray(image.convert("RGBA")).astype(int)
    assert found.shape == drawn.shape
    # versions of Pillow smooth edges a little differently
    assert np.abs(found - drawn).mean() < 1.0
