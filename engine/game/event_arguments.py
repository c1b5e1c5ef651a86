"""Events of physics, and names, as arguments of callbacks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ecs.world import World
from engine.physics.layout import Event, EventKind
from engine.scripting.call_arguments import names_as_words
from lang.jit import I64
from lang.layout import BATCH_ARGUMENTS
from lang.values import Tag

CALLBACK_OF = {
    EventKind.COLLISION: "on_collision",
    EventKind.COLLISION_END: "on_collision_end",
    EventKind.TRIGGER: "on_trigger",
    EventKind.TRIGGER_EXIT: "on_trigger_exit",
}
NAMED = (EventKind.TRIGGER, EventKind.TRIGGER_EXIT)
OTHER, OTHER_NAMED = 0, 3  # first word of the argument `other`, without and with a name before it


@dataclass(frozen=True)
class CallArguments:
    """Arguments of a batch, and the bytes of the strings among them, which must live as long."""

    words: I64
    texts: npt.NDArray[np.uint8]


def arguments_of(world: World, events: I64, kind: EventKind) -> CallArguments:
    """Return the arguments of a callback for events of one kind: `other`, after the name if it has one."""
    words = np.zeros((events.shape[0], 3 * BATCH_ARGUMENTS), np.int64)
    other = events[:, Event.OTHER]
    at = OTHER_NAMED if kind in NAMED else OTHER
    words[:, at] = np.where(other == 0, int(Tag.UNIT), int(Tag.INT))
    words[:, at + 1] = other
    if kind not in NAMED:
        return CallArguments(words, np.zeros(0, np.uint8))
    return CallArguments(words, _put_names(world, events[:, Event.NAME], words))


def name_arguments(world: World, names: I64) -> CallArguments:
    """Return the arguments of a callback for strings of the world: `names` are their ids."""
    words = np.zeros((names.size, 3 * BATCH_ARGUMENTS), np.int64)
    return CallArguments(words, _put_names(world, names, words))


def _put_names(world: World, names: I64, words: I64) -> npt.NDArray[np.uint8]:
    """Write strings of the world as first arguments; returns their bytes."""
    words[:, 0:3], texts = names_as_words(world, names)
    return texts
