"""One script file in use: its program, and the instances that entities have of it, in flat arrays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.scripting.batch_rows import NO_INSTANCE, choose_rows, have_any
from lang.bytecode.program import Program
from lang.layout import BATCH_ROW_WORDS

I64 = npt.NDArray[np.int64]
NO_INDICES = np.zeros(0, np.int64)
NO_ROWS = np.zeros((0, BATCH_ROW_WORDS), np.int64)
ANY = NO_INDICES
"""In place of the instances that are meant: any."""
NO_ARGUMENTS = np.zeros((0, 0), np.int64)
GAME = ""
"""Stands for the game where the id of a mod could stand."""
MODS = "mods/"
"""Begins the names of all files of mods; then comes the mod's id, and a slash."""


@dataclass
class ScriptFile:
    """A script and its instances.

    Attributes:
        path: as the scene names it. number: how many files were loaded before it.
        program: None until a version of the file has compiled.
        text: the newest version that was read, whether it compiles or not.
        files: names of the files that this version is made of, its own among them.
        instance_of: [entity indices] the instance of the entity at that index, or NO_INSTANCE.
        system_instances: those that belong to no entity, by the number of the system.
        version: changes when instances come and go.
        is_late: Python brought it, no scene names it.
    """

    path: str
    number: int = 0
    program: Program | None = None
    text: str = ""
    files: tuple[str, ...] = ()
    instance_of: I64 = field(default_factory=lambda: np.full(64, NO_INSTANCE, np.int64))
    system_instances: dict[int, int] = field(default_factory=dict)
    version: int = 0
    is_late: bool = False
    _rows: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    _rows_version: int = -1
    _count: int = 0
    _count_version: int = -1

    def callback(self, name: str) -> int:
        """Return the function of a callback that the program has."""
        assert self.program is not None, "the caller has looked"
        return self.program.callbacks[name]

    def parameter_count(self, function: int) -> int:
        """Return how many parameters a function of the program has."""
        assert self.program is not None, "the caller has looked"
        return len(self.program.infos[function].parameters)

    def add(self, index: int, instance: int) -> None:
        """Note the instance of the entity at an index."""
        if index >= self.instance_of.size:
            larger = np.full(max(2 * self.instance_of.size, index + 1), NO_INSTANCE, np.int64)
            larger[: self.instance_of.size] = self.instance_of
            self.instance_of = larger
        self.instance_of[index] = instance
        self.version += 1

    def remove(self, index: int) -> int:
        """Forget the instance of the entity at an index; returns it, or NO_INSTANCE."""
        if index >= self.instance_of.size:
            return NO_INSTANCE
        instance = int(self.instance_of[index])
        if instance != NO_INSTANCE:
            self.instance_of[index] = NO_INSTANCE
            self.version += 1
        return instance

    def take(self, indices: I64) -> list[int]:
        """Forget the instances of the entities at these indices, which differ; returns them in order."""
        if not have_any(self.instance_of, indices):
            return []
        chosen = indices[self.has_instance(indices)]
        taken: list[int] = self.instance_of[chosen].tolist()
        self.instance_of[chosen] = NO_INSTANCE
        self.version += 1
        return taken

    def instances(self) -> I64:
        """Return all instances: those of entities in entity order, then those of systems."""
        of_entities = self.instance_of[self.instance_of != NO_INSTANCE]
        return np.concatenate([of_entities, np.array([*self.system_instances.values()], np.int64)])

    @property
    def count(self) -> int:
        """How many entities have an instance."""
        if self._count_version != self.version:
            self._count = int(np.count_nonzero(self.instance_of != NO_INSTANCE))
            self._count_version = self.version
        return self._count

    def rows_of(
        self, indices: I64, arguments: I64 = NO_ARGUMENTS, width: int = 0, meant: I64 = ANY
    ) -> tuple[I64, I64]:
        """Return batch rows for those of the entities at these indices that have an instance.

        Args:
            arguments: [n, width at least] words of the arguments of each. width: as many words are taken.
            meant: [n] the one instance that is called, or NO_INSTANCE; ANY for whichever there is.
        Returns:
            [k, BATCH_ROW_WORDS] the rows, and [k] which of the n they are for.
        """
        if not have_any(self.instance_of, indices):
            return NO_ROWS, NO_INDICES
        rows, which = np.zeros((indices.size, BATCH_ROW_WORDS), np.int64), np.empty(indices.size, np.int64)
        count = int(choose_rows(self.instance_of, indices, meant, arguments, width, rows, which))
        return rows[:count], which[:count]

    def rows_of_all(self) -> I64:
        """Return batch rows for every instance, in entity order, each behind its entity's gate."""
        if self._rows_version != self.version:
            indices = np.flatnonzero(self.instance_of != NO_INSTANCE)
            self._rows = self.rows_for(indices)
            self._rows_version = self.version
        return self._rows

    def rows_for(self, indices: I64) -> I64:
        """Return batch rows without arguments for the entities at these indices (all have instances)."""
        rows = np.zeros((indices.size, BATCH_ROW_WORDS), np.int64)
        rows[:, 0] = self.instance_of[indices]
        rows[:, 1] = indices
        return rows.ravel()

    def has_instance(self, indices: I64) -> npt.NDArray[np.bool_]:
        """Return for each entity index whether it has an instance of this script."""
        if not indices.size or indices.max() < self.instance_of.size:
            return np.asarray(self.instance_of[indices] != NO_INSTANCE)
        known = indices < self.instance_of.size
        result = np.zeros(indices.size, np.bool_)
        result[known] = self.instance_of[indices[known]] != NO_INSTANCE
        return result


def mod_of(path: str) -> str:
    """Return the id of the mod that a script belongs to by its name, or GAME."""
    return path.removeprefix(MODS).split("/", 1)[0] if path.startswith(MODS) else GAME


def random_seed(seed: int, path: str, number: int) -> int:
    """Return the seed of the generator of an instance: the number-th that a file had in a world of a seed."""
    digest = hashlib.blake2b(f"{seed} {path} {number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
