"""Each limit lets N pass and strikes at N + 1, wherever the work is done, and where the script says so."""

import pytest

import lang
from lang.errors import ScriptError

pytestmark = pytest.mark.security

LARGE = "ErrorDataTooLarge"
OPERATIONS = 2_000_000


@pytest.fixture
def outcome(run):
    """Return the value of a run, or the kind and the line of its error."""

    def outcome(text, **limits):
        try:
            return run(text, **{"operations": OPERATIONS, **limits})
        except ScriptError as error:
            return error.kind, error.line

    return outcome


STRINGS = {
    "literal joined": 'let s = "0123456789";\nlet t = s + "ab";\nt.len()',
    "+=": 'let s = "0123456789";\ns += "ab";\ns.len()',
    "+= in a map": 'let m = #{s: "0123456789"};\nm.s += "ab";\nm.s.len()',
    "+= in an array": 'let a = ["0123456789"];\na[0] += "ab";\na[0].len()',
    "a char": "let s = \"01234567890\";\ns += 'b';\ns.len()",
    "interpolation": 'let s = "0123456789";\nlet t = `${s}ab`;\nt.len()',
    "interpolated numbers": "let n = 123456;\nlet t = `${n}${n}`;\nt.len()",
    "pad": "let s = \"0\";\ns.pad(12, 'x');\ns.len()",
    "pad with text": 'let s = "00";\ns.pad(12, "xx");\ns.len()',
    "replace": 'let s = "aaaa";\ns.replace("a", "bbb");\ns.len()',
    "insert by slice": 'let s = "0123456789";\ns[0..1] = "abc";\ns.len()',
    "append": 'let s = "0123456789";\ns.append("ab");\ns.len()',
    "in a function": 'fn f(a, b) {\n  a + b\n}\nf("0123456789", "ab").len()',
    "in a closure": 'let s = "0123456789";\nlet f = || s += "ab";\nf.call();\ns.len()',
    "in a method": 'fn string.grow() {\n  this += "ab";\n}\nlet s = "0123456789";\ns.grow();\ns.len()',
    "in a callback": 'let a = ["0123456789"];\nlet b = a.map(|s| s + "ab");\nb[0].len()',
    "reduced": 'let a = ["012345", "678901"];\nlet s = a.reduce(|s, x| s + x, "");\ns.len()',
    "text of an array": 'let a = [1, 2, 3, 4];\nlet s = "" + a;\ns.len()',
    "to_json": "let m = #{a: 1234, b: 0};\nlet s = m.to_json();\ns.len() - 4",
    "bytes of characters": 'let s = "éé";\ns += "éééé";\ns.bytes',
}


@pytest.mark.parametrize("name", STRINGS)
def test_strings(outcome, name):
    assert outcome(STRINGS[name], string_bytes=16) == 12
    needed = 16 if name == "to_json" else 12
    assert outcome(STRINGS[name], string_bytes=needed) == 12
    kind, line = outcome(STRINGS[name], string_bytes=needed - 1)
    assert kind == LARGE
    assert line == next(
        number
        for number, text in enumerate(STRINGS[name].splitlines(), 1)
        if any(work in text for work in WORK[name])
    )


WORK = {name: ["+ ", "+=", "${", ".pad", ".replace", ".append", "[0..1]", "to_json"] for name in STRINGS}

