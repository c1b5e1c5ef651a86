"""The arena is won and lost as it should be, with its keys alone; what lies about in it works."""

import random
from pathlib import Path

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.ecs.query import Query
from engine.game import Game
from engine.game.session import GameSession
from engine.input.row import empty_row, held_row, mouse_of, values_of
from tests.examples.arena_player import Bot

pytestmark = pytest.mark.integration

SCENE = Path(__file__).resolve().parents[2] / "examples" / "arena" / "scene.toml"
MOST_TICKS = 5000


def session(wave=0):
    """A session whose first game begins after so many waves."""
    made = GameSession(SCENE)
    made.game.scripts.set_state(tagged(made.game, "Director"), "scripts/waves.rhai", "wave", wave)
    return made


def tagged(game, tag):
    return game.scripts.first_with_tag(tag)


def of(game, tag, *fields):
    found = tuple(game.world.get(tagged(game, tag), field) for field in fields)
    return found if len(found) > 1 else found[0]


def place(game, tag):
    return of(game, tag, Field.TRANSFORM_X, Field.TRANSFORM_Y)


def put(game, tag, x, y):
    game.world.set(tagged(game, tag), Field.TRANSFORM_X, x)
    game.world.set(tagged(game, tag), Field.TRANSFORM_Y, y)


def run(game, ticks, **held):
    """Do ticks with actions held."""
    values = np.array([held.get(name, 0.0) for name in game.actions])
    for _ in range(ticks):
        row = held_row(game.input.row, values != 0.0)
        values_of(row)[:] = values
        game.set_input(row)
        game.step()
    assert [error.diagnostic for error in game.error_reports] == []


def play(run_of_games, bot, is_over):
    """Let a bot play until something holds; returns the rows that it made."""
    rows = []
    while not is_over(run_of_games.game):
        rows.append(bot.row(run_of_games.game))
        run_of_games.step(rows[-1])
        assert run_of_games.ticks < MOST_TICKS
    assert [error.diagnostic for error in run_of_games.game.error_reports] == []
    return rows


def screen_of(game):
    return game.flow.screen.name if game.flow.screen is not None else ""


# --- whole games -----------------------------------------------------------------------------------


def test_who_beats_the_last_wave_has_won_and_the_score_is_kept():
    games = session(wave=6)
    seen = set()

    def is_over(game):
        warden = tagged(game, "Warden")
        seen.add(bool(warden))
        if warden and game.world.get(warden, Field.HEALTH_VALUE) > 250.0:
            game.world.set(warden, Field.HEALTH_VALUE, 250.0)  # the end of a long fight
        return screen_of(game) == "won"

    play(games, Bot(), is_over)
    assert seen == {False, True}
    score = of(games.game, "Director", "tally.score")
    assert score >= 1000 + 500 + 7 * 50
    assert of(games.game, "Result", "text.content") == f"{score} points in wave 7: the best so far!"
    assert any(line.startswith("won in wave 7") for line in games.game.drain_log())
    first = games.game
    games.step(Bot().row(first))  # "Once more"
    assert games.game is not first
    assert of(games.game, "Director", "tally.best") == score


def test_a_wave_that_is_beaten_makes_stronger_and_the_next_one_comes():
    games, bot = session(wave=1), Bot()
    play(games, bot, lambda game: screen_of(game) == "upgrade")
    assert of(games.game, "Director", "tally.left") == 0
    pause = games.game.scripts.state(tagged(games.game, "Player"), "scripts/weapons.rhai")["pause"]
    assert not games.step()  # the game stands still while one chooses
    play(games, bot, lambda game: of(game, "Director", "tally.wave") == 3)
    after = games.game.scripts.state(tagged(games.game, "Player"), "scripts/weapons.rhai")["pause"]
    assert after == pytest.approx(0.75 * pause)


def test_who_does_nothing_falls_and_begins_once_more():
    games, bot = session(), Bot(fights=False)
    play(games, bot, lambda game: screen_of(game) == "lost")
    assert of(games.game, "Player", Field.HEALTH_VALUE) == 0.0
    assert of(games.game, "Result", "text.content") == "0 points in wave 1. The best: 0"
    first = games.game
    games.step(bot.row(first))
    assert games.game is not first
    assert screen_of(games.game) == ""
    assert games.step(bot.row(games.game))


