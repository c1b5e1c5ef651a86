"""The state of all scripts as sections of a save, and back: variables, closures, generators, failures."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from msgspec import Struct

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.errors import SaveError
from engine.saves.container import Array, Sections
from engine.scripting.access_errors import UnknownScript
from engine.scripting.batch_rows import NO_INSTANCE
from engine.scripting.instances import NO_ENTITY
from engine.scripting.programs import Disabled
from engine.scripting.script_file import ScriptFile
from engine.scripting.scripts import Scripts
from lang.bytecode.program import Program
from lang.errors import SnapshotError
from lang.instance_state import put_state, read_state, take_state
from lang.jit import I64
from lang.layout import INSTANCE_WORDS, InstanceWord
from lang.snapshot import State
from lang.suspended import Suspended, suspended


class SavedScript(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A script file at the time of saving."""

    path: str
    births: int
    """How many instances it ever had: seeds of generators count them."""
    systems: tuple[int, ...]
    """The numbers of the systems whose instances come after those of entities."""
    waiting: tuple[int, ...]
    """Entities that wait for a version that compiles."""
    turns: tuple[tuple[str, int], ...] = ()
    """Callbacks whose next round begins with this script, at which entity index."""


class ScriptsMeta(Struct, frozen=True, forbid_unknown_fields=True):
    """All scripts at the time of saving."""

    seed: int
    files: tuple[SavedScript, ...]


@dataclass(frozen=True, slots=True)
class LoadedScript:
    """The instances of one script, read and checked; `entities` are indices, 0s for those of systems."""

    saved: SavedScript
    entities: list[int]
    states: list[State]
    disabled: list[int]


def script_sections(scripts: Scripts) -> dict[str, Array]:
    """Return the state of all scripts as sections of a save."""
    files: list[SavedScript] = []
    sections: dict[str, Array] = {}
    for number, (path, file) in enumerate(scripts.files.items()):
        births, waiting = scripts.births.get(path, 0), tuple(scripts.waiting.get(path, ()))
        turns = scripts.budgets.turns_of(path)
        files.append(SavedScript(path, births, tuple(file.system_instances), waiting, turns))
        if file.program is not None:
            sections |= _instances(scripts, file, file.program, number)
    meta = msgspec.json.encode(ScriptsMeta(seed=scripts.seed, files=tuple(files)))
    return {"meta": np.frombuffer(meta, np.uint8), **sections}


def _instances(scripts: Scripts, file: ScriptFile, program: Program, number: int) -> dict[str, Array]:
    instances = file.instances()
    states = [take_state(scripts.machine, instance, program) for instance in instances.tolist()]
    return {
        f"{number}.entities": np.flatnonzero(file.instance_of != NO_INSTANCE),
        f"{number}.lengths": np.array([len(state) for state in states], np.int64),
        f"{number}.states": np.frombuffer(b"".join(states), np.uint8),
        f"{number}.disabled": scripts.machine.instances[INSTANCE_WORDS * instances + InstanceWord.DISABLED],
    }


def read_scripts(sections: Sections, scripts: Scripts, world: World) -> tuple[int, list[LoadedScript]]:
    """Return the seed and the instances that a save holds, for the scripts of a game.

    Args:
        world: the loaded one, whose entities have the scripts.
    Raises:
        SaveError: the sections do not fit together, or a script is another one by now.
    """
    try:
        meta = msgspec.json.decode(sections["meta"].tobytes(), type=ScriptsMeta)
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SaveError("it does not tell which scripts it holds") from None
    paths = [saved.path for saved in meta.files]
    try:
        for path in paths:
            scripts.on_file_wanted(path)
    except UnknownScript as error:
        raise SaveError(str(error)) from None
    known = [path for path, file in scripts.files.items() if path in paths or not file.is_late]
    if paths != known:
        differing = set(paths).symmetric_difference(known)
        raise SaveError(f"the scene has other scripts by now: {', '.join(sorted(differing))}")
    if not -(2**63) <= meta.seed < 2**63:
        raise SaveError("its seed is no whole number of 64 bits")
    return meta.seed, [_read(sections, scripts, world, number, one) for number, one in enumerate(meta.files)]


