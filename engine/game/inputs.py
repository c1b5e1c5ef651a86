"""The input of a game: the row of the coming tick, where scripts read it, and the callbacks it causes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.input.row import (
    InputWord,
    Pressing,
    check_row,
    held_row,
    lasting_row,
    mouse_of,
    row_width,
    states_of,
)
from engine.physics.step import PhysicsSystem
from engine.render.picking import topmost_entity
from engine.scripting.call_arguments import texts_as_words
from engine.scripting.scripts import Scripts
from engine.space.colliders import Colliders
from lang.jit import I64
from lang.layout import BATCH_ARGUMENTS
from lang.values import Tag

_PRESSED, _RELEASED = int(Pressing.PRESSED), int(Pressing.RELEASED)


class GameInput:
    """What the player does in a tick.

    Attributes:
        buttons: how many the screens have.
        names: string ids of the actions, which the world's strings must keep.
    """

    def __init__(self, world: World, physics: PhysicsSystem, actions: Sequence[str], buttons: int) -> None:
        """Take a world, the names of its scene's actions, and how many buttons its screens have."""
        self._world = world
        self._actions = tuple(actions)
        self.buttons = buttons
        self.names = [world.strings.intern(name) for name in actions]
        width = row_width(len(actions))
        self._words = np.zeros(width + len(actions), np.int64)
        self._words[width:] = self.names
        self.row = self._words[:width]
        self._index = Colliders(world, physics)
        world.publish(WorldSlot.INPUT, self._words)

    def set_row(self, row: I64) -> None:
        """Take the row of the coming tick.

        Raises:
            RowError: no window makes such a row for this scene.
        """
        self.row[:] = check_row(row, len(self._actions), self.buttons)

    def hold(self, down: I64) -> None:
        """Hold actions down from the coming tick on, 0 or 1 each, as a bot does; those left out are not."""
        every = np.zeros(len(self._actions), np.int64)
        every[: len(down)] = down
        self.row[:] = held_row(self.row, every)

    def end_tick(self) -> None:
        """Forget what happened once: what is held stays held when no other row comes."""
        self.row[:] = lasting_row(self.row)

    def pressed(self) -> list[str]:
        """Return the actions that went down in this tick."""
        return [self._actions[i] for i in np.flatnonzero(states_of(self.row) & _PRESSED).tolist()]

    def tell(self, scripts: Scripts) -> None:
        """Call `on_input` for what went up and down in this tick, then `on_click` of what was clicked."""
        self._tell_changes(scripts)
        self._tell_click(scripts)

    def _tell_changes(self, scripts: Scripts) -> None:
        states, changes = states_of(self.row), list[tuple[str, bool]]()
        for i in np.flatnonzero(states & (_PRESSED | _RELEASED)).tolist():
            if states[i] & _RELEASED:
                changes.append((self._actions[i], False))
            if states[i] & _PRESSED:
                changes.append((self._actions[i], True))
        if changes:
            texts, kept = texts_as_words([name for name, _ in changes])
            words = np.zeros((len(changes), 3 * BATCH_ARGUMENTS), np.int64)
            words[:, 0:3] = texts
            words[:, 3] = int(Tag.BOOL)
            words[:, 4] = [pressed for _, pressed in changes]
            scripts.dispatch_to_all("on_input", words)
            del kept  # the words name its address

    def _tell_click(self, scripts: Scripts) -> None:
        """Call `on_click` of the topmost entity under the mouse that has one, if the world was clicked."""
        if not self.row[InputWord.CLICK]:
            return
        indices = scripts.indices_with("on_click")
        if not indices.size:
            return
        x, y = mouse_of(self.row).tolist()
        self._index.build()
        colliding = self._index.overlap_point((x, y))
        entity = topmost_entity(self._world, indices, colliding, (x, y))
        if entity:
            scripts.dispatch("on_click", np.array([(entity & 0xFFFFFFFF) - 1], np.int64))


def call_button(scripts: Scripts, name: str) -> None:
    """Call `on_button` of all scripts, between ticks."""
    words = np.zeros((1, 3 * BATCH_ARGUMENTS), np.int64)
    texts, kept = texts_as_words([name])
    words[:, 0:3] = texts
    scripts.link_world()
    scripts.dispatch_to_all("on_button", words)
    del kept  # the words name its address
