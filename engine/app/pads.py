"""Game pads, also those plugged in later: pyglet's controllers (by their SDL mapping) as named inputs."""

from __future__ import annotations

import warnings
from typing import Any

import pyglet
from pyglet.input import Controller, ControllerManager

from engine.app.window_input import WindowInput

_BUTTONS = {
    **{name: f"PAD_{name.upper()}" for name in ("a", "b", "x", "y", "start", "back", "guide")},
    "leftshoulder": "PAD_LEFT_SHOULDER",
    "rightshoulder": "PAD_RIGHT_SHOULDER",
    "leftstick": "PAD_LEFT_STICK",
    "rightstick": "PAD_RIGHT_STICK",
}
_STICKS = {"leftstick": "PAD_LEFT", "rightstick": "PAD_RIGHT"}
_TRIGGERS = {"lefttrigger": "PAD_LEFT_TRIGGER", "righttrigger": "PAD_RIGHT_TRIGGER"}
_ARROWS = (("x", -1, "PAD_LEFT"), ("x", 1, "PAD_RIGHT"), ("y", 1, "PAD_UP"), ("y", -1, "PAD_DOWN"))


class Pads:
    """All pads of this machine as one: whichever is used, its inputs count.

    Attributes:
        target: the input that takes what they do.
    """

    def __init__(self, target: WindowInput) -> None:
        self.target = target
        self._arrows: set[str] = set()
        self._manager = _manager()
        if self._manager is not None:
            self._manager.push_handlers(on_connect=self.listen_to)
            for controller in self._manager.get_controllers():
                self.listen_to(controller)

    def listen_to(self, controller: Controller) -> None:
        """Take what a pad does from now on."""
        controller.open()
        controller.push_handlers(
            on_button_press=self._on_button_press,
            on_button_release=self._on_button_release,
            on_stick_motion=self._on_stick_motion,
            on_trigger_motion=self._on_trigger_motion,
            on_dpad_motion=self._on_dpad_motion,
        )

    def poll(self) -> None:
        """Let pads tell what they did since the last call."""
        if self._manager is not None:
            pyglet.app.platform_event_loop.step(0.0)

    def _on_button_press(self, _controller: Any, name: str) -> None:
        if name in _BUTTONS:
            self.target.press(_BUTTONS[name])

    def _on_button_release(self, _controller: Any, name: str) -> None:
        if name in _BUTTONS:
            self.target.release(_BUTTONS[name])

    def _on_stick_motion(self, _controller: Any, stick: str, vector: Any) -> None:
        if stick in _STICKS:
            self.target.move_axis(f"{_STICKS[stick]}_X", float(vector.x))
            self.target.move_axis(f"{_STICKS[stick]}_Y", float(vector.y))

    def _on_trigger_motion(self, _controller: Any, trigger: str, value: float) -> None:
        if trigger in _TRIGGERS:
            self.target.move_axis(_TRIGGERS[trigger], float(value))

    def _on_dpad_motion(self, _controller: Any, vector: Any) -> None:
        held = {name for axis, sign, name in _ARROWS if getattr(vector, axis) * sign > 0.0}
        for name in sorted(held - self._arrows):
            self.target.press(name)
        for name in sorted(self._arrows - held):
            self.target.release(name)
        self._arrows = held


def _manager() -> ControllerManager | None:
    """Return what finds pads, or None on a machine that has no such devices."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pyglet warns of devices that are no pads
            return ControllerManager()
    except (OSError, NotImplementedError, ImportError):
        return None
