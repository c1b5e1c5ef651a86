"""A call that fails leaves its instance as it was, wherever it fails and whatever it has done by then."""

import numpy as np
import pytest

from lang.errors import ScriptError
from lang.layout import M
from lang.limits import Limits
from lang.machine import Machine
from lang.vm.hashing import FIRST_FUNCTION, NOTES, hash_instances

pytestmark = pytest.mark.security

STATE = """
let n = 5;
let x = 1.5;
let s = "text";
let a = [3, [1, 2], "b", #{k: 1}];
let numbers = [5, 3, 9, 1, 7, 2];
let m = #{one: 1, list: [1, 2, 3], inner: #{deep: [4]}};
let b = blob(8, 7);
let v = (1.0, 2.0);
let counter = make_counter();
fn make_counter() { let count = 0; || { count += 1; count } }
fn add_to(list, value) { list.push(value); list }
fn array.grow(value) { this.push(value); }
fn map.mark() { this.marked = true; this.one += 10; }
fn int.raise_by(value) { this += value; }
"""

CHANGES = {
    "int": "n += 1; n *= 3; n -= 2; n = n % 7;",
    "float": "x += 0.5; x = x * 2.0;",
    "text": 's += "more"; s.append("x"); s.replace("t", "uu"); s.make_upper(); s.pad(20, "-"); s.crop(2);',
    "text clear": 's.clear(); s = "new";',
    "element": "a[0] = 8; a[1][0] = 9; a[3].k = 10; a[3].z = 1;",
    "element add": "a[0] += 8; a[1][1] -= 9; a[3].k += 10; m.one += 1; m.list[1] *= 5;",
    "push": "a.push(4); a.push([5]); a[1].push(6); m.list.push(7); m.inner.deep.push(8);",
    "pop": "a.pop(); numbers.shift(); numbers.pop(); a[1].pop();",
    "insert": "numbers.insert(1, 100); numbers.remove(0); numbers.insert(-1, 5);",
    "append": "numbers.append([1, 2, 3]); numbers += [4]; numbers += 5;",
    "sort": "numbers.sort(); numbers.reverse(); numbers.sort(|p, q| q - p);",
    "sort_by": "numbers.order_by(|p, q| p - q); numbers.sort_desc();",
    "filter": "numbers.retain(|i| i > 3); numbers.drain(|i| i > 8);",
    "splice": "numbers.splice(1..3, [0, 0, 0]); numbers.truncate(4); numbers.chop(2); numbers.dedup();",
    "pad": "numbers.pad(20, 1); numbers.set(2, 5); numbers.clear(); numbers.extract(0);",
    "for_each": "numbers.for_each(|i| this += 1); numbers.for_each(|| this *= 2);",
    "split": "let rest = numbers.split(2); rest.push(1); numbers[0] = rest[0];",
    "map": 'm.two = 2; m["three"] = 3; m.remove("one"); m.mixin(#{four: 4}); m += #{five: 5};',
    "map fill": 'm.fill_with(#{one: 9, ten: 10}); m.set("x", 1); m.inner.other = #{a: [1]}; m.clear();',
    "map retain": 'm.retain(|k, v| k != "one"); m.drain(|k, v| k == "list");',
    "blob": "b[0] = 1; b.push(3); b.pop(); b.insert(1, 9); b.write_le(0..4, 77); b.append(b); b.clear();",
    "method": "a.grow(1); m.list.grow(2); m.mark(); n.raise_by(3); a[1].grow(4);",
    "closure": "counter.call(); counter.call(); counter.call();",
    "local alias": "let q = numbers; q.push(1); numbers = q; q[0] = 7; numbers = add_to(numbers, 8);",
    "take": "let q = numbers.take(); q.push(1); numbers = q;",
    "bits": "n.set_bit(3, true); n[1] = true; s[0] = 'z';",
    "new values": 's = "other" + n; a = [s, s, [s]]; m = #{x: a}; v += (1.0, 1.0); counter = || 1;',
    "rename": 'let f = |i| i + n; a[0] = f; a.push(Fn("add_to")); a.push(|z| z * 2);',
    "pointers": 'n += 1; let f = Fn("push"); f.call(numbers, 1); call(f, a, 2);',
    "switch": "switch n { 5 => { n = 6; numbers[0] += n; } _ => { n = 7; } }",
    "loop": "for i in 0..20 { numbers.push(i); m.list[0] += i; a[1][0] = i; n += i; }",
    "loop while": "let i = 0; while i < 12 { numbers[i % 3] += i; m.one = i; i += 1; s += `${i},`; }",
    "garbage": "for i in 0..60 { let t = [i, [i], `${i}`]; numbers[0] = t.len(); m.list = t; }",
    "garbage first": "let z = []; for i in 0..200 { z.push([i, `${i}`]); } numbers[0] = z.len(); n = 0;",
    "caught": "try { numbers.push(1); throw 5; } catch (e) { n = e; numbers.push(e); } a.push(n);",
    "tag": "n.tag = 3; a.tag = 4; n += 1;",
}


@pytest.fixture(scope="module")
def machine(natives):
    machine = Machine(natives, Limits(memory=1_000_000))
    machine.make_atomic()
    return machine


def hash_of(machine, program, instance):
    notes = np.zeros(NOTES, np.int64)
    machine.enter_program(program)
    notes[FIRST_FUNCTION] = program.top_level
    machine.bind(instance)
    machine.words[M.REQUEST] = 0
    machine.grow_arena()
    return int(hash_instances(machine.address, np.array([instance]), 1, notes)), machine.state(instance)


def fresh(machine, program):
    instance = machine.create(program)
    machine.run_top_level(instance)
    return instance


def is_cut_off(machine, instance, function, operations):
    machine.set_limits(Limits(operations=operations, memory=1_000_000))
    try:
        machine.call(instance, function)
    except ScriptError as error:
        if error.kind != "ErrorTooManyOperations":
            raise
        return True
    return False


@pytest.mark.parametrize("name", CHANGES)
def test_a_call_cut_off_after_any_number_of_operations_changes_nothing(machine, compiled, name):
    program = compiled(STATE + "fn change() {\n" + CHANGES[name] + "\n}", "entity")
    change = program.callbacks["change"]
    instance, other = fresh(machine, program), fresh(machine, program)
    before, state = hash_of(machine, program, instance)
    cut = 0
    while is_cut_off(machine, instance, change, cut + 1):
        now, values = hash_of(machine, program, instance)
        assert (now, repr(values)) == (before, repr(state)), f"cut off after {cut} operations"
        cut += 1 if cut < 150 else 37
    machine.set_limits(Limits(memory=1_000_000))
    machine.call(other, change)
    assert hash_of(machine, program, instance)[0] == hash_of(machine, program, other)[0]
    assert hash_of(machine, program, instance)[0] != before, "the script changes something"
    machine.destroy(instance)
    machine.destroy(other)


def test_without_atomic_calls_the_half_done_stays(natives, compiled):
    plain = Machine(natives, Limits())
    program = compiled("let a = [];\nfn fail() { a.push(1); a[9] }", "entity")
    instance = fresh(plain, program)
    with pytest.raises(ScriptError):
        plain.call(instance, program.callbacks["fail"])
    assert plain.state(instance) == {"a": [1]}


def test_a_top_level_that_fails_leaves_no_state(machine, compiled):
    program = compiled("let a = [1, 2];\nlet b = a[5];", "entity")
    instance = machine.create(program)
    with pytest.raises(ScriptError):
        machine.run_top_level(instance)
    assert machine.state(instance) == {}
    machine.destroy(instance)
