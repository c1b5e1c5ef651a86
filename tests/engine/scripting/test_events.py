"""Damage, death, messages, timers, shared values: who is told what, when, and in which order."""

import pytest

from engine.ecs.components import Field
from engine.scripting.event_dispatch import MOST_ROUNDS

pytestmark = pytest.mark.integration

TWO = """
[scene]
gravity = [0.0, 0.0]
[prefab.late]
tag = "Late"
health = { value = 10 }
script = "b.rhai"
[[entity]]
tag = "A"
health = { value = 100, armor = 100 }
script = "a.rhai"
[[entity]]
tag = "B"
health = { value = 50, max = 80 }
script = "b.rhai"
"""
TELLS = """
fn on_damage(amount, source) { print(`${entity_id} hurt ${amount} by ${source}`); }
fn on_death(source) { print(`${entity_id} dead by ${source}`); }
fn on_message(name, data, sender) { print(`${entity_id} got ${name} ${data} from ${sender}`); }
fn on_timer(name) { print(`${entity_id} timer ${name} at ${tick}`); }
"""


@pytest.fixture
def told(folder):
    """Run `a` in the first tick of entity 1; return what was printed in some ticks."""

    def told(a, b="", ticks=1, scene=TWO):
        first = f"fn on_update() {{ if tick == 0 {{ {a} }} }}\n{TELLS}" if "fn " not in a else a
        game = folder.game(scene, a=first, b=b or TELLS, ticks=ticks)
        assert game.error_reports == [], game.error_reports
        return game.drain_log()

    return told


class TestCombat:
    def test_armor_of_100_halves_damage_and_both_are_told(self, told):
        assert told("print(apply_damage(1, 30)); print(apply_damage(2, 30));") == [
            *("15.0", "30.0"),
            *("1 hurt 15.0 by 1", "2 hurt 30.0 by 1"),
        ]

    def test_death_comes_after_the_damage_once_and_no_more_is_dealt(self, told):
        text = (
            "apply_damage(2, 40); print(apply_damage(2, 40)); print(apply_damage(2, 1)); print(is_alive(2));"
        )
        assert told(text) == [
            *("40.0", "0.0", "false"),
            *("2 hurt 40.0 by 1", "2 hurt 40.0 by 1", "2 dead by 1"),
        ]

    def test_set_health_is_clamped_and_tells_of_death_alone(self, told):
        shown = "print(get_health(2));"
        text = f"set_health(2, 500); {shown} set_health(2, -3); {shown} set_health(2, 0);"
        assert told(text) == ["80.0", "0.0", "2 dead by 1"]

    def test_heal_stops_at_the_maximum_and_raises_nobody(self, told):
        text = "print(heal(2, 10)); print(heal(2, 100)); set_health(2, 0); print(heal(2, 5));"
        assert told(text) == ["10.0", "20.0", "0.0", "2 dead by 1"]

    def test_no_damage_is_no_event(self, told):
        assert told("print(apply_damage(2, 0));") == ["0.0"]

    def test_fractions_are_kept(self, folder):
        game = folder.game(TWO, a="fn on_update() { apply_damage(2, 0.125); }", b="", ticks=3)
        assert game.world.get(2, Field.HEALTH_VALUE) == 50 - 0.375


