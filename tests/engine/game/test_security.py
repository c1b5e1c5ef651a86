"""What scripts of strangers must never manage: to stop, slow down for good, or end the game of others."""

import math
import time

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.errors import ScriptTooSlow
from engine.physics.proxies import FASTEST

pytestmark = [pytest.mark.integration, pytest.mark.security]

SCENE = """
{head}
[prefab.coin]
tag = "Coin"
sprite = {{ shape = "circle", radius = 0.3 }}
[prefab.bomb]
script = "hostile.rhai"
[[entity]]
tag = "Victim"
position = [1, 2]
collider = {{ circle = 0.5 }}
velocity = [0.0, 0.0]
text = {{ content = "mine" }}
script = "victim.rhai"
[[entity]]
tag = "Hostile"
position = [30, 30]
velocity = [0.0, 0.0]
collider = {{ circle = 0.5 }}
text = {{ content = "" }}
script = "hostile.rhai"
"""
VICTIM = "let n = 0; fn on_update() { n += 1; }"
TICKS = 5


@pytest.fixture
def attack(folder):
    """Run a hostile script beside a harmless one; check that the harmless one runs on as ever."""

    def run(script, *, head="", tail="", ticks=TICKS, seconds=5.0):
        game = folder.game(SCENE.format(head=head) + tail, hostile=script, victim=VICTIM)
        begin = time.perf_counter()
        for _ in range(ticks):
            game.step()
        assert time.perf_counter() - begin < seconds
        if game.world.exists(1):
            assert game.scripts.state(1, "victim.rhai") == {"n": ticks}
        return game

    return run


def kinds(game):
    return [failure.kind for failure in game.error_reports]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("loop { }", "ErrorTooManyOperations"),
        ("while true { continue; }", "ErrorTooManyOperations"),
        ("for i in 0..9223372036854775807 { }", "ErrorTooManyOperations"),
        ("try { loop { } } catch { loop { } }", "ErrorTooManyOperations"),
        ("again(1);", "ErrorStackOverflow"),
        ('let f = Fn("again"); f.call(1);', "ErrorStackOverflow"),
        ("let g = |h| h.call(h); g.call(g);", "ErrorStackOverflow"),
        ("try { again(1) } catch { again(1) }", "ErrorStackOverflow"),
    ],
)
def test_endless(attack, body, kind):
    game = attack(f"fn again(x) {{ again(x + 1) }}\nfn on_update() {{ {body} }}")
    assert kinds(game) == [kind]


@pytest.mark.parametrize("place", ["top", "on_spawn", "on_update", "on_destroy"])
def test_endless_in_every_place(attack, place):
    loop = "loop { }" if place == "top" else f"fn {place}() {{ loop {{ }} }}"
    end = "fn on_collision() {}" if place != "on_destroy" else "fn on_update() { destroy_entity(entity_id); }"
    assert kinds(attack(f"{loop}\n{end}")) == ["ErrorTooManyOperations"]


@pytest.mark.parametrize(
    "body",
    [
        'let s = "x"; loop { s += s; }',
        "let a = [0]; loop { a += a; }",
        "let a = []; loop { a.push([1, 2, 3, 4, 5, 6, 7, 8]); }",
        "let m = #{}; let i = 0; loop { m[`${i}`] = [i, i, i, i]; i += 1; }",
        "let a = []; a.pad(1000000000, 0);",
        "let b = blob(1000000000);",
        'let s = "x"; s.pad(1000000000, "y");',
        "let a = [1]; loop { a = [a, a]; }",
        "kept.push(blob(100000)); on_update();",
        "let f = |x| x; loop { f = f.curry([1, 2, 3]); }",
        "let a = []; a.push(a); loop { a.push(a); }",
    ],
)
def test_a_memory_bomb(attack, body):
    game = attack(f"let kept = [];\nfn on_update() {{ {body} }}", ticks=30)
    assert kinds(game)[0] in {"ErrorDataTooLarge", "ErrorTooManyOperations", "ErrorStackOverflow"}
    assert len(kinds(game)) == 1
    assert 8 * game.scripts.machine.arena.size < 64 * 2**20


