"""Functions on strings against Python's own, over random texts with characters of one to four bytes."""

from __future__ import annotations

import random

import pytest

from lang.errors import ScriptError
from lang.interpreter import Interpreter
from lang.limits import Limits

pytestmark = pytest.mark.unit

ALPHABETS = ("ab", "ab é", "aß中𝄞 \u2003", "a, ;", "xY z\t\n")
ROUNDS = 150
SCRIPT = """
fn split_text(s, by) { s.split(by) }
fn split_most(s, by, n) { s.split(by, n) }
fn split_reverse(s, by) { s.split_rev(by) }
fn words(s) { s.split() }
fn trimmed(s) { s.trim(); s }
fn replaced(s, old, other) { s.replace(old, other); s }
fn removed(s, what) { s.remove(what); s }
fn less(s, what) { s - what }
fn padded(s, n, filling) { s.pad(n, filling); s }
fn part(s, start, n) { s.sub_string(start, n) }
fn rest(s, start) { s.sub_string(start) }
fn ranged(s, start, end) { s.sub_string(start..end) }
fn ranged_to(s, start, end) { s.sub_string(start..=end) }
fn cropped(s, start, n) { s.crop(start, n); s }
fn truncated(s, n) { s.truncate(n); s }
fn popped(s) { let c = s.pop(); [s, c] }
fn upper(s) { s.make_upper(); [s, s.to_lower()] }
fn characters(s) { [s.to_chars(), len_of(s.chars())] }
fn len_of(it) { let n = 0; for c in it { n += 1; } n }
fn appended(s, x) { s.append(x); s }
fn edges(s, what) { [s.starts_with(what), s.ends_with(what), s.contains(what), s.index_of(what)] }
"""


@pytest.fixture(scope="module")
def call():
    interpreter = Interpreter()
    program = interpreter.compile(SCRIPT)
    return lambda name, *arguments: interpreter.call(program, name, *arguments)


def texts():
    source = random.Random(5)
    for number in range(ROUNDS):
        alphabet = ALPHABETS[number % len(ALPHABETS)]

        def text(most, alphabet=alphabet):
            return "".join(source.choice(alphabet) for _ in range(source.randrange(most + 1)))

        yield text(24), text(2), text(3), source.randrange(-30, 31), source.randrange(-3, 31)


def start_of(text, index):
    return min(max(index + len(text), 0) if index < 0 else index, len(text))


def test_pieces(call):
    for text, by, _, _, count in texts():
        pieces = text.split(by) if by else ["", *text, ""]
        assert call("split_text", text, by) == pieces
        assert call("split_reverse", text, by) == pieces[::-1]
        most = max(count, 1)
        few = pieces if len(pieces) <= most else [*pieces[: most - 1], by.join(pieces[most - 1 :])]
        assert call("split_most", text, by, count) == few
        assert call("words", text) == (text.split() if text else [""])
        assert call("trimmed", text) == text.strip()


def test_replacing(call):
    for text, old, new, _, _ in texts():
        assert call("replaced", text, old, new) == text.replace(old, new)
        assert call("removed", text, old) == (text.replace(old, "") if old else text)
        assert call("less", text, old) == (text.replace(old, "") if old else text)


def test_parts(call):
    for text, filling, _, index, count in texts():
        start = start_of(text, index)
        assert call("part", text, index, count) == text[start : start + max(count, 0)]
        assert call("cropped", text, index, count) == text[start : start + max(count, 0)]
        assert call("rest", text, index) == text[start:]
        assert call("ranged", text, index, count) == text[max(index, 0) : max(count, 0)]
        assert call("ranged_to", text, index, count) == text[max(index, 0) : max(count + 1, 0)]
        assert call("truncated", text, count) == text[: max(count, 0)]
        missing = max(count - len(text), 0)
        assert call("padded", text, count, filling) == text + (filling * missing)[:missing]
        assert call("popped", text) == [text[:-1], text[-1] if text else None]
        assert call("characters", text) == [list(text), len(text)]


def test_edges_and_case(call):
    for text, what, _, index, _ in texts():
        found = [text.startswith(what), text.endswith(what), what in text, text.find(what)]
        assert call("edges", text, what) == found
        if what:
            character = what[0]
            found = [text.startswith(character), text.endswith(character), character in text]
            assert call("edges", f"{text}", character)[:3] == found
        assert call("upper", text) == [text.upper(), text.upper().lower()]
        assert call("appended", text, index) == f"{text}{index}"


