"""What an action is bound to, and how it changes when a player binds other inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.input.names import canonical_name, is_pad_name

DEAD_ZONE = 0.2
DOWN_FROM = 0.5
"""An axis is down, as a button is, from this far on."""


class Side(StrEnum):
    """The parts of an action that have buttons of their own."""

    BUTTONS = "buttons"
    NEGATIVE = "negative"
    POSITIVE = "positive"


@dataclass(frozen=True)
class Action:
    """One action of a scene: a button, or an axis made of two sides and a stick.

    Attributes:
        buttons: inputs that hold it down. negative, positive: those that push it to -1 and to 1.
        axis: of a game pad, or "". dead_zone: how far the stick may stand off its middle unnoticed, 0..1.
    """

    buttons: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    axis: str = ""
    dead_zone: float = DEAD_ZONE

    @property
    def sides(self) -> tuple[Side, ...]:
        """The parts that can be bound."""
        return (Side.BUTTONS,) if self.is_button else (Side.NEGATIVE, Side.POSITIVE)

    @property
    def is_button(self) -> bool:
        """Whether it is a button, not an axis."""
        return not (self.negative or self.positive or self.axis)

    def inputs(self, side: Side) -> tuple[str, ...]:
        """Return the inputs of a side."""
        return {Side.BUTTONS: self.buttons, Side.NEGATIVE: self.negative, Side.POSITIVE: self.positive}[side]

    def every_input(self) -> tuple[str, ...]:
        """Return all inputs, the stick's axis last."""
        return (*self.buttons, *self.negative, *self.positive, *((self.axis,) if self.axis else ()))

    def bound(self, side: Side, inputs: Sequence[str]) -> Action:
        """Return the action with other inputs on a side."""
        names = tuple(dict.fromkeys(map(canonical_name, inputs)))
        match side:
            case Side.BUTTONS:
                return replace(self, buttons=names)
            case Side.NEGATIVE:
                return replace(self, negative=names)
            case Side.POSITIVE:
                return replace(self, positive=names)

    def rebound(self, side: Side, name: str) -> Action:
        """Return the action with an input in the place of those of its kind: pad, or keyboard and mouse."""
        kept = [other for other in self.inputs(side) if is_pad_name(other) != is_pad_name(name)]
        return self.bound(side, [*kept, name] if is_pad_name(name) else [name, *kept])


Actions = Mapping[str, Action]
"""The actions of a scene, in its order."""


def users_of(actions: Actions, name: str) -> Iterator[tuple[str, Side]]:
    """Yield the actions, and which side of each, that an input is bound to."""
    for action, bound in actions.items():
        for side in bound.sides:
            if name in bound.inputs(side):
                yield action, side