class TestOrder:
    def test_kinds_then_scripts_then_entities_then_others(self, told):
        messages = 'send_message(2, "m"); send_message(1, "m");'
        text = messages + "apply_damage(2, 1); apply_damage(1, 2); set_health(2, 0);"
        assert told(text) == [
            *("1 hurt 1.0 by 1", "2 hurt 1.0 by 1"),
            "2 dead by 1",
            *("1 got m  from 1", "2 got m  from 1"),
        ]

    def test_what_a_callback_causes_is_told_in_the_same_tick(self, told):
        b = TELLS.replace(
            "dead by ${source}`);", 'dead by ${source}`); send_message(source, "avenge", tick);'
        )
        assert told("set_health(2, 0);", b) == ["2 dead by 1", "1 got avenge 0 from 2"]

    def test_two_that_answer_each_other_for_ever_go_on_in_the_next_tick(self, folder):
        text = """
            let got = [];
            fn on_spawn() { if entity_id == 1 { send_message(2, "ping", 0); } }
            fn on_message(name, data, sender) { got.push(tick); send_message(sender, name, data + 1); }
        """
        game = folder.game(TWO, a=text, b=text, ticks=3)
        assert game.error_reports == []
        ticks = game.scripts.state(1, "a.rhai")["got"] + game.scripts.state(2, "b.rhai")["got"]
        assert sorted(ticks) == [0] * MOST_ROUNDS + [1] * MOST_ROUNDS + [2] * MOST_ROUNDS
        assert len(game.scripts.events) == 1

    def test_the_unborn_are_told_when_they_are_born(self, told):
        text = 'let e = spawn_entity("late", (1, 1)); send_message(e, "hello", [1]); apply_damage(e, 4);'
        assert told(text, ticks=1) == []
        assert told(text, ticks=2) == ["3 hurt 4.0 by 1", "3 got hello [1] from 1"]

    def test_the_destroyed_are_told_nothing(self, told):
        assert told('send_message(2, "m"); destroy_entity(2); apply_damage(2, 5);', ticks=3) == []


class TestMessages:
    def test_data_is_a_copy(self, told):
        text = """
            let kept = [1, [2]];
            fn on_update() { if tick == 0 { send_message(2, "m", kept); kept[1].push(3); kept.push(4); } }
        """
        assert told(text) == ["2 got m [1, [2]] from 1"]

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("5", "5"),
            ('"a"', "a"),
            ("(1.0, 2.0)", "(1.0, 2.0)"),
            ("()", ""),
            ("#{a: [1.5]}", '#{"a": [1.5]}'),
        ],
    )
    def test_values_of_any_type(self, told, value, shown):
        assert told(f'send_message(2, "m", {value});') == [f"2 got m {shown} from 1"]

    def test_a_long_message_finds_room(self, folder):
        text = """
            let long = [];
            fn on_spawn() { for i in 0..40 { long.push(blob(9000)); } }
            fn on_update() { if tick == 0 { send_message(2, "m", long); send_message(2, "n", [1]); } }
        """
        b = "let sizes = [];\nfn on_message(name, data) { sizes.push(data.len()); }"
        scene = TWO.replace("[prefab", "[limits]\noperations = 1_000_000\n[prefab", 1)
        game = folder.game(scene, a=text, b=b, ticks=2)
        assert game.error_reports == []
        assert game.scripts.state(2, "b.rhai") == {"sizes": [40, 1]}

    @pytest.mark.parametrize("value", ["|x| x", "[1, |x| x]", 'Fn("f").curry(1)'])
    def test_closures_cannot_cross(self, folder, value):
        game = folder.game(TWO, a=f'fn on_update() {{ send_message(2, "m", {value}); }}', b=TELLS, ticks=2)
        assert "these belong to one script" in game.error_reports[0].message
        assert game.drain_log() == []


