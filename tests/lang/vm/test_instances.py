"""Many instances share one arena: each keeps its own state while heaps move, grow and are given back."""

import random

import pytest

from lang.errors import ScriptError
from lang.limits import Limits
from lang.machine import Machine

pytestmark = pytest.mark.integration

SCRIPT = """
let items = [];
let names = #{};
let count = 0;
fn add(text, n) { for i in 0..n { items.push([text, i]); } names[text] = n; count += n; count }
fn drop() { items = []; names = #{}; 0 }
fn all() { [items, names, count] }
fn fail() { items.push("half"); items[1000000] }
"""


@pytest.fixture(scope="module")
def many(natives):
    return Machine(natives, Limits(memory=1_000_000))


class Model:
    """What an instance should hold."""

    def __init__(self):
        self.items, self.names, self.count = [], {}, 0

    def add(self, text, n):
        self.items += [[text, i] for i in range(n)]
        self.names[text] = n
        self.count += n
        return self.count

    def drop(self):
        self.items, self.names = [], {}
        return 0

    def all(self):
        return [self.items, self.names, self.count]

    def fail(self):
        self.items.append("half")


@pytest.mark.parametrize("seed", range(4))
def test_instances_do_not_disturb_each_other(many, compiled, seed):
    chance = random.Random(seed)
    program = compiled(SCRIPT, "entity")
    living = {}
    for step in range(1500):
        if not living or chance.random() < 0.08:
            instance = many.create(program)
            assert instance not in living
            many.run_top_level(instance)
            living[instance] = Model()
            continue
        instance = chance.choice(list(living))
        model = living[instance]
        action = chance.choices(["add", "drop", "all", "fail", "die"], [10, 1, 3, 1, 0.7])[0]
        if action == "die":
            many.destroy(instance)
            del living[instance]
        elif action == "fail":
            model.fail()
            with pytest.raises(ScriptError):
                many.call(instance, program.callbacks["fail"])
        else:
            arguments = (f"t{step % 7}", chance.randint(0, 30)) if action == "add" else ()
            expected = getattr(model, action)(*arguments)
            assert many.call(instance, program.callbacks[action], arguments) == expected
    for instance, model in living.items():
        assert many.call(instance, program.callbacks["all"]) == model.all()
        many.destroy(instance)


def test_what_was_given_back_is_used_again(many, compiled):
    program = compiled(SCRIPT, "entity")

    def round_of_instances():
        living = [many.create(program) for _ in range(50)]
        for instance in living:
            many.run_top_level(instance)
            many.call(instance, program.callbacks["add"], ("x", 40))
        for instance in living:
            many.destroy(instance)
        return many.arena.size, many.instances.size

    first = round_of_instances()
    assert [round_of_instances() for _ in range(5)] == [first] * 5


def test_instances_of_two_programs(many, compiled):
    one = compiled("let n = 1; fn get() { n += 1; [n, `one${n}`] }", "entity")
    two = compiled("let s = `two`; let n = [0]; fn get() { n.push(s.len()); s += `!`; [s, n] }", "entity")
    first, second = many.create(one), many.create(two)
    many.run_top_level(second)
    many.run_top_level(first)
    for n in range(2, 6):
        assert many.call(first, one.callbacks["get"]) == [n, f"one{n}"]
        assert many.call(second, two.callbacks["get"])[0] == "two" + "!" * (n - 1)
    many.destroy(first)
    many.destroy(second)
