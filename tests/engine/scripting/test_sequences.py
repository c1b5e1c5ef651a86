"""Sequences: functions that wait, go on in later ticks, and end with their instance or a failure."""

import pytest

from engine.scripting.sequences import FREE
from lang.vm.suspension import MOST_SEQUENCES

pytestmark = pytest.mark.integration

ONE = '[scene]\ngravity = [0.0, 0.0]\n[[entity]]\nposition = [1, 2]\nscript = "a.rhai"\n'
TWO = ONE + '[[entity]]\nposition = [3, 4]\nscript = "b.rhai"\n'


HELPERS = """
    let list = [0, #{ n: 2 }];
    fn poke(by) { this.n += by; wait(0.02); this.n += by; }
    fn later(x) { wait(0); x }
    fn deep() { wait(0); [1][5] }
    fn sum(n) { if n == 0 { wait(0); return 0; } wait(0); n + sum(n - 1) }
"""
SURVIVING = {
    "let x = [1, #{ a: 2 }]; wait(0); x[1].a += 1; say(x);": '[1, #{"a": 3}]',
    "let t = 0; for i in 0..4 { wait(0); t += i; } say(t);": "6",
    'let t = ""; for c in "pö€" { wait(0); t += c; } say(t);': "pö€",
    "let t = 0; for v in [[1], [2, 3]] { wait(0); t += v.len(); } say(t);": "3",
    "let t = 0.0; for v in (1.0, 2.0) { wait(0); t += v; } say(t);": "3.0",
    "let i = 0; while i < 3 { i += 1; wait(0); } say(i);": "3",
    "let n = 1; let g = || n += 1; wait(0); g.call(); wait(0); say(n);": "2",
    "let m = #{ n: 1 }; m.poke(4); say(m.n);": "9",
    "list[1].poke(1); say(list[1].n);": "4",
    "let m = #{ n: 5, add: |by| { wait(0); this.n += by; } }; m.add(2); say(m.n);": "7",
    "say(1 + later(2) * later(3));": "7",
    "say([later(1), later(2)]);": "[1, 2]",
    "let g = Fn(`later`); say(g.call(7));": "7",
    "say(`${later(1)} ${later(2)}`);": "1 2",
    "let x = wait(0); say(x == ());": "true",
    "switch later(2) { 1 => say(1), 2 => say(`two`), _ => say(0) }": "two",
    "try { wait(0); throw 7; } catch (e) { wait(0); say(e); }": "7",
    "try { deep(); } catch (e) { wait(0); say(e.error); }": "ErrorInFunctionCall",
    "try { [1][9]; } catch (e) { wait(0); try { throw; } catch (again) { say(again.index); } }": "9",
    "say(sum(20));": "210",
    "let k = 0; loop { k += 1; if k == 3 { break; } wait(0); } say(k);": "3",
    "let rows = [[1, 2], [3]]; rows[later(1)].push(later(4)); say(rows);": "[[1, 2], [3, 4]]",
    "list[later(0)] = later(8); say(list[0]);": "8",
}
"""What a function does that waits on the way → what it says."""
REFUSED = {
    "wait(-1);": "must be from 0 to a billion seconds",
    "wait(0.0 / 0.0);": "NaN or infinite",
    "wait(1.0 / 0.0);": "NaN or infinite",
    "wait(`1`);": "a number is expected",
    "[1].map(|x| wait(1));": "inside a call that a built-in function makes",
    "[2, 1].filter(|x| { wait(0); true });": "inside a call that a built-in function makes",
    "wait_until(|| { wait(0); true });": "inside a call that a built-in function makes",
    "Fn(`wait`).call(1);": "inside a call that a built-in function makes",
    "wait_until(1);": "a function pointer is expected as `condition`, not i64",
    "wait_until(|| 1);": "expecting bool",
    "start(1);": "a function pointer is expected as `f`, not i64",
    "start(Fn(`f`), 1);": "an array is expected as `arguments`, not i64",
    "start(Fn(`f`), [1]);": "no function of this script that takes 1 arguments",
    "start(Fn(`nothing`));": "no function of this script that takes 0 arguments",
    "start(Fn(`print`), [1, 2]);": "no function of this script that takes 2 arguments",
    "is_running(`x`);": "an int is expected as `handle`",
    "stop_sequence(1.0);": "an int is expected as `handle`",
}
COLLECTING = "\nlet out = [];\nfn say(x) { out.push(`${x}`); }\nfn on_spawn() { start(Fn(`f`)); }"