def _read(
    sections: Sections, scripts: Scripts, world: World, number: int, saved: SavedScript
) -> LoadedScript:
    program = scripts.files[saved.path].program
    names = [f"{number}.{name}" for name in ("entities", "lengths", "disabled")]
    if program is None:
        if any(name in sections for name in names):
            raise SaveError(f"the script {saved.path} does not compile any more")
        return LoadedScript(saved, [], [], [])
    if any(name not in sections or sections[name].dtype != np.int64 for name in names):
        raise SaveError(f"the instances of {saved.path} are missing")
    entities, lengths, disabled = (sections[name] for name in names)
    _check_entities(entities, world, saved)
    count = entities.size + len(saved.systems)
    data = sections.get(f"{number}.states", np.zeros(0)).tobytes()
    fits = lengths.size == disabled.size == count and not (lengths < 0).any()
    fits = fits and bool(np.isin(disabled, list(Disabled)).all())
    if not fits or int(lengths.sum()) != len(data):
        raise SaveError(f"the instances of {saved.path} do not fit together")
    try:
        ends = np.cumsum(lengths).tolist()
        pairs = zip(ends, lengths.tolist(), strict=True)
        states = [read_state(scripts.machine, program, data[end - length : end]) for end, length in pairs]
    except SnapshotError as error:
        raise SaveError(f"the script {saved.path} is another one by now, or {error}") from None
    return LoadedScript(saved, [*entities.tolist(), *(0 for _ in saved.systems)], states, disabled.tolist())


def _check_entities(entities: I64, world: World, saved: SavedScript) -> None:
    """Check that indices rise and are those of living entities."""
    capacity = world.storage.entity_capacity
    in_range = bool(((entities >= 0) & (entities < capacity)).all() and (np.diff(entities) > 0).all())
    if not in_range or (world.storage.arrays[WorldSlot.CHUNK][entities] < 0).any():
        raise SaveError(f"the script {saved.path} belongs to an entity that does not exist")
    if len(set(saved.systems)) != len(saved.systems):
        raise SaveError(f"a system of {saved.path} is there twice")
    if not all(world.exists(entity) for entity in saved.waiting):
        raise SaveError(f"an entity that waits for {saved.path} does not exist")


def suspended_in(scripts: Scripts, loaded: list[LoadedScript]) -> list[list[Suspended]]:
    """Return the functions that wait in the middle, of each instance of a save in its order."""
    found: list[list[Suspended]] = []
    for one in loaded:
        program = scripts.files[one.saved.path].program
        if program is not None:
            found += [suspended(state.words.tolist(), program) for state in one.states]
    return found


def put_scripts(scripts: Scripts, seed: int, loaded: list[LoadedScript]) -> None:
    """Replace all instances by those of a save; call it when the world has been restored."""
    scripts.seed = seed
    scripts.failing.clear()
    scripts.births = {one.saved.path: one.saved.births for one in loaded if one.saved.births}
    scripts.waiting = {
        one.saved.path: dict.fromkeys(one.saved.waiting) for one in loaded if one.saved.waiting
    }
    scripts.budgets.turns.clear()
    scripts.budgets.has_late_births = True  # perhaps
    for file in scripts.files.values():
        for instance in file.instances().tolist():
            scripts.machine.destroy(instance)
        file.instance_of[:] = NO_INSTANCE
        file.system_instances.clear()
        file.version += 1
    for one in loaded:
        scripts.budgets.put_turns(one.saved.path, one.saved.turns)
        file = scripts.files[one.saved.path]
        if file.program is not None:
            _put(scripts, file, file.program, one)
    scripts.find_files()


def _put(scripts: Scripts, file: ScriptFile, program: Program, loaded: LoadedScript) -> None:
    machine, systems = scripts.machine, iter(loaded.saved.systems)
    of_entities = len(loaded.entities) - len(loaded.saved.systems)
    rows = zip(loaded.entities, loaded.states, loaded.disabled, strict=True)
    for place, (index, state, disabled) in enumerate(rows):
        instance = machine.create(program)
        put_state(machine, instance, program, state)
        row = INSTANCE_WORDS * instance
        is_system = place >= of_entities
        entity = NO_ENTITY if is_system else scripts.world.entity_at(index)
        machine.instances[row + InstanceWord.ENTITY] = entity
        machine.instances[row + InstanceWord.DISABLED] = disabled
        if is_system:
            file.system_instances[next(systems)] = instance
        else:
            file.add(index, instance)
