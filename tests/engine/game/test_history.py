"""The last seconds of a game: every tick of them can be returned to, within the memory that is allowed."""

import random
import time

import pytest

from engine.errors import SnapshotRefused
from engine.game.history import History
from engine.game.session import GameSession
from engine.input.row import empty_row
from tests.engine.saves.test_games import BOX, SCENE, SPARK, WIND

pytestmark = pytest.mark.integration


def test_every_kept_tick_comes_back_and_goes_on(folder):
    """Arrays grow on the way, so deltas and whole images take turns."""
    game = folder.game(SCENE.replace("count = 8", "count = 150"), box=BOX, spark=SPARK, wind=WIND)
    history = History(game.state, most_ticks=60)
    hashes = {0: game.state_hash()}
    rng = random.Random(5)
    for _ in range(8):
        for _ in range(rng.randint(12, 25)):
            game.step()
            history.note()
            assert hashes.setdefault(game.tick, game.state_hash()) == game.state_hash()
        assert len(history) <= 60
        for _ in range(rng.randint(0, 3)):
            kept, tick, ticks = len(history), game.tick, rng.randint(1, 12)
            assert history.back(ticks) == min(ticks, kept)
            assert game.tick == tick - min(ticks, kept)
            assert game.state_hash() == hashes[game.tick]
    assert max(hashes) > 60
    assert kept


def test_memory_is_bounded_and_the_oldest_goes_first(folder):
    game = folder.game('[[entity]]\nscript = "a.rhai"\n', a="let n = 0; fn on_update() { n += 1; }")
    history = History(game.state, most_ticks=1000, most_words=400)
    for _ in range(200):
        game.step()
        history.note()
    assert 0 < history.words <= 400
    kept = len(history)
    assert 0 < kept < 200
    assert history.back(1000) == kept
    assert game.tick == 200 - kept
    assert game.scripts.state(1, "a.rhai")["n"] == game.tick
    assert history.back(1) == 0
    assert history.words == 0


@pytest.fixture
def session(folder):
    folder.write("a.rhai", "let n = 0; fn on_update() { n += 1; }")
    folder.write("next.toml", '[[entity]]\nscript = "a.rhai"\n')
    folder.write("scene.toml", '[input]\nnext = ["N"]\n[[entity]]\nscript = "a.rhai"\n')
    made = GameSession(folder.path / "scene.toml", rewinds=True)
    yield made
    made.close()


def test_a_session_takes_ticks_back_and_goes_on(session):
    row = empty_row(1)
    for _ in range(30):
        session.step(row)
    assert session.past == 30
    assert session.rewind(20) == 20
    assert (session.ticks, session.game.tick, session.past) == (10, 10, 10)
    session.end_rewind()
    session.step(row)
    assert session.game.scripts.state(1, "a.rhai")["n"] == 11
    assert session.rewind(100) == 11


def messages_after(game):
    """Poll until something is told."""
    end = time.monotonic() + 5.0
    while time.monotonic() < end:
        game.poll_reload()
        if said := [message.text for message in game.take_messages()]:
            return said
        time.sleep(0.005)
    return []


def test_saves_wait_for_the_end_of_a_rewind(session, folder):
    for _ in range(3):
        session.step(empty_row(1))
    session.game.watch()
    session.game.take_messages()
    session.rewind(1)
    folder.write("a.rhai", "let n = 0; fn on_update() { n += 100; }")
    said = messages_after(session.game)
    assert said == ["a.rhai was saved; it waits for the end of the rewind"]
    assert session.game.scripts.state(1, "a.rhai")["n"] == 2
    session.end_rewind()
    assert messages_after(session.game) == ["reloaded a.rhai"]
    session.step(empty_row(1))
    assert session.game.scripts.state(1, "a.rhai")["n"] == 102
    assert session.rewind(2) == 2, "beyond the reload, with the state of then by name"
    session.step(empty_row(1))
    assert session.game.scripts.state(1, "a.rhai")["n"] == 101


def test_another_scene_begins_without_a_past_and_a_scene_may_forbid_it(session, folder):
    folder.write("a.rhai", 'let n = 0; fn on_update() { n += 1; if n == 5 { load_scene("next.toml"); } }')
    session.game.reload("a.rhai")
    first = session.game
    for _ in range(5):
        session.step(empty_row(1))
    assert session.game is not first
    assert (session.past, session.rewind(1)) == (0, 0)
    folder.write("strict.toml", "[window]\nrewind = false\n")
    strict = GameSession(folder.path / "strict.toml", rewinds=True)
    strict.step(empty_row(0))
    assert (strict.past, strict.rewind(1)) == (0, 0)
    strict.close()


def test_a_saved_scene_ends_the_past(session):
    for _ in range(5):
        session.step(empty_row(1))
    snapshot = session.game.snapshot()
    session.game.scene_version += 1
    assert session.rewind(3) == 0
    assert session.past == 0
    session.step(empty_row(1))
    assert session.rewind(3) == 1
    with pytest.raises(SnapshotRefused, match="scene was saved"):
        session.game.restore(snapshot)
