"""The main loop of a window: events, saved files, ticks that are due, a frame."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.display import open_window
from engine.app.editor import Editor
from engine.app.sound_device import SoundDevice
from engine.loop.clock import FixedClock
from engine.render.view import SessionView

if TYPE_CHECKING:
    from engine.app.window import GameWindow


@dataclass(frozen=True)
class WindowOptions:
    """How a window is opened and when it closes by itself.

    Attributes:
        width, height: pixels; None fits the world, within reason.
        vsync: wait for the screen.
        show_times: open with the panel of times (F3).
        max_frames, max_ticks: close after so many; None runs until the user closes it.
        screenshot: where to save the last frame as PNG.
        on_tick: called after each tick.
        settings_folder: where bindings of players are kept; None is the user's folder.
        editor: what opens a script at the place of an error.
    """

    width: int | None = None
    height: int | None = None
    vsync: bool = True
    show_times: bool = False
    max_frames: int | None = None
    max_ticks: int | None = None
    screenshot: Path | None = None
    on_tick: Callable[[], None] | None = None
    settings_folder: Path | None = None
    editor: Editor | None = None


@dataclass(frozen=True)
class WindowRun:
    """What happened in a window: counts, and the median time of the last frames in milliseconds."""

    frames: int
    ticks: int
    frame_milliseconds: float


def run_window(session: SessionView, options: WindowOptions | None = None) -> WindowRun:
    """Show a game in a window until the user closes it, it quits, or a limit is reached.

    Raises:
        NoDisplay: no window can be opened.  OSError: the screenshot cannot be written.
    """
    options = options or WindowOptions()
    window = open_window(
        session.game,
        width=options.width,
        height=options.height,
        vsync=options.vsync,
        settings_folder=options.settings_folder,
        editor=options.editor,
    )
    sound = SoundDevice(session.game.audio)
    try:
        window.overlays.shows_times = options.show_times
        loop = _MainLoop(session, window, sound, options)
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C in the terminal closes the window
            loop.run()
        if options.screenshot is not None:
            window.screenshot(options.screenshot)
        return loop.result()
    finally:
        sound.close()
        window.close()


class _MainLoop:
    def __init__(
        self, session: SessionView, window: GameWindow, sound: SoundDevice, options: WindowOptions
    ) -> None:
        self._session = session
        self._window = window
        self._sound = sound
        self._options = options
        self._clock = FixedClock()
        self._frames = 0
        self._ticks = 0
        self._taken_back = 0
        self._is_rewinding = False

    def run(self) -> None:
        before = time.perf_counter()
        while not self._is_over():
            now = time.perf_counter()
            elapsed, before = now - before, now
            self._window.poll_events()
            self._session.game.poll_reload()
            if self._session.game.scene_version != self._window.scene_version:
                self._window.show(self._session.game)
            alpha = self._rewind(elapsed) if self._window.input.is_rewinding else self._do_ticks(elapsed)
            game = self._session.game
            self._sound.follow(game.audio, paused=game.paused or self._is_rewinding)
            self._window.overlays.sign = self._session.sign
            self._window.draw(alpha)
            self._window.flip()
            self._frames += 1
            self._wait(now)
            self._window.overlays.statistics.frames.add(1000.0 * (time.perf_counter() - now))

    def result(self) -> WindowRun:
        return WindowRun(self._frames, self._ticks, self._window.overlays.statistics.frames.median())

    def _is_over(self) -> bool:
        frames, ticks = self._options.max_frames, self._options.max_ticks
        return (
            self._window.closed
            or self._session.is_over
            or (frames is not None and self._frames >= frames)
            or (ticks is not None and self._ticks >= ticks)
        )

    def _rewind(self, elapsed: float) -> float:
        """Take back the ticks that are due, as far as they are kept, and tell how many it were."""
        if not self._is_rewinding:
            self._is_rewinding, self._taken_back = True, 0
        self._clock.speed = self._window.tools.speed
        self._taken_back += self._session.rewind(self._clock.advance(elapsed))
        self._window.overlays.rewind = (self._taken_back, self._session.past)
        return 1.0

    def _end_rewind(self) -> None:
        self._is_rewinding = False
        self._window.overlays.rewind = None
        self._session.end_rewind()

    def _do_ticks(self, elapsed: float) -> float:
        """Do the ticks that are due; return how far time has gone towards the next one."""
        if self._is_rewinding:
            self._end_rewind()
        if self._is_halted():
            if self._window.input.has_pressed_button or self._window.step_requested:
                self._window.step_requested = False
                self._step()
            return 1.0  # what is shown while nothing moves is the state itself
        self._clock.speed = self._window.tools.speed
        due = self._clock.advance(elapsed)
        for _ in range(due):
            if self._is_halted() or self._is_over():  # a game may pause itself
                break
            self._step()
        return self._clock.alpha

    def _is_halted(self) -> bool:
        game = self._session.game
        return game.paused or (game.flow.is_halted and not self._session.drives_itself)

    def _step(self) -> None:
        start = time.perf_counter()
        done = self._session.step(self._window.next_row())
        if self._session.game is not self._window.game:
            self._window.show(self._session.game)
        if not done:
            return
        self._ticks += 1
        self._window.overlays.statistics.ticks.add(1000.0 * (time.perf_counter() - start))
        if self._options.on_tick is not None:
            self._options.on_tick()

    def _wait(self, frame_start: float) -> None:
        """Sleep out the frame where vsync does not, so as not to burn the processor."""
        spare = self._window.frame_seconds - (time.perf_counter() - frame_start)
        if spare > 0.0:
            time.sleep(spare)
