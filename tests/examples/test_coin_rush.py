"""Coin rush can be won and lost with its keys alone, level by level, and the same keys give the same game."""

import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.game import Game
from engine.screens.flow import Request, RequestKind
from tests.examples.coin_rush_player import Player, keys_towards, place, places, tagged, words_of

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "coin_rush"
LEVELS = ("scene.toml", "level_2.toml", "level_3.toml")
MOST_TICKS = 6000
NOTHING = np.zeros(5, np.int64)


def health_of(game):
    return game.world.get(tagged(game, "Player")[0], Field.HEALTH_VALUE)


def play(game):
    """Play a level to its end."""
    player = Player(game)
    while game.flow.request is None and not game.flow.is_halted:
        player.step()
        assert game.tick < MOST_TICKS, (places(game, "Player"), words_of(game, "Coins"))
    return player


@pytest.fixture(scope="module")
def first_level():
    """The first level, played to its end."""
    return play(Game.load(FOLDER / LEVELS[0]))


def test_the_first_level_can_be_won_and_leads_to_the_next(first_level):
    game = first_level.game
    assert list(game.actions)[:4] == ["left", "right", "up", "down"]
    assert game.flow.request == Request(RequestKind.LOAD, "level_2.toml")
    assert words_of(game, "Coins") == "19 / 19"
    assert int(words_of(game, "Score")) > 19 * 10
    assert place(game, tagged(game, "Door")[0])[1] > 15.5  # it slides behind the wall
    assert [error.diagnostic for error in game.error_reports] == []
    log = game.drain_log()
    assert log[0].startswith("done with 19 coins")
    assert log[1].startswith("the door stands open")


@pytest.mark.parametrize(("level", "coins"), [("level_2.toml", 24), ("level_3.toml", 30)])
def test_every_level_can_be_won(level, coins):
    game = play(Game.load(FOLDER / level)).game
    assert words_of(game, "Coins") == f"{coins} / {coins}"
    assert health_of(game) > 0
    assert [error.diagnostic for error in game.error_reports] == []
    if level == "level_3.toml":
        assert game.flow.screen.name == "won"
        assert words_of(game, "Result").endswith("points: the best so far!")


def test_the_same_keys_give_the_same_game_in_another_process(first_level, tmp_path):
    names = ("left", "right", "up", "down", "menu")
    lines = (
        "1 " + " ".join(name for name, is_down in zip(names, row, strict=True) if is_down)
        for row in first_level.rows
    )
    keys = tmp_path / "keys.txt"
    keys.write_text("\n".join(lines))
    ticks = max(first_level.hashes)
    command = [sys.executable, "-m", "astraweave", "run", str(FOLDER / "scene.toml"), "--headless", "--hash"]
    done = subprocess.run(
        [*command, "--ticks", str(ticks), "--input", str(keys)], capture_output=True, check=True, cwd=ROOT
    )
    told = done.stdout.decode().splitlines()
    for tick, state in first_level.hashes.items():
        assert f"{tick} {state:016x}" in told


def test_who_runs_into_guards_is_hurt_thrown_back_and_loses():
    game = Game.load(FOLDER / "scene.toml")
    start, healths = places(game, "Player")[0], [health_of(game)]
    while not game.flow.is_halted:
        guards = places(game, "Guard")
        here = places(game, "Player")[0]
        nearest = min(guards, key=lambda at, here=here: math.dist(at, here))
        game.set_actions(keys_towards(places(game, "Player")[0], nearest))
        game.step()
        if health_of(game) < healths[-1]:
            healths.append(health_of(game))
            is_alive = health_of(game) > 0
            assert words_of(game, "Message") == ("Caught! Back to the start" if is_alive else "")
            assert (np.hypot(*np.subtract(places(game, "Player")[0], start)) < 0.5) == is_alive
        assert game.tick < MOST_TICKS
    assert healths == [3.0, 2.0, 1.0, 0.0]
    assert game.flow.screen.name == "lost"
    assert words_of(game, "Result").endswith("points")
    assert game.error_reports == []


def test_guards_do_not_see_through_walls():
    """Who stands still right behind a wall is not found; the guard that sees him hunts."""
    game = Game.load(FOLDER / "scene.toml")
    player, guard, other = tagged(game, "Player")[0], *tagged(game, "Guard")

    def stands(entity, x, y):
        game.world.set(entity, Field.TRANSFORM_X, x)
        game.world.set(entity, Field.TRANSFORM_Y, y)

    def hunts():
        for _ in range(3):
            stands(player, 17.0, 15.7)
            stands(other, 33.0, 2.0)
            stands(guard, 17.0, at)
            game.step()
        return game.world.get(guard, Field.SPRITE_FRAME) >= 16

    at = 13.0  # the wall at (17, 14.5) is between
    assert not hunts()
    at = 18.5
    assert hunts()


def test_the_door_stays_shut_while_coins_are_left_and_stops_the_player():
    game = Game.load(FOLDER / "scene.toml")
    game.world.set(tagged(game, "Player")[0], Field.TRANSFORM_X, 33.0)
    for guard in tagged(game, "Guard"):
        game.world.destroy(guard)
    for _ in range(120):
        game.set_actions(keys_towards(places(game, "Player")[0], (39.0, 11.0)))
        game.step()
    assert place(game, tagged(game, "Door")[0]) == (36.0, 11.0)
    assert places(game, "Player")[0][0] < 36.0
    assert words_of(game, "Message") == "Locked: 19 coins are left"


@pytest.mark.parametrize("level", LEVELS)
def test_no_script_fails_whatever_is_pressed(level):
    game, chance = Game.load(FOLDER / level), random.Random(level)
    for tick in range(3600):
        if tick % 15 == 0:
            row = np.array([chance.random() < 0.4 for _ in range(4)] + [0], np.int64)
        game.set_actions(row)
        if game.flow.is_halted or game.flow.request is not None:
            game = Game.load(FOLDER / level, seed=tick)
        game.step()
    assert [error.diagnostic for error in game.error_reports] == []


def test_a_coin_goes_up_in_sparks_that_vanish():
    game = Game.load(FOLDER / "scene.toml")
    game.particles.is_shown = True
    sparks = next(pool for pool in game.particles.pools if pool.effect.name == "coin_sparkle")
    player, most = Player(game), 0
    for _ in range(200):
        player.step()
        most = max(most, sparks.count)
    assert most >= 20
    game.set_actions(NOTHING)
    for _ in range(60):
        game.step()
    assert sparks.count == 0
