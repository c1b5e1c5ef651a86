"""What a mod keeps takes none of the room in which the game, or another mod, keeps its own."""

import pytest

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.game import shares
from engine.game.game import Game
from engine.game.party_hash import party_hash
from engine.game.session import GameSession
from engine.scripting.global_values import MOST_SAVED, GlobalValues, Kept
from tests.hostile.cases import PERMISSIONS

pytestmark = [pytest.mark.security, pytest.mark.integration]

SCENE = """
[limits]
operations = 200_000
[mods]
load = ["greedy", "other"]
[prefab.dust]
tag = "Dust"
health = { value = 10 }
[status.burning]
damage = 0.001
[[entity]]
tag = "Game"
script = "keeper.rhai"
"""
KEEPER = """
let kept = 0;
fn on_update() {
    save_data("best", tick);
    set_global("score", tick);
    set_tag(entity_id, `Keeper ${entity_id} ${tick}`);
    add_to_inventory(entity_id, `thing ${tick % 9}`);
    apply_status_effect(entity_id, "burning", 1.0);
    kept += 1;
}
"""


def scene_of(folder, greedy, copies=1):
    """Write a game and a mod that both keep a little, and a mod that keeps all that it can."""
    (folder / "scene.toml").write_text(SCENE, "utf-8")
    (folder / "keeper.rhai").write_text(KEEPER, "utf-8")
    for mod, script, count in (("greedy", greedy, copies), ("other", KEEPER, 1)):
        place = folder / "mods" / mod
        place.mkdir(parents=True)
        (place / "mod.toml").write_text(
            f'id = "{mod}"\nversion = "1"\npermissions = {list(PERMISSIONS)}', "utf-8"
        )
        (place / "content.toml").write_text(f'[[entity]]\nscript = "a.rhai"\ncount = {count}\n', "utf-8")
        (place / "a.rhai").write_text(script, "utf-8")
    return folder / "scene.toml"


def play(path, ticks=60):
    game = Game.load(path)
    for _ in range(ticks):
        game.step()
    assert {failure.file for failure in game.error_reports} <= {"mods/greedy/a.rhai"}
    return game


def failures_of(game):
    return {failure.message for failure in game.error_reports}


def test_texts(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "TEXT_BYTES", 3 << 18)
    greedy = """
        let n = 0;
        fn on_update() {
            for i in 0..6 {
                let name = `${entity_id} ${n}`; name.pad(16_000, "x");
                try { add_to_inventory(entity_id, name); } catch { }
                n += 1;
            }
        }
    """
    game = play(scene_of(tmp_path, greedy, copies=3))
    assert any("take all the room" in message for message in failures_of(game))
    held = game.world.strings.held.tolist()
    assert 3 << 15 < held[1] <= 1 << 18, "what it got is its share, or nearly"
    assert 0 < held[2] < 1 << 14


def test_texts_that_nobody_holds_are_room_again(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "TEXT_BYTES", 3 << 18)
    greedy = 'fn on_update() { let tag = `${tick}`; tag.pad(9_000, "x"); set_tag(entity_id, tag); }'
    game = play(scene_of(tmp_path, greedy), ticks=100)
    assert not game.error_reports
    assert game.world.strings.held[1] <= 1 << 18


@pytest.mark.parametrize(
    "call",
    [
        "add_to_inventory(entity_id, `${tick}`)",
        'apply_status_effect(spawn_entity("dust", (0, 0)), "burning", 100.0)',
    ],
)
def test_what_entities_carry(tmp_path, monkeypatch, call):
    monkeypatch.setattr(shares, "MOST_IN_LISTS", 60)
    game = play(scene_of(tmp_path, f"fn on_update() {{ {call}; }}"))
    (failure,) = game.error_reports
    assert "hold as much of this as they may" in failure.message
    assert failure.tick == 20


def test_saved_data(tmp_path):
    greedy = """
        let kept = 0;
        let refused = 0;
        fn on_update() {
            let text = ""; text.pad(2_000, "x");
            try { save_data(`name ${tick}`, text); kept += 1; } catch { refused += 1; }
            if tick > 20 { try { save_data("best", text); } catch { refused += 1; } }
        }
    """
    game = play(scene_of(tmp_path, greedy))
    assert not game.error_reports
    words = {"": 0, "greedy": 0, "other": 0}
    for one in game.scripts.saved.contents():
        words[one.owner] += one.parcel.size
    assert MOST_SAVED // 4 < words["greedy"] <= MOST_SAVED // 3
    assert words[""] + words["other"] > 0, "whoever set it last"


def test_shared_values_that_are_overwritten(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "MOST_LIVE", 3000)
    monkeypatch.setattr(shares, "MOST_GLOBALS", 30)
    game_script = "fn on_update() { set_global(`mine ${tick % 9}`, tick); }"
    greedy = """
        fn on_update() {
            let text = ""; text.pad(3_000, "x");
            for i in 0..9 { try { set_global(`mine ${i}`, text); } catch { } }
        }
    """
    path = scene_of(tmp_path, greedy)
    (tmp_path / "keeper.rhai").write_text(game_script, "utf-8")
    game = play(path)
    assert not game.error_reports
    names, words = game.scripts.globals.held(3)
    assert names.sum() <= 30
    assert words[1] <= 1000


