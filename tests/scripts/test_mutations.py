"""Scripts with random changes: whatever they do, they end with a value or an error of the language.

A fixed seed makes the same scripts every time. They run on a machine that collects at every
instruction, so that whatever a changed script does to its heap is checked as well.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import script_runner

from lang.limits import Limits
from lang.prelude import prelude_program

pytestmark = [pytest.mark.integration, pytest.mark.security]

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|\d+|\w+|[^\s\w]')
NUMBERS = ["0", "1", "2", "-1", "63", "64", "1.5", "9223372036854775807", '"text"', "[]", "()", "(1, 2)"]
NAMES = ["len", "push", "map", "pop", "x", "f", "this", "call", "type_of", "insert", "keys", "filter", "sort"]
TEXTS = ['""', '"é𝄞"', "1", "[1]", "#{a: 1}"]
OPERATORS = "+-*/%<>&|^"
LIMITS = Limits(operations=1500, memory=200_000, string_bytes=20_000, array_elements=5000, map_entries=500)


def changed(text, chance):
    """Return a text with one token replaced by another of its kind, so that most still compile."""
    spans = [match.span() for match in TOKEN.finditer(text)]
    start, end = chance.choice(spans)
    token = text[start:end]
    if token.isdigit():
        token = chance.choice(NUMBERS)
    elif token.isidentifier():
        names = [name for name in TOKEN.findall(text) if name.isidentifier()]
        token = chance.choice(names + NAMES)
    elif token[0] in '"`':
        token = chance.choice(TEXTS)
    elif token in OPERATORS:
        token = chance.choice(OPERATORS)
    return text[:start] + token + text[end:]


@pytest.fixture(scope="module")
def runner():
    natives = script_runner.natives_with_evaluation()
    machine = script_runner.CollectingMachine(natives)
    return script_runner.Runner(natives, prelude_program(natives), machine)


@pytest.mark.parametrize("seed", range(8))
def test_changed_scripts_end_in_an_orderly_way(runner, seed, monkeypatch):
    chance = random.Random(seed)
    texts = [path.read_text(encoding="utf-8") for path in script_runner.script_files()]
    texts = [re.sub(r"//(?! mode).*", "", text) for text in texts if len(text) < 2000]
    monkeypatch.setattr(script_runner, "heads", lambda text: (chance.choice(["entity", "vectors"]), LIMITS))
    well = 0
    for _ in range(40):
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 3)):
            text = changed(text, chance)
        outcome = runner.run(text)
        well += outcome.fault is None
        assert outcome.fault is None or outcome.fault[1], text
    assert 0 < well < 40, "the changes are too mild or too wild to tell anything"
