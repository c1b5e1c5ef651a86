"""The list of what fails in a game: which entry is chosen, which are dismissed, who gets the keys.

It takes keys by name and knows no window; `engine.render.error_text` says it in lines, and
`engine.app.error_panel` draws these. While it is only shown the game has all keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto

from engine.render.view import Fault

_PAGE = 10
_MOVES = {"UP": -1, "DOWN": 1, "PAGEUP": -_PAGE, "PAGEDOWN": _PAGE, "HOME": -(10**6), "END": 10**6}


class ErrorAction(Enum):
    """What the list asks of the window."""

    OPEN = auto()
    RETRY = auto()


_ACTIONS = {
    **dict.fromkeys(("ENTER", "RETURN", "NUM_ENTER"), ErrorAction.OPEN),
    "R": ErrorAction.RETRY,
}
_DISMISSING = frozenset({"DELETE", "BACKSPACE"})
KEYS = (
    ("Up Down", "choose"),
    ("Enter", "open in the editor"),
    ("R", "retry"),
    ("Del", "dismiss"),
    ("Esc", "back to the game"),
)
"""What its keys do, for who reads it."""


class ErrorList:
    """What fails at the moment, the newest first.

    Attributes:
        faults: those that are shown. cursor: number of the chosen one.
        is_shown: whether there is a panel, when there is something to show.
        has_keys: whether it gets the keys instead of the game.
        on_action: does what a key asks for.
    """

    def __init__(self) -> None:
        self.faults: Sequence[Fault] = ()
        self.cursor = 0
        self.is_shown = True
        self.has_keys = False
        self.on_action: Callable[[ErrorAction, Fault], None] = lambda _action, _fault: None
        self._seen: frozenset[tuple[str, str]] = frozenset()
        self._dismissed: frozenset[tuple[str, str]] = frozenset()
        self._given: Sequence[Fault] = ()

    @property
    def chosen(self) -> Fault | None:
        """The fault that is shown in full."""
        return self.faults[self.cursor] if self.faults else None

    def update(self, faults: Sequence[Fault]) -> None:
        """Take what fails now, oldest first; something new opens the list."""
        if faults is self._given:
            return
        self._given = faults
        present = frozenset(map(_key, faults))
        if present - self._seen:
            self.is_shown = True
        self._seen = present
        self._dismissed &= present  # what went away and comes again is news
        self._arrange()

    def toggle(self) -> None:
        """Show the list and give it the keys, or hide it."""
        if self.is_shown and (self.has_keys or not self.faults):
            self.is_shown = self.has_keys = False
        else:
            self._dismissed = frozenset() if not self.faults else self._dismissed
            self.is_shown = self.has_keys = True
            self._arrange()

    def press(self, name: str) -> bool:
        """Take a key; returns whether it was one of the list's."""
        if not (self.has_keys and self.is_shown and self.chosen):
            return False
        if name in _MOVES:
            self.cursor = min(max(self.cursor + _MOVES[name], 0), len(self.faults) - 1)
        elif name in _ACTIONS:
            self.on_action(_ACTIONS[name], self.chosen)
        elif name in _DISMISSING:
            self._dismissed |= {_key(self.chosen)}
            self._arrange()
        elif name == "ESCAPE":
            self.has_keys = False
        else:
            return False
        return True

    def follow(self, before: ErrorList) -> None:
        """Take the place of the list of another game."""
        self.is_shown = before.is_shown

    def _arrange(self) -> None:
        """Leave out what was dismissed; the chosen one stays chosen while somebody looks at it."""
        name = self.chosen.name if self.chosen and self.has_keys else None
        self.faults = tuple(fault for fault in reversed(self._given) if _key(fault) not in self._dismissed)
        names = [fault.name for fault in self.faults]
        if name in names:
            self.cursor = names.index(name)
        elif name is None:
            self.cursor = 0
        self.cursor = min(self.cursor, max(len(names) - 1, 0))
        self.has_keys = self.has_keys and bool(self.faults)


def _key(fault: Fault) -> tuple[str, str]:
    return fault.name, fault.text
