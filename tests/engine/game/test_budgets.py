"""A tick has so many operations: who finds none is first in the next one; no mod takes the game's."""

from collections import Counter

import pytest

from engine.errors import SceneError
from engine.game.game import Game
from engine.scene import load_scene
from engine.scripting.budgets import shares

pytestmark = [pytest.mark.integration, pytest.mark.security]

COUNT = "let n = 0; fn on_update() { n += 1; for i in 0..100 { } }"
"""About 300 operations a call; `LIMIT` is what a call may take."""
LIMITS = "[limits]\noperations = 1_000\ntick_operations = {}\n"


def game_of(folder, scripts, entities, limits, more=""):
    for name, text in scripts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    rows = "".join(
        f'[[entity]]\ntag = "{tag}"\nscript = "{script}"\ncount = {count}\n'
        for tag, script, count in entities
    )
    (folder / "scene.toml").write_text(LIMITS.format(limits) + more + rows, "utf-8")
    return Game.load(folder / "scene.toml")


def counts(game, path="a.rhai", name="n"):
    file = game.scripts.files[path]
    return [game.scripts.machine.read_state(one, name) for one in file.instances().tolist()]


def test_calls_go_round_where_the_operations_of_a_tick_do_not_suffice(tmp_path):
    game = game_of(tmp_path, {"a.rhai": COUNT}, [("A", "a.rhai", 30)], 4_000)
    total = 0
    for _ in range(20):
        game.step()
        found = counts(game)
        assert max(found) - min(found) <= 1, "nobody is called twice before all were called once"
        assert sum(found) > total
        total = sum(found)
    assert game.scripts.budgets.skipped[0] == 30 - (total // 20), "those of the last tick"
    assert not game.error_reports


def test_the_round_goes_through_all_scripts(tmp_path):
    scripts = {"a.rhai": COUNT, "b.rhai": COUNT}
    game = game_of(tmp_path, scripts, [("A", "a.rhai", 20), ("B", "b.rhai", 20)], 4_000)
    for _ in range(30):
        game.step()
        found = counts(game) + counts(game, "b.rhai")
        assert max(found) - min(found) <= 1
    assert min(found) > 3


def test_where_they_suffice_nothing_is_noted(tmp_path):
    game = game_of(tmp_path, {"a.rhai": COUNT}, [("A", "a.rhai", 30)], 100_000)
    for _ in range(3):
        game.step()
    assert counts(game) == [3] * 30
    assert game.scripts.budgets.skipped == [0]
    assert game.log.take_warnings() == []


def test_it_is_told_once_a_second(tmp_path):
    game = game_of(tmp_path, {"a.rhai": COUNT}, [("A", "a.rhai", 30)], 4_000)
    for _ in range(61):
        game.step()
    told = game.log.take_warnings()
    assert [line.split(":")[0] for line in told] == ["tick 0", "tick 60"]
    assert "callbacks of scripts had to wait: 4000 operations a tick are used up" in told[0]


def test_a_callback_is_never_cut_short(tmp_path):
    script = "let n = 0; fn on_update() { n += 1; while true { } }"
    game = game_of(tmp_path, {"a.rhai": script}, [("A", "a.rhai", 5)], 2_500)
    for _ in range(4):
        game.step()
    failed = Counter(failure.kind for failure in game.error_reports)
    assert failed == {"ErrorTooManyOperations": 5}


def test_births_that_find_none_come_later_and_before_all_else(tmp_path):
    script = """
    let log = []; for i in 0..100 { }
    fn on_spawn() { log.push("spawn"); for i in 0..100 { } }
    fn on_update() { log.push("update"); }
    """
    game = game_of(tmp_path, {"a.rhai": script}, [("A", "a.rhai", 12)], 2_000)
    for _ in range(30):
        game.step()
    for log in counts(game, name="log"):
        assert log[0] == "spawn"
        assert log.count("spawn") == 1
        assert log[1:] == ["update"] * (len(log) - 1)
        assert len(log) > 5


def test_messages_that_find_none_come_later_and_once(tmp_path):
    script = """
    let got = [];
    fn on_update() {
        if tick == 0 { for e in find_entities_by_tag("A") { send_message(e, "hi", #{ from: entity_id }); } }
    }
    fn on_message(name, data, sender) { got.push(data.from); for i in 0..100 { } }
    """
    game = game_of(tmp_path, {"a.rhai": script}, [("A", "a.rhai", 10)], 3_000)
    for _ in range(60):
        game.step()
    ids = sorted(game.scripts.machine.instances.reshape(-1, 8)[:10, 4].tolist())
    for got in counts(game, name="got"):
        assert sorted(got) == ids


def test_systems_go_round_and_get_what_is_left(tmp_path):
    each = "let seen = []; fn run(e) { seen.push(e); for i in 0..100 { } }"
    system = '[[system]]\nscript = "s.rhai"\nstage = "simulation"\nwith = ["tag"]\n'
    game = game_of(tmp_path, {"a.rhai": "", "s.rhai": each}, [("A", "a.rhai", 12)], 2_000, system)
    for _ in range(12):
        game.step()
    seen = Counter(game.scripts.machine.read_state(game.scripts.files["s.rhai"].system_instances[1], "seen"))
    assert len(seen) == 12
    assert max(seen.values()) - min(seen.values()) <= 1


def test_run_all_with_too_little_left_is_skipped_not_disabled(tmp_path):
    script = "let n = 0; fn run_all(all) { n += 1; for e in all { for i in 0..300 { } } }"
    system = '[[system]]\nscript = "s.rhai"\nstage = "simulation"\nwith = ["tag"]\n'
    game = game_of(tmp_path, {"a.rhai": "", "s.rhai": script}, [("A", "a.rhai", 12)], 2_000, system)
    game.step()
    assert game.scripts.budgets.skipped == [1]
    assert not game.error_reports


def test_turns_are_state_saved_and_hashed(tmp_path):
    game = game_of(tmp_path, {"a.rhai": COUNT}, [("A", "a.rhai", 30)], 4_000)
    for _ in range(5):
        game.step()
    game.save(tmp_path / "five.save")
    other = Game.load(tmp_path / "scene.toml")
    other.load_save(tmp_path / "five.save")
    assert other.state_hash() == game.state_hash()
    for _ in range(5):
        game.step()
        other.step()
        assert other.state_hash() == game.state_hash()
    before, kept = game.state_hash(), game.snapshot()
    game.step()
    game.restore(kept)
    assert game.state_hash() == before
    game.scripts.budgets.turns.clear()
    assert game.state_hash() != before


def test_a_mod_that_runs_wild_costs_the_game_nothing(tmp_path):
    results = []
    for wild in ("", "fn on_update() { for i in 0..300 { } }"):
        folder = tmp_path / str(len(results))
        (folder / "mods/hog").mkdir(parents=True)
        (folder / "mods/hog/mod.toml").write_text('id = "hog"\nversion = "1"', "utf-8")
        content = '[[entity]]\ntag = "Hog"\nscript = "hog.rhai"\ncount = 50\n'
        (folder / "mods/hog/content.toml").write_text(content, "utf-8")
        (folder / "mods/hog/hog.rhai").write_text(wild, "utf-8")
        mods = '[mods]\nload = ["hog"]\nshares = { hog = 0.25 }\n'
        game = game_of(folder, {"a.rhai": COUNT}, [("A", "a.rhai", 20)], 12_000, mods)
        for _ in range(10):
            game.step()
        results.append(counts(game))
        assert [party.operations for party in game.scripts.budgets.parties] == [9_000, 3_000]
    assert results[0] == results[1] == [10] * 20
    assert game.scripts.budgets.skipped[0] == 0
    assert game.scripts.budgets.skipped[1] > 0
    assert "scripts of the mod hog" in game.log.take_warnings()[0]


@pytest.mark.parametrize(
    ("total", "mods", "wished", "expected"),
    [
        (100, [], {}, [100]),
        (100, ["a"], {}, [50, 50]),
        (100, ["a", "b"], {"b": 0.1}, [57, 33, 10]),
    ],
)
def test_shares(total, mods, wished, expected):
    assert shares(total, mods, wished) == expected


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ("operations = 1_000\ntick_operations = 999", "the game gets 999 operations a tick"),
        ("[mods]\nshares = { bats = 0.5 }", "bats is not loaded"),
        ("[mods]\nshares = { bats = 1.5 }", "expected a number < 1"),
    ],
)
def test_budgets_that_cannot_be_are_told(tmp_path, limits, message):
    text = limits if limits.startswith("[") else f"[limits]\n{limits}"
    (tmp_path / "scene.toml").write_text(text, "utf-8")
    with pytest.raises(SceneError, match=message):
        load_scene(tmp_path / "scene.toml")
