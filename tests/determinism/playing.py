"""Plays an example game with nobody there: bots where there is one, else keys by the toss of a seeded coin.

``python -m tests.determinism.playing NAMES TICKS EVERY`` writes a line every so many ticks: how many were
done, the state hash, megabytes of the process, milliseconds of the processor that a tick took.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from engine.game.session import GameSession
from engine.input.row import InputWord, held_row, mouse_of, states_of
from tests.examples import arena_player, coin_rush_bot

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GAMES = ("coin_rush", "arena", "patrol", "tiles", "guard")
WITH_BOTS = {"coin_rush": coin_rush_bot.Bot, "arena": arena_player.Bot}
HELD_FOR = 6  # ticks
PAGE_BYTES = 4096
MOST_STEPS_WITHOUT_TICK = 100


class Tosser:
    """Holds keys and moves the mouse as a seeded generator has it; presses any button of an open screen."""

    def __init__(self):
        self._rng = np.random.default_rng(7)
        self._down = np.zeros(0, np.int64)
        self._steps = 0

    def row(self, game):
        """Return the row of input of the next tick."""
        rng, count = self._rng, states_of(game.input.row).size
        if self._steps % HELD_FOR == 0 or self._down.size != count:
            self._down = rng.integers(0, 2, count)
        self._steps += 1
        row = held_row(game.input.row, self._down)
        mouse_of(row)[:] = rng.integers(0, 4000, 2) / 200.0
        row[InputWord.CLICK] = rng.integers(0, 2)
        if game.flow.is_halted:
            row[InputWord.BUTTON] = rng.integers(1, game.flow.button_count + 1)
        return row


def player_of(name):
    """Return who plays an example."""
    return WITH_BOTS.get(name, Tosser)()


def scene_of(name):
    """Return the scene file of an example."""
    return EXAMPLES / name / "scene.toml"


def played(name, ticks):
    """Play an example; yields (ticks done, the session) after each tick."""
    session, player = GameSession(scene_of(name)), player_of(name)
    idle = 0
    while session.ticks < ticks:
        done = session.step(player.row(session.game))
        idle = 0 if done else idle + 1
        assert idle < MOST_STEPS_WITHOUT_TICK, "the game stands still"
        assert not session.is_over, "the game was quit"
        if done:
            yield session.ticks, session
    session.close()


def hashes(name, ticks):
    """Return the state hash of each tick."""
    return [f"{session.game.state_hash():016x}" for _, session in played(name, ticks)]


def megabytes():
    """Return the resident memory of this process, 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES / 1e6
    except OSError:
        return 0.0


def main():
    """Play and write the lines."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", help=",".join(GAMES))
    parser.add_argument("ticks", type=int)
    parser.add_argument("every", type=int)
    asked = parser.parse_args()
    for name in asked.names.split(","):
        tell(name, asked.ticks, asked.every)


def tell(name, ticks_wanted, every):
    """Play a game and write its lines."""
    before = time.process_time()
    for ticks, session in played(name, ticks_wanted):
        if ticks % every == 0:
            session.game.drain_log()
            words = f"{ticks} {session.game.state_hash():016x} {megabytes():.2f}"
            print(f"{words} {1e3 * (time.process_time() - before) / every:.4f}", flush=True)
            before = time.process_time()


if __name__ == "__main__":
    main()