def test_collections_change_nothing():
    script = """
        let all = "";
        for i in 0..800 {
            let s = `  é${i},${i / 7.0}; b ${i % 10}  `;
            s.trim(); s.replace("b", "çc"); s.pad(30, "-="); s.append(i * 0.5); s.make_upper(); s -= "1";
            let parts = s.split(";");
            let words = (parts[0] + " " + parts[1]).split();
            let c = s.pop();
            s.crop(1, 20); s.truncate(15); s.remove('é');
            all += words[1].sub_string(0, 3) + c + s.to_chars()[2] + parse_int(i.to_string());
            for x in s.chars(3, 2) { all += x; }
            if i % 50 == 0 { all = all.sub_string(-40); }
        }
        all
    """
    assert Interpreter(limits=Limits(memory=8192)).run(script) == Interpreter().run(script)


def test_characters_as_texts():
    run = Interpreter().run
    assert run("let s = \"a,é,b\"; s.replace('é', ';'); s.split(';')") == ["a,", ",b"]
    assert run("let s = \"中\"; s.pad(4, '𝄞'); [s, s.bytes, s.starts_with('中'), s.ends_with('𝄞')]") == [
        "中𝄞𝄞𝄞",
        15,
        True,
        True,
    ]
    assert run("let s = \"aéa\"; s.remove('é'); s.index_of('a', 1)") == 1


NUMBERS = [
    *(f"{sign}{digits}" for sign in ("", "+", "-") for digits in ("0", "7", "9223372036854775807", "00012")),
    "-9223372036854775808",
    " 5\t",
    "\u20035",
]
NO_NUMBERS = [
    "",
    " ",
    "+",
    "-",
    "1_0",
    "0x1",
    "--1",
    "1 2",
    "٣",
    "9223372036854775808",
    "-9223372036854775809",
]


def test_parsing_ints():
    run = Interpreter(functions={"text": lambda i: [*NUMBERS, *NO_NUMBERS][i]}).run
    for number, text in enumerate(NUMBERS):
        assert run(f"parse_int(text({number}))") == int(text)
    for number in range(len(NUMBERS), len(NUMBERS) + len(NO_NUMBERS)):
        assert run(f"let r = (); try {{ r = parse_int(text({number})); }} catch {{ r = false; }} r") is False
    assert run('[parse_int("zZ", 36), parse_int("-101", 2), parse_int("7f", 16)]') == [1295, -5, 127]
    with pytest.raises(ScriptError, match="'12': invalid digit found in string"):
        run('parse_int("12", 2)')
    with pytest.raises(ScriptError, match="Invalid radix: '37'"):
        run('parse_int("1", 37)')


def test_parsing_floats():
    source = random.Random(8)
    texts = ["0", "-0.0", ".5", "5.", "1e22", "1e23", "1e-22", "9007199254740993", "1e400", "inf", "-1.5E+3"]
    texts += [f"{source.uniform(-1000, 1000):.{source.randrange(1, 18)}f}" for _ in range(100)]
    texts += [repr(source.uniform(-1, 1) * 10.0 ** source.randrange(-30, 30)) for _ in range(100)]
    run = Interpreter(functions={"text": lambda i: texts[i]}).run
    found = run(f"let r = []; for i in 0..{len(texts)} {{ r.push(parse_float(text(i))); }} r")
    assert [value.hex() for value in found] == [float(text).hex() for text in texts]
    for text in ("", ".", "1e", "e5", "1..2", "1.5x", "0x1p3", "1_0"):
        with pytest.raises(ScriptError, match="Error parsing floating-point number"):
            run(f'parse_float("{text}")')


@pytest.mark.parametrize(
    "script",
    [
        's.replace("a", "bcd")',
        's.pad(200, "x")',
        "s.pad(90, 'é')",
        's.append("0123456789")',
        "s += 0.5; s += 0.25; s += 12345.5",
        "`${s}${1.0 / 3.0}`",
    ],
)
def test_no_string_gets_too_long(script):
    interpreter = Interpreter(limits=Limits(string_bytes=100))
    interpreter.run(f'let s = ""; s.pad(30, "a"); {script.replace("200", "100").replace("90", "60")}')
    with pytest.raises(ScriptError, match="Length of string too large"):
        interpreter.run(f'let s = ""; s.pad(91, "a"); {script.replace("90", "96")}')


@pytest.mark.parametrize("script", ['s.split("a")', "s.split()", "s.to_chars()", "s.chars()"])
def test_no_array_gets_too_long(script):
    interpreter = Interpreter(limits=Limits(array_elements=10))
    interpreter.run(f'let s = ""; s.pad(9, " a"); {script}')
    with pytest.raises(ScriptError, match="Size of array/BLOB too large"):
        interpreter.run(f'let s = ""; s.pad(22, " a"); {script}')


@pytest.mark.security
def test_searching_is_paid_for():
    interpreter = Interpreter(limits=Limits(operations=100_000))
    script = """
        let text = ""; text.pad(1_000_000, "a");
        let what = ""; what.pad(1_000, "a"); what += "b";
        """
    for work in ("text.split(what)", "text.replace(what, 'x')", "text - what", "text.index_of(what)"):
        with pytest.raises(ScriptError, match="Too many operations"):
            interpreter.run(script + work)
