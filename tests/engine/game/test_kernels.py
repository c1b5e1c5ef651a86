"""What ticks call is there before the first one."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
from engine.game import Game
from lang.jit import Kernel, entry_points

def loaded():
    return {k.name for k in entry_points() if isinstance(k, Kernel) and k.dispatcher.overloads}

game = Game.load("examples/coin_rush/scene.toml")
before = loaded()
game.step()
print(sorted(loaded() - before))
"""


def test_the_first_tick_loads_no_kernel():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
