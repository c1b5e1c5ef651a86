"""What a player does with the open screen: focus, pressing, going back, binding a key.

The menu is no part of a game's state: what comes of it is the number of a pressed button in a row of
input, or other bindings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.input.bindings import Actions, Side
from engine.input.kept import PlayerBindings
from engine.input.names import is_pad_name, shown_name
from engine.scene.screen_checks import bind_targets
from engine.scene.screens import Click, Screen, Verb, numbered_clicks
from engine.screens.layout import can_focus, next_focus

WAITING = "press a key …"
_STEPS = {
    **dict.fromkeys(("UP", "PAD_UP", "PAD_LEFT_Y+"), -1),
    **dict.fromkeys(("DOWN", "TAB", "PAD_DOWN", "PAD_LEFT_Y-"), 1),
}
_PRESSES = frozenset({"ENTER", "NUM_ENTER", "SPACE", "PAD_A"})
_BACKS = frozenset({"ESCAPE", "BACKSPACE", "PAD_B", "PAD_START"})
_MOUSE = frozenset({"MOUSE_LEFT"})
_CANCELS = frozenset({"ESCAPE", "PAD_START"})


class Menu:
    """The focus in the open screen of one game.

    Attributes:
        focus: number of the item that has it, or -1. waits_for: the `bind` line that waits for a key, or "".
    """

    @classmethod
    def without_player(cls, screens: tuple[Screen, ...], actions: Actions) -> Menu:
        """Return the menu of a game that is only looked at."""
        return cls(screens, PlayerBindings(actions, None), bind_targets(actions), lambda _number: None)

    def __init__(
        self,
        screens: tuple[Screen, ...],
        bindings: PlayerBindings,
        targets: Mapping[str, tuple[str, Side]],
        press_button: Callable[[int], None],
    ) -> None:
        """Take a game's screens and bindings, what `bind` lines may name, and what is told of presses."""
        self._screens = screens
        self._clicks = numbered_clicks(screens)
        self._bindings = bindings
        self._targets = targets
        self._press_button = press_button
        self._number = -1
        self._remembered: dict[int, int] = {}
        self.focus = -1
        self.waits_for = ""
        self._shows_pad = False

    @property
    def screen(self) -> Screen | None:
        """The open screen."""
        return None if self._number < 0 else self._screens[self._number]

    def show(self, number: int) -> None:
        """Take the number of the open screen, -1 for none; one that lay below others has its focus again."""
        if number == self._number:
            return
        self._remembered[self._number] = self.focus
        if number < 0:
            self._remembered.clear()
        self._number = number
        self.waits_for = ""
        self.focus = -1
        if number >= 0:
            items = self._screens[number].items
            self.focus = self._remembered.get(number, next_focus(items, -1, 1))

    def point_at(self, item: int) -> None:
        """Give the focus to the item under the mouse; -1 leaves it where it is."""
        if item >= 0 and not self.waits_for:
            self.focus = item

    def press(self, name: str, pointed_at: int = -1) -> bool:
        """Take a key, or another button; returns whether bindings have changed.

        Args:
            name: of the input.  pointed_at: the item under the mouse, for a button of the mouse.
        """
        if self.screen is None:
            return False
        self._shows_pad = is_pad_name(name)  # `bind` lines show what the player has in his hands
        if self.waits_for:
            return self._bind(name)
        if name in _STEPS:
            self.focus = next_focus(self.screen.items, self.focus, _STEPS[name])
        elif name in _PRESSES:
            return self._press_item(self.focus)
        elif name in _MOUSE and pointed_at >= 0:
            self.focus = pointed_at
            return self._press_item(pointed_at)
        elif name in _BACKS:
            self._press_numbered(-1)
        return False

    def _press_item(self, number: int) -> bool:
        assert self.screen is not None, "the caller has looked"
        if not 0 <= number < len(self.screen.items) or not can_focus(self.screen.items[number]):
            return False
        item = self.screen.items[number]
        if item.bind is not None:
            self.waits_for = item.bind
        elif item.click == Click(Verb.RESET_BINDINGS):
            self._bindings.reset()
            return True
        else:
            self._press_numbered(number)
        return False

    def _press_numbered(self, item: int) -> None:
        for number, click in enumerate(self._clicks, 1):
            if (click.screen, click.item) == (self._number, item):
                self._press_button(number)

    def _bind(self, name: str) -> bool:
        target, self.waits_for = self.waits_for, ""
        if name in _CANCELS:
            return False
        self._bindings.bind(*self._targets[target], name)
        return True

    def value_of(self, target: str) -> str:
        """Return what a `bind` line shows: its keys, or that it waits for one."""
        if target == self.waits_for:
            return WAITING
        action, side = self._targets[target]
        names = self._bindings.actions[action].inputs(side)
        shown = ", ".join(shown_name(name) for name in names if is_pad_name(name) == self._shows_pad) or "—"
        others = self.other_users(target)
        return f"{shown}  (also {', '.join(others)})" if others else shown

    def other_users(self, target: str) -> list[str]:
        """Return what else the keys of a `bind` line are bound to."""
        return self._bindings.other_users(*self._targets[target])
