"""Plays scenes with particles shown: ``python play_scenes.py TICKS SCENE…`` prints each state hash."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.game.game import Game


def play(scene: Path, ticks: int) -> list[str]:
    """Return the state hash of each tick, and a line for each error of a script."""
    game = Game.load(scene)
    game.particles.is_shown = True
    hashes = []
    for _ in range(ticks):
        game.step()
        hashes.append(f"{game.state_hash():016x}")
    return hashes + [failure.diagnostic.message for failure in game.error_reports]


if __name__ == "__main__":
    for name in sys.argv[2:]:
        print(*play(Path(name), int(sys.argv[1])), sep="\n")
