"""Running a scene, with or without a window, and telling what happened.

Standard output carries what the game prints, hashes and the report; diagnostics go to standard error.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.tools.errors import BadInput
from engine.tools.plugins import load_plugins

if TYPE_CHECKING:
    from engine.app.editor import Editor
    from engine.game import Game
    from engine.game.kept_data import DataFile
    from engine.game.session import GameSession
    from engine.input.script import InputScript
    from engine.scripting.reports import ScriptFailure

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
    """Where to save the last picture as PNG."""
    record: Path | None = None
    """Where to write the run as a GIF or MP4; headless only."""
    rate: int | None = None
    """Pictures a second of it; None is as usual for the format."""
    record_audio: Path | None = None
    """Where to write what is heard, as WAV."""
    data: Path | None = None
    """The file of `save_data`; None is that of the user in a window, and none in other runs."""
    editor: str | None = None
    """The command that opens a script at a line, see `engine.app.editor`; None is the user's setting."""
    input: Path | None = None
    """A file of input for a run without a window: see `engine.input.script`."""
    replay: Path | None = None
    """Where to write the run as a replay: see `engine.replay`."""
    plugins: tuple[str, ...] = ()
    """Plugins as `module:object`, in their order."""


class ErrorLine(msgspec.Struct, frozen=True, kw_only=True):
    """One failure of a script in a report."""

    script: str
    """As the scene names it."""
    file: str
    """Where `line` and `column` count: the script, or a file that it imports."""
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
    """Prints, after each tick, what the game has to say.

    Attributes:
        errors: what failed in all scenes of the run.
    """

    def __init__(
        self, session: GameSession, hashes: bool, out: Callable[[str], None], err: Callable[[str], None]
    ) -> None:
        self._session = session
        self._game = session.game
        self.errors: list[ScriptFailure] = []
        self._hashes = hashes
        self._out = out
        self._err = err
        self._told = 0

    def tell(self) -> None:
        """Print the log, warnings and the new diagnostics, of a game that has been left as well."""
        self._tell_of_game()
        if self._session.game is not self._game:
            self._game, self._told = self._session.game, 0
            self._tell_of_game()

    def _tell_of_game(self) -> None:
        for line in self._game.drain_log():
            self._out(line)
        for warning in self._game.log.take_warnings():
            self._err(warning)
        errors = self._game.error_reports
        new = Counter(error.diagnostic for error in errors[self._told :])
        for diagnostic, entities in new.items():
            self._err(diagnostic if entities == 1 else f"{diagnostic}\n  (and {entities - 1} entities more)")
        self.errors += errors[self._told :]
        self._told = len(errors)

    def after_tick(self) -> None:
        """Print what the tick said, and its hash when asked to."""
        self.tell()
        if self._hashes:
            self._out(f"{self._session.ticks} {hash_text(self._game)}")


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
        NoPlugin: a plugin cannot be loaded.  BadPlugin: one cannot be registered.
        CannotRecord: a recording or screenshot cannot be written.
    """
    from engine.audio.recording import Recording

    session = _session(scene, options)
    script = None if options.input is None else _read_input(options.input, session)
    gc.freeze()  # what is there now stays; ticks are not held up by looking through it
    gc.enable()
    reporter = Reporter(session, options.hashes, out, err)
    with contextlib.ExitStack() as stack:
        stack.callback(session.close)
        after_tick = [reporter.after_tick]
        if options.record_audio is not None:
            heard = session.game.audio
            recording = stack.enter_context(Recording(options.record_audio, heard.add_mixer()))

            def record() -> None:
                nonlocal heard
                if session.game.audio is not heard:  # another scene
                    recording.mixer = session.game.audio.take_over(heard, recording.mixer)
                    heard = session.game.audio
                recording.add_tick()

            after_tick.insert(0, record)
        take_last = _take_pictures(session, options, stack, after_tick) if options.headless else None
        reporter.tell()
        if options.headless:
            _run_headless(session, options.ticks, reporter, script, after_tick)
            if take_last is not None:
                take_last()
        else:
            _run_window(session, options, after_tick)
    reporter.tell()
    return report(session, reporter.errors)


def _session(scene: Path, options: RunOptions) -> GameSession:
    from engine.game.recording import RecordingSession
    from engine.game.session import GameSession

    shows_screens = not options.headless and options.ticks is None  # a run of so many ticks plays at once
    data, plugins = _data_file(options), load_plugins(options.plugins)
    if options.replay is None:
        rewinds = not options.headless
        return GameSession(
            scene, options.seed, shows_screens=shows_screens, data=data, plugins=plugins, rewinds=rewinds
        )
    _check_target(options.replay)
    return RecordingSession(
        scene,
        options.seed,
        shows_screens=shows_screens,
        data=data,
        plugins=plugins,
        plugin_names=options.plugins,
        file=options.replay,
    )


def _check_target(file: Path) -> None:
    """Check that a replay can be written where it shall be: nobody is to play for an hour in vain."""
    from engine.errors import CannotRecord

    try:
        with tempfile.TemporaryFile(dir=file.parent):
            if file.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    except OSError as error:
        raise CannotRecord(file, error) from None


def _data_file(options: RunOptions) -> DataFile | None:
    """Return where `save_data` keeps values: somebody plays in a window, other runs begin with nothing."""
    from engine.game.kept_data import user_data_file

    given = options.data
    if given is not None:
        return lambda _game: given
    return None if options.headless or options.ticks is not None else user_data_file


def _take_pictures(
    session: GameSession,
    options: RunOptions,
    stack: contextlib.ExitStack,
    after_tick: list[Callable[[], None]],
) -> Callable[[], None] | None:
    """Let a film of a run without a window be made, as asked for; returns what saves its last picture."""
    if options.record is None and options.screenshot is None:
        return None
    from engine.app import open_offscreen
    from engine.errors import CannotRecord
    from engine.render.film import open_film, ticks_of_a_picture
    from engine.render.png import write_png

    screen = open_offscreen(session.game)
    stack.callback(screen.close)
    if options.record is not None:
        every = ticks_of_a_picture(options.record, options.rate)
        film = open_film(options.record, every)
        stack.callback(film.close)

        def record() -> None:
            if session.ticks % every == 0:
                film.add(screen.pixels(session.game))

        film.add(screen.pixels(session.game))
        after_tick.append(record)

    def save() -> None:
        if options.screenshot is not None:
            try:
                write_png(options.screenshot, screen.pixels(session.game))
            except OSError as error:
                raise CannotRecord(options.screenshot, error) from None

    return save


def _read_input(file: Path, session: GameSession) -> InputScript:
    from engine.input.script import LARGEST_FILE, InputScript, InputScriptError

    try:
        if file.stat().st_size > LARGEST_FILE:
            raise BadInput(f"{file}: more than {LARGEST_FILE} bytes")
        script = InputScript(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not UTF-8 text") from None
    except InputScriptError as error:
        raise BadInput(f"{file}: {error}") from None
    for name, line in script.action_lines().items():
        if name not in session.game.actions:
            known = ", ".join(session.game.actions) or "none"
            raise BadInput(f'{file}: line {line}: the scene has no action "{name}" (actions: {known})')
    return script


def report(session: GameSession, errors: Sequence[ScriptFailure]) -> RunReport:
    """Return what a run came to: its last scene, and what failed in all."""
    game = session.game
    times = game.timings.summary()
    return RunReport(
        ticks=session.ticks,
        entities=game.entity_count,
        hash=hash_text(game),
        script_errors=tuple(
            ErrorLine(
                script=error.file,
                file=error.place_file,
                line=error.line,
                column=error.column,
                kind=error.kind,
                message=error.message,
                entity=error.entity,
                tick=error.tick,
            )
            for error in errors
        ),
        script=times["script"],
        physics=times["physics"],
        tick=times["tick"],
    )


def _run_window(session: GameSession, options: RunOptions, after_tick: AfterTick) -> None:
    from engine.app import WindowOptions, run_window

    def on_tick() -> None:
        for do in after_tick:
            do()

    run_window(
        session,
        WindowOptions(
            max_ticks=options.ticks,
            screenshot=options.screenshot,
            on_tick=on_tick,
            editor=_editor(options, session),
        ),
    )


def _editor(options: RunOptions, session: GameSession) -> Editor:
    """Return the editor of the user; a setting that is wrong is a warning, an option that is, an error."""
    from engine.app.editor import BadEditor, Editor, find_editor

    try:
        return find_editor(options.editor)
    except BadEditor as error:
        if options.editor is not None:
            raise BadInput(str(error)) from None
        session.game.warn(str(error))
        return Editor()


def _run_headless(
    session: GameSession,
    ticks: int | None,
    reporter: Reporter,
    script: InputScript | None,
    after_tick: AfterTick,
) -> None:
    """Do so many steps as fast as they go, or steps in real time until the run is interrupted."""

    def step() -> None:
        game, row = session.game, None
        if script is not None:
            row = script.next_row(game.input.row, tuple(game.actions))
        if session.step(row):
            for do in after_tick:
                do()

    if ticks is not None:
        for _ in range(ticks):
            if session.is_over:
                return
            step()
        return
    from engine.loop.clock import FixedClock

    clock = FixedClock()
    before = time.perf_counter()
    try:
        while not session.is_over:
            now = time.perf_counter()
            due = clock.advance(now - before)
            before = now
            session.game.poll_reload()
            for _ in range(due):
                step()
            reporter.tell()
            time.sleep(0.002)
    except KeyboardInterrupt:
        return