def test_no_memory_left_for_the_name_of_a_trigger(attack):
    head = """
        [limits]
        memory = 2000
        [[trigger]]
        name = "a very long name, which has to fit into the memory of whoever enters the volume"
        position = [30, 30]
        shape = { circle = 3.0 }
    """
    script = "let kept = 0;\nfn on_update() { kept = blob(1944); }\nfn on_trigger(name) { print(name); }"
    game = attack(script, head=head)
    (failure,) = game.error_reports
    assert (failure.kind, failure.line) == ("ErrorDataTooLarge", 3)


def test_memory_kept_over_many_ticks_is_limited(attack):
    game = attack("let kept = [];\nfn on_update() { kept.push(blob(60000)); }", ticks=60)
    assert kinds(game) == ["ErrorDataTooLarge"]


def test_a_spawn_flood_stops_at_the_limit(attack):
    flood = 'fn on_update() { loop { spawn_entity("coin", (0, 0)); } }'
    game = attack(flood, head="[limits]\nentities = 500")
    assert game.entity_count == 2, "what a failed callback spawned never was"
    assert "as many entities as the scene's limits allow" in game.error_reports[0].message


def test_a_spawn_flood_that_catches_its_errors(attack):
    flood = 'fn on_update() { loop { try { spawn_entity("coin", (0, 0)); } catch { } } }'
    game = attack(flood, head="[limits]\nentities = 500")
    assert game.entity_count == 2
    assert kinds(game) == ["ErrorTooManyOperations"]


def test_a_fork_bomb_stops_at_the_limit(attack):
    flood = 'fn on_update() { spawn_entity("bomb", (0, 0)); spawn_entity("bomb", (0, 0)); }'
    game = attack(flood, head="[limits]\nentities = 2000", ticks=14, seconds=20.0)
    assert game.entity_count == 2000
    assert set(kinds(game)) == {"ErrorRuntime"}


def test_spawned_and_destroyed_for_ever_reuses_room(attack):
    churn = """
        let highest = 0;
        fn on_update() { for i in 0..200 {
            let coin = spawn_entity("coin", (0, 0));
            if coin % 4294967296 > highest { highest = coin % 4294967296; }
            destroy_entity(coin);
        } }
    """
    game = attack(churn, ticks=50)
    assert (game.entity_count, kinds(game)) == (2, [])
    assert game.scripts.state(2, "hostile.rhai")["highest"] <= 2 + 200


def test_a_print_flood_is_cut_short(attack):
    game = attack('fn on_update() { loop { print("spam"); } }', ticks=1)
    assert kinds(game) == ["ErrorTooManyOperations"]
    log = game.drain_log()
    assert len(log) == 1001
    assert log[-1].endswith("more lines")
    assert len(game.take_messages()) == 101
    assert game.drain_log() == []


def test_long_lines_are_cut_short(attack):
    game = attack('fn on_update() { let s = "x"; for i in 0..17 { s += s; } for i in 0..50 { print(s); } }')
    assert sum(map(len, game.drain_log())) < 10 * 2**20
    assert len(kinds(game)) <= 1


def test_thousands_of_sounds(attack):
    game = attack("fn on_update() { for i in 0..1500 { play_sound(`sound ${i}`); } }", ticks=20)
    assert len(game.take_messages()) <= 101
    assert 8 * game.scripts.effects.take().size == 0


@pytest.mark.parametrize("seed", range(3))
def test_forged_ids_reach_nothing(attack, seed):
    rng = np.random.default_rng(seed)
    ids = [-1, 0, 2**32, 2**32 + 1, 2**63 - 1, -(2**63) + 1, 2**31, -(2**32) + 1, 3, 1 << 62]
    ids += rng.integers(-(2**63), 2**63 - 1, 60).tolist()
    calls = "".join(
        f"""
        if !is_alive({forged}) {{
            let refused = 0;
            try {{ set_position({forged}, (0, 0)); }} catch {{ refused += 1; }}
            try {{ destroy_entity({forged}); }} catch {{ refused += 1; }}
            try {{ set_text({forged}, "x"); }} catch {{ refused += 1; }}
            try {{ get_tag({forged}); }} catch {{ refused += 1; }}
            if refused != 4 {{ print("{forged}"); }}
        }} else {{ print("alive {forged}"); }}"""
        for forged in ids
    )
    script = f"fn on_update() {{ if tick == 0 {{ {calls} }} }}"
    game = attack(script, head="[limits]\noperations = 100000")
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert game.drain_log() == []
    assert game.entity_count == 2


