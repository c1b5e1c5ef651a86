"""Instances: several of one program, each with variables of its own."""

import gc

import pytest

import lang

pytestmark = pytest.mark.integration

COUNTER = """
const STEP = 2;
let count = 0;
let log = [];
fn up(n) { count += n * STEP; log.push(count); count }
fn up() { up(1) }
fn counter() { let c = 0; || { c += 1; c } }
fn fail() { count += 1; log[99] }
"""


@pytest.fixture
def program(interpreter):
    return interpreter.compile(COUNTER, state=True)


def test_each_has_its_own_variables(interpreter, program):
    first, second = interpreter.instance(program), interpreter.instance(program)
    assert [first.call("up"), first.call("up", 5), second.call("up", 3)] == [2, 12, 6]
    assert dict(first) == {"STEP": 2, "count": 12, "log": [2, 12]}
    assert (second["count"], len(second)) == (6, 3)


def test_variables_can_be_set(interpreter, program):
    instance = interpreter.instance(program)
    instance["count"] = 100
    instance["log"] = ["before"]
    assert instance.call("up") == 102
    assert instance["log"] == ["before", 102]
    with pytest.raises(ValueError, match="constant"):
        instance["STEP"] = 3
    with pytest.raises(KeyError):
        instance["nothing"] = 1
    with pytest.raises(KeyError):
        instance["$handles"]


def test_wrong_calls(interpreter, program):
    instance = interpreter.instance(program)
    with pytest.raises(KeyError, match="nothing"):
        instance.call("nothing")
    with pytest.raises(TypeError, match=r"up\(\) takes 0 or 1 arguments, not 2"):
        instance.call("up", 1, 2)
    with pytest.raises(TypeError, match="cannot hold"):
        instance.call("up", object())


def test_a_failed_call_leaves_what_it_had_done(interpreter, program):
    instance = interpreter.instance(program)
    with pytest.raises(lang.ScriptError):
        instance.call("fail")
    assert instance["count"] == 1


def test_functions_of_it_can_be_kept_and_called(interpreter, program):
    instance = interpreter.instance(program)
    first, second = instance.call("counter"), instance.call("counter")
    assert [first(), first(), second(), first()] == [1, 2, 1, 3]
    many = [instance.call("counter") for _ in range(50)]
    assert [function() for function in many] == [1] * 50
    del many
    instance.call("up")
    assert first() == 4
    other = interpreter.instance(program)
    with pytest.raises(TypeError, match="another instance"):
        other["log"] = [first]
    instance["log"] = [first]
    assert instance["log"][0]() == 5


def test_functions_of_another_interpreter_are_refused(interpreter, program):
    function = interpreter.instance(program)
    held = function.call("counter")
    stranger = lang.Interpreter().instance("let log = []; fn put(f) { log.push(f); f.call() }")
    with pytest.raises(TypeError, match="another instance"):
        stranger["log"] = [held]
    with pytest.raises(TypeError, match="another instance"):
        stranger.call("put", held)
    assert stranger["log"] == []
    assert held() == 1


def test_handlers_that_a_script_registers(interpreter):
    handlers = {}
    interpreter.register("on", lambda name, handler: handlers.setdefault(name, []).append(handler))
    instance = interpreter.instance('let clicks = 0; on("click", |x| { clicks += x; clicks });')
    assert [handlers["click"][0](n) for n in (1, 10)] == [1, 11]
    assert instance["clicks"] == 11
    instance.close()
    with pytest.raises(RuntimeError, match="has ended"):
        handlers["click"][0](1)


def test_closing(interpreter, program):
    with interpreter.instance(program) as instance:
        instance.call("up")
    assert instance.is_closed
    instance.close()
    for use in (lambda: instance.call("up"), lambda: instance["count"], lambda: list(instance)):
        with pytest.raises(ValueError, match="closed"):
            use()


def test_memory_of_forgotten_instances_and_scopes_is_used_again(interpreter, program):
    machine = interpreter._machine

    def use():
        for _ in range(20):
            interpreter.instance(program).call("up")
            interpreter.run("let a = [1, 2, 3]; let f = || a;", lang.Scope())
        gc.collect()
        interpreter.run("1")
        return machine.instances.size, machine.used_rows, len(machine.handles)

    first = use()
    assert [use() for _ in range(3)] == [first] * 3


def test_a_program_without_state_keeps_its_constants(interpreter):
    with interpreter.instance(
        interpreter.compile("const N = 5; let x = 1; fn f() { global::N }")
    ) as instance:
        assert (instance.call("f"), dict(instance)) == (5, {"N": 5})


def test_calls_of_unknown_functions_are_errors_of_the_text(interpreter):
    with pytest.raises(lang.CompileError, match="nothing"):
        interpreter.instance("fn f() { nothing(1) }")
