"""Commands about a whole game: to begin one, and to test it."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import click

from engine.cli.root import FAILED, PATH, PLUGINS, main, write_line


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a folder NAME with a small game that runs: a scene, two scripts, and a test of them."""
    from engine.tools.new import make_game

    for line in make_game(name):
        write_line(line)


@main.command()
@click.argument("path", type=PATH, default=Path())
@click.option("-k", "keyword", default="", help="Run the tests whose file or name holds this.")
@click.option("-x", "stops", is_flag=True, help="Stop at the first test that fails.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@PLUGINS
def test(path: Path, keyword: str, stops: bool, as_json: bool, plugins: tuple[str, ...]) -> None:
    """Run the scripted tests of a game: of the folder PATH (this one), or of one file.

    Exits with 1 when a test fails, with 2 when there is none.
    """
    gc.disable()  # as in `run`
    from engine.tools.testing.running import Outcome, run_tests
    from engine.warm_up import warm_up_with_bar

    def tell(outcome: Outcome) -> None:
        if not as_json:
            word = "passed" if outcome.passed else "FAILED"
            write_line(f"{word}  {outcome.title}  ({outcome.seconds:.2f} s)")

    warm_up_with_bar()
    report = run_tests(path, keyword, stops=stops, plugins=plugins, tell=tell)
    for outcome in () if as_json else report.tests:
        for line in () if outcome.passed else ("", *outcome.lines()):
            write_line(line)
    write_line(report.as_json() if as_json else report.summary())
    if report.failed:
        sys.exit(FAILED)
