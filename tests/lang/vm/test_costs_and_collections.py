"""What a program costs does not depend on when its heap is collected: after a load that is at other times."""

import sys
from pathlib import Path
from random import Random

import pytest

from lang.errors import CompileError, ScriptError
from lang.layout import M
from lang.limits import Limits
from lang.stdlib.text import host_debug

sys.path.append(str(Path(__file__).parents[1] / "differential"))

from generator import Generator

pytestmark = pytest.mark.integration

ROOMS = (64, 200, 700, 3000, 500_000)  # words that are free at the start
TEXTS = [
    "let l = []; for i in 0..300 { l.push(i); if l.len() > 40 { l.shift(); l.pop(); } } l.len()",
    "let l = []; for i in 0..60 { l += [i, [i]]; l.insert(0, `${i}`); l.remove(3); } l.len()",
    "let l = []; for i in 0..40 { l.pad(2 * i, [i]); l.truncate(i); l.append([1, 2, 3]); } l.len()",
    'let m = #{}; let k = "k".pad_of(90); for i in 0..60 { m[k + i] = [i]; m += #{ a: i }; } m.len()',
    "let m = #{}; for i in 0..60 { m.mixin(#{ a: i, b: [i], c: #{ d: i } }); m[`${i}`] = m.b; } m.len()",
    "let l = [5, 3, 9]; for i in 0..30 { l = l.map(|x| x + i).filter(|x| x % 7 != 0) + [i, i + 1]; } l.len()",
    'let s = ""; for i in 0..80 { s += `${i}, `; if s.len() > 200 { s = s.sub_string(90); } } s.len()',
    "let l = []; for i in 0..50 { l.push(#{ a: [i] }); let c = l; c[0].a.push(1); } l.len()",
    "let l = []; for i in 0..99 { l.splice(0, l.len() / 3, [i, i, i]); l.extract(1).sort(); } l.len()",
]


@pytest.fixture
def outcome(machine, compiled):
    """Run a program with so much room; returns its result, and what it cost."""

    def outcome(program, room):
        machine.set_limits(Limits(operations=60_000, seconds=60.0))
        instance = machine.create(program)
        try:
            machine.bind(instance)
            machine.words[M.PC] = -1
            machine.words[M.REQUEST] = room
            machine.make_room()
            machine.unbind()
            return host_debug(machine.run_top_level(instance)), machine.spent
        except ScriptError as error:
            return error.kind, error.line, error.column, machine.spent
        finally:
            machine.destroy(instance)

    return outcome


@pytest.mark.parametrize("text", TEXTS)
def test_containers_that_grow_and_shrink(outcome, compiled, text):
    program = compiled("fn pad_of(n) { let s = this; s.pad(n, 'x'); s }\n" + text)
    found = {outcome(program, room) for room in ROOMS}
    assert len(found) == 1
    assert len(found.pop()) == 2, "it runs to its end"


def test_programs_of_chance(outcome, compiled):
    compared = 0
    for seed in range(60):
        random = Random(seed)
        try:
            text = "\n".join(Generator(random, random.randint(1, 10), mistakes=0.02).program())
            program = compiled(text, "strict")
        except CompileError:
            continue
        assert len({outcome(program, room) for room in ROOMS}) == 1, text
        compared += 1
    assert compared > 30
