"""The public door of `lang`, as a program uses it that embeds the language."""

import subprocess
import sys
from pathlib import Path

import pytest

import lang

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.unit
def test_every_public_name_is_there():
    for name in lang.__all__:
        assert getattr(lang, name) is not None
    assert not hasattr(lang, "nonsense")


@pytest.mark.unit
def test_importing_the_package_loads_no_compiler():
    code = "import lang, sys; print('numba' in sys.modules, 'lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "False"]


@pytest.fixture(scope="module")
def printed():
    return []


@pytest.fixture(scope="module")
def interpreter(printed):
    functions = {"twice": lambda x: x * 2, "broken": lambda: {}["key"], "odd": object}
    return lang.Interpreter(functions, vectors=True, on_print=printed.append)


@pytest.mark.integration
class TestInterpreter:
    def test_runs_text_and_programs(self, interpreter, printed):
        assert interpreter.run('print("hi"); twice(21)') == 42
        assert printed == ["hi"]
        program = interpreter.compile("let n = 1; n + 1")
        assert [interpreter.run(program) for _ in range(3)] == [2, 2, 2]

    def test_values_come_as_python_values(self, interpreter):
        value = interpreter.run("[(), true, 1, 2.5, 'c', \"s\", #{a: [1]}, (1, 2), 1..3]")
        assert value == [None, True, 1, 2.5, "c", "s", {"a": [1]}, (1.0, 2.0), (1, 3, False)]

    def test_calls_functions(self, interpreter):
        program = interpreter.compile("fn add(a, b) { a + b }")
        assert interpreter.call(program, "add", [1], ["x", {"k": 2.0}]) == [1, "x", {"k": 2.0}]
        with pytest.raises(TypeError, match="takes 2"):
            interpreter.call(program, "add", 1)
        with pytest.raises(KeyError):
            interpreter.call(program, "nothing")

    def test_errors_of_lent_functions_are_script_errors(self, interpreter):
        with pytest.raises(lang.ScriptError, match="KeyError") as caught:
            interpreter.run("\n  broken()")
        assert (caught.value.line, caught.value.column) == (2, 3)
        with pytest.raises(lang.ScriptError, match="cannot hold"):
            interpreter.run("odd()")

    def test_after_an_error_it_goes_on(self, interpreter):
        for text in ("throw 1", "let x = ;", "loop {}", "fn f() { f() } f()"):
            with pytest.raises(lang.LangError):
                interpreter.run(text)
        assert interpreter.run("1") == 1

    def test_misuse_is_told(self, interpreter):
        for use, message in (
            (lambda: interpreter.run(b"1"), "a script is a str"),
            (lambda: interpreter.call("f", "g"), "of a program, scope or instance"),
            (lambda: interpreter.register("f", 5), "not a callable"),
        ):
            with pytest.raises(TypeError, match=message):
                use()
        program = interpreter.compile("let x = 1;")
        with pytest.raises(KeyError, match="no function 'f'"):
            interpreter.call(program, "f")
        assert repr(program).startswith("<Program 'script'")
        assert len({program, interpreter.compile("let x = 1;")}) == 1
        assert "Instance of 'script'" in repr(interpreter.instance(program))
