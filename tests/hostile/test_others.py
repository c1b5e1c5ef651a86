"""What a hostile mod does changes nothing of the game's, and no more is granted to it than its share."""

from functools import partial

import numpy as np
import pytest

from engine.ecs.layout import BLOCK, PartyWord
from engine.ecs.world import World
from engine.game.game import Game
from engine.game.party_hash import party_hash
from engine.scripting import compiling, programs
from engine.scripting.event_queue import EVENT_WORDS, EventQueue, EventWord
from engine.scripting.holdings import holdings
from lang.optimise.passes import ALL_PASSES, NO_PASSES
from tests.hostile.cases import Case, all_cases, cases_of, write_scene

pytestmark = [
    pytest.mark.security,
    pytest.mark.skipif("sys.platform == 'win32'", reason="not everybody may make symbolic links there"),
]

FLOOD = """
let all = [];
fn part() { wait(0.1); }
fn on_update() {
    start(part);
    play_sound("beep");
    for i in 0..20 { all.push(`some text ${i} ${tick} ${entity_id}`); }
    spawn_entity("dust", (0, 0));
    destroy_entity(spawn_entity("dust", (0, 0)));
    set_tag(entity_id, `tag ${tick} ${entity_id}`);
    for i in 0..5 { send_message(entity_id, "x", all); }
}
fn on_message(name, data, sender) { }
"""


def hashes(folder, cases, ticks, *, empty):
    game = Game.load(write_scene(folder, cases, empty=empty, copies=4, operations=400_000))
    found = []
    for _ in range(ticks):
        game.step()
        found.append(party_hash(game))
    return found, game


def made_by(game, name, variable):
    """Return what a variable holds of the entities with a script of the mod."""
    path = f"mods/hostile/{name}.rhai"
    entities = game.world.entities().tolist()
    found = [game.scripts.instance_of(one, path) >= 0 for one in entities]
    return [game.scripts.state(one, path)[variable] for one, has in zip(entities, found, strict=True) if has]


def test_the_game_is_as_if_the_mod_did_nothing(tmp_path):
    cases = [Case("flood", FLOOD, ""), *cases_of("world")]
    calm, _ = hashes(tmp_path / "calm" / "scene", cases, 20, empty=True)
    hostile, game = hashes(tmp_path / "hostile" / "scene", cases, 20, empty=False)
    assert hostile == calm
    assert len(set(calm)) == len(calm)
    assert len(game.error_reports) > 100, "the attacks have taken place"


@pytest.mark.parametrize(
    ("limits", "script", "told"),
    [
        (
            "entities = 100",
            """fn on_update() { spawn_entity("dust", (0, 0)); }""",
            "the world has as many entities as the scene's limits allow",
        ),
        (
            "events = 60",
            """fn on_update() { for i in 0..40 { send_message(entity_id, "x"); } }""",
            "have used up what they may ask for in a tick",
        ),
        (
            "commands = 80",
            """fn on_update() { for i in 0..14 { spawn_entity("family", (0, 0)); } }""",
            "have used up what they may ask for in a tick",
        ),
        (
            "commands = 80",
            """fn on_update() { for i in 0..21 { destroy_entity(spawn_entity("dust", (0, 0))); } }""",
            "have used up what they may ask for in a tick",
        ),
        (
            "messages = 16_000",
            """fn on_update() { let a = []; a.pad(2000, 1); send_message(entity_id, "x", a); }""",
            "have used up what they may ask for in a tick",
        ),
        (
            "texts = 3_000",
            """fn on_update() { for i in 0..30 { set_tag(entity_id, `an unknown tag ${tick} ${i}`); } }""",
            "have used up what they may ask for in a tick",
        ),
        (
            "entities = 20_000",
            """let n = 0; fn on_update() { for i in 0..100 { set_global(`g${n}`, 1); n += 1; } }""",
            "hold as much of this as they may",
        ),
        (
            "entities = 20_000",
            """fn on_update() { let a = []; a.pad(5000, 7); set_global(`g${tick}`, a); }""",
            "hold as much of this as they may",
        ),
        (
            "all_memory = 262_144",
            """let all = []; fn on_update() { for i in 0..200 { all.push([i, i]); } }""",
            "Script memory exceeds maximum limit",
        ),
    ],
)
def test_a_mod_gets_its_share_and_the_game_has_its_own(tmp_path, limits, script, told):
    path = write_scene(tmp_path / "scene", [Case("greedy", script, "")])
    text = path.read_text("utf-8")
    text = text.replace("entities = 20_000\n", limits + "\n") if "entities" in limits else text
    path.write_text(text if "entities" in limits else text.replace("[mods]", f"{limits}\n[mods]"), "utf-8")
    game = Game.load(path)
    for _ in range(60):
        game.step()
    assert {failure.file for failure in game.error_reports} == {"mods/hostile/greedy.rhai"}
    assert told in game.error_reports[0].message


def test_commands_are_counted_one_by_one_and_come_back_with_the_next_tick(tmp_path):
    script = """
        let made = [];
        fn on_update() {
            let n = 0;
            for i in 0..45 { try { spawn_entity("dust", (0, 0)); n += 1; } catch { } }
            try { set_component(entity_id, "mood", #{ anger: 1.0 }); n += 100; } catch { }
            try { set_tag(entity_id, `Other ${tick}`); n += 1000; } catch { }
            made.push(n);
        }
    """
    path = write_scene(tmp_path / "scene", [Case("many", script, "")], more="[component.mood]\nanger = 0.0")
    path.write_text(path.read_text("utf-8").replace("[mods]", "commands = 80\n[mods]"), "utf-8")
    game = Game.load(path)
    for _ in range(3):
        game.step()
    assert made_by(game, "many", "made") == [[1040] * 3]
    assert not game.error_reports


