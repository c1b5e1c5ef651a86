"""A replay of each example game, made here and done again."""

from pathlib import Path

import numpy as np
import pytest

import astraweave
from engine.game.recording import RecordingSession
from engine.game.replaying import ReplaySession
from engine.input.row import InputWord, held_row, mouse_of, states_of
from engine.replay.replay import read_replay

pytestmark = pytest.mark.integration

EXAMPLES = Path(astraweave.__file__).resolve().parent / "examples"
STEPS = 100


@pytest.mark.parametrize("name", ["arena", "arena/modded", "coin_rush", "patrol", "tiles"])
def test_a_replay_is_the_same_in_every_step(name, tmp_path):
    folder, _, scene_name = name.partition("/")
    scene, rng = EXAMPLES / folder / f"{scene_name or 'scene'}.toml", np.random.default_rng(7)
    down = np.zeros(0, np.int64)
    recording = RecordingSession(scene, file=tmp_path / "a.replay")
    for step in range(STEPS):
        row = recording.game.input.row
        if step % 6 == 0 or down.size != states_of(row).size:
            down = rng.integers(0, 2, states_of(row).size)
        row = held_row(row, down)
        mouse_of(row)[:] = rng.uniform(0.0, 20.0, 2)
        row[InputWord.CLICK] = rng.integers(0, 2)
        if recording.game.flow.is_halted:  # a menu is open: press whatever it has, a new beginning too
            row[InputWord.BUTTON] = rng.integers(1, recording.game.flow.button_count + 1)
        recording.step(row)
    recording.close()
    replay = read_replay(tmp_path / "a.replay")
    session = ReplaySession(replay, scene)
    while not session.is_over:
        session.step()
    session.close()
    assert session.divergence is None
    assert session.steps == STEPS
    assert len(set(replay.hashes.tolist())) > 30
