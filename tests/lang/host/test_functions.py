"""Python functions that scripts call, and functions of scripts that Python calls."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import lang

pytestmark = pytest.mark.integration


@pytest.fixture
def failure(interpreter):
    """Return the error of a script."""

    def failure(text):
        with pytest.raises(lang.ScriptError) as caught:
            interpreter.run(text)
        return caught.value

    return failure


class TestArguments:
    @pytest.mark.parametrize(
        ("hint", "good", "bad", "wanted"),
        [
            (int, "7", "7.0", "f64 (expecting i64)"),
            (int, "7", "true", "bool (expecting i64)"),
            (float, "7", '"7"', "string (expecting f64)"),
            (bool, "true", "1", "i64 (expecting bool)"),
            (str, '"a"', "'a'", "char (expecting string)"),
            (lang.Char, "'a'", '"a"', "string (expecting char)"),
            (list, "[1, 2]", "#{}", "map (expecting array)"),
            (list[int], "[1, 2]", '[1, "x"]', "string (expecting i64)"),
            (tuple[float, ...], "[1, 2.5]", "['c']", "char (expecting f64)"),
            (dict[str, int], "#{a: 1}", "#{a: ()}", "() (expecting i64)"),
            (bytes, "blob(3)", "[]", "array (expecting blob)"),
            (lang.Vector, "(1, 2)", "1", "i64 (expecting vec2 or vec3)"),
            (lang.RangeValue, "1..3", "1", "i64 (expecting range)"),
            (Callable[[int], int], "|x| x", "1", "i64 (expecting Fn)"),
            (int | None, "()", '"x"', "string (expecting i64 or ())"),
        ],
    )
    def test_are_checked_by_their_hint(self, interpreter, failure, hint, good, bad, wanted):
        def take(first, value):
            return True

        take.__annotations__ = {"value": hint}
        interpreter.register("take", take)
        assert interpreter.run(f"take((), {good})") is True
        error = failure(f"  take((), {bad})")
        assert error.message == f"Data type incorrect: argument 2 ('value'): {wanted}"
        assert (error.kind, error.column) == ("ErrorMismatchDataType", 3)

    def test_an_int_becomes_a_float_where_one_is_asked_for(self, interpreter):
        @interpreter.register("half")
        def half(x: float) -> float:
            assert type(x) is float
            return x / 2

        assert interpreter.run("half(5)") == 2.5

    def test_defaults_and_any_number(self, interpreter, failure):
        interpreter.register("add", lambda a, b=10, c=100: a + b + c)
        interpreter.register("count", lambda *items: len(items))
        assert interpreter.run("[add(1), add(1, 2), add(1, 2, 3), count(), count(1, 2, 3, 4)]") == [
            111,
            103,
            6,
            0,
            4,
        ]
        assert failure("add(1, 2, 3, 4)").message == "Function not found: add (i64, i64, i64, i64)"

    def test_overloads_go_by_number_and_type(self, interpreter, failure):
        @interpreter.register("show")
        def show_int(x: int) -> str:
            return "int"

        @interpreter.register("show")
        def show_text(x: str) -> str:
            return "text"

        @interpreter.register("show")
        def show_two(x: Any, y: Any) -> str:
            return "two"

        assert interpreter.run('[show(1), show("a"), show([], 1), 5.show()]') == ["int", "text", "two", "int"]
        assert failure("show(1.5)").message == "Function not found: show (f64)"

    def test_a_built_in_of_the_name_stays_for_other_values(self, interpreter):
        @interpreter.register("len")
        def length(x: int) -> int:
            return 1000 + x

        @interpreter.register("map")
        def mapped(x: int, f: Any) -> int:
            return x

        assert interpreter.run('[len(7), "four".len(), [1, 2].len(), [1].map(|x| x + 1), 3.map(())]') == [
            1007,
            4,
            2,
            [2],
            3,
        ]

    def test_what_no_script_can_call_is_refused_at_once(self, interpreter):
        with pytest.raises(TypeError, match="needs a default"):
            interpreter.register("f", lambda *, key: key)

        def takes_a_set(x: set) -> None: ...

        with pytest.raises(TypeError, match="no script value is a set"):
            interpreter.register("g", takes_a_set)
        with pytest.raises(ValueError, match="no name"):
            interpreter.register("not a name", len)


class TestValues:
    def test_every_kind_goes_both_ways(self, interpreter):
        interpreter.register("same", lambda x: x)
        text = (
            "[(), true, -1, 2.5, 'c', \"s\", #{a: [1], b: #{}}, (1, 2), (1, 2, 3), 1..3, 1..=3, blob(2, 7)]"
        )
        assert interpreter.run(f"let v = {text}; same(v) == v && type_of(same(v)) == `array`") is True

    def test_what_python_has_beside_those(self, interpreter):
        class Colour(enum.IntEnum):
            RED = 3

        values = {"tuple": (1, 2), "range": range(2, 5), "enum": Colour.RED, "bytes": b"ab", "bool": True}
        interpreter.register("value", lambda name: values[name])
        assert interpreter.run("[`tuple`, `range`, `enum`, `bytes`, `bool`].map(|n| type_of(value(n)))") == [
            "array",
            "range",
            "i64",
            "blob",
            "bool",
        ]

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (object(), "a script cannot hold a object"),
            ({1: 2}, "the keys of a map are strings, not int"),
            (2**63, "a script cannot hold an int of more than 64 bits"),
            ({1, 2}, "a script cannot hold a set"),
            ([[[2**70]]], "more than 64 bits"),
        ],
    )
    def test_what_no_script_can_hold(self, interpreter, failure, value, message):
        interpreter.register("bad", lambda: value)
        assert message in failure("bad()").message
        program = interpreter.compile("fn f(x) { x }")
        with pytest.raises((TypeError, ValueError), match=message):
            interpreter.call(program, "f", value)

    def test_a_value_that_holds_itself(self, interpreter):
        loop = []
        loop.append(loop)
        with pytest.raises(ValueError, match="deeply"):
            interpreter.call(interpreter.compile("fn f(x) { x }"), "f", loop)

    def test_registered_classes(self, interpreter, failure):
        @dataclass
        class Money:
            amount: int
            currency: str

        interpreter.register_type(
            Money, lambda m: {"amount": m.amount, "currency": m.currency}, lambda v: Money(**v)
        )

        @interpreter.register("add")
        def add(a: Money, b: Money) -> Money:
            assert a.currency == b.currency
            return Money(a.amount + b.amount, a.currency)

        interpreter.register("salary", lambda: [Money(5, "EUR")])
        text = 'let s = salary()[0]; s = add(s, #{amount: 1, currency: "EUR"}); s'
        assert interpreter.run(text) == {"amount": 6, "currency": "EUR"}
        assert failure("add(#{}, 1)").message.startswith(
            "Data type incorrect: argument 1 ('a'): map (expecting M"
        )
        scope = lang.Scope(m=Money(1, "USD"))
        assert interpreter.run("m.amount", scope) == 1

    @pytest.mark.parametrize(
        ("value", "limits"),
        [
            ("x" * 11, {"string_bytes": 10}),
            ([[0] * 11], {"array_elements": 10}),
            (bytes(11), {"array_elements": 10}),
            ({"m": dict.fromkeys("abcdefghijk")}, {"map_entries": 10}),
            ([0] * 100_000, {"memory": 100_000}),
        ],
    )
    def test_limits_hold_for_what_python_returns(self, interpreter, failure, value, limits):
        interpreter.register("big", lambda: value)
        assert interpreter.run("type_of(big())") in {"string", "array", "blob", "map"}
        interpreter.limits = lang.Limits(**limits)
        assert failure("try { big() } catch { }").kind == "ErrorDataTooLarge"


class TestErrors:
    def test_can_be_caught_and_keep_their_cause(self, interpreter, failure):
        def broken():
            raise LookupError("nothing there")

        interpreter.register("broken", broken)
        error = failure("\n  broken()")
        assert (error.kind, error.line, error.column) == ("ErrorRuntime", 2, 3)
        assert error.message == "broken: LookupError: nothing there"
        assert isinstance(error.__cause__, LookupError)
        caught = interpreter.run("try { broken(); } catch (e) { return e; }")
        assert caught["message"] == "broken: LookupError: nothing there"
        assert isinstance(failure("try { broken() } catch { throw }").__cause__, LookupError)

    def test_of_the_process_go_through_the_script(self, interpreter):
        def stop():
            raise KeyboardInterrupt

        interpreter.register("stop", stop)
        with pytest.raises(KeyboardInterrupt):
            interpreter.run("try { stop() } catch { }")
        assert interpreter.run("1") == 1

    def test_another_script_cannot_be_started_within_one(self, interpreter, failure):
        interpreter.register("again", lambda: interpreter.run("1"))
        assert "RuntimeError: this interpreter is running" in failure("again()").message


class TestFunctionsOfScripts:
    @pytest.fixture
    def interpreter(self, interpreter):
        def apply(f: Callable, *arguments):
            return f(*arguments)

        interpreter.register("apply", apply)
        return interpreter

    def test_are_called_while_the_call_lasts(self, interpreter):
        text = "let sum = 0; let n = apply(|a, b| { sum += a; [a, b, `t${a}`] }, 3, 4); [sum, n]"
        assert interpreter.run(text) == [3, [3, 4, "t3"]]
        assert interpreter.run("apply(|| apply(|| apply(|x| x + 1, 1) * 10) + 5)") == 25
        assert interpreter.run('fn twice(x) { x * 2 } apply(Fn("twice"), 21) + apply(twice, 1)') == 44
        assert interpreter.run('apply(Fn("len"), "four")') == 4
        assert interpreter.run("let f = |a, b| a - b; apply(f.curry(10), 3)") == 7

    def test_get_and_give_each_other(self, interpreter):
        text = "let n = 0; let up = || { n += 1; n }; let same = apply(|f| f, up); same.call(); up.call(); n"
        assert interpreter.run(text) == 2
        text = "let fs = apply(|| { let c = 0; [|| { c += 1; c }, || c] }); fs[0].call(); fs[1].call()"
        assert interpreter.run(text) == 1

    def test_many_at_once(self, interpreter):
        interpreter.register("all", lambda fs: [f() for f in fs])
        text = "let n = 0; let fs = []; for i in 0..40 { let k = i; fs.push(|| { n += 1; k }); } [all(fs), n]"
        assert interpreter.run(text) == [list(range(40)), 40]

    def test_errors_in_them(self, interpreter, failure):
        error = failure("fn bad() {\n  [][1]\n}\napply(|| bad())")
        assert (error.kind, error.line) == ("ErrorRuntime", 4)
        assert "Array index 1 out of bounds" in error.message
        assert isinstance(error.__cause__, lang.ScriptError)
        assert error.__cause__.line == 2
        assert interpreter.run("let n = 0; try { apply(|| throw 5) } catch { n = 1; } n") == 1
        assert interpreter.run("apply(|| { let r = 0; try { throw 5 } catch (e) { r = e; } r })") == 5

    def test_python_may_catch_them_but_no_limit(self, interpreter):
        def attempt(f: Callable):
            try:
                return f()
            except lang.ScriptError as error:
                return error.kind

        interpreter.register("attempt", attempt)
        assert interpreter.run("attempt(|| 1 / 0)") == "ErrorArithmetic"
        interpreter.limits = lang.Limits(operations=5000)
        with pytest.raises(lang.ScriptError, match="operations"):
            interpreter.run("loop { try { attempt(|| { loop {} }); } catch { } }")

    def test_depth_counts_through_python(self, failure):
        assert failure("fn f(n) { apply(|| f(n + 1)) } f(0)").kind == "ErrorStackOverflow"
        assert failure("let f = (); f = |g| apply(g, g); f.call(f)").kind == "ErrorStackOverflow"

    def test_exit_ends_it_all(self, interpreter):
        assert interpreter.run("let a = apply(|| apply(|| exit([1, 2]))); 5") == [1, 2]
        assert interpreter.run("apply(|| 5)") == 5

    def test_a_wrong_number_of_arguments(self, interpreter, failure):
        assert "Function not found" in failure("apply(|x| x)").message
        interpreter.register("many", lambda f: f(*range(20)))
        assert "at most 16" in failure("many(|x| x)").message

    def test_afterwards_they_say_that_their_run_has_ended(self, interpreter):
        kept = []
        interpreter.register("keep", kept.append)
        interpreter.run("keep(|x| x)")
        with pytest.raises(RuntimeError, match="has ended"):
            kept[0](1)
        with pytest.raises(TypeError, match="has ended"):
            interpreter.run("f", lang.Scope(f=kept[0]))

    def test_the_gates_are_of_no_use_to_scripts(self, interpreter, failure):
        assert failure("call_from_host(|| 5)").kind == "ErrorFunctionNotFound"
        assert failure("apply(|| call_from_host(|| 5))").kind == "ErrorRuntime"
        assert failure("leave_to_host(5)").kind == "ErrorFunctionNotFound"

    def test_operations_are_the_same_whatever_python_keeps(self, interpreter):
        kept = []
        interpreter.register("keep", kept.append)
        interpreter.register("drop", lambda f: None)
        text = "for i in 0..50 {{ {}(|| i); }}"
        interpreter.run(text.format("keep"))
        first = interpreter.operations
        interpreter.run(text.format("drop"))
        assert interpreter.operations == first
