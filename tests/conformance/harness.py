"""Runs the conformance kit in this process and judges the outcomes as its README says."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lang.evaluate import Evaluator, Outcome

KIT = Path(__file__).parent / "kit"
VECTORS = Path(__file__).parent / "vectors"
RANDOM = "random"
_CLOSURE_NAME = re.compile(r"anon\$[0-9a-f]+")


@dataclass(frozen=True)
class Case:
    """A script and what the real implementation did with it; `file` is the kit file's stem."""

    file: str
    name: str
    script: str
    expect: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """How an outcome compares: `outcome` without the place, `place` with it."""

    case: Case
    got: Outcome
    outcome: bool
    place: bool


def file_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file of the kit's format."""
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        yield Case(path.stem, case["name"], case["script"], case["expect"])


def cases(only: str | None = None) -> Iterator[Case]:
    """Yield the cases of the kit, or of one of its files, in the order in which they stand."""
    for path in sorted(KIT.glob("*.toml")):
        if only in (None, path.stem):
            yield from file_cases(path)
    if only in (None, RANDOM):
        for line in (KIT / "random.jsonl").read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            yield Case(RANDOM, case["id"], case["script"], case["expect"])


def _plain(value: object) -> str:
    return _CLOSURE_NAME.sub("anon$", str(value))


def plain_outcome(outcome: Outcome) -> tuple[object, ...]:
    """Return what two runs of the same script have to agree in."""
    parts = (outcome.value, outcome.error, outcome.line, outcome.pos, tuple(outcome.printed))
    return tuple(map(_plain, parts))


def judge(case: Case, got: Outcome) -> Verdict:
    """Compare an outcome with what the kit expects."""
    expect = case.expect
    printed = [_plain(text) for text in got.printed] == [_plain(text) for text in expect.get("printed", [])]
    if "error" not in expect:
        same = got.ok and got.type == expect.get("type") and _plain(got.value) == _plain(expect.get("value"))
        return Verdict(case, got, same and printed, same and printed)
    same = not got.ok and got.error == expect["error"] and got.phase == expect["phase"]
    if expect["error"] != "ErrorTooManyOperations":  # how operations are counted is ours to say
        same = same and printed
    there = "line" not in expect or (got.line, got.pos) == (expect["line"], expect.get("pos"))
    return Verdict(case, got, same, same and there)


def verdicts(chosen: Iterable[Case], evaluator: Evaluator | None = None) -> Iterator[Verdict]:
    """Run cases and yield how they went."""
    evaluator = evaluator or Evaluator()
    for case in chosen:
        yield judge(case, evaluator.evaluate(case.script, case.name))


@dataclass
class Rate:
    """How many of a file's cases agree."""

    total: int = 0
    outcome: int = 0
    place: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count a verdict."""
        self.total += 1
        self.outcome += verdict.outcome
        self.place += verdict.place

    def __str__(self) -> str:
        """Return one line of a report."""
        shares = f"{self.outcome / self.total:7.1%} outcome {self.place / self.total:7.1%} place"
        return f"{shares}   {self.outcome:4}/{self.total}"


def rates(results: Iterable[Verdict]) -> dict[str, Rate]:
    """Return the rates by file."""
    table: dict[str, Rate] = {}
    for verdict in results:
        table.setdefault(verdict.case.file, Rate()).add(verdict)
    return table


def total(table: dict[str, Rate]) -> Rate:
    """Return the rate of all TOML files together."""
    files = [rate for name, rate in table.items() if name != RANDOM]
    return Rate(*(sum(getattr(rate, part) for rate in files) for part in ("total", "outcome", "place")))
