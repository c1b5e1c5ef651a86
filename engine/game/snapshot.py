"""Snapshots of a whole game in memory: taken and put back between two ticks, as often as one likes.

A snapshot is one row of words with the memory of all arrays that are state, and the few values that Python
keeps beside them: nothing is made for each entity. It belongs to the game it was taken of. What is only seen
or heard is no part of it: particles are gone after a return, voices play to their end, the camera follows
whom it followed. Scripts that were saved meanwhile stay as they are saved: what instances held then comes
back by name, as at a reload. Observers hear nothing; what Python systems keep for themselves is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine.ecs.image import Array, Regions
from engine.ecs.layout import WorldSlot
from engine.ecs.snapshot import Return, hold_arrays, state_arrays
from engine.errors import SnapshotRefused
from engine.game.particles import GameParticles
from engine.game.script_reload import ScriptReload
from engine.screens.flow import Request
from engine.scripting.scripts_state import ScriptsState, ScriptsValues
from engine.space.layout import Part
from lang.jit import I64

if TYPE_CHECKING:
    from engine.game.game import Game

FIRST_KEPT = 1 << 10


class GameValues(NamedTuple):
    """What Python knows of a game beside its arrays."""

    fields: tuple[int, ...]
    """Columns of the world: a snapshot fits a world that has the same."""
    prefabs: int
    scene_version: int
    pool_rows: tuple[int, ...]
    scripts: ScriptsValues
    camera: tuple[Any, ...]
    request: Request | None


@dataclass(frozen=True, slots=True, eq=False)
class GameSnapshot:
    """The state of a game between two ticks; `Game.snapshot` makes it, and only that game takes it back.

    Attributes:
        tick: how many ticks were done. image: the words of all arrays, of `sizes` elements each.
    """

    owner: object
    tick: int
    sizes: tuple[int, ...]
    image: I64
    values: GameValues


class GameState:
    """Reads and writes the state of one game."""

    def __init__(self, game: Game, reload: ScriptReload, particles: GameParticles) -> None:
        self._game = game
        self._reload = reload
        self._particles = particles
        self._scripts = ScriptsState(game.scripts)
        self._physics: I64 = np.zeros(FIRST_KEPT, np.int64)
        self._known = Regions(())

    # --- taking -----------------------------------------------------------------------------------

    @property
    def tick(self) -> int:
        """How many ticks were done."""
        return self._game.tick

    @property
    def scene_version(self) -> int:
        """How often a saved scene was taken over."""
        return self._game.scene_version

    def regions(self) -> Regions:
        """Return where the state lies, as it is between these two ticks."""
        words = self._game.physics.state
        if words.size >= self._physics.size:
            self._physics = np.zeros(2 * words.size, np.int64)
        self._physics[0] = words.size
        self._physics[1 : 1 + words.size] = words
        arrays = self._arrays()
        if not self._known.are(arrays):
            self._known = Regions(arrays)
        return self._known

    def _arrays(self, scripts: Sequence[str] | None = None) -> list[Array]:
        game = self._game
        own = (self._physics, game.flow.state, game.input.row)
        return [*own, *self._scripts.arrays(scripts), *state_arrays(game.world)]

    def values(self) -> GameValues:
        """Return what Python knows beside the arrays."""
        storage = self._game.world.storage
        return GameValues(
            tuple(storage.columns),
            storage.arrays[WorldSlot.PREFAB_CHUNK].size,
            self.scene_version,
            tuple(storage.pool_rows),
            self._scripts.values(),
            self._game.camera_control.kept,
            self._game.flow.request,
        )

    def take(self) -> GameSnapshot:
        """Return a snapshot.

        Raises:
            InsideTick: a tick is being done.
        """
        self._game.scripts.refuse_inside("take a snapshot")
        regions = self.regions()
        return GameSnapshot(self, self.tick, regions.sizes, regions.image(), self.values())

    # --- putting back -----------------------------------------------------------------------------

    def put(self, snapshot: GameSnapshot) -> None:
        """Return to a snapshot; scripts that were saved meanwhile hear `on_reload`.

        Raises:
            SnapshotRefused: it is of another game, or of this one before its world was declared otherwise.
            InsideTick: a tick is being done.
        """
        self._game.scripts.refuse_inside("return to a snapshot")
        self._check(snapshot)
        game, values = self._game, snapshot.values
        game.world.observers.refuse_changes()
        world = Return(game.world)
        self._write(snapshot, tuple(values.scripts.files))
        world.finish(values.pool_rows)
        changed = self._scripts.put(values.scripts)
        game.physics.restore(self._physics[1 : 1 + int(self._physics[0])])
        game.camera_control.kept = values.camera
        game.flow.request = values.request
        game.scripts.link_world()
        game.space.take(Part.NOTHING)
        self._particles.publish()
        self._particles.system.clear()
        for name in changed:
            self._reload.catch_up(name, is_first=values.scripts.files[name].program is None)

    def _check(self, snapshot: GameSnapshot) -> None:
        if snapshot.owner is not self:
            raise SnapshotRefused("this snapshot is of another game: it fits the one that it was taken of")
        if snapshot.values.scene_version != self.scene_version:
            raise SnapshotRefused("the scene was saved and taken over since this snapshot")
        storage = self._game.world.storage
        if snapshot.values.fields != tuple(storage.columns):
            raise SnapshotRefused("the world has other components than at the time of this snapshot")
        if snapshot.values.prefabs != storage.arrays[WorldSlot.PREFAB_CHUNK].size:
            raise SnapshotRefused("the world has other prefabs than at the time of this snapshot")

    def _write(self, snapshot: GameSnapshot, scripts: Sequence[str]) -> None:
        """Write the image over the arrays, which get the sizes that they had."""
        arrays = self._arrays(scripts)
        if tuple(array.size for array in arrays) != snapshot.sizes:
            sizes = zip(arrays, snapshot.sizes, strict=True)
            arrays = [array if array.size == size else np.zeros(size, array.dtype) for array, size in sizes]
            self._hold(arrays, scripts)
        if not self._known.are(arrays):
            self._known = Regions(arrays)
        self._known.put(snapshot.image)

    def _hold(self, arrays: Sequence[Array], scripts: Sequence[str]) -> None:
        self._physics = arrays[0]
        own = 3
        end = own + len(self._scripts.arrays(scripts))
        self._scripts.hold(arrays[own:end], scripts)
        hold_arrays(self._game.world, arrays[end:])
