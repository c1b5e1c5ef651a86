"""Opening a window, or saying clearly why there is none.

pyglet talks to the display as soon as parts of it are imported, so its import happens here, late.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.render.view import GameView

if TYPE_CHECKING:
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


class NoDisplay(EngineError):
    """No window can be opened here; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"no window can be opened: {reason}; run with --headless to do without one")


def open_window(
    game: GameView,
    *,
    width: int | None = None,
    height: int | None = None,
    vsync: bool = True,
    settings_folder: Path | None = None,
) -> GameWindow:
    """Open the window of a game.

    Raises:
        NoDisplay: there is no display, or it has no OpenGL 3.3.
    """
    with needing_display():
        from engine.app.window import GameWindow

        return GameWindow(game, width=width, height=height, vsync=vsync, settings_folder=settings_folder)


@contextlib.contextmanager
def needing_display() -> Iterator[None]:
    """Turn what pyglet raises without a display into `NoDisplay`."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        raise NoDisplay("the environment variable DISPLAY is not set")
    try:
        yield
    except Exception as error:
        names = {kind.__name__ for kind in type(error).__mro__}
        if names & _NO_DISPLAY_ERRORS:
            raise NoDisplay(str(error) or type(error).__name__) from error
        raise