def test_the_same_rows_give_the_same_game():
    games = session()
    rows = play(games, Bot(), lambda game: game.tick == 500)
    again = session()
    for row in rows:
        again.step(row)
    assert again.game.state_hash() == games.game.state_hash()


def test_no_script_fails_whatever_is_pressed():
    game, chance = Game.load(SCENE), random.Random(3)
    row = empty_row(len(game.actions))
    for tick in range(900):
        if tick % 10 == 0:
            row = held_row(row, np.array([chance.random() < 0.3 for _ in game.actions]))
            values_of(row)[:4] = [chance.uniform(-1.0, 1.0) for _ in range(4)]
            mouse_of(row)[:] = chance.uniform(0.0, 30.0), chance.uniform(0.0, 18.0)
        game.set_input(row)
        game.step()
        row = game.input.row.copy()
    assert [error.diagnostic for error in game.error_reports] == []
    assert game.log.take_warnings() == []


# --- what the hero can do ----------------------------------------------------------------------------


def test_walls_stop_the_hero_and_a_dash_is_faster():
    game = Game.load(SCENE)
    run(game, 10, move_x=-1.0)
    walked = 15.0 - place(game, "Player")[0]
    assert walked == pytest.approx(0.9, abs=0.1)
    run(game, 10, move_x=-1.0, dash=1.0)
    assert 15.0 - place(game, "Player")[0] - walked > 2.5
    run(game, 200, move_x=-1.0)
    assert place(game, "Player")[0] > 1.3


def test_a_blast_takes_shells_and_is_stronger_the_longer_it_is_held():
    game = Game.load(SCENE)
    pellets = Query(game.world, ["missile"])
    counts = []
    for held in (2, 60):
        run(game, held, blast=1.0)
        run(game, 2)
        counts.append(len(pellets))
        run(game, 90)
    assert counts[0] == 5
    assert counts[1] >= 9
    assert of(game, "Player", "bag.shells") == 4


def test_a_potion_mends_and_cleanses():
    game = Game.load(SCENE)
    game.world.set(tagged(game, "Player"), Field.HEALTH_VALUE, 20.0)
    run(game, 1, potion=1.0)
    run(game, 110)
    assert of(game, "Player", Field.HEALTH_VALUE) == pytest.approx(20.0 + 10.0 + 12.0 * 110 / 60, abs=1.0)
    assert of(game, "Player", "bag.potions") == 1


def test_a_charm_changes_sides_and_the_wave_goes_on_without_them():
    game = Game.load(SCENE)
    run(game, 125)
    for _ in range(3):
        game.spawn("grunt", (16.5, 7.0))
    game.spawn("charm", (15.0, 7.0))
    run(game, 3)
    left = of(game, "Director", "tally.left")
    run(game, 2, charm=1.0)
    assert tagged(game, "Friend")
    assert of(game, "Friend", "team.name") == "hero"
    run(game, 2)
    assert of(game, "Director", "tally.left") == left - 3


# --- what lies about -----------------------------------------------------------------------------------


def test_the_chest_opens_for_a_key_and_is_full_again_later():
    game = Game.load(SCENE)
    items = Query(game.world, ["pickup"])
    put(game, "Player", 15.0, 8.5)
    run(game, 60)
    assert len(items) == 0
    put(game, "Player", 12.0, 9.0)
    game.spawn("key", (12.0, 9.0))
    run(game, 4)
    assert of(game, "Player", "bag.keys") == 1
    put(game, "Player", 15.0, 8.5)
    run(game, 60)
    assert len(items) == 4
    assert of(game, "Player", "bag.keys") == 0


def test_a_portal_leads_to_the_other_one():
    game = Game.load(SCENE)
    put(game, "Player", 15.0, 14.6)
    run(game, 2)
    assert place(game, "Player") == pytest.approx((15.0, 2.4), abs=0.1)


def test_saws_hurt_the_horde_as_well():
    game = Game.load(SCENE)
    brute = game.spawn("brute", (10.9, 12.5))
    run(game, 30)
    assert game.world.get(brute, Field.HEALTH_VALUE) < 110.0
