"""Looking ahead changes nothing but time: not values, not what is spent, not where a limit strikes."""

import pytest

from lang.bytecode.ahead import AHEAD
from lang.bytecode.ops import Op
from lang.errors import ScriptError
from lang.limits import Limits
from lang.machine import Machine

pytestmark = pytest.mark.integration

SCRIPTS = {
    "natives": """
        let out = [];
        for x in [3, 2.25, -4, -0.5, [1, 2], "abc", 9223372036854775807, -9223372036854775807 - 1] {
            try { out.push(x.to_float()); } catch { out.push("no float"); }
            try { out.push(x.sqrt()); } catch { out.push("no root"); }
            try { out.push(x.abs()); } catch { out.push("no size"); }
            try { out.push(x.len()); } catch { out.push("no length"); }
        }
        let text = "a";
        text.push('b');
        out.push(text);
        out""",
    "keys named like natives": """
        let m = #{ len: |x| x + 1, to_float: || this.a, a: 7 };
        [m.len(4), m.to_float(), m.keys().len()]""",
    "methods": """
        fn hit(n) { this.hp -= n; this.hp }
        fn twice() { this * 2 }
        let e = #{ hp: 10 };
        let own = #{ hp: 1, hit: |n| n * 100 };
        let key = "h" + "it";
        let late = #{ hp: 2 };
        late[key] = |n| n * 1000;
        let x = 4;
        let common = #{ hp: 50 };
        let f = || common.hit(1);
        const C = #{ hp: 3 };
        let list = [#{ hp: 8 }];
        let hits = [e.hit(1), e.hit(2), own.hit(3), late.hit(4), f.call(), common.hit(1), list[0].hit(5)];
        [hits, x.twice(), C.hp, list]""",
    "updates": """
        let m = #{ i: 1, f: 1.5, s: "x", top: 9223372036854775807, a: [1] };
        let out = [];
        for n in 0..3 {
            m.i += n;
            m.f -= 0.25;
            m.s += "y";
            m.a += 1;
            m.i -= 2.5;
            try { m.top += n; } catch (e) { out.push(e.message); }
        }
        let v = 5;
        try { v.missing += 1; } catch (e) { out.push(e.message); }
        [m, out]""",
    "loops": """
        let i = 0;
        let n = 0;
        while i < 5 { i += 1; let j = i; while j >= 2 { j -= 1; n += j; } }
        let x = 0.0;
        while x <= 1.0 { x += 0.25; }
        let limit = 3;
        while limit > n - 12 { n += 1; if n == 11 { continue; } }
        while 30 >= n { n += 7; }
        let top = 40;
        while n <= top { n += 3; }
        while n > 35 { n -= 1; }
        [i, n, x]""",
    "callbacks": """
        let calls = 0;
        let a = [5, 3, 9, 1];
        let nested = [[2], [1, 1], []];
        let grown = nested.map(|v| { v.push(7); v });
        let r = [
            a.map(|x| x * 2), a.map(|x, i| x * i), a.map(|| 1), a.filter(|x| { calls += 1; x > 2 }),
            a.reduce(|s, x| s + x, 0), a.reduce(|s, x, i| { s.push(x * i); s }, []), a.some(|x| x == 9),
            a.all(|x| x > 1), a.map(Fn("abs")), nested.reduce(|s, v| s + v.len(), 0), nested, grown,
            a.map(|| this + 1), a.map(|k, x| x + k.len())
        ];
        a.retain(|x| x > 1);
        for n in 0..3 { a.push(n); }
        [r, calls, a, a.drain(|x| x < 3), a]""",
    "sorting": """
        let pairs = [[3, 0], [1, 1], [3, 2], [2, 3], [1, 4]];
        pairs.sort(|x, y| x[0] - y[0]);
        let liar = [4, 3, 2, 1, 0, 5, 6];
        liar.sort(|x, y| true);
        let odd = [2, 1];
        odd.sort(|x, y| "no order");
        let floats = [1.5, 0.5];
        floats.sort(|x, y| x - y);
        let texts = ["b", "a", "c"];
        texts.sort(|x, y| x < y);
        let changed = [[2], [1]];
        changed.sort(|x, y| { x.push(9); x[0] - y[0] });
        fn after_much(list) { let a = [7, 7, 7, 7, 7, 7, 7, 7, 7]; list.sort(|x, y| x - y); list }
        fn fills(n) {
            if n == 0 { return 0; }
            let a = 1; let b = 1; let c = 1; let d = 1; let e = 1;
            fills(n - 1) + a + b + c + d + e
        }
        fills(20);
        let stale = after_much([3, 1, 2]);
        [stale, pairs, liar, odd, floats, texts, changed, [].order(|x, y| 1), [1].order(|x, y| 1)]""",
    "switches": """
        let out = [];
        fn which(x) {
            switch x {
                1 => "one",
                3 | 5 if x < 4 => "three",
                5 => "five",
                4 => "four",
                1 => "never",
                "two" => "text",
                -2 => { let y = x; y *= 2; y }
                7..10 => "range",
                _ => "none",
            }
        }
        let top = 9223372036854775807;
        for x in [1, 2, 3, 4, 5, 6, 8, -2, -3, 1.0, "two", "t" + "wo", "three", (), true, top] {
            out.push(x == "two");
            if x == "two" { out.push("equal"); }
            if x != "two" { out.push("other"); }
            out.push(which(x));
            out.push(switch x { 10 => 1, 20 => 2, 30 => 3 });
            out.push(switch x { "two" => 1, "three" => 2, _ => 3 });
        }
        out.push(which(-9223372036854775807 - 1));
        out""",
    "assignments": """
        let a = 1;
        let b = [1, 2];
        let c = "x";
        for i in 0..3 { a = i; c = a; a = b; a.push(i); b = a; a = c; }
        [a, b, c]""",
    "pointers": """
        let base = 10;
        let extra = 5;
        let add = |x, y| x + y + base + extra;
        let curried = Fn("twice").curry([1, 2]);
        fn twice(list, x) { list.push(x); list }
        let none = || 1;
        let recursive = |f, n| if n == 0 { 0 } else { n + f.call(f, n - 1) };
        let sum = recursive.call(recursive, 5);
        [add.call(1, 2), curried.call(3), curried.call(4), none.call(), call(add, 3, 4), sum]""",
}


@pytest.fixture
def run_with(natives, compiled, monkeypatch):
    """Run a script with or without looking ahead; returns (value or error and its place, operations)."""
    machine = Machine(natives)

    def run_with(text, ahead, operations=10**9):
        with monkeypatch.context() as patch:
            if not ahead:
                patch.setattr("lang.compile.compiler.look_ahead", lambda *_arguments: None)
            program = compiled(text)
        machine.set_limits(Limits(operations=operations))
        instance = machine.create(program)
        try:
            return machine.run_top_level(instance), machine.spent
        except ScriptError as error:
            return (error.kind, error.at), min(machine.spent, operations)
        finally:
            machine.destroy(instance)

    return run_with


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_values_and_operations_are_the_same(run_with, text):
    assert str(run_with(text, True)) == str(run_with(text, False))


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_limits_strike_at_the_same_place(run_with, text):
    _, spent = run_with(text, True)
    for operations in range(1, spent, 1 + spent // 40):
        assert str(run_with(text, True, operations)) == str(run_with(text, False, operations)), operations


def test_every_instruction_that_looks_ahead_is_made(compiled):
    made = {Op(word & 0xFF) for text in SCRIPTS.values() for word in compiled(text).code.tolist()}
    assert set(AHEAD) <= made
