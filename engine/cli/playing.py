"""Commands that run games."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.root import FAILED, PATH, PLUGINS, main, write_error, write_line

if TYPE_CHECKING:
    from engine.tools.run import RunOptions, RunReport

_TICKS = click.option("--ticks", type=click.IntRange(min=0), help="Stop after so many ticks.")
_SEED = click.option(
    "--seed", type=click.IntRange(-(2**63), 2**63 - 1), help="Take the place of the scene's seed."
)
_DATA = click.option("--data", type=PATH, help="Keep what scripts save with save_data in this file.")
_INPUT = click.option(
    "--input", "input_file", type=PATH, help="With --headless: a file of actions held, tick by tick."
)


@main.command()
@click.argument("scene", type=PATH)
@click.option("--headless", is_flag=True, help="Run without a window.")
@_TICKS
@_SEED
@click.option("--hash", "hashes", is_flag=True, help="Print the state hash of each tick: `tick hash`.")
@click.option("--json", "as_json", is_flag=True, help="Print a report as the last line.")
@click.option("--fail-on-script-error", is_flag=True, help="Exit with 1 when a script failed.")
@click.option("--screenshot", type=PATH, help="Save the last picture as PNG.")
@click.option("--record", type=PATH, help="With --headless: write the run as FILE.gif or FILE.mp4.")
@click.option(
    "--fps", type=click.IntRange(1, 60), help="Pictures a second of --record; 20 for GIF, 30 for MP4."
)
@click.option("--record-audio", type=PATH, help="Write what is heard as WAV, 1/60 s a tick; headless too.")
@_DATA
@click.option(
    "--editor", metavar="COMMAND", help='Opens a script at an error: "code -g {file}:{line}:{column}".'
)
@_INPUT
@PLUGINS
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
    editor: str | None,
    input_file: Path | None,
    plugins: tuple[str, ...],
) -> None:
    """Run the game that SCENE describes.

    In a window P pauses, O does a single step, F1 lists all keys; saved scripts take effect at once.
    Without a window, and without --ticks, it runs in real time until it is interrupted.
    """
    gc.disable()  # importing Numba makes half a million objects that stay: looking through them costs a tenth
    from engine.tools.run import RunOptions

    if record is not None and not headless:
        raise click.UsageError("--record needs a run without a window: add --headless")
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
        editor=editor,
        input=input_file,
        plugins=plugins,
    )
    report = _play(scene, options)
    if as_json:
        write_line(report.as_json())
    if fail_on_script_error and report.script_errors:
        sys.exit(FAILED)


@main.command()
@click.argument("scene", type=PATH)
@click.argument("replay", type=PATH)
@click.option("--headless", is_flag=True, help="Record a run without a window; needs --ticks.")
@_TICKS
@_SEED
@_DATA
@_INPUT
@PLUGINS
def record(
    scene: Path,
    replay: Path,
    headless: bool,
    ticks: int | None,
    seed: int | None,
    data: Path | None,
    input_file: Path | None,
    plugins: tuple[str, ...],
) -> None:
    """Run the game that SCENE describes and write the file REPLAY, with which `replay` does the run again.

    In a window it is written when that is closed. Saved scripts wait meanwhile, and nothing is rewound.
    """
    gc.disable()
    from engine.tools.run import RunOptions

    if headless and ticks is None:
        raise click.UsageError("a run without a window needs an end: add --ticks")
    options = RunOptions(
        headless=headless,
        ticks=ticks,
        seed=seed,
        data=data,
        input=input_file,
        plugins=plugins,
        replay=replay,
    )
    report = _play(scene, options)
    write_line(f"{replay}: {report.ticks} ticks, the last one {report.hash}")


def _play(scene: Path, options: RunOptions) -> RunReport:
    """Do a run, once its kernels are compiled."""
    from engine.scene import load_scene
    from engine.tools.run import run_scene
    from engine.warm_up import warm_up_with_bar

    if options.input is not None and not options.headless:
        raise click.UsageError("--input needs a run without a window: add --headless")
    load_scene(scene, options.seed)  # a fault is told at once, not after a first start's compilation
    warm_up_with_bar()
    return run_scene(scene, options, write_line, write_error)


@main.command()
@click.argument("replay", type=PATH)
@click.option("--headless", is_flag=True, help="As fast as it goes, without a window.")
@click.option("--scene", type=PATH, help="The scene, if it does not lie where it lay at the recording.")
@click.option("--json", "as_json", is_flag=True, help="Print a report as one line of JSON.")
@PLUGINS
def replay(replay: Path, headless: bool, scene: Path | None, as_json: bool, plugins: tuple[str, ...]) -> None:
    """Do the run of the file REPLAY again and check that every step comes to the same state.

    Exits with 1 at the first step that does not, and names what differs; with 2 when the file is damaged, or
    a scene or script is another one by now.
    """
    from engine.tools.replays import play_replay
    from engine.warm_up import warm_up_with_bar

    warm_up_with_bar()
    report = play_replay(replay, scene=scene, headless=headless, plugins=plugins, err=write_error)
    same = "the same in all" if report.is_same else "the same until then"
    write_line(report.as_json() if as_json else f"{replay}: {report.steps} of {report.of} steps, {same}")
    if report.differs:
        sys.exit(FAILED)
