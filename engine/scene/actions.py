"""The ``[input]`` table: an action is a list of buttons, or a table that makes an axis of two sides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from engine.errors import SceneError
from engine.input.bindings import DEAD_ZONE, Action, Side
from engine.input.names import BUTTON_EXAMPLES, PAD_AXES, canonical_name, is_button_name, similar_names
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.values import Name

MOST_ACTIONS = 256
DeadZone = Annotated[float, Meta(ge=0.0, le=0.9)]


class AxisAction(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An action of ``[input]`` with a value from -1 to 1."""

    negative: tuple[Name, ...] = ()
    """Buttons that push it to -1."""
    positive: tuple[Name, ...] = ()
    """Buttons that push it to 1."""
    axis: str = ""
    """A stick or trigger of a game pad, such as `PAD_LEFT_X`."""
    dead_zone: DeadZone = DEAD_ZONE
    """How far the stick may stand off its middle unnoticed."""

    def __post_init__(self) -> None:
        """Refuse an axis that nothing moves."""
        if not (self.negative or self.positive or self.axis):
            raise ValueError("Expected `negative`, `positive` or `axis`")


def read_actions(raw: Mapping[str, Any], file: Path) -> dict[str, Action]:
    """Return the actions of a raw ``[input]`` table.

    Raises:
        SceneError: an unknown input, a wrong type, too many actions.
    """
    if len(raw) > MOST_ACTIONS:
        raise SceneError(file, "input", "", f"at most {MOST_ACTIONS} actions")
    return {name: _action(name, value, file) for name, value in raw.items()}


def _action(name: str, raw: Any, file: Path) -> Action:
    if not name or "." in name:
        raise SceneError(file, "input", name, "the name of an action has at least a letter and no point")
    if isinstance(raw, dict):
        axis = read_table(raw, AxisAction, file=file, table="input", root=name)
        stick = canonical_name(axis.axis)
        if stick and stick not in PAD_AXES:
            message = f'unknown axis "{axis.axis}"'
            hint = hint_for(stick, PAD_AXES)
            raise SceneError(file, "input", f"{name}.axis", message, allowed=listed(PAD_AXES), hint=hint)
        action = Action(axis=stick, dead_zone=axis.dead_zone)
        for side in (Side.NEGATIVE, Side.POSITIVE):
            buttons = axis.negative if side is Side.NEGATIVE else axis.positive
            action = action.bound(side, _buttons(buttons, f"{name}.{side}", file))
        return action
    listed_names = [raw] if isinstance(raw, str) else raw
    names = read_table(listed_names, tuple[str, ...], file=file, table="input", root=name)
    return Action().bound(Side.BUTTONS, _buttons(names, name, file))


def _buttons(names: tuple[str, ...], key: str, file: Path) -> tuple[str, ...]:
    for name in names:
        if not is_button_name(name):
            near = similar_names(name)
            hint = f"did you mean {listed(near)}?" if near else ""
            message = f'unknown key name "{name}"'
            raise SceneError(file, "input", key, message, allowed=BUTTON_EXAMPLES, hint=hint)
    return names
