"""Commands for those who write scripts and scenes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine import __version__
from engine.cli.root import FAILED, PATH, PLUGINS, main, write_error, write_line


@main.command()
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Take scripts as plain Rhai: no vectors, no state, no API.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON, for editors.")
@PLUGINS
def check(paths: tuple[Path, ...], strict: bool, as_json: bool, plugins: tuple[str, ...]) -> None:
    """Check scripts and scenes; in folders, all of them. Exits with 1 when there are errors."""
    from engine.tools.check import check_paths

    report = check_paths(paths, strict=strict, plugins=plugins)
    for finding in () if as_json else report.findings:
        write_error(finding.text)
    write_line(report.as_json() if as_json else report.summary())
    if report.count("error"):
        sys.exit(FAILED)


@main.command()
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when a file would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
@click.option("--strict", is_flag=True, help="Take scripts as plain Rhai: no vectors.")
def fmt(paths: tuple[Path, ...], check: bool, diff: bool, strict: bool) -> None:
    """Lay scripts out in the one style; in folders, all of them. `-` takes standard input to standard output.

    Comments, strings and the spelling of numbers stay; what a script means never changes.
    """
    from engine.tools.formatting import format_paths, format_stream

    if paths == (Path("-"),):
        sys.exit(FAILED if format_stream(write_line, write_error, strict=strict) else 0)
    report = format_paths(paths, writes=not (check or diff), strict=strict)
    for text in report.diffs if diff else ():
        click.echo(text, nl=False)
    for line in report.lines():
        (write_error if diff else write_line)(line)
    for text in report.errors:
        write_error(text)
    if report.errors or (check and report.changed):
        sys.exit(FAILED)


@main.command()
@click.option("--strict", is_flag=True, help="Plain Rhai: no vectors, no state.")
def repl(strict: bool) -> None:
    """Run scripts one input at a time; variables and functions stay.

    In a terminal with history, completion and colours; `:help` tells more. Otherwise it takes standard input
    line by line.
    """
    from engine.warm_up import warm_up_with_bar
    from lang.repl import run_repl

    warm_up_with_bar()
    run_repl(strict=strict, version=__version__)


@main.command()
@click.argument("file", type=PATH)
@click.option("--strict", is_flag=True, help="Take the script as plain Rhai.")
@click.option("--passes", metavar="A,B", help="Run only these passes of the optimiser; '' runs none.")
@click.option("--no-optimise", is_flag=True, help="Run no pass: the plain instructions.")
def disasm(file: Path, strict: bool, passes: str | None, no_optimise: bool) -> None:
    """Print the program that a script compiles to."""
    from engine.tools.disassembly import disassembly

    text, errors = disassembly(file, strict=strict, passes="" if no_optimise else passes)
    for error in errors:
        write_error(error)
    if errors:
        sys.exit(FAILED)
    write_line(text)


@main.command()
def schema() -> None:
    """Print the JSON schema of scene files, for editors."""
    from engine.scene.schema import schema_text

    click.echo(schema_text(), nl=False)