class TestTimers:
    def test_once_and_again_until_stopped(self, told):
        text = """
            fn on_spawn() { start_timer("once", 0.05); start_timer("again", 0.1, true); }
            fn on_timer(name) { print(`${name} ${tick}`); if tick >= 12 { print(stop_timer(name)); } }
        """
        assert told(text, ticks=30) == ["once 3", "again 6", "again 12", "true"]

    def test_of_the_same_name_begins_anew(self, told):
        text = """
            fn on_update() { if tick < 5 { start_timer("t", 0.05); } }
            fn on_timer(name) { print(tick); }
        """
        assert told(text, ticks=12) == ["7"]

    def test_only_the_script_that_started_it_is_told(self, told):
        scene = '[[entity]]\nscripts = ["a.rhai", "b.rhai"]'
        text = 'fn on_spawn() { start_timer("t", 0); }\n' + TELLS
        assert told(text, TELLS, ticks=3, scene=scene) == ["1 timer t at 1"]

    def test_die_with_their_entity(self, told):
        text = """
            fn on_spawn() { start_timer("t", 0.1); }
            fn on_update() { if tick == 1 { destroy_entity(entity_id); } }
        """
        assert told(text + TELLS, ticks=12) == []

    def test_a_script_has_so_many_at_most(self, told):
        text = """
            fn on_spawn() {
                for i in 0..64 { start_timer(`t${i}`, 1.0); }
                start_timer("t3", 2.0);
                print(stop_timer("t5"));
                start_timer("again", 1.0);
                try { start_timer("more", 1.0); } catch (error) { print(error.message); }
            }
        """
        assert told(text) == ["true", "start_timer: a script has 64 timers at most at a time"]

    def test_those_due_in_one_tick_come_in_the_order_of_their_start(self, told):
        text = """
            fn on_spawn() {
                for name in ["a", "b", "c"] { start_timer(name, 0.05); }
                stop_timer("a");
                for name in ["d", "a"] { start_timer(name, 0.05); }
            }
            fn on_timer(name) { print(name); }
        """
        assert told(text, ticks=5) == ["b", "c", "d", "a"]

    def test_a_thousand_of_them(self, folder):
        text = """
            let n = 0;
            fn on_spawn() { start_timer("t", entity_id % 7 * 0.05, true); }
            fn on_timer() { n += 1; }
        """
        game = folder.game('[[entity]]\ncount = 1000\nscript = "a.rhai"', a=text, ticks=60)
        assert game.error_reports == []
        every = {1: 3, 6: 18, 7: 1, 999: 15}
        for entity, ticks in every.items():
            assert game.scripts.state(entity, "a.rhai") == {"n": len(range(ticks, 60, ticks))}


class TestGlobals:
    def test_are_shared_copies(self, told):
        b = 'fn on_update() { let g = get_global("g"); g.push(9); print(get_global("g")); }'
        assert told('set_global("g", [1, [2]]); print(get_global("none"));', b) == ["", "[1, [2]]"]

    def test_replaced_for_ever_they_need_no_more_room(self, folder):
        text = 'fn on_update() { for i in 0..20 { set_global("g", blob(3000)); } set_global("n", tick); }'
        game = folder.game(TWO, a=text, b="", ticks=200)
        assert game.error_reports == []
        assert game.scripts.globals.data.size <= 1 << 16

    def test_too_many_names_are_refused(self, folder):
        text = "fn on_update() { for i in 0..1000 { set_global(`${tick} ${i}`, i); } }"
        game = folder.game(TWO, a=text, b="", ticks=8)
        assert "too many" in game.error_reports[0].message


@pytest.mark.security
def test_what_a_failed_callback_sent_started_and_set_never_was(folder):
    text = """
        let n = 0;
        fn on_spawn() { start_timer("kept", 5.0); set_global("g", 1); }
        fn on_update() {
            send_message(2, "m", [1, 2]);
            apply_damage(2, 5);
            set_health(2, 0);
            start_timer("t", 1.0);
            stop_timer("kept");
            set_global("g", 2);
            set_global("h", 3);
            throw 1;
        }
    """
    game = folder.game(TWO, a=text, b=TELLS)
    before = [
        store.state.tolist() for store in (game.scripts.events, game.scripts.timers, game.scripts.globals)
    ]
    game.scripts.begin_tick(0, 1 / 60)
    game.scripts.dispatch_all("on_update")
    after = [
        store.state.tolist() for store in (game.scripts.events, game.scripts.timers, game.scripts.globals)
    ]
    assert after == before
    assert game.world.get(2, Field.HEALTH_VALUE) == 50
    game.step()
    assert game.drain_log() == []


def test_the_state_hash_sees_what_waits(folder):
    def hash_with(text):
        return folder.game(TWO, a=f"fn on_spawn() {{ {text} }}", b="").state_hash()

    hashes = [
        hash_with(text)
        for text in (
            "",
            'send_message(2, "m");',
            'send_message(2, "n");',
            'send_message(2, "m", 1);',
            'start_timer("t", 1);',
            'start_timer("t", 2);',
            'set_global("g", [1]);',
            'set_global("g", [2]);',
        )
    ]
    assert len(set(hashes)) == len(hashes)
