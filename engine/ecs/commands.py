"""Deferred structural changes: queued as rows of words, applied in stage `commands`.

Natives queue through `engine.ecs.access.push_command` and `destroy` and through
`engine.ecs.births.spawn_prefab`; Python through `World`. A `Batch` is taken out before it is
applied, so what its callbacks queue waits for the next tick.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.ecs.access import push_command
from engine.ecs.components import FieldKind
from engine.ecs.layout import COMMAND_WORDS, FULL, NONE, Command, Counter, WorldSlot
from engine.ecs.membership import among
from engine.ecs.storage import Storage
from engine.ecs.values import Words, bits_of
from lang.jit import entry

I64 = npt.NDArray[np.int64]

# NumPy compares with plain integers faster than with members of an enum.
_DESTROY, _BIRTH, _ADD, _REMOVE = map(int, (Command.DESTROY, Command.BIRTH, Command.ADD, Command.REMOVE))


@entry("int64(int64[::1], int64, int64, int64, int64)")
def push(table: I64, kind: int, entity: int, a: int, b: int) -> int:
    """Queue a command; return its row, or -1 (full)."""
    return push_command(table, kind, entity, a, b)


@dataclass(frozen=True, slots=True)
class Batch:
    """The commands of one tick, in the order in which they are applied.

    ``withdrawn``: unborn entities that were destroyed again; they get no callback. ``removals``: the
    others to remove. ``changes``: rows (kind, entity, component, place of values) of ADD and REMOVE;
    ``values``: what these places are in. ``births``: ids of the unborn; ``prefabs``: where each came
    from, -1 for none. All are int64 arrays.
    """

    withdrawn: I64
    removals: I64
    changes: I64
    births: I64
    prefabs: I64
    values: I64


@dataclass(frozen=True, slots=True)
class QueuedWords:
    """Words of fields that ADD commands brought: of each row from its place in `values` (0: none)."""

    places: I64
    values: I64

    def write(self, storage: Storage, rows: I64) -> None:
        """Write them into these pool rows."""
        for row, place in zip(rows.tolist(), self.places.tolist(), strict=True):
            for field, word in _values_at(self.values, place).tolist():
                storage.columns[field].view(np.int64)[row] = word


def _values_at(values: I64, place: int) -> I64:
    """Return the (field, word) pairs [n, 2] that a command's operand names."""
    count = int(values[place - 1]) if place else 0
    return values[place : place + 2 * count].reshape(-1, 2)


def runs_of(changes: I64) -> Iterator[tuple[int, int, I64, I64]]:
    """Yield (kind, component, entities, places) of commands in a row that are of one kind and component."""
    keys = changes[:, [0, 2]]
    ends = [*(np.flatnonzero(np.any(keys[1:] != keys[:-1], axis=1)) + 1).tolist(), len(changes)]
    first = 0
    for end in ends if len(changes) else ():
        kind, _, component, _ = changes[first].tolist()
        yield kind, component, changes[first:end, 1].copy(), changes[first:end, 3].copy()
        first = end


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

    def push_births(self, entities: I64) -> None:
        """Queue the births of unborn entities that no prefab made."""
        self._storage.grow_commands(entities.size)
        first = len(self)
        self._storage.counters[Counter.COMMANDS] = first + entities.size
        rows = self.rows[first:]
        rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = Command.BIRTH, entities, NONE, 0

    def keep_values(self, words: Words) -> int:
        """Keep the words of an ADD command; return its operand: their place + 1, or 0 for none."""
        if not words:
            return 0
        self._storage.grow_command_values(1 + 2 * len(words))
        first = int(self._storage.counters[Counter.COMMAND_VALUES])
        pairs = [(spec.number, bits_of(spec, word)) for spec, word in words]
        flat = np.array([len(words), *(number for pair in pairs for number in pair)], np.int64)
        self._storage.arrays[WorldSlot.COMMAND_VALUES][first : first + flat.size] = flat
        self._storage.counters[Counter.COMMAND_VALUES] = first + flat.size
        return first + 1

    def strings(self) -> I64:
        """Return the ids of strings that queued commands hold."""
        values = self._storage.arrays[WorldSlot.COMMAND_VALUES]
        adding = self.rows[self.rows[:, 0] == Command.ADD, 3].tolist()
        pairs = np.concatenate(
            [_values_at(values, place) for place in adding] or [np.zeros((0, 2), np.int64)]
        )
        kinds = self._storage.arrays[WorldSlot.FIELD_KIND]
        return pairs[kinds[pairs[:, 0]] == FieldKind.STRING, 1]

    def take(self) -> Batch:
        """Empty the buffer and return what was in it, sorted by stage but otherwise in order."""
        rows = self.rows.copy()
        self._storage.counters[Counter.COMMANDS] = 0
        values = self._storage.arrays[WorldSlot.COMMAND_VALUES]
        values = values[: self._storage.counters[Counter.COMMAND_VALUES]].copy()
        self._storage.counters[Counter.COMMAND_VALUES] = 0
        kind, entity = rows[:, 0], rows[:, 1]
        removals = entity[kind == _DESTROY]
        births = rows[kind == _BIRTH]
        unborn, kept = np.zeros(len(removals), np.bool_), np.ones(len(births), np.bool_)
        if len(removals) and len(births):
            unborn, kept = among(removals, births[:, 1]), ~among(births[:, 1], removals)
        return Batch(
            withdrawn=removals[unborn],
            removals=removals[~unborn],
            changes=rows[(kind == _ADD) | (kind == _REMOVE)],
            births=births[kept, 1].copy(),
            prefabs=births[kept, 2].copy(),
            values=values,
        )
