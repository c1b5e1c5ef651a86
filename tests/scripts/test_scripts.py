"""Every script of this folder, as it is, and on machines that collect garbage all the time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import script_runner

from lang.bytecode.disassemble import disassemble
from lang.bytecode.verify import verify
from lang.errors import CompileError
from lang.layout import M
from lang.prelude import prelude_program

FILES = script_runner.script_files()
NAMES = [path.relative_to(script_runner.FOLDER).with_suffix("").as_posix() for path in FILES]
every_script = pytest.mark.parametrize("path", FILES, ids=NAMES)


@pytest.fixture(scope="module")
def language():
    natives = script_runner.natives_with_evaluation()
    return natives, prelude_program(natives)


@pytest.fixture(scope="module")
def runner(language):
    return script_runner.Runner(*language)


@pytest.fixture(scope="module")
def collecting(language):
    return script_runner.Runner(*language, script_runner.CollectingMachine(language[0]))


@pytest.fixture(scope="module")
def cramped(language):
    return script_runner.Runner(*language, script_runner.CrampedMachine(language[0]))


@pytest.mark.integration
@every_script
def test_a_script_does_what_its_lines_say(path, runner):
    text = path.read_text(encoding="utf-8")
    assert runner.run(text) == script_runner.expected(text)


@pytest.mark.integration
@every_script
def test_collecting_all_the_time_changes_nothing(path, collecting):
    text = path.read_text(encoding="utf-8")
    before = collecting.machine.collections
    assert collecting.run(text) == script_runner.expected(text)
    assert collecting.machine.collections > before or "// expect error" in text


@pytest.mark.integration
@every_script
def test_a_heap_without_room_changes_nothing(path, cramped):
    text = path.read_text(encoding="utf-8")
    assert cramped.run(text) == script_runner.expected(text)


@pytest.mark.integration
@every_script
def test_every_program_passes_the_verifier_and_can_be_listed(path, runner):
    text = path.read_text(encoding="utf-8")
    try:
        program = runner.compile(text, script_runner.heads(text)[0])
    except CompileError:
        assert "// expect error" in text
        return
    verify(program, len(runner.natives.entries))
    assert disassemble(program)


@pytest.mark.unit
class TestHarness:
    """A harness that finds nothing proves nothing: planted differences must show."""

    def test_there_are_scripts(self):
        assert len(FILES) > 30

    @pytest.mark.parametrize(
        "text",
        [
            "print(1); // expect: 2",
            "print(1);",
            "// expect: 1",
            "print(1); // expect: 1\nprint(1);",
            "throw 1; // expect fault: Runtime error: 2",
            "throw 1;",
            "\nthrow 1;\n// expect fault: Runtime error: 1",
            "1; // expect fault: Runtime error: 1",
            "let a = ; // expect: 1",
            "let a = ; // expect error: something else",
            "// limits: operations=2\nprint(1); // expect: 1",
            "// mode: strict\nlet v = (1, 2); print(1); // expect: 1",
        ],
    )
    def test_a_planted_difference_fails(self, runner, text):
        assert runner.run(text) != script_runner.expected(text)

    def test_what_agrees_passes(self, runner):
        text = (
            "print(1); // expect: 1\nprint(`a b`); // expect: a b\nthrow 3; // expect fault: Runtime error: 3"
        )
        assert runner.run(text) == script_runner.expected(text)
        assert script_runner.expected(text).fault == (3, "Runtime error: 3")

    def test_a_forgotten_root_would_show(self, language):
        """What no root refers to is spoilt at once (a run that went on would read nonsense)."""
        machine = script_runner.CollectingMachine(language[0])
        instance = machine.create(script_runner.Runner(*language, machine).compile("[1, 2]", "strict"))
        machine.bind(instance)
        machine.words[M.PC] = machine.program.infos[machine.program.top_level].first
        machine.words[M.HIGH] = 8
        machine.put(0, [1, 2])
        machine.collect()
        assert machine.memory_of_arguments(-1, 1) == [[1, 2]]
        kept = machine.registers[:2].copy()
        machine.registers[:2] = 0
        machine.collect()
        assert machine.memory.heap[kept[1]] == script_runner.POISON
        machine.unbind()
        machine.destroy(instance)
