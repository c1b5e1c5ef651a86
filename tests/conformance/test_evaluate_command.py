"""`python -m lang.evaluate`: a line in, a line out, whatever the line is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def evaluate(*lines):
    result = subprocess.run(
        [sys.executable, "-m", "lang.evaluate"],
        cwd=ROOT,
        input=b"".join(line + b"\n" for line in lines),
        capture_output=True,
        timeout=300,
        check=True,
    )
    assert result.stderr == b""
    return [json.loads(line) for line in result.stdout.decode().splitlines()]


@pytest.mark.integration
def test_each_line_is_answered_in_order():
    good = json.dumps({"id": "a", "script": 'print(`${1 + 1}`); [1, "x"]'}).encode()
    bad = json.dumps({"id": 2, "script": "let x ="}).encode()
    failing = json.dumps({"id": [3], "script": "\n  missing"}).encode()
    answers = evaluate(good, b"   ", bad, failing)
    assert [answer["id"] for answer in answers] == ["a", 2, [3]]
    assert answers[0]["value"] == '[1, "x"]'
    assert answers[0]["printed"] == ["2"]
    assert (answers[1]["ok"], answers[1]["phase"]) == (False, "parse")
    assert (answers[2]["error"], answers[2]["line"], answers[2]["pos"]) == ("ErrorVariableNotFound", 2, 3)


@pytest.mark.security
def test_garbage_is_answered_too():
    garbage = [
        *(
            b"{",
            b"[]",
            b"null",
            b'"text"',
            b"{}",
            b'{"id": 1}',
            b'{"script": 5}',
            b'{"script": null, "id": {}}',
        ),
        *(b"\xff\xfe\x00garbage", b'{"id": "deep", "script": "' + b"[" * 5000 + b'"}', b"[" * 100_000),
        b'{"id": "surrogate", "script": "let x = \\"\\ud800\\";"}',
    ]
    last = json.dumps({"id": "last", "script": "40 + 2"}).encode()
    answers = evaluate(*garbage, last)
    assert len(answers) == len(garbage) + 1
    assert all(answer["ok"] is False for answer in answers[:5])
    assert answers[-1]["value"] == "42"