def run_each(folder, texts, ticks=60):
    """Start `f` of each script in one game; return what each said last, and who failed why."""
    entities = "".join(f'[[entity]]\nscript = "s{number}.rhai"\n' for number in range(len(texts)))
    scripts = {f"s{number}": text + COLLECTING for number, text in enumerate(texts)}
    game = folder.game(f"[scene]\n{entities}", **scripts, ticks=ticks)
    found = [game.scripts.state(1 + n, f"s{n}.rhai").get("out", []) for n in range(len(texts))]
    failures = {int(failure.file[1:-5]): failure.diagnostic for failure in game.error_reports}
    return [out[-1] if out else None for out in found], failures


@pytest.fixture
def told(folder):
    """Start a function `f` of a script in tick 0; return what was printed in some ticks."""

    def told(text, ticks=12, start="start(Fn(`f`));"):
        game = folder.game(ONE, a=f"{text}\nfn on_update() {{ if tick == 0 {{ {start} }} }}", ticks=ticks)
        assert [failure.diagnostic for failure in game.error_reports] == []
        return game.drain_log()

    return told


@pytest.fixture
def refused(folder):
    """Do the same with a script that fails; return why, and what was printed."""

    def refused(text, start="start(Fn(`f`));"):
        game = folder.game(ONE, a=f"{text}\nfn on_update() {{ if tick == 0 {{ {start} }} }}", ticks=4)
        assert len(game.error_reports) == 1
        assert len(game.scripts.sequences) == 0
        return game.error_reports[0].diagnostic, game.drain_log()

    return refused


class TestTime:
    def test_it_begins_in_the_tick_that_starts_it(self, told):
        assert told("fn f() { print(tick); }") == ["0"]

    def test_no_time_is_one_tick(self, told):
        assert told("fn f() { wait(0); print(tick); wait(0.0); print(tick); }") == ["1", "2"]

    @pytest.mark.parametrize(
        ("seconds", "tick"),
        [("0.05", "3"), ("0.051", "4"), ("0.1", "6"), ("0.001", "1"), ("1.0 / 60.0", "1")],
    )
    def test_it_goes_on_in_the_first_tick_at_or_after_the_time(self, told, seconds, tick):
        assert told(f"fn f() {{ wait({seconds}); print(tick); }}") == [tick]

    def test_a_condition_is_asked_once_a_tick_and_first_at_once(self, told):
        text = "let n = 0; fn f() { wait_until(|| { n += 1; tick == 3 }); print(`${n} ${tick}`); }"
        assert told(text) == ["4 3"]
        assert told("fn f() { wait_until(|| true); print(tick); }") == ["0"]

    def test_what_an_event_starts_begins_in_the_next_tick(self, told):
        text = 'fn f() { print(tick); } fn on_message(name, data, sender) { start(Fn("f")); }'
        assert told(text, start='send_message(entity_id, "go", ());') == ["1"]

    def test_what_a_sequence_starts_begins_in_the_next_tick(self, told):
        assert told("fn f() { print(tick); if tick < 3 { start(Fn(`f`)); } }") == ["0", "1", "2", "3"]


class TestOrder:
    def test_by_script_then_entity_then_start(self, folder):
        scene = TWO + '[[entity]]\nposition = [5, 4]\nscript = "a.rhai"\n'
        text = """fn f(n) { print(`${n}${entity_id}`); wait(0); print(`${n}${entity_id}`); }
            fn on_spawn() { start(Fn("f"), ["x"]); start(Fn("f"), ["y"]); }"""
        game = folder.game(scene, a=text, b=text, ticks=1)
        first = ["x1", "y1", "x3", "y3", "x2", "y2"]
        assert game.drain_log() == first
        game.step()
        assert game.drain_log() == first

    def test_after_on_update(self, told):
        assert told("fn f() { print(`part`); }", start="start(Fn(`f`)); print(`update`);") == [
            "update",
            "part",
        ]


class TestStack:
    """What a function has is there when it goes on."""

    def test_survives(self, folder):
        found, failures = run_each(folder, [f"{HELPERS}fn f() {{ {body} }}" for body in SURVIVING])
        assert failures == {}
        assert dict(zip(SURVIVING, found, strict=True)) == SURVIVING

    def test_state_is_not_locked_while_a_method_of_its_element_waits(self, told):
        text = """let list = [#{ n: 1 }];
            fn poke() { wait(0.1); this.n += 1; }
            fn f() { list[0].poke(); print(list); }"""
        assert told(text, start="start(Fn(`f`));", ticks=8) == ['[#{"n": 2}]']
        other = "fn on_timer(name) { list.push(3); }"
        text = text + other
        start = "start(Fn(`f`)); start_timer(`t`, 0.03);"
        assert told(text, start=start, ticks=8) == ['[#{"n": 2}, 3]']

    def test_an_element_that_is_gone_is_no_place(self, told):
        text = """let list = [#{ n: 1 }];
            fn poke() { wait(0.1); print(this); }
            fn f() { list[0].poke(); } fn on_timer(name) { list.clear(); }"""
        assert told(text, start="start(Fn(`f`)); start_timer(`t`, 0.03);", ticks=8) == [""]

    def test_collections_know_what_waits(self, told):
        text = """fn f(name) {
                let held = [name];
                for i in 0..20 { wait(0); held.push(`${i}`); }
                print(held.len());
            }
            fn g() { for i in 0..20 { let t = []; t.pad(1500, "rubbish"); wait(0); } }"""
        assert told(text, start="start(Fn(`f`), [`x`]); start(Fn(`g`));", ticks=30) == ["21"]