ARRAYS = {
    "literal": "let a = [1,2,3,4,5,6,7,8,9,10,11,12];\na.len()",
    "push": "let a = [];\nfor i in 0..12 { a.push(i); }\na.len()",
    "insert": "let a = [];\nfor i in 0..12 { a.insert(0, i); }\na.len()",
    "+=": "let a = [1,2,3,4,5,6];\na += a;\na.len()",
    "+": "let a = [1,2,3,4,5,6];\nlet b = a + a;\nb.len()",
    "append": "let a = [1,2,3,4,5,6];\na.append(a);\na.len()",
    "pad": "let a = [];\na.pad(12, 0);\na.len()",
    "chop and pad": "let a = [1,2,3];\na.chop(1);\na.pad(12, a);\na.len()",
    "collected": "let a = [];\nfor i in 0..12 { a += i; }\na.len()",
    "split": 'let a = "a-b-c-d-e-f-g-h-i-j-k-l".split("-");\na.len()',
    "characters": 'let a = "abcdefghijkl".to_chars();\na.len()',
    "keys": "let m = #{};\nfor i in 0..12 { m[`${i}`] = i; }\nm.keys().len()",
    "values": "let m = #{};\nfor i in 0..12 { m[`${i}`] = i; }\nm.values().len()",
    "blob": "let b = blob(12);\nb.len()",
    "blob push": "let b = blob();\nfor i in 0..12 { b.push(i); }\nb.len()",
    "blob +=": "let b = blob(6);\nb += b;\nb.len()",
    "blob pad": "let b = blob();\nb.pad(12, 1);\nb.len()",
    "to_blob": 'let b = "abcdefghijkl".to_blob();\nb.len()',
    "parse_json": 'let a = parse_json(`{"a":[1,2,3,4,5,6,7,8,9,10,11,12]}`).a;\na.len()',
    "map over": "let a = [1,2,3,4,5,6];\nlet b = a.map(|x| x);\nb.append(a);\nb.len()",
    "splice": "let a = [1,2,3,4,5,6];\na.splice(0..0, a);\na.len()",
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_and_blobs(outcome, name):
    assert outcome(ARRAYS[name], array_elements=12) == 12
    assert outcome(ARRAYS[name], array_elements=11)[0] == LARGE


MAPS = {
    "literal": "let m = #{a:1,b:2,c:3,d:4};\nm.len()",
    "by index": "let m = #{};\nfor i in 0..4 { m[`${i}`] = i; }\nm.len()",
    "by name": "let m = #{};\nm.a = 1;\nm.b = 2;\nm.c = 3;\nm.d = 4;\nm.len()",
    "set": "let m = #{};\nfor i in 0..4 { m.set(`${i}`, i); }\nm.len()",
    "+": "let m = #{a:1,b:2};\nlet n = m + #{c:3,d:4};\nn.len()",
    "+=": "let m = #{a:1,b:2};\nm += #{c:3,d:4};\nm.len()",
    "mixin": "let m = #{a:1,b:2};\nm.mixin(#{c:3,d:4});\nm.len()",
    "fill_with": "let m = #{a:1,b:2};\nm.fill_with(#{c:3,d:4});\nm.len()",
    "parse_json": 'let m = parse_json(`{"a":1,"b":2,"c":3,"d":4}`);\nm.len()',
    "in a method": "fn map.grow() { this.d = 4; }\nlet m = #{a:1,b:2,c:3};\nm.grow();\nm.len()",
}


@pytest.mark.parametrize("name", MAPS)
def test_maps(outcome, name):
    assert outcome(MAPS[name], map_entries=4) == 4
    assert outcome(MAPS[name], map_entries=3)[0] == LARGE


DEPTHS = {
    "direct": "fn f(n) {\n  if n > 0 { f(n - 1) } else { 0 }\n}\nf(DEPTH - 1)",
    "mutual": (
        "fn f(n) { if n > 0 { g(n - 1) } else { 0 } }\n"
        "fn g(n) { if n > 0 { f(n - 1) } else { 0 } }\nf(DEPTH - 1)"
    ),
    "by pointer": 'fn f(n) { if n > 0 { Fn("f").call(n - 1) } else { 0 } }\nf(DEPTH - 1)',
    "as a method": "fn f() { if this > 0 { let n = this - 1; n.f() } else { 0 } }\nlet n = DEPTH - 1;\nn.f()",
    "through map": "fn f(n) { if n > 0 { [n - 1].map(f)[0] } else { 0 } }\nf(DEPTH - 1)",
    "through sort": "fn f(n) { if n > 0 { let a = [1, 2]; a.sort(|x, y| f(n - 1)); } 0 }\nf(DEPTH)",
    "of a closure": "let f = |g, n| if n > 0 { g.call(g, n - 1) } else { 0 };\nf.call(f, DEPTH - 1)",
    "by curried pointer": "fn f(n) { if n > 0 { f.curry(n - 1).call() } else { 0 } }\nf(DEPTH - 1)",
}


@pytest.mark.parametrize("name", DEPTHS)
def test_call_depth(outcome, name):
    per_level = 2 if name == "through sort" else 1
    for depth in (3, 9, 33):
        text = DEPTHS[name].replace("DEPTH", str(depth - 1 if per_level == 2 else depth))
        levels = per_level * (depth - 1) + 1
        assert outcome(text, call_depth=levels) == 0
        assert outcome(text, call_depth=levels - 1)[0] == "ErrorStackOverflow"


def test_expression_depth(compiled):
    deepest = next(n for n in range(1, 200) if fails(compiled, "(" * n + "1" + ")" * n))
    assert 20 < deepest < 100
    assert not fails(compiled, "(" * (deepest - 1) + "1" + ")" * (deepest - 1))
    inside = next(n for n in range(1, 200) if fails(compiled, f"fn f() {{ {'(' * n}1{')' * n} }}"))
    assert inside <= deepest
    assert fails(compiled, "[" * 500 + "]" * 500)
    assert fails(compiled, "fn f() { " * 1 + "{" * 500 + "}" * 500 + " }")


def fails(compiled, text):
    try:
        compiled(text)
    except lang.CompileError as error:
        return error.kind == "ExprTooDeep"
    return False


SWALLOWING = {
    "operations": ("loop {}", {"operations": 4000}, "ErrorTooManyOperations"),
    "operations in a callback": ("[1].map(|x| { loop {} })", {"operations": 4000}, "ErrorTooManyOperations"),
    "depth": ("down(0)", {"call_depth": 9}, "ErrorStackOverflow"),
    "depth by pointer": ('Fn("down").call(0)', {"call_depth": 9}, "ErrorStackOverflow"),
    "string": ('let s = "ab"; loop { s += s; }', {"string_bytes": 99}, LARGE),
    "string by pad": ('let s = ""; s.pad(100, "x")', {"string_bytes": 99}, LARGE),
    "array": ("let a = [1]; loop { a += a; }", {"array_elements": 99}, LARGE),
    "array by range": ("let a = []; a.pad(100, 0)", {"array_elements": 99}, LARGE),
    "blob": ("blob(100)", {"array_elements": 99}, LARGE),
    "map": ("let m = #{}; for i in 0..99 { m[`${i}`] = i; }", {"map_entries": 50}, LARGE),
    "json": ('parse_json(`{"a":[1,2,3,4]}`)', {"array_elements": 3}, LARGE),
    "memory": ("let a = [1]; loop { a = [a, a]; }", {"memory": 9999}, LARGE),
    "memory by captures": ("let f = || 1; loop { let g = f; f = || g.call(); }", {"memory": 9999}, LARGE),
    "wall time": ("loop {}", {"seconds": 0.05, "operations": 10**15}, "ErrorTerminated"),
}


@pytest.mark.parametrize("name", SWALLOWING)
def test_a_script_that_swallows_errors_gets_round_none(run, machine, name):
    body, limits, kind = SWALLOWING[name]
    printed = []
    machine.on_print = printed.append
    text = (
        "fn down(n) { down(n + 1) }\n"
        f"loop {{ try {{ try {{ {body}; }} catch {{ print(1); }} }} catch (e) {{ print(2); }} }}"
    )
    with pytest.raises(ScriptError) as caught:
        run(text, **{"operations": OPERATIONS, **limits})
    assert caught.value.kind == kind
    assert printed == []


@pytest.mark.parametrize(
    "text",
    [
        "let a = []; for i in 0..300 { a.push([i]); } a.len()",
        "let m = #{}; for i in 0..300 { m[`key ${i}`] = i; } m.len()",
        "let fs = []; for i in 0..300 { let k = i; fs.push(|| k); } fs.len()",
        'let s = []; for i in 0..300 { s.push("text " + i); } s.len()',
        "let b = []; for i in 0..300 { b.push(blob(20)); } b.len()",
    ],
)
def test_memory_has_one_edge(outcome, text):
    low, high = 1000, 1_000_000
    assert outcome(text, memory=high) == 300
    while high - low > 8:
        middle = (low + high) // 2
        if outcome(text, memory=middle) == 300:
            high = middle
        else:
            low = middle
    assert 300 * 16 < high < 300 * 400
    assert [outcome(text, memory=high + 8 * k) for k in range(4)] == [300] * 4
    assert {outcome(text, memory=low - 8 * k)[0] for k in range(1, 5)} == {LARGE}


def test_operations_have_one_edge_in_every_way_of_calling(outcome, run, machine):
    texts = [
        "fn f(n) { n + 1 }\nlet x = 0;\nfor i in 0..20 { x = f(x); }\nx",
        "let f = |n| n + 1;\nlet x = 0;\nwhile x < 20 { x = f.call(x); }\nx",
        "let a = [];\na.pad(20, 1);\na.map(|x| x + 1).filter(|x| x > 1).len()",
        "let s = `${1}`;\nfor i in 0..5 { s += s; }\ns.len() - 12",
        "let x = 0;\nfor i in 0..20 { try { throw i; } catch (e) { x = e + 1; } }\nx",
        "let a = [3, 1, 2];\nfor i in 0..20 { a.sort(); a.push(i); }\na.len() - 3",
    ]
    for text in texts:
        assert outcome(text) == 20
        needed = machine.spent
        assert outcome(text, operations=needed) == 20
        assert outcome(text, operations=needed - 1)[0] == "ErrorTooManyOperations"
