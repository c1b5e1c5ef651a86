"""Prints how much of the conformance kit agrees.

python tests/conformance/report.py [FILE] [--failures] [--place] [--case NAME]
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import traceback
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import harness  # noqa: E402

from lang.evaluate import Evaluator, Outcome  # noqa: E402


def show(verdict: harness.Verdict) -> None:
    """Print a case that does not agree."""
    got = verdict.got
    print(f"--- {verdict.case.file}: {verdict.case.name}")
    print(verdict.case.script)
    expect = verdict.case.expect
    if "error" in expect:
        place = f"{expect.get('line')}:{expect.get('pos')}"
        print(f"  expected {expect['error']} at {place} {expect.get('message')}")
    else:
        print(f"  expected {expect['type']} {expect['value']}")
    if got.ok:
        print(f"  got      {got.type} {got.value}")
    else:
        print(f"  got      {got.error} at {got.line}:{got.pos} {got.message}")
    if got.printed != expect.get("printed", []):
        print(f"  expected prints {expect.get('printed', [])}\n  got prints      {got.printed}")


def main() -> None:
    """Run the chosen cases and print rates."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", nargs="?")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--place", action="store_true", help="a wrong place is a failure to show too")
    parser.add_argument("--case")
    options = parser.parse_args()
    faulthandler.enable()
    evaluator = Evaluator()
    results = []
    started = time.monotonic()
    for case in harness.cases(options.file):
        if options.case not in (None, case.name):
            continue
        begun = time.monotonic()
        try:
            got = evaluator.evaluate(case.script, case.name)
        except Exception as error:  # noqa: BLE001 - a report goes on
            got = Outcome(case.name, False, error="RAISED", message=f"{type(error).__name__}: {error}")
            if options.failures:
                traceback.print_exc(limit=-3)
            evaluator = Evaluator()
        if time.monotonic() - begun > 2:
            print(f"slow: {case.file}: {case.name} took {time.monotonic() - begun:.1f} s")
        verdict = harness.judge(case, got)
        results.append(verdict)
        if options.failures and not (verdict.place if options.place else verdict.outcome):
            show(verdict)
    table = harness.rates(results)
    for name, rate in table.items():
        print(f"{name:24} {rate}")
    if set(table) - {harness.RANDOM}:
        print(f"{'all TOML files':24} {harness.total(table)}")
    raised = sum(verdict.got.error == "RAISED" for verdict in results)
    print(f"{raised} raised, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
