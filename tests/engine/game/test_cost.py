"""What running costs: no compilation in a tick, little memory for an entity's scripts."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numba.core import event

from engine.game import Game
from engine.warm_up import warm_up

pytestmark = pytest.mark.integration

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


class Compilations(event.Listener):
    """Counts what Numba compiles."""

    def __init__(self):
        self.count = 0

    def on_start(self, event):
        self.count += 1

    def on_end(self, event):
        pass


def test_nothing_is_compiled_in_a_tick_once_the_cache_is_warm():
    warm_up()
    game = Game.load(EXAMPLES / "coin_rush" / "scene.toml")
    game.step()
    heard = Compilations()
    with event.install_listener("numba:compile", heard):
        for tick in range(120):
            game.set_actions(np.array([tick // 20 % 2, tick // 30 % 2, tick // 7 % 2, 0]))
            game.step()
            game.state_hash()
    assert heard.count == 0
    assert game.error_reports == []


def test_the_memory_of_a_thousand_patrols(folder):
    scene = (EXAMPLES / "patrol" / "scene.toml").read_text()
    with_scripts = folder.game(scene, patrol=(EXAMPLES / "patrol" / "patrol.rhai").read_text(), ticks=2)
    del with_scripts

    def bytes_of(scene):
        tracemalloc.start()
        game = folder.game(scene, ticks=3)
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        folder.games.remove(game)
        return used

    more = bytes_of(scene) - bytes_of(scene.replace('script = "patrol.rhai"', ""))
    assert more < 2 * 2**20
    print(f"{more / 2**20:.2f} MB for 1,000 patrols")
