"""What a session answers."""

import pytest

from lang.repl.session import COMMANDS, Session, shown

pytestmark = pytest.mark.integration


@pytest.fixture
def session():
    said = []
    made = Session(lambda text, kind: said.append((kind, text)))
    made.said = said
    return made


def answers(session, *inputs):
    session.said.clear()
    for text in inputs:
        session.submit(text)
    return list(session.said)


def test_variables_and_functions_stay(session):
    assert answers(session, "let x = 20; fn twice(a) { a * 2 }", "x += 1", "twice(x)") == [("value", "42")]


def test_functions_and_closures_see_the_variables(session):
    assert answers(session, "let x = [1, 2, 3];", "fn f(a) { a + x.len() }", "f(2)") == [("value", "5")]
    assert answers(session, "fn add(n) { sum += n; }", "let sum = 1; let up = |n| sum += n;") == []
    assert answers(session, "add(2); up.call(4); sum", "let sum = 'c';", "up.call('d'); sum") == [
        ("value", "7"), ("value", '"cd"'),
    ]  # fmt: skip
    assert answers(session, ":type f(0)", ":reset", "fn f() { x }") == [
        ("note", "i64"), ("note", "all variables and functions are forgotten"),
    ]  # fmt: skip
    assert answers(session, "f()")[0][1].splitlines()[0] == "input 10:1:10: Variable not found: x"
    assert answers(session, "let x = 7;", "f()") == [("value", "7")]


def test_unknown_functions_are_errors_of_the_text(session):
    assert answers(session, 'print("ran"); fn f() { nope() }')[0][1].startswith("input 1:1:24: Function not")
    ((_, listing),) = answers(session, ":disasm let x = 1; fn f() { x }")
    assert "$x" in listing


def test_values_are_shown_as_scripts_write_them(session):
    assert answers(session, '"a"', "'b'", "()", "1.0", "#{a: [1]}") == [
        ("value", '"a"'), ("value", "'b'"), ("value", "1.0"), ("value", '#{"a": [1]}'),
    ]  # fmt: skip


def test_long_values_take_several_lines_and_have_an_end():
    lines = shown(list(range(100))).splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    assert max(map(len, lines)) <= 80
    assert shown("a" * 10_000).endswith("… (10,002 characters)")


def test_errors_have_their_place_and_the_session_goes_on(session):
    ((kind, text),) = answers(session, "let a = 1;\na / 0")
    assert kind == "error"
    assert text.splitlines() == ["input 1:2:3: Division by zero: 1 / 0", "    2 | a / 0", "      |   ^"]
    assert answers(session, "let = 1")[0][1].startswith("input 2:1:5: Expecting name of a variable")
    assert answers(session, "a") == [("value", "1")]


def test_an_error_in_an_earlier_function_shows_its_own_line(session):
    ((_, text),) = answers(session, "fn f(a) {\n  a / 0\n}", "1 + 1;", "f(3)")[1:]
    assert "input 1:2:5: Division by zero" in text
    assert "    2 |   a / 0" in text
    assert "in f()" in text


def test_prints_come_as_they_are(session):
    assert answers(session, 'print("a"); debug("b"); 1') == [
        ("print", "a"), ("print", '1:13 | "b"'), ("value", "1"),
    ]  # fmt: skip


def test_vectors_unless_strict(session):
    assert answers(session, "(1, 2) * 2") == [("value", "(2.0, 4.0)")]
    strict = Session(lambda text, kind: session.said.append((kind, text)), strict=True)
    session.said.clear()
    strict.submit("(1, 2)")
    assert session.said[0][0] == "error"


def test_functions_do_not_see_the_variables_in_strict_mode(session):
    strict = Session(session.say, strict=True)
    for text in ("let x = 1; fn f() { x } let g = |n| x + n;", "f()", "x = 5; g.call(1)", ":vars"):
        strict.submit(text)
    assert session.said[0][1].startswith("input 1:1:21: Variable not found: x")
    assert session.said[1:3] == [("value", "6"), ("value", "let x = 5")]


def test_commands(session):
    answers(session, "let x = [1, 2]; const K = 3; fn f(a, b) { a }")
    assert answers(session, ":vars") == [
        ("value", "let x = [1, 2]"), ("value", "const K = 3"), ("value", "fn f(_, _)"),
    ]  # fmt: skip
    assert answers(session, ":type x") == [("note", "array")]
    (value, (kind, took)) = answers(session, ":time x.len()")
    assert value == ("value", "2")
    assert kind == "note"
    assert took.endswith("operations")
    ((_, listing),) = answers(session, ":disasm x.len() + f(1, 2)")
    assert "call             " in listing
    assert "f/2" in listing
    assert answers(session, ":reset", "x")[1][1].startswith("input 4:1:1: Variable not found: x")
    assert answers(session, ":vars") == [("note", "no variables yet")]


def test_help_lists_every_command(session):
    ((_, text),) = answers(session, ":help")
    assert all(name in text for name in COMMANDS)
    assert max(map(len, text.splitlines())) <= 80


def test_commands_can_be_shortened_and_misspelt(session):
    assert answers(session, ":ty 1") == [("note", "i64")]
    assert answers(session, ":frob") == [("error", "there is no command :frob; :help lists them")]
    assert answers(session, ":type")[0][1].startswith(":type EXPRESSION")
    assert answers(session, ":type 1 +")[0][0] == "error"
    assert answers(session, ":q") == []
    assert session.is_over


def test_a_file_is_loaded(session, tmp_path):
    (tmp_path / "a.rhai").write_text("fn f() { 7 }\nlet y = 1;\ny + 1")
    assert answers(session, f":load {tmp_path / 'a.rhai'}", "f() + y") == [("value", "2"), ("value", "8")]
    assert answers(session, f":load {tmp_path / 'b.rhai'}")[0][0] == "error"
    (tmp_path / "c.rhai").write_text("let = 1")
    assert "c.rhai:1:5:" in answers(session, f":load {tmp_path / 'c.rhai'}")[0][1]