def test_no_position_ever_becomes_nan(attack):
    script = """
        let most = 1.7e308;
        let step = 0;
        fn on_update() {
            step += 1;
            try { set_position(entity_id, (0.0 / 0.0, 0.0)); } catch { }
            try { set_position(entity_id, (1.0 / 0.0, 0.0)); } catch { }
            try { set_velocity(entity_id, [0.0 / 0.0, 1]); } catch { }
            if step % 2 == 0 { set_position(1, (most, -most)); set_velocity(1, (most, most)); }
            else { set_position(1, (-most, most)); move_towards(1, (most, most), most); }
        }
    """
    game = attack(script, ticks=30)
    for field in (Field.TRANSFORM_X, Field.TRANSFORM_Y):
        assert not math.isnan(game.world.get(1, field))
    assert game.state_hash() == game.state_hash()


def test_nothing_flies_beyond_the_numbers(attack):
    game = attack("fn on_spawn() { set_velocity(entity_id, (1.7e308, -1.7e308)); }", ticks=200)
    for field in (Field.TRANSFORM_X, Field.TRANSFORM_Y):
        assert abs(game.world.get(2, field)) == pytest.approx(FASTEST * 200 / 60, rel=1e-3)


@pytest.mark.parametrize(
    "use",
    ["throw deep", "print(deep)", "get_position(deep)", "deep + 1", "`${deep}`", "deep[5]", "deep.nope()"],
)
def test_a_value_nested_without_end_is_told_of(attack, use):
    script = f"""
        let deep = [];
        fn on_update() {{ if tick < 6 {{ for i in 0..400 {{ deep = [deep]; }} }} else {{ {use}; }} }}
    """
    game = attack(script, head="[limits]\noperations = 100000000", ticks=8)
    assert len(kinds(game)) == 1
    assert game.state_hash() == game.state_hash()


def test_destroying_oneself_again_and_again(attack):
    script = """
        fn on_update() { for i in 0..500 { destroy_entity(entity_id); } }
        fn on_destroy() { for i in 0..500 { destroy_entity(entity_id); } print("end"); }
    """
    game = attack(script)
    assert (game.entity_count, kinds(game), game.drain_log()) == (1, [], ["end"])


def test_a_huge_text_is_refused(attack):
    game = attack('fn on_update() { let s = "x"; for i in 0..20 { s += s; } set_text(entity_id, s); }')
    assert kinds(game) == ["ErrorDataTooLarge"]
    game = attack('fn on_update() { let s = "x"; for i in 0..15 { s += s; } set_text(entity_id, s); }')
    assert " is longer than 16 KiB" in game.error_reports[0].message
    assert game.world.get(2, Field.TEXT_CONTENT) == ""


def test_looking_through_many_entities_is_paid_for(attack):
    script = 'fn on_update() { loop { find_entity_by_tag("Last"); } }'
    game = attack(script, tail='[[entity]]\ncount = 100000\n[[entity]]\ntag = "Last"\n', seconds=1.0)
    assert kinds(game) == ["ErrorTooManyOperations"]


@pytest.mark.parametrize("call", ["find_entity_by_tag(s)", "is_action_down(s)", "spawn_entity(s, (0, 0))"])
def test_long_names_are_paid_for(attack, call):
    script = f"""
        fn on_update() {{
            let s = "x";
            for i in 0..17 {{ s += s; }}
            loop {{ try {{ {call}; }} catch {{ }} }}
        }}
    """
    assert kinds(attack(script)) == ["ErrorTooManyOperations"]


def test_ever_new_texts_are_forgotten(attack):
    script = """
        let base = "x"; for i in 0..13 { base += base; }
        fn on_update() { for i in 0..4 { set_text(entity_id, `${tick} ${i} ${base}`); } }
    """
    game = attack(script, ticks=600)
    assert kinds(game) == []
    assert game.world.strings.bytes.size <= 4 * 2**20
    assert game.world.get(2, Field.TEXT_CONTENT).startswith("599 3 xx")
    assert game.world.get(1, Field.TEXT_CONTENT) == "mine"
    assert game.scripts.first_with_tag("Victim") == 1