class TestStart:
    def test_arguments_curries_and_closures(self, told):
        text = "fn f(a, b) { print(`${a} ${b}`); }"
        assert told(text, start="start(Fn(`f`), [1, [2]]);") == ["1 [2]"]
        assert told(text, start="start(Fn(`f`).curry(1), [2]); let x = 5; start(|y| print(x + y), [1]);") == [
            "1 2",
            "6",
        ]

    def test_arguments_are_copies(self, told):
        text = "let list = [1]; fn f(x) { x.push(2); wait(0); print(x); print(list); }"
        assert told(text, start="start(Fn(`f`), [list]); list.push(9);") == ["[1, 2]", "[1, 9]"]

    def test_handles(self, told):
        text = """let h = 0; fn f() { wait(0.05); print("never"); }
            fn show() { print(is_running(h)); }
            fn g() { show(); for i in 0..2 { print(stop_sequence(h)); show(); } }"""
        assert told(text, start="h = start(Fn(`f`)); start(Fn(`g`));") == [
            "true",
            "true",
            "false",
            "false",
            "false",
        ]

    def test_one_that_stops_itself_ends_where_it_would_wait(self, told):
        text = "let h = 0; fn f() { print(stop_sequence(h)); print(is_running(h)); wait(0); print(`never`); }"
        assert told(text, start="h = start(Fn(`f`));") == ["true", "false"]

    def test_exit_ends_a_sequence_well(self, told):
        text = """let h = 0; fn f() { g(); } fn g() { wait(0); exit(); }
            fn on_message(n, d, s) { print(is_running(h)); }"""
        start = "h = start(Fn(`f`)); send_message(entity_id, `x`, ()); start_timer(`t`, 0.1);"
        assert told(text + " fn on_timer(name) { print(is_running(h)); }", start=start) == ["true", "false"]

    def test_systems_have_sequences_too(self, folder):
        scene = '[scene]\n[[system]]\nscript = "s.rhai"\nstage = "simulation"\n'
        text = "fn f() { wait(0); print(tick); } fn run_all(e) { if tick == 0 { start(Fn(`f`)); } }"
        game = folder.game(scene, s=text, ticks=4)
        assert game.drain_log() == ["2"]


class TestRefusals:
    def test_of_calls(self, folder):
        _, failures = run_each(folder, [f"fn f() {{ {call} }}" for call in REFUSED])
        missing = {
            call: failures.get(number)
            for number, (call, reason) in enumerate(REFUSED.items())
            if reason not in failures.get(number, "")
        }
        assert missing == {}

    @pytest.mark.parametrize("call", ["wait(1);", "wait_until(|| true);"])
    def test_outside_of_a_sequence(self, refused, call):
        reason, _ = refused("", start=call)
        assert "only a function that was started as a sequence can wait" in reason

    def test_of_too_many(self, refused):
        text = f"fn f() {{ wait(1); }} fn g() {{ for i in 0..{MOST_SEQUENCES + 1} {{ start(Fn(`f`)); }} }}"
        assert f"a script has {MOST_SEQUENCES} sequences at most" in refused(text, start="g();")[0]

    def test_a_sequence_that_starts_sequences_for_ever(self, refused):
        text = "fn f() { loop { start(Fn(`f`)); start(Fn(`f`)); wait(0); } }"
        assert "sequences at most" in refused(text)[0]

    def test_memory_of_what_waits_counts(self, refused):
        text = """fn keep() { let held = []; held.pad(9000, 1); wait(9); held.len() }
            fn f() { for i in 0..60 { start(Fn(`keep`)); wait(0); } }"""
        start = "for i in 0..20 { start(Fn(`keep`)); }"
        assert "memory" in refused(text, start=start)[0]


