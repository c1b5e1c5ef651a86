"""What a player does in a window goes to the overlays, to the open screen, or into the row of a tick."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pyglet.window import key, mouse

from engine.app.tools import WindowTools
from engine.app.window_keys import WindowCommand, WindowKeys
from engine.input.kept import PlayerBindings, bindings_file
from engine.input.row import I64
from engine.input.states import ActionStates
from engine.render.view import GameView
from engine.scene.screen_checks import bind_targets
from engine.screens.menu import Menu

_MOUSE_BUTTONS = {
    mouse.LEFT: "MOUSE_LEFT",
    mouse.MIDDLE: "MOUSE_MIDDLE",
    mouse.RIGHT: "MOUSE_RIGHT",
    mouse.MOUSE4: "MOUSE_4",
    mouse.MOUSE5: "MOUSE_5",
}


class WindowInput:
    """The input of one game in a window.

    Attributes:
        bindings: as the player has them. menu: the focus in the open screen. keys: those of the window.
        pointer: where the mouse is, in pixels from the lower left corner of the window.
        tools: those of the window, which see keys before the game does.
        click_tool: takes a click in pixels; returns whether it was for the tools.
        item_at: the number of the screen's item at a place in pixels, or -1; the drawing of screens knows.
    """

    def __init__(
        self, game: GameView, tools: WindowTools, obey: Callable[[WindowCommand], None], folder: Path | None
    ) -> None:
        """Take a game, what obeys the window's commands, and the folder of bindings (None: the user's)."""
        self._game = game
        self._obey = obey
        self.bindings = PlayerBindings(game.actions, bindings_file(game.settings_name, folder))
        self._states = ActionStates(self.bindings.actions)
        self.keys = WindowKeys(self._states.is_bound)
        screens, targets = game.flow.screens, bind_targets(game.actions)
        self.menu = Menu(screens, self.bindings, targets, self._states.press_button)
        self.pointer = (0.0, 0.0)
        self._rewind_key = ""
        self.tools = tools
        self.click_tool: Callable[[float, float], bool] = lambda _x, _y: False
        self.item_at: Callable[[float, float], int] = lambda _x, _y: -1

    @property
    def has_pressed_button(self) -> bool:
        """Whether a button of a screen was pressed since the last row."""
        return self._states.has_button

    @property
    def is_rewinding(self) -> bool:
        """Whether the key is held that takes ticks back."""
        return bool(self._rewind_key)

    def next_row(self, place: tuple[float, float]) -> I64:
        """Return the row of the coming tick, with the mouse at a place of the world."""
        self._states.move_mouse(*place)
        return self._states.next_row(takes_actions=self._game.flow.screen is None)

    def follow(self, before: WindowInput) -> None:
        """Take the place of the input of another game: the mouse is where it was."""
        self.pointer = before.pointer

    def release_all(self) -> None:
        """Note that the window lost the keyboard."""
        self._states.release_all()
        self._rewind_key = ""

    # --- events of the window -------------------------------------------------------------------

    def on_key_press(self, symbol: int, modifiers: int) -> bool:
        """Take a key that went down; the answer keeps pyglet from closing the window on Escape."""
        name = key.symbol_string(symbol)
        if not self.tools.press(name, is_shifted=bool(modifiers & key.MOD_SHIFT)):
            self._press(name)
        return True

    def on_text(self, text: str) -> None:
        """Take what was typed."""
        self.tools.inspector.type_text(text)

    def on_key_release(self, symbol: int, _modifiers: int) -> None:
        """Take a key that went up."""
        self.release(key.symbol_string(symbol))

    def on_mouse_press(self, x: float, y: float, button: int, _modifiers: int) -> None:
        """Take a button of the mouse that went down: on a screen's button, or in the world."""
        self.pointer = (x, y)
        if button not in _MOUSE_BUTTONS:
            return
        if self._game.flow.screen is None and button == mouse.LEFT:
            if self.click_tool(x, y):
                return
            self._states.click()
        self._press(_MOUSE_BUTTONS[button])

    def on_mouse_release(self, x: float, y: float, button: int, _modifiers: int) -> None:
        """Take a button of the mouse that went up."""
        self.pointer = (x, y)
        if button in _MOUSE_BUTTONS:
            self.release(_MOUSE_BUTTONS[button])

    def on_mouse_motion(self, x: float, y: float, _dx: float, _dy: float) -> None:
        """Take a movement of the mouse; it takes the focus of a screen along."""
        self.pointer = (x, y)
        self.menu.point_at(self.item_at(x, y))

    def on_mouse_drag(self, x: float, y: float, dx: float, dy: float, _buttons: int, _modifiers: int) -> None:
        """Take a movement of the mouse with a button down."""
        self.on_mouse_motion(x, y, dx, dy)

    def on_mouse_scroll(self, _x: float, _y: float, across: float, up: float) -> None:
        """Take a turn of the wheel, as often as it clicked."""
        for amount, names in ((up, ("WHEEL_UP", "WHEEL_DOWN")), (across, ("WHEEL_RIGHT", "WHEEL_LEFT"))):
            if amount:
                self._press(names[0] if amount > 0 else names[1])

    # --- game pads ------------------------------------------------------------------------------

    def press(self, name: str) -> None:
        """Take a button of a pad that went down."""
        self._press(name)

    def release(self, name: str) -> None:
        """Take any button that went up."""
        self._states.release(name)
        if name == self._rewind_key:
            self._rewind_key = ""

    def move_axis(self, axis: str, value: float) -> None:
        """Take a movement of a stick or trigger; pushed far enough it is a button for screens too."""
        for name in self._states.move_axis(axis, value):
            if self._game.flow.screen is not None:
                self._press_in_screen(name)

    # --- who takes a press ----------------------------------------------------------------------

    def _press(self, name: str) -> None:
        if self._game.flow.screen is not None and not self._is_for_window(name):
            self._press_in_screen(name)
            return
        self._states.press(name)
        command = self.keys.command_of(name)
        if command is WindowCommand.REWIND:
            self._rewind_key = name
        elif command is not None:
            self._obey(command)

    def _is_for_window(self, name: str) -> bool:
        """Return whether a key works while a screen is open: the F keys do."""
        return name[:1] == "F" and name[1:].isdigit() and not self.menu.waits_for

    def _press_in_screen(self, name: str) -> None:
        self.menu.show(self._game.flow.screen_number)
        if self.menu.press(name, self.item_at(*self.pointer)):
            self._states.bind(self.bindings.actions)
