"""The sounds of the examples: what the script makes, small, loud enough, without clicks."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.audio.layout import TICK_FRAMES
from engine.game import Game

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "assets"))
import synthesise  # noqa: E402, the folder of programs is no package
import synthesise_arena  # noqa: E402

sys.path.remove(str(ROOT / "assets"))
SOUNDS = synthesise.SOUNDS | synthesise_arena.SOUNDS
FILES = sorted(SOUNDS)
LOOPS = {"battle.ogg", "theme.ogg"}


def test_every_file_is_made_by_the_script_and_all_are_small():
    found = {file for folder in {file.parent for file in FILES} for file in folder.iterdir()}
    assert found == set(FILES)
    assert sum(file.stat().st_size for file in FILES) < 1_700_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_what_the_script_makes(file):
    made = SOUNDS[file]()
    found, rate = soundfile.read(file)
    assert (rate, found.shape) == (synthesise.RATE, made.shape)
    if file.suffix == ".wav":
        assert np.abs(found - made).max() < 2 / 32768
    else:  # what OGG leaves out is not loud
        assert np.sqrt(np.mean((found - made) ** 2)) < 0.15 * np.sqrt(np.mean(made**2))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sound_is_loud_enough_has_no_offset_and_does_not_click(file):
    sound, _ = soundfile.read(file)
    assert 0.35 < np.abs(sound).max() < 0.92
    assert abs(sound.mean()) < 0.005
    if file.name in LOOPS:
        seam = np.concatenate([sound[-100:], sound[:100]])
        assert np.abs(np.diff(seam)).max() < 0.3 * np.abs(np.diff(sound)).max()
    else:
        assert np.abs(sound[[0, 1, -2, -1]]).max() < 0.02


def test_coin_rush_plays_its_music():
    game = Game.load(ROOT / "examples" / "coin_rush" / "scene.toml")
    mixer = game.audio.add_mixer()
    stream = []
    for _ in range(60):
        game.step()
        stream.append(mixer.render(TICK_FRAMES))
    stream = np.concatenate(stream)
    assert game.log.take_warnings() == []
    assert 0.02 < np.sqrt(np.mean(stream**2)) < 0.5