def test_a_full_string_table_fails_the_script_that_asks_for_more(attack, folder, monkeypatch):
    scene = """
        [prefab.label]
        text = { content = "" }
        [[entity]]
        tag = "Victim"
        script = "victim.rhai"
        [[entity]]
        tag = "Hostile"
        script = "hostile.rhai"
    """
    hostile = """
        let base = "x"; for i in 0..13 { base += base; }
        fn on_update() {
            loop { try { set_text(spawn_entity("label", (0, 0)), `${tick} ${random()} ${base}`); } catch { } }
        }
    """
    game = folder.game(scene, hostile=hostile, victim=VICTIM)
    game.world.strings.limit = 100_000
    for _ in range(TICKS):
        game.step()
    assert kinds(game) == ["ErrorDataTooLarge"]
    assert "take all the room" in game.error_reports[0].message
    assert game.scripts.state(1, "victim.rhai") == {"n": TICKS}
    assert game.scripts.first_with_tag("Victim") == 1


def test_the_world_cannot_be_reached_by_other_names(attack):
    for name in ("open", "read", "write", "exec", "system", "getenv", "socket", "clock", "__import__"):
        game = attack(f'fn on_update() {{ {name}("/etc/passwd"); }}')
        assert kinds(game) == ["Parsing"]
    for text in ('import "os" as os;', 'fn on_update() { eval("1 + 1"); }'):
        game = attack(text)
        assert len(kinds(game)) == 1


def test_the_clock_stops_the_run_and_changes_no_state(folder):
    head = "[limits]\noperations = 9000000000000\nseconds = 0.05"
    game = folder.game(SCENE.format(head=head), hostile="fn on_update() { loop { } }", victim=VICTIM)
    with pytest.raises(ScriptTooSlow, match=r"hostile\.rhai:1:"):
        game.step()


def test_names_of_states_and_functions_may_be_anything(attack):
    script = """
        let None = 1; let lambda = 3;
        fn def() { 4 }
        fn on_update() { None += def(); }
    """
    game = attack(script)
    assert kinds(game) == []
    assert game.scripts.state(2, "hostile.rhai")["None"] == 1 + 4 * TICKS


@pytest.mark.parametrize("seed", range(4))
def test_scripts_of_random_calls(attack, seed):
    """Nonsense built from the whole API: whatever it does, the victim runs on and every error has a place."""
    rng = np.random.default_rng(seed)
    values = [
        "entity_id",
        "1",
        "-1",
        "0.5",
        '"Coin"',
        '"coin"',
        "(1.0, 2.0)",
        "[1, 2]",
        "()",
        "kept",
        "'c'",
        "1e308",
    ]
    calls = [
        *("get_position({})", "set_position(entity_id, {})", "move_towards(2, {}, {})", "distance({}, {})"),
        *(
            "get_velocity({})",
            "set_velocity(2, {})",
            "get_tag({})",
            "find_entity_by_tag({})",
            "random({}, {})",
        ),
        *(
            "spawn_entity({}, {})",
            "set_text(2, {})",
            "play_sound({}, {}, {})",
            "is_action_down({})",
            "is_alive({})",
        ),
        *("stop_sound({})", "play_music({}, {})", "stop_music({})", "set_bus_volume({}, {})"),
        *("screen_shake({}, {})", "camera_follow({})", "camera_zoom({})"),
        *("get_rotation({})", "kept.push({})", "print({})", "random()", "destroy_entity(99)"),
    ]
    lines = []
    for _ in range(120):
        call = str(rng.choice(calls))
        chosen = [str(rng.choice(values)) for _ in range(call.count("{}"))]
        lines.append(f"try {{ kept = {call.format(*chosen)}; }} catch (e) {{ kept = e.message; }}")
    script = "let kept = [];\nfn on_update() {\n" + "\n".join(lines) + "\n}"
    game = attack(script, ticks=20)
    assert game.world.exists(1)
    for failure in game.error_reports:
        assert failure.line is not None
