"""What a screen names must exist: other screens, actions, sides of axes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.errors import SceneError
from engine.input.bindings import Actions, Side
from engine.scene.faults import hint_for, listed
from engine.scene.screens import Click, Screen, Verb


def check_screen(screen: Screen, table: str, file: Path, screens: Collection[str], actions: Actions) -> None:
    """Raise a SceneError when a screen names what is not there."""

    def must_be(name: str, known: Collection[str], what: str, key: str) -> None:
        if name not in known:
            allowed = listed(known) if known else f"the scene has no {what}"
            message = f'no {what} is called "{name}"'
            raise SceneError(file, table, key, message, allowed=allowed, hint=hint_for(name, known))

    def check_click(click: Click | None, key: str) -> None:
        if click is not None and click.verb is Verb.OPEN:
            must_be(click.target, screens, "screen", key)

    if screen.opens_on is not None:
        must_be(screen.opens_on, actions, "action", "opens_on")
    check_click(screen.back_click, "back")
    targets = bind_targets(actions)
    for number, item in enumerate(screen.items):
        check_click(item.click, f"item[{number}].on_click")
        if item.bind is not None:
            must_be(item.bind, targets, "action", f"item[{number}].bind")


def bind_targets(actions: Actions) -> dict[str, tuple[str, Side]]:
    """Return all that a ``bind`` line may name, with its action and side: ``jump``, ``move_x.negative``."""
    return {
        action if side is Side.BUTTONS else f"{action}.{side}": (action, side)
        for action, bound in actions.items()
        for side in bound.sides
    }
