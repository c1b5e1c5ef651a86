"""With any passes a program does the same, costs the same, and its limits strike at the same place.

`DIFFERENTIAL_EXAMPLES=2000` tries that many.
"""

import os
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "differential"))

from generator import Generator

from lang.errors import CompileError, ScriptError
from lang.limits import Limits
from lang.optimise.passes import ALL_PASSES, NO_PASSES, Pass
from lang.stdlib.text import host_debug

pytestmark = [pytest.mark.integration, pytest.mark.security]
EXAMPLES = int(os.environ.get("DIFFERENTIAL_EXAMPLES", "40"))
OPERATIONS = 100_000
SMALL_HEAPS = (512, 1024, 2048, 4096, 16384)
quick = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
pass_sets = st.sets(st.sampled_from(list(Pass))).map(frozenset)


@pytest.fixture
def outcome(machine, compiled):
    """Run a text; returns its value or error with its place, what it printed, and its operations."""

    def outcome(text, passes, **limits):
        machine.set_limits(Limits(**{"operations": OPERATIONS, "seconds": 60.0, **limits}))
        printed = []
        machine.on_print = printed.append
        try:
            instance = machine.create(compiled(text, "strict", passes=passes))
        except CompileError:
            return None
        try:
            result = (host_debug(machine.run_top_level(instance)),)
        except ScriptError as error:
            result = (error.kind, error.line, error.column, str(error))
        finally:
            machine.destroy(instance)
        return *result, *printed, machine.spent

    return outcome


def text_of(random):
    return "\n".join(Generator(random, random.randint(1, 10), mistakes=0.03).program())


@quick
@given(st.randoms(use_true_random=False), pass_sets)
def test_a_program_does_and_costs_the_same(outcome, random, passes):
    text = text_of(random)
    assert outcome(text, passes) == outcome(text, NO_PASSES)


@quick
@given(st.randoms(use_true_random=False), st.floats(0, 1))
def test_operations_end_at_the_same_place(outcome, random, part):
    text = text_of(random)
    whole = outcome(text, NO_PASSES)
    if whole is not None:
        operations = int(part * whole[-1])
        assert outcome(text, ALL_PASSES, operations=operations) == outcome(
            text, NO_PASSES, operations=operations
        )


@quick
@given(st.randoms(use_true_random=False), st.sampled_from(SMALL_HEAPS))
def test_memory_ends_at_the_same_place(outcome, random, memory):
    text = text_of(random)
    assert outcome(text, ALL_PASSES, memory=memory) == outcome(text, NO_PASSES, memory=memory)


@pytest.mark.parametrize(
    "text",
    [
        "let x = 1;\nlet y =\n x\n +\n 2;\n y",
        "let x = 0;\nwhile true {\n x\n +=\n 1;\n if x\n >\n 3 { break; }\n}\nx",
        "let s = [];\nfor (x, i) in [5, 6] {\n if false { s += 1; }\n s += x\n *\n 2;\n}\ns",
        "fn f(n) {\n if n\n <\n 2 { return n; }\n f(n - 1)\n +\n f(n - 2)\n}\nf(5)",
        "switch 3 {\n 1 => 2,\n 2 | 3 =>\n 4,\n _ => 5\n}",
        'let e = 0;\nfor i in 0..3 { try { if "a" <\n [1] { 1 } } catch { e += 1; } }\ne',
    ],
)
def test_every_number_of_operations_ends_at_the_same_place(outcome, text):
    for operations in range(outcome(text, NO_PASSES)[-1] + 2):
        assert outcome(text, ALL_PASSES, operations=operations) == outcome(
            text, NO_PASSES, operations=operations
        )


@pytest.mark.parametrize(
    "text",
    [
        "for x in [1, 2] { let m = #{a: [x], b: |y| y}; print(m.a); }",
        'let s = 0; switch 5 { 7 | 0 => 1, _ => { for c in "ab" { s += [c, [c]].len(); } } } s',
        "[3, 1, 2].map(|x| [x, [x]]).filter(|l| l.len() > 1).reduce(|a, b| a + b.len(), 0)",
        "let l = [3, 1, 2]; l.sort(|a, b| [a, b][0] - b); for (x, i) in l { l.push([x, i]); } l",
    ],
)
def test_what_a_loop_leaves_in_registers_is_no_root(outcome, text):
    before = "let keep = #{a: [1, 2, 3], b: `${[4, 5]}`}; if keep.a.len() == 3 && keep.b != () { keep = 1; } "
    for memory in range(200, 3000, 60):
        assert outcome(before + text, ALL_PASSES, memory=memory) == outcome(
            before + text, NO_PASSES, memory=memory
        )


def test_most_programs_run_to_their_end(outcome):
    ends = [outcome(text_of(Random(seed)), ALL_PASSES) for seed in range(30)]
    assert sum(end is not None and len(end) <= 8 for end in ends) >= 10
