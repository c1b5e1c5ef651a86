"""Deferred structural changes: queued as rows of words, applied in stage `commands`.

Natives queue through `engine.ecs.access.push_command` and `destroy` and through
`engine.ecs.structure.spawn_prefab`; Python through `World`. A `Batch` is taken out before it is
applied, so what its callbacks queue waits for the next tick.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ecs.access import push_command
from engine.ecs.layout import COMMAND_WORDS, FULL, Command, Counter, WorldSlot
from engine.ecs.storage import Storage
from lang.jit import entry

I64 = npt.NDArray[np.int64]


@entry("int64(int64[::1], int64, int64, int64, int64)")
def push(table: I64, kind: int, entity: int, a: int, b: int) -> int:
    """Queue a command; return its row, or -1 (full)."""
    return push_command(table, kind, entity, a, b)


@dataclass(frozen=True, slots=True)
class Batch:
    """The commands of one tick, in the order in which they are applied.

    ``withdrawn``: unborn entities that were destroyed again; they get no callback. ``removals``: the
    others to remove. ``changes``: rows (kind, entity, component) of ADD and REMOVE. ``births``: ids of
    the unborn; ``prefabs``: where each came from, -1 for none. All are int64 arrays.
    """

    withdrawn: I64
    removals: I64
    changes: I64
    births: I64
    prefabs: I64


class Commands:
    """The command buffer of a world."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __len__(self) -> int:
        return int(self._storage.counters[Counter.COMMANDS])

    @property
    def rows(self) -> I64:
        """A view of the queued commands, [n, COMMAND_WORDS]."""
        buffer = self._storage.arrays[WorldSlot.COMMANDS]
        return buffer[: len(self) * COMMAND_WORDS].reshape(-1, COMMAND_WORDS)

    def push(self, kind: Command, entity: int, a: int = 0, b: int = 0) -> None:
        """Queue a command; the buffer grows when it is full."""
        while push(self._storage.table, int(kind), entity, a, b) == FULL:
            self._storage.grow_commands(1)

    def take(self) -> Batch:
        """Empty the buffer and return what was in it, sorted by stage but otherwise in order."""
        rows = self.rows.copy()
        self._storage.counters[Counter.COMMANDS] = 0
        kind, entity = rows[:, 0], rows[:, 1]
        removals = entity[kind == Command.DESTROY]
        births = rows[kind == Command.BIRTH]
        unborn = np.isin(removals, births[:, 1])
        kept = ~np.isin(births[:, 1], removals)
        return Batch(
            withdrawn=removals[unborn],
            removals=removals[~unborn],
            changes=rows[(kind == Command.ADD) | (kind == Command.REMOVE), :3],
            births=births[kept, 1].copy(),
            prefabs=births[kept, 2].copy(),
        )
