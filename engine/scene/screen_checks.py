"""What a screen names must exist: other screens, actions, sides of axes, fields of components."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from engine.ecs.registry import Registry
from engine.errors import SceneError
from engine.input.bindings import Actions, Side
from engine.scene.faults import hint_for, listed
from engine.scene.hud_checks import binding_fault
from engine.scene.screens import Click, Screen, Verb


class Named(NamedTuple):
    """What screens may name: each other, actions, fields of components."""

    screens: Collection[str]
    actions: Actions
    registry: Registry


def check_screen(screen: Screen, table: str, file: Path, named: Named) -> None:
    """Raise a SceneError when a screen names what is not there."""
    screens, actions = named.screens, named.actions

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
        for key, binding in item.bindings:
            message = binding_fault(named.registry, binding)
            if message:
                raise SceneError(file, table, f"item[{number}].{key}", message)
        if item.bind is not None:
            must_be(item.bind, targets, "action", f"item[{number}].bind")


def bind_targets(actions: Actions) -> dict[str, tuple[str, Side]]:
    """Return all that a ``bind`` line may name, with its action and side: ``jump``, ``move_x.negative``."""
    return {
        action if side is Side.BUTTONS else f"{action}.{side}": (action, side)
        for action, bound in actions.items()
        for side in bound.sides
    }
