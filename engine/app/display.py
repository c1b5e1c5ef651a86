"""Opening a window, or saying clearly why there is none.

pyglet talks to the display as soon as parts of it are imported, so its import happens here, late.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.editor import Editor
from engine.errors import EngineError
from engine.render.view import GameView

if TYPE_CHECKING:
    from engine.app.offscreen import Offscreen
    from engine.app.window import GameWindow

# What pyglet raises without a display or a usable OpenGL; some exist on one platform only, so they
# are told by name.
_NO_DISPLAY_ERRORS = frozenset(
    {
        "NoSuchDisplayException",
        "NoSuchScreenModeException",
        "NoSuchConfigException",
        "WindowException",
        "ContextException",
        "GLException",
        "MissingFunctionException",
        "ImportError",
    }
)


_NO_DISPLAY = "the environment variable DISPLAY is not set"
_ADVICE = "run with --headless to do without one"
_OFFSCREEN_ADVICE = "pictures of a headless run need a display, Xvfb or EGL (such as Mesa's libegl1)"


class NoDisplay(EngineError):
    """No window can be opened here; ``reason`` says why."""

    def __init__(self, reason: str, advice: str = _ADVICE) -> None:
        self.reason = reason
        super().__init__(f"no window can be opened: {reason}; {advice}")


def is_without_display() -> bool:
    """Return whether no window could be opened here, as far as one can tell beforehand."""
    return sys.platform.startswith("linux") and not os.environ.get("DISPLAY")


def open_offscreen(game: GameView) -> Offscreen:
    """Make what draws pictures of a game without a window.

    Raises:
        NoDisplay: there is neither a display nor EGL, or no OpenGL 3.3.
    """
    if is_without_display() and find_library("EGL") is None:
        raise NoDisplay(_NO_DISPLAY, _OFFSCREEN_ADVICE)
    with _explaining(_OFFSCREEN_ADVICE):
        from engine.app.offscreen import Offscreen

        return Offscreen(game)


def open_window(
    game: GameView,
    *,
    width: int | None = None,
    height: int | None = None,
    vsync: bool = True,
    settings_folder: Path | None = None,
    editor: Editor | None = None,
) -> GameWindow:
    """Open the window of a game.

    Raises:
        NoDisplay: there is no display, or it has no OpenGL 3.3.
    """
    with needing_display():
        from engine.app.window import GameWindow

        return GameWindow(
            game,
            width=width,
            height=height,
            vsync=vsync,
            settings_folder=settings_folder,
            editor=editor,
        )


@contextlib.contextmanager
def needing_display() -> Iterator[None]:
    """Turn what pyglet raises without a display into `NoDisplay`."""
    if is_without_display():
        raise NoDisplay(_NO_DISPLAY)
    with _explaining(_ADVICE):
        yield


@contextlib.contextmanager
def _explaining(advice: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        names = {kind.__name__ for kind in type(error).__mro__}
        if names & _NO_DISPLAY_ERRORS:
            raise NoDisplay(str(error) or type(error).__name__, advice) from error
        raise
