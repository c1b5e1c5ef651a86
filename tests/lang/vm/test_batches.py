"""A function called for many instances in one go."""

import numpy as np
import pytest

from lang.layout import BATCH_ROW_WORDS, INSTANCE_WORDS, InstanceWord, M
from lang.limits import Limits
from lang.machine import Machine
from lang.vm.batch import MOST_NEAR

pytestmark = pytest.mark.unit

SCRIPT = """
let n = 0;
let list = [1, 2, 3];
fn look() { let copy = [list, [n], `${n} of ${list}`]; copy[0].len() + 1 }
fn change() { let copy = [n, [n]]; list.push(copy); n += 1; }
fn fail() { let copy = [n]; n += 1; copy[5] }
"""


@pytest.fixture
def machine(natives):
    machine = Machine(natives, Limits(memory=1_000_000))
    machine.make_atomic()
    return machine


def make(machine, program, count):
    instances = [machine.create(program) for _ in range(count)]
    for instance in instances:
        machine.run_top_level(instance)
    return np.array(instances)


def call(machine, program, function, instances):
    """Call a function of all instances; returns the numbers of those that fail."""
    rows = np.zeros((len(instances), BATCH_ROW_WORDS), np.int64)
    rows[:, 0], rows[:, 1] = instances, -1
    failed = []
    number = program.callbacks[function]
    machine.call_batch(program, number, rows.ravel(), lambda instance, _error: failed.append(instance))
    return failed


def tops(machine, instances):
    return machine.instances[INSTANCE_WORDS * instances + InstanceWord.TOP].tolist()


def test_a_call_that_changes_nothing_leaves_nothing_in_the_heap(machine, compiled):
    program = compiled(SCRIPT, "entity")
    instances = make(machine, program, 3)
    before = tops(machine, instances)
    for _ in range(50):
        assert call(machine, program, "look", instances) == []
    assert tops(machine, instances) == before
    assert call(machine, program, "fail", instances) == instances.tolist()
    assert tops(machine, instances) == before
    assert [machine.state(instance) for instance in instances] == 3 * [{"n": 0, "list": [1, 2, 3]}]


def test_what_a_call_changes_stays_between_calls_that_change_nothing(machine, compiled):
    program = compiled(SCRIPT, "entity")
    instances = make(machine, program, 2)
    for number in range(30):
        assert call(machine, program, "change", instances) == []
        for _ in range(number % 4):
            call(machine, program, "look", instances)
    expected = [1, 2, 3, *([n, [n]] for n in range(30))]
    assert [machine.state(instance) for instance in instances] == 2 * [{"n": 30, "list": expected}]


def test_more_instances_than_are_near(machine, compiled):
    program = compiled("let n = 0;\nfn change() { n += 1; }", "entity")
    instances = make(machine, program, MOST_NEAR + 10)
    last = int(instances[-1])
    machine.instances[INSTANCE_WORDS * last + InstanceWord.DISABLED] = 1
    assert call(machine, program, "change", instances) == []
    assert call(machine, program, "change", instances[::-1]) == []
    found = [machine.read_state(int(one), "n") for one in instances[[0, 1, MOST_NEAR, -2, -1]]]
    assert found == [2, 2, 2, 2, 0]
    assert machine.word(M.BATCH_NEXT) == len(instances) * BATCH_ROW_WORDS
