"""Coin rush can be won with its keys alone: a player who walks to the nearest coin, then through the door."""

from pathlib import Path

import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.game import Game

pytestmark = pytest.mark.integration

SCENE = Path(__file__).resolve().parents[2] / "examples" / "coin_rush" / "scene.toml"
MOST_TICKS = 6000


def tagged(game, tag):
    """Return the entities of a tag, in order."""
    name = game.world.strings.intern(tag)
    return [
        entity
        for entity in game.world.entities().tolist()
        if game.world.has_component(entity, Component.TAG)
        and game.world.get(entity, Field.TAG_NAME) in {name, tag}
    ]


def place(game, entity):
    return game.world.get(entity, Field.TRANSFORM_X), game.world.get(entity, Field.TRANSFORM_Y)


def words_of(game, tag):
    content = game.world.get(tagged(game, tag)[0], Field.TEXT_CONTENT)
    return content if isinstance(content, str) else game.world.strings.text(content)


def keys_towards(game, target):
    """Return [left, right, up, down] for the next step of the player."""
    x, y = place(game, tagged(game, "Player")[0])
    near = 0.06
    return np.array(
        [target[0] < x - near, target[0] > x + near, target[1] > y + near, target[1] < y - near], np.int64
    )


def walk(game):
    """Hold the keys of the next tick and do it."""
    x, y = place(game, tagged(game, "Player")[0])
    coins = [place(game, coin) for coin in tagged(game, "Coin")]
    if coins:
        target = min(coins, key=lambda at: (at[0] - x) ** 2 + (at[1] - y) ** 2)
    else:
        target = (38.0, 12.0) if abs(y - 12.0) < 0.5 else (33.0, 12.0)
    game.set_actions(keys_towards(game, target))
    game.step()


def test_the_game_can_be_won():
    game = Game.load(SCENE)
    assert list(game.actions)[:4] == ["left", "right", "up", "down"]
    assert words_of(game, "Score") == "Coins: 0"
    while "You made it" not in words_of(game, "Message"):
        walk(game)
        assert game.tick < MOST_TICKS, (place(game, tagged(game, "Player")[0]), words_of(game, "Message"))
    assert words_of(game, "Score") == "Coins: 24"
    assert place(game, tagged(game, "Door")[0])[1] > 15.5  # it slides behind the wall
    assert [error.diagnostic for error in game.error_reports] == []
    assert game.drain_log()[-1].startswith("won with 24 coins")
    for _ in range(60):
        game.step()
    assert place(game, tagged(game, "Door")[0]) == (36.0, 16.8)
    assert game.drain_log()[0].startswith("the door stands open")


def test_the_door_stays_shut_while_coins_are_left_and_stops_the_player():
    game = Game.load(SCENE)
    for _ in range(420):
        game.set_actions(keys_towards(game, (39.0, 13.5)))
        game.step()
    assert place(game, tagged(game, "Door")[0]) == (36.0, 12.0)
    assert place(game, tagged(game, "Player")[0])[0] < 36.0
    assert words_of(game, "Message") == "The door opens when no coin is left"


def test_a_coin_goes_up_in_sparks_that_vanish():
    game = Game.load(SCENE)
    game.particles.is_shown = True
    sparks = next(pool for pool in game.particles.pools if pool.effect.name == "coin_sparkle")
    most = 0
    for _ in range(300):
        walk(game)
        most = max(most, sparks.count)
    assert most >= 20
    game.set_actions(np.zeros(4, np.int64))
    for _ in range(60):
        game.step()
    assert sparks.count == 0
