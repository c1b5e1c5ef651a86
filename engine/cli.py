"""The ``astraweave`` command: reads arguments, calls one function, maps errors to exit codes.

Exit codes: 0 well (failing scripts included, unless ``--fail-on-script-error``), 1 failed, 2 bad input.
Imports are made inside the commands: ``--version`` and a mistyped option answer at once.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click

from engine import __version__
from engine.errors import EngineError, SceneError
from engine.tools.errors import BadInput

FAILED = 1
BAD_INPUT = 2
PATH = click.Path(path_type=Path)


class _Command(click.Group):
    """Turns errors of ours into one message and an exit code; anything else is a bug with a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EngineError as error:
            _err(f"error: {error}")
            sys.exit(BAD_INPUT if isinstance(error, SceneError | BadInput) else FAILED)


def _out(line: str) -> None:
    click.echo(line)


def _err(line: str) -> None:
    click.echo(line, err=True)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="astraweave")
def main() -> None:
    """Run and check 2D games made of TOML scenes and .rhai scripts."""


@main.command()
@click.argument("scene", type=PATH)
@click.option("--headless", is_flag=True, help="Run without a window.")
@click.option("--ticks", type=click.IntRange(min=0), help="Stop after so many ticks.")
@click.option("--seed", type=click.IntRange(-(2**63), 2**63 - 1), help="Take the place of the scene's seed.")
@click.option("--hash", "hashes", is_flag=True, help="Print the state hash of each tick: `tick hash`.")
@click.option("--json", "as_json", is_flag=True, help="Print a report as the last line.")
@click.option("--fail-on-script-error", is_flag=True, help="Exit with 1 when a script failed.")
@click.option("--screenshot", type=PATH, help="Save the last picture as PNG.")
@click.option("--record", type=PATH, help="With --headless: write the run as FILE.gif or FILE.mp4.")
@click.option(
    "--fps", type=click.IntRange(1, 60), help="Pictures a second of --record; 20 for GIF, 30 for MP4."
)
@click.option("--record-audio", type=PATH, help="Write what is heard as WAV, 1/60 s a tick; headless too.")
@click.option("--data", type=PATH, help="Keep what scripts save with save_data in this file.")
@click.option(
    "--input", "input_file", type=PATH, help="With --headless: a file of actions held, tick by tick."
)
def run(
    scene: Path,
    headless: bool,
    ticks: int | None,
    seed: int | None,
    hashes: bool,
    as_json: bool,
    fail_on_script_error: bool,
    screenshot: Path | None,
    record: Path | None,
    fps: int | None,
    record_audio: Path | None,
    data: Path | None,
    input_file: Path | None,
) -> None:
    """Run the game that SCENE describes.

    In a window P pauses, O does a single step, F1 lists all keys; saved scripts take effect at once.
    Without a window, and without --ticks, it runs in real time until it is interrupted.
    """
    gc.disable()  # importing Numba makes half a million objects that stay: looking through them costs a tenth
    from engine.scene import load_scene
    from engine.tools.run import RunOptions, run_scene
    from engine.warm_up import warm_up_with_bar

    if record is not None and not headless:
        raise click.UsageError("--record needs a run without a window: add --headless")
    if input_file is not None and not headless:
        raise click.UsageError("--input needs a run without a window: add --headless")
    load_scene(scene, seed)  # a fault is told at once, not after a first start's compilation
    warm_up_with_bar()
    options = RunOptions(
        headless=headless,
        ticks=ticks,
        seed=seed,
        hashes=hashes,
        screenshot=screenshot,
        record=record,
        rate=fps,
        record_audio=record_audio,
        data=data,
        input=input_file,
    )
    report = run_scene(scene, options, _out, _err)
    if as_json:
        _out(report.as_json())
    if fail_on_script_error and report.script_errors:
        sys.exit(FAILED)


@main.command()
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Take scripts as plain Rhai: no vectors, no state, no API.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON, for editors.")
def check(paths: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Check scripts and scenes; in folders, all of them. Exits with 1 when there are errors."""
    from engine.tools.check import check_paths

    report = check_paths(paths, strict=strict)
    for finding in () if as_json else report.findings:
        _err(finding.text)
    _out(report.as_json() if as_json else report.summary())
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
        sys.exit(FAILED if format_stream(_out, _err, strict=strict) else 0)
    report = format_paths(paths, writes=not (check or diff), strict=strict)
    for text in report.diffs if diff else ():
        click.echo(text, nl=False)
    for line in report.lines():
        (_err if diff else _out)(line)
    for text in report.errors:
        _err(text)
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
        _err(error)
    if errors:
        sys.exit(FAILED)
    _out(text)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def doctor(as_json: bool) -> None:
    """Tell what astraweave finds on this machine, and what to do where something is missing.

    Exits with 1 when something is missing that every game needs.
    """
    from engine.tools.doctor import examine

    diagnosis = examine()
    for line in [diagnosis.as_json()] if as_json else diagnosis.lines():
        _out(line)
    if not diagnosis.is_well:
        sys.exit(FAILED)


@main.group(invoke_without_command=True)
@click.pass_context
def cache(context: click.Context) -> None:
    """Show the folders and sizes of what is kept between runs; `clear` removes it."""
    from engine.tools.cache import caches

    if context.invoked_subcommand is None:
        for kept in caches():
            _out(kept.line())


@cache.command()
def clear() -> None:
    """Remove all that is kept between runs."""
    from engine.tools.cache import clear_caches

    _out(clear_caches())


@main.command()
def schema() -> None:
    """Print the JSON schema of scene files, for editors."""
    from engine.scene.schema import schema_text

    click.echo(schema_text(), nl=False)


@main.command()
@click.argument("names", nargs=-1)
@click.option("--compare", is_flag=True, help="Exit with 1 when a ratio is 15 % worse than the stored one.")
@click.option("--store", is_flag=True, help="Keep the ratios of this run for --compare.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON in the last line.")
def bench(names: tuple[str, ...], compare: bool, store: bool, as_json: bool) -> None:
    """Run benchmarks: all, or those whose names begin so (`peers/fib`, `patrol`)."""
    from engine.tools.bench import run_benchmarks
    from engine.warm_up import warm_up_with_bar

    warm_up_with_bar()
    results = run_benchmarks(names, _out, compare=compare, store=store)
    for text in results.worse:
        _err(f"worse: {text}")
    if as_json:
        _out(results.as_json())
    if results.worse:
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