def test_entities_of_mods_have_indices_of_their_own(tmp_path):
    script = """fn on_update() { for i in 0..50 { spawn_entity("dust", (0, 0)); } }"""
    game = Game.load(write_scene(tmp_path / "scene", [Case("many", script, "")]))
    for _ in range(20):
        game.step()
    indices = (game.world.entities() & 0xFFFFFFFF) - 1
    is_of_mod = indices // 256 % 2 == 1
    assert is_of_mod.sum() > 900
    assert (~is_of_mod).sum() < 50
    game.save(tmp_path / "save")
    other = Game.load(tmp_path / "scene" / "scene.toml")
    other.load_save(tmp_path / "save")
    for _ in range(5):
        game.step()
        other.step()
    assert other.state_hash() == game.state_hash()
    assert party_hash(other) == party_hash(game)


def test_the_backlog_of_a_mod_takes_no_room_from_the_game():
    queue = EventQueue(World())
    rows = np.zeros((12, EVENT_WORDS), np.int64)
    rows[:, EventWord.ENTITY] = [1 + BLOCK] * 8 + [1] * 4
    queue.put_back(rows, [5, 3])
    assert queue.rows[:, EventWord.ENTITY].tolist() == [1 + BLOCK] * 3 + [1] * 4
    queue.put_back(rows, [5, 3])
    assert queue.rows[:, EventWord.ENTITY].tolist() == [1 + BLOCK] * 3 + [1] * 5


def test_what_the_game_wants_heard_and_shown_comes_before_what_mods_want(tmp_path):
    flood = (
        """fn on_update() { for i in 0..400 { play_sound("x", 8.0); spawn_particle("spark", (i, i)); } }"""
    )
    game = Game.load(write_scene(tmp_path / "scene", [Case("flood", flood, "")]))
    told = []
    take, game.scripts.effects.take = game.scripts.effects.take, lambda: told.append(take()) or told[-1]
    for _ in range(3):
        game.step()
    assert told[2][:, 1].tolist() == [0] * 12 + [1] * 512


def test_timers_and_shared_values_of_a_loaded_game_belong_to_whom_they_did(tmp_path):
    script = """
        fn on_spawn() { for i in 0..64 { start_timer(`t${i}`, 9.0); } set_global("mine", [1, 2]); }
        fn on_update() { set_global("mine", tick); }
    """
    game = Game.load(write_scene(tmp_path / "scene", [Case("holds", script, "")]))
    for _ in range(3):
        game.step()
    game.save(tmp_path / "save")
    other = Game.load(tmp_path / "scene" / "scene.toml")
    other.load_save(tmp_path / "save")
    held = holdings(game.scripts)
    assert held[1, PartyWord.TIMERS - PartyWord.MAIL] == 64
    assert held[1, PartyWord.NAMES - PartyWord.MAIL] == 1
    assert holdings(other.scripts).tolist() == held.tolist()
    assert other.state_hash() == game.state_hash()


def test_sequences_of_a_mod_take_no_room_from_the_game(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.game.shares.MOST_ROWS", 80)
    script = """
        let refused = [];
        fn part() { wait(0.05); }
        fn on_update() {
            let n = 0;
            if tick == 1 || tick == 9 { for i in 0..45 { try { start(part); } catch { n += 1; } } }
            refused.push(n);
        }
    """
    game = Game.load(write_scene(tmp_path / "scene", [Case("starts", script, "")]))
    for _ in range(10):
        game.step()
    assert not game.error_reports
    assert made_by(game, "starts", "refused") == [[0, 5, 0, 0, 0, 0, 0, 0, 0, 5]]


def test_to_hear_of_timers_with_long_names_takes_operations_of_the_tick(tmp_path):
    script = """
        let heard = 0;
        fn on_spawn() {
            let name = ""; name.pad(8_000, "x");
            for i in 0..14 { start_timer(`${name}${i}`, 0.0, true); }
        }
        fn on_timer(name) { heard += 1; }
    """
    game = Game.load(
        write_scene(tmp_path / "scene", [Case("named", script, "")], copies=4, operations=200_000)
    )
    for _ in range(8):
        game.step()
    assert not game.error_reports
    assert 60 < sum(made_by(game, "named", "heard")) <= 8 * 13


@pytest.mark.parametrize("call", ["b.get(0)", "p.name", "print(1)", "`${b}`", "b.to_array()"])
def test_what_python_does_for_a_mod_takes_operations_of_the_tick(tmp_path, call):
    """A mod goes to Python some four hundred times a tick: as long as a million operations take."""
    script = f"""
        let done = 0;
        fn on_update() {{ let b = blob(8); let p = Fn("x"); for i in 0..50 {{ {call}; }} done += 1; }}
    """
    path = write_scene(tmp_path / "scene", [Case("asks", script, "")], copies=40, operations=2_000_000)
    game = Game.load(path)
    game.step()
    assert not game.error_reports
    assert 5 < sum(made_by(game, "asks", "done")) < 22


def test_operations_that_are_left_are_the_same_without_the_optimiser(tmp_path, monkeypatch):
    left = []
    for passes in (ALL_PASSES, NO_PASSES):
        compiled = partial(compiling.compile_script, passes=passes)
        monkeypatch.setattr(programs, "compile_script", compiled)
        path = write_scene(tmp_path / str(len(passes)), all_cases()[::7], operations=2_000_000)
        game = Game.load(path)
        left.append([])
        for _ in range(25):
            game.step()
            left[-1].append((game.state_hash(), *game.scripts.budgets.left))
    assert left[0] == left[1]
