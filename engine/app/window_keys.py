"""The keys of the window itself. A key that the scene binds belongs to the scene; F keys remain."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto


class WindowCommand(Enum):
    """What a key of the window does."""

    HELP = auto()
    ERRORS = auto()
    TIMES = auto()
    DEBUG = auto()
    INSPECT = auto()
    PAUSE = auto()
    STEP = auto()
    SLOWER = auto()
    FASTER = auto()
    REWIND = auto()
    FULL_SCREEN = auto()
    SCREENSHOT = auto()
    QUIT = auto()


WINDOW_KEYS: dict[WindowCommand, tuple[str, ...]] = {
    WindowCommand.HELP: ("F1",),
    WindowCommand.ERRORS: ("F2",),
    WindowCommand.TIMES: ("F3",),
    WindowCommand.DEBUG: ("F4",),
    WindowCommand.INSPECT: ("F5",),
    WindowCommand.PAUSE: ("P", "F6"),
    WindowCommand.STEP: ("O", "PERIOD", "F7"),
    WindowCommand.SLOWER: ("F8",),
    WindowCommand.FASTER: ("F9",),
    WindowCommand.REWIND: ("BACKSPACE", "F10"),
    WindowCommand.FULL_SCREEN: ("F11",),
    WindowCommand.SCREENSHOT: ("F12",),
    WindowCommand.QUIT: ("ESCAPE",),
}

_MEANINGS = {
    WindowCommand.HELP: "this help",
    WindowCommand.ERRORS: "mend script errors, or hide them",
    WindowCommand.TIMES: "frame and tick times",
    WindowCommand.DEBUG: "colliders, then motion, then the grid",
    WindowCommand.INSPECT: "inspector of entities",
    WindowCommand.PAUSE: "pause and go on",
    WindowCommand.STEP: "one tick while paused",
    WindowCommand.SLOWER: "slow motion",
    WindowCommand.FASTER: "faster again",
    WindowCommand.REWIND: "back in time while held",
    WindowCommand.FULL_SCREEN: "full screen",
    WindowCommand.SCREENSHOT: "save a screenshot",
    WindowCommand.QUIT: "quit",
}


_COMMANDS = {name: command for command, names in WINDOW_KEYS.items() for name in names}


class WindowKeys:
    """The keys of the window that a scene leaves free."""

    def __init__(self, is_bound_by_scene: Callable[[str], bool]) -> None:
        """Take what tells whether the scene has a key; a player may change that while the game runs."""
        self._is_bound = is_bound_by_scene

    def _free(self, command: WindowCommand) -> list[str]:
        return [name for name in WINDOW_KEYS[command] if not self._is_bound(name)]

    def command_of(self, key: str) -> WindowCommand | None:
        """Return what a key does, or None."""
        return None if self._is_bound(key) else _COMMANDS.get(key)

    def names(self, command: WindowCommand) -> str:
        """Return the keys of a command as text, such as ``P, F6``."""
        return ", ".join("." if name == "PERIOD" else name for name in self._free(command))

    def first_name(self, command: WindowCommand) -> str:
        """Return the first key of a command, such as ``P``."""
        return self.names(command).partition(",")[0]

    def help_rows(self) -> list[tuple[str, str]]:
        """Return (keys, what they do) for every command that has a key."""
        return [(self.names(c), _MEANINGS[c]) for c in WindowCommand if self._free(c)]
