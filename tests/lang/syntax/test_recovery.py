"""All syntax errors of a text: as many as there are mistakes, and the first as the parser tells it."""

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from lang.errors import CompileError
from lang.source import Source
from lang.syntax.parser import parse
from lang.syntax.recovery import syntax_errors
from lang.syntax.scanner import scan_with_ends

EXAMPLES = int(os.environ.get("RECOVERY_EXAMPLES", "200"))
ROOT = Path(__file__).resolve().parents[3]


def lines_of(text):
    return [error.line for error in syntax_errors(Source(text), vectors=True)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("let a = 1;", []),
        ("fn a() {\n  let = 1;\n}\nfn b() {\n  f(1, 2;\n}\nfn c() {\n  if x = 1 { }\n}", [2, 5, 8]),
        ("fn a() {\n  if x {\n    f();\n}\nfn b() { }\nfn c() { }", [5]),  # a brace is missing
        ("fn a() {\n  if x { f(); }}\n}\nfn b() { }", [3]),  # one too many
        ("fn a()\n  f();\n}\nfn b() { let = 1; }", [2, 4]),
        ("fn a() {\n  fn b() { let = 1; }\n  let = 2;\n}", [2, 2, 3]),  # a nested function
        ("let a = 1\nlet b = 2\nlet c = 3", [2, 3]),
        ("let a = 1 +\nlet b = 2;\nlet = 3;", [2, 3]),
        ("let a = [1, 2;\nlet b = #{ c: 1 d: 2 };\nf(1;\ng();", [1, 2, 3]),
        ('let a = "open;\nlet b = \'ab\';\nlet c = "\\q";\nlet = 4;', [1, 2, 3, 4]),
        ("func f(a) {\n  var b = null;\n  b++;\n  if b === 1 { }\n}", [1, 2, 3, 4]),
        ("switch x {\n  1 => 2\n  3 => 4,\n}\nlet = 1;", [3, 5]),
        ("while true\n  f();\n}\nlet = 2;", [2, 4]),
        ("break;\n1 = 2;\nthis;\n#{ a: 1, a: 2 };\nif 1 { }", [1, 2, 3, 4, 5]),
        ("fn f(a, a) { }\nfn g() { }\nfn g() { }\nwhile 1 { break; }\nfor (i, i) in x { }", [1, 3, 4, 5]),
        ("`${ let }`;\nlet = 2;", [1, 2]),
        ("fn a() { f(", [1]),
        ("}\n}\nlet = 1;", [1, 2, 3]),
    ],
)  # fmt: skip
def test_each_mistake_is_told_once(text, lines):
    assert lines_of(text) == lines


@pytest.mark.integration
def test_the_first_error_of_the_kit_is_the_parsers(kit):
    bad = [script for _, script, expect in kit if expect.get("phase") == "parse"]
    for script in bad:
        first = syntax_errors(Source(script))[0]
        with pytest.raises(CompileError) as caught:
            parse(Source(script))
        told = caught.value
        assert (first.at, first.kind, first.message) == (told.at, told.kind, told.message)


def mutated(text, random):
    """Return a script with one token left out, put in or exchanged."""
    tokens, ends = scan_with_ends(Source(text))
    index = random.randrange(len(tokens))
    new = random.choice(
        ["", "{", "}", "(", ")", ";", ",", "let", "fn", '"', "=", "x", "[", "]", "+", "`", "'"]
    )
    end = tokens[index].at if random.random() < 0.3 else ends[index]
    return f"{text[: tokens[index].at]}{new} {text[end:]}"


@pytest.mark.integration
def test_one_mistake_has_few_errors():
    random = Random(3)
    texts = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "examples").rglob("*.rhai"))]
    counts = Counter(len(lines_of(mutated(random.choice(texts), random))) for _ in range(EXAMPLES))
    assert max(counts) <= 8
    assert sum(counts[number] for number in (0, 1, 2)) >= EXAMPLES * 0.9, counts
    assert counts[1] >= EXAMPLES * 0.5, counts


@pytest.mark.integration
def test_many_mistakes_end_well(kit):
    random = Random(4)
    scripts = [script for _, script, expect in kit if expect.get("phase") != "parse" and script.strip()]
    for _ in range(EXAMPLES):
        text = random.choice(scripts)
        for _ in range(6):
            if scan_with_ends(Source(text))[0]:
                text = mutated(text, random)
        errors = lines_of(text)
        assert len(errors) <= 2 * (text.count("\n") + 1)
