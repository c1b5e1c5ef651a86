"""Plays hostile scripts, a file of cases in one game: ``python play.py GROUP…`` prints how each ended.

A file of its own so that it can also be played with checked kernels (`tests/test_checked_kernels.py`).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.game.game import Game
from tests.hostile.cases import GROUPS, NOTHING, TICKS, cases_of, write_scene


def play(group: str) -> dict[str, str]:
    """Play the cases of a file; returns by name how each ended, and "others" for those of the game."""
    cases = cases_of(group)
    with tempfile.TemporaryDirectory() as folder:
        game = Game.load(write_scene(Path(folder) / "scene", cases))
        for _ in range(TICKS):
            game.step()
        ends: dict[str, str] = {}
        for failure in game.error_reports:
            ends.setdefault(failure.file, f"{failure.kind}:{failure.line}")
    found = {case.name: ends.pop(f"mods/hostile/{case.name}.rhai", NOTHING) for case in cases}
    return {**found, "others": ", ".join(ends)}


if __name__ == "__main__":
    for chosen in sys.argv[1:] or GROUPS:
        for name, end in play(chosen).items():
            print(chosen, name, end)