class TestFailures:
    def test_one_part_is_undone_and_all_sequences_of_the_instance_end(self, folder):
        text = """let n = 0; let seen = [];
            fn f() { n = 1; seen.push(1); wait(0); n = 2; seen.push(2); set_tag(entity_id, "x"); [][3] }
            fn g() { loop { seen.push("g"); wait(0); } }
            fn on_spawn() { start(Fn("g")); start(Fn("f")); }"""
        game = folder.game(TWO, a=text, b="fn on_update() { print(tick); }", ticks=5)
        assert len(game.error_reports) == 1
        assert "in call to function" not in game.error_reports[0].diagnostic
        assert game.scripts.state(1, "a.rhai") == {"n": 1, "seen": ["g", 1, "g"]}
        assert len(game.scripts.sequences) == 0
        assert game.drain_log() == ["0", "1", "2", "3", "4"]

    def test_a_failing_callback_ends_them_too(self, folder):
        text = """fn f() { loop { print(1); wait(0); } }
            fn on_update() { if tick == 0 { start(Fn(`f`)); } else { [][1] } }"""
        game = folder.game(ONE, a=text, ticks=4)
        assert game.drain_log() == ["1"]
        assert len(game.scripts.sequences) == 0

    def test_a_failed_callback_has_started_and_stopped_nothing(self, folder):
        text = """let h = 0; fn f() { loop { wait(0); } }
            fn on_update() {
                if tick == 0 { h = start(Fn("f")); return; }
                stop_sequence(h);
                start(Fn("f"));
                throw 1;
            }"""
        game = folder.game(ONE, a=text, ticks=2)
        assert len(game.error_reports) == 1
        assert game.scripts.sequences.rows[:, 0].tolist() == [FREE]

    def test_each_part_has_its_own_operations(self, told):
        text = "fn f() { for i in 0..5 { let x = 0; while x < 1500 { x += 1; } wait(0); } print(9); }"
        assert told(text) == ["9"]

    def test_endless_work_in_a_part(self, refused):
        assert "Too many operations" in refused("fn f() { wait(0); loop { } }")[0]

    def test_deep_recursion_then_a_wait(self, told, refused):
        text = "fn r(n) { if n == 0 { wait(0); return 0; } 1 + r(n - 1) } fn f() { print(r(60)); }"
        assert told(text) == ["60"]
        assert "Stack overflow" in refused(text.replace("60", "70"))[0]

    def test_the_call_stack_is_told(self, refused):
        reason, _ = refused("fn inner() { wait(0); [][1] }\nfn f() { inner() }")
        assert "inner" in reason


class TestEnds:
    def test_with_the_entity(self, folder):
        text = """fn f() {
                loop {
                    print(tick);
                    wait(0);
                    if tick == 2 { destroy_entity(entity_id); wait(0); print(`never`); }
                }
            }
            fn on_spawn() { start(Fn(`f`)); }"""
        game = folder.game(ONE, a=text, ticks=5)
        assert game.drain_log() == ["0", "1"]
        assert len(game.scripts.sequences) == 0
        assert game.error_reports == []

    def test_one_of_a_script_that_is_switched_off_waits_until_it_is_on(self, folder):
        text = "fn f() { loop { print(tick); wait(0); } } fn on_spawn() { start(Fn(`f`)); }"
        game = folder.game(ONE, a=text, ticks=1)
        instance = game.scripts.instance_of(1, "a.rhai")
        game.scripts.switch(instance, on=False)
        game.step()
        game.step()
        game.scripts.switch(instance, on=True)
        game.step()
        assert game.drain_log() == ["0", "3"]

    def test_rows_are_used_again(self, folder):
        text = "fn f() { wait(0.02); } fn on_update() { start(Fn(`f`)); }"
        game = folder.game(ONE, a=text, ticks=100)
        assert len(game.scripts.sequences.rows) < 6


class TestState:
    def test_does_not_show_what_waits(self, folder):
        game = folder.game(ONE, a="let n = 1; fn f() { wait(9); } fn on_spawn() { start(Fn(`f`)); }", ticks=2)
        assert game.scripts.state(1, "a.rhai") == {"n": 1}

    def test_a_thousand_at_once(self, folder):
        scene = ONE.replace("script", "count = 100\nspread = { box = [9.0, 9.0] }\nscript")
        text = """let t = 0; fn f(n) { wait(n / 100.0); t += n; }
            fn on_spawn() { for i in 0..10 { start(Fn(`f`), [i]); } }"""
        game = folder.game(scene, a=text, ticks=1)
        assert len(game.scripts.sequences) == 1000
        for _ in range(8):
            game.step()
        assert len(game.scripts.sequences) == 0
        assert {game.scripts.state(entity, "a.rhai")["t"] for entity in range(1, 101)} == {45}
