"""Running a scene, with or without a window, and telling what happened.

Standard output carries what the game prints, hashes and the report; diagnostics go to standard error.
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from engine.game import Game

AfterTick = Sequence[Callable[[], None]]


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to run a scene."""

    headless: bool = False
    ticks: int | None = None
    """Stop after so many; None runs until the window is closed or the run is interrupted."""
    seed: int | None = None
    hashes: bool = False
    """Print the hash of each tick."""
    screenshot: Path | None = None
    """Where to save the last frame."""
    record_audio: Path | None = None
    """Where to write what is heard, as WAV."""


class ErrorLine(msgspec.Struct, frozen=True, kw_only=True):
    """One failure of a script in a report."""

    file: str
    line: int | None
    column: int | None
    kind: str
    message: str
    entity: int | None
    tick: int


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run came to: the object that ``--json`` prints."""

    ticks: int
    entities: int
    hash: str
    """16 hexadecimal digits, of the last tick."""
    script_errors: tuple[ErrorLine, ...]
    script: dict[str, float]
    """Median and 95th percentile in milliseconds."""
    physics: dict[str, float]
    tick: dict[str, float]

    def as_json(self) -> str:
        """Return one line of JSON."""
        return msgspec.json.encode(self).decode()


class Reporter:
    """Prints, after each tick, what the game has to say."""

    def __init__(
        self, game: Game, hashes: bool, out: Callable[[str], None], err: Callable[[str], None]
    ) -> None:
        self._game = game
        self._hashes = hashes
        self._out = out
        self._err = err
        self._told = 0

    def tell(self) -> None:
        """Print the log, warnings and the new diagnostics."""
        for line in self._game.drain_log():
            self._out(line)
        for warning in self._game.log.take_warnings():
            self._err(warning)
        errors = self._game.error_reports
        new = Counter(error.diagnostic for error in errors[self._told :])
        for diagnostic, entities in new.items():
            self._err(diagnostic if entities == 1 else f"{diagnostic}\n  (and {entities - 1} entities more)")
        self._told = len(errors)

    def after_tick(self) -> None:
        """Print what the tick said, and its hash when asked to."""
        self.tell()
        if self._hashes:
            self._out(f"{self._game.tick} {hash_text(self._game)}")


def hash_text(game: Game) -> str:
    """Return the state hash as 16 hexadecimal digits."""
    return f"{game.state_hash():016x}"


def run_scene(
    scene: Path, options: RunOptions, out: Callable[[str], None], err: Callable[[str], None]
) -> RunReport:
    """Load a scene and run it to its end.

    Args:
        out, err: take lines for standard output and standard error.
    Raises:
        SceneError: the scene is missing or wrong.  NoDisplay: no window can be opened.
        CannotRecord: a recording cannot be written.
    """
    from engine.audio.recording import Recording
    from engine.game import Game

    game = Game.load(scene, seed=options.seed)
    gc.freeze()  # what is there now stays; ticks are not held up by looking through it
    gc.enable()
    reporter = Reporter(game, options.hashes, out, err)
    with contextlib.ExitStack() as stack:
        stack.callback(game.close)
        after_tick = [reporter.after_tick]
        if options.record_audio is not None:
            recording = stack.enter_context(Recording(options.record_audio, game.audio.add_mixer()))
            after_tick.insert(0, recording.add_tick)
        reporter.tell()
        run = _run_headless if options.headless else _run_window
        run(game, options, reporter, after_tick)
    reporter.tell()
    return report(game)


def report(game: Game) -> RunReport:
    """Return what a game came to."""
    times = game.timings.summary()
    return RunReport(
        ticks=game.tick,
        entities=game.entity_count,
        hash=hash_text(game),
        script_errors=tuple(
            ErrorLine(
                file=error.file,
                line=error.line,
                column=error.column,
                kind=error.kind,
                message=error.message,
                entity=error.entity,
                tick=error.tick,
            )
            for error in game.error_reports
        ),
        script=times["script"],
        physics=times["physics"],
        tick=times["tick"],
    )


def _run_window(game: Game, options: RunOptions, _: Reporter, after_tick: AfterTick) -> None:
    from engine.app import WindowOptions, run_window

    def on_tick() -> None:
        for do in after_tick:
            do()

    run_window(game, WindowOptions(max_ticks=options.ticks, screenshot=options.screenshot, on_tick=on_tick))


def _run_headless(game: Game, options: RunOptions, reporter: Reporter, after_tick: AfterTick) -> None:
    """Do so many ticks as fast as they go, or ticks in real time until the run is interrupted."""

    def tick() -> None:
        game.step()
        for do in after_tick:
            do()

    if options.ticks is not None:
        for _ in range(options.ticks):
            tick()
        return
    from engine.loop.clock import FixedClock

    clock = FixedClock()
    before = time.perf_counter()
    try:
        while True:
            now = time.perf_counter()
            due = clock.advance(now - before)
            before = now
            game.poll_reload()
            for _ in range(due):
                tick()
            reporter.tell()
            time.sleep(0.002)
    except KeyboardInterrupt:
        return
