"""Hints on syntax errors."""

import pytest

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("let a = 5\nlet b = 6;", "a `;` is missing at the end of line 1"),
        ("let a = 5 // why\n\n// so\nlet b = 6;", "a `;` is missing at the end of line 1"),
        ("let a = 5 6;", None),
        ("var x = 1;", "`let` declares a variable, `const` a constant"),
        ("let x = null;", "`()` stands for no value"),
        ("func f() { }", "a function begins with `fn`"),
        ("if a { } elif b { }", "write `else if`"),
        ("if a and b { }", "write `&&`"),
        ("let x = not a;", "write `!`"),
        ("x++;", "write `x += 1`"),
        ("let y = a ? b : c;", "write `if a { b } else { c }`, which has a value"),
        ("let f = x => x + 1;", "a closure is written `|a, b| a + b`"),
        ("let v = (1, 2);", "plain Rhai has no vectors `(x, y)`; an array is written `[x, y]`"),
        ("let m = { a: 1 };", "an object map begins with `#{`"),
        ("let x: int = 5;", "variables and parameters have no types: leave `: …` out"),
        ("fn f(a: int) { }", "variables and parameters have no types: leave `: …` out"),
        ("int x = 5;", "variables have no types: `let x = …`"),
        ("fn f() -> int { }", "functions have no types: `fn f(a) { … }`"),
        ("for i = 0; i < 3; i++ { }", "a loop over numbers is written `for i in 0..10 { … }`"),
        ("for (let i = 0; i < 3; i++) { }", "a loop over numbers is written `for i in 0..10 { … }`"),
        ("for x of xs { }", "a loop is written `for x in list { … }`"),
        ("if (a) b();", "the body stands in braces: `{ … }`"),
        ("if x = 5 { }", "an assignment has no value; compare with '=='"),
        ("let x = ;", "a value is missing before this"),
        ("f(1, 2;", "is a `)` missing? the `(` of line 1 is still open"),
        ("let x = [1,\n2;", "is a `]` missing? the `[` of line 1 is still open"),
        ("fn f() {\n  a();", "the `{` of line 1 is not closed"),
        ("fn f() {\n  if a {\n}\nfn g() { }", "is a `}` missing above? the `{` of line 1 is still open"),
        ("fn f() {\n  fn g() { }\n}", "move it out; within a block a closure can stand: `let f = |x| …`"),
        ("f();\n}", "no `{` is open here: one `}` is too many, or one was closed too early"),
        ("let _x = 1;", "names begin with a letter"),
        ("let new = 5;", "choose another name: `new` has a meaning of its own"),
        ('print "x";', "`print` is a function: call it, `print(…)`"),
        ("let s = 'abc';", 'text of more than one character needs double quotes: "…"'),
        ('let s = "abc;',
         "a quote is missing at the end of this line; strings in back quotes may have several lines"),
        ('let s = "speed: " + ${x};', "a value goes into a string between back quotes: `speed: ${x}`"),
        ("try { } finally { }", "there is no `finally`: what must be done stands behind the `try … catch`"),
        ("const A = 1; A = 2;", "`let` declares a variable that can change"),
    ],
)  # fmt: skip
def test_a_hint(refuse, text, hint):
    assert refuse(text).hint == hint