def test_the_others_are_as_without_it(tmp_path):
    greedy = """
        fn on_update() {
            let text = ""; text.pad(2_000, "x");
            for i in 0..30 {
                try { save_data(`${tick} ${i}`, text); } catch { }
                try { set_global(`${tick} ${i}`, text); } catch { }
                try { add_to_inventory(entity_id, `${tick} ${i} ${text}`); } catch { }
            }
        }
    """
    hashes = []
    for name, script in (("greedy", greedy), ("empty", "")):
        (tmp_path / name).mkdir()
        game = play(scene_of(tmp_path / name, script, copies=3))
        hashes.append((party_hash(game), party_hash(game, "other")))
    assert hashes[0] == hashes[1]


def test_it_goes_on_after_a_save_as_without_one(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "TEXT_BYTES", 3 << 16)
    greedy = """
        let refused = 0;
        fn on_update() {
            let name = `${tick}`; name.pad(2_000, "x");
            try { add_to_inventory(entity_id, name); } catch { refused += 1; }
            if tick % 5 == 0 { remove_from_inventory(entity_id, name); }
        }
    """
    path = scene_of(tmp_path, greedy)
    game = play(path, ticks=17)
    game.save(tmp_path / "save")
    other = Game.load(path)
    other.load_save(tmp_path / "save")
    assert other.world.strings.held.tolist() == game.world.strings.held.tolist()
    for _ in range(40):
        game.step()
        other.step()
        assert other.state_hash() == game.state_hash()


def test_what_a_mod_saved_is_its_own_in_the_next_game(tmp_path):
    greedy = 'fn on_spawn() { let text = ""; text.pad(9_000, "x"); save_data("junk", text); }'
    path, file = scene_of(tmp_path, greedy), tmp_path / "game.data"
    session = GameSession(path, data=lambda _name: file)
    session.step()
    session.close()
    (tmp_path / "scene.toml").write_text(SCENE.replace('"greedy", ', ""), "utf-8")
    for _ in range(2):  # also if it has been away for a while
        session = GameSession(path, data=lambda _name: file)
        session.step()
        assert {(one.name, one.owner) for one in session.game.scripts.saved.contents()} == {
            ("junk", "greedy"),
            ("best", "other"),
        }
        session.close()


def test_what_mods_left_behind_never_fills_the_file():
    world = World()
    values = GlobalValues(world)
    saved = GlobalValues(world, (WorldSlot.SAVED, WorldSlot.SAVED_DATA))
    values.owners, saved.owners = ["", "here"], ["", "here"]
    junk = [Kept(f"junk {number}", values.data[:3000].copy(), f"gone {number}") for number in range(5)]
    here = [Kept("a", values.data[:2000].copy(), "here"), Kept("b", values.data[:2000].copy(), "")]
    saved.fill([*junk, *here])
    assert [one.name for one in saved.contents()] == ["junk 0", "a", "b"]
    assert [one.owner for one in saved.contents()] == ["gone 0", "here", ""]
    values.fill([*junk, *here])
    assert [one.owner for one in values.contents()] == [""] * 5 + ["here", ""]


@pytest.mark.parametrize(
    "script",
    [
        "let a = []; fn on_update() { for i in 0..90 { a.push(`${i}`); } if a.len() > 900 { a = []; } }",
        'let s = ""; fn on_update() { s = ""; for i in 0..20 { s.pad(s.len() + 99, "x"); } }',
        "let m = #{}; fn on_update() { for i in 0..40 { m[`k${tick % 20} ${i}`] = [i, i]; } }",
        """fn part(n) { if n > 0 { part(n - 1); } loop { wait(0.0); } }
           fn on_spawn() { for i in 0..12 { start(part, [30]); } }""",
        "let p = blob(); fn on_update() { for i in 0..9 { p.push(i); } print(p.len()); }",
    ],
)
def test_where_operations_end_is_the_same_after_a_save_and_a_snapshot(tmp_path, script):
    path = scene_of(tmp_path, script, copies=30)
    limits = "operations = 9_000\ntick_operations = 90_000"
    path.write_text(path.read_text("utf-8").replace("operations = 200_000", limits), "utf-8")
    game = play(path, ticks=13)
    assert game.scripts.budgets.skipped[1]
    game.save(tmp_path / "save")
    other, returned = Game.load(path), play(path, ticks=5)
    other.load_save(tmp_path / "save")
    taken = returned.snapshot()
    for _ in range(10):
        returned.step()
    returned.restore(taken)
    for _ in range(8):
        returned.step()
    for _ in range(30):
        for one in (game, other, returned):
            one.step()
        assert len({one.state_hash() for one in (game, other, returned)}) == 1
