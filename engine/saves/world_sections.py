"""A world as named arrays: what a save holds of it, without chunks, pools and addresses.

Rows are kept archetype by archetype in their order, so a loaded world iterates, frees and spawns exactly as
the saved one would have. Strings are kept by content, components and fields by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta, Struct

from engine.ecs.layout import CHUNK_ROWS, Command, Counter, PartyWord, StringCounter, WorldSlot
from engine.ecs.world import World
from engine.saves.container import Array
from engine.saves.party_indices import free_indices
from lang.jit import I64

PREFAB_WORDS = 4
"""Words of a prefab: archetype of its template, row in that, archetype of its copies, parent."""


class SavedField(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A field of a component at the time of saving."""

    name: str
    kind: int


class SavedComponent(Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A component at the time of saving; its number is its place."""

    name: str
    fields: tuple[SavedField, ...]


class WorldMeta(Struct, frozen=True, forbid_unknown_fields=True):
    """What the arrays of a saved world mean."""

    components: tuple[SavedComponent, ...]
    archetypes: tuple[tuple[int, ...], ...]
    """The components of each archetype, by number."""
    tick: Annotated[int, Meta(ge=0, le=2**62)]


def world_sections(world: World) -> dict[str, Array]:
    """Return a world as sections of a save."""
    storage = world.storage
    arrays, counters = storage.arrays, storage.counters
    high_water = int(counters[Counter.HIGH_WATER])
    rows = [_entities_of(world, archetype) for archetype in range(len(world.archetypes))]
    return {
        "meta": np.frombuffer(msgspec.json.encode(_meta(world)), np.uint8),
        "row_counts": np.array([one.size for one in rows], np.int64),
        "rows": np.concatenate([*rows, np.zeros(0, np.int64)]),
        **dict(_columns(world)),
        "generation": arrays[WorldSlot.GENERATION][:high_water].copy(),
        "flags": arrays[WorldSlot.FLAGS][:high_water].copy(),
        "parties": storage.parties[:, : PartyWord.MOST].ravel().copy(),
        "free": free_indices(storage),
        "children": _children(world),
        "prefabs": _prefabs(world),
        "commands": world.commands.rows.ravel().copy(),
        "command_values": _command_values(world),
        **_strings(world),
    }


def _meta(world: World) -> WorldMeta:
    components = tuple(
        SavedComponent(spec.name, tuple(SavedField(field.name, int(field.kind)) for field in spec.fields))
        for spec in world.registry.components
    )
    numbers = range(len(world.archetypes))
    archetypes = tuple(tuple(sorted(world.archetypes.components_of(number))) for number in numbers)
    return WorldMeta(components=components, archetypes=archetypes, tick=world.tick)


def _chunks(world: World, archetype: int) -> list[tuple[int, int]]:
    """Return (chunk, rows) of an archetype in order."""
    counts = world.storage.arrays[WorldSlot.CHUNK_COUNT]
    return [(chunk, int(counts[chunk])) for chunk in world.archetypes.chunks_of(archetype)]


def _entities_of(world: World, archetype: int) -> I64:
    """Return the entity indices of an archetype's rows; -1 for those of templates."""
    occupants = world.storage.arrays[WorldSlot.CHUNK_ENTITY]
    parts = [occupants[CHUNK_ROWS * chunk :][:count] for chunk, count in _chunks(world, archetype)]
    return np.concatenate([*parts, np.zeros(0, np.int64)])


def _columns(world: World) -> Iterator[tuple[str, Array]]:
    """Yield each field's words in the rows of all archetypes that have it."""
    storage = world.storage
    bases = storage.arrays[WorldSlot.CHUNK_BASE]
    for spec in world.registry.components:
        if not spec.fields:
            continue
        having = [k for k in range(len(world.archetypes)) if spec.number in world.archetypes.components_of(k)]
        chunks = [pair for archetype in having for pair in _chunks(world, archetype)]
        firsts = [
            (int(bases[chunk * storage.component_count + spec.number]), count) for chunk, count in chunks
        ]
        parts = [np.arange(first, first + count) for first, count in firsts]
        rows = np.concatenate([*parts, np.zeros(0, np.int64)])
        for field in spec.fields:
            yield f"{spec.name}.{field.name}", storage.columns[field.number][rows]


def _children(world: World) -> I64:
    """Return the indices of all children, those of one parent in the order of its list."""
    arrays = world.storage.arrays
    first, following = arrays[WorldSlot.FIRST_CHILD], arrays[WorldSlot.NEXT_SIBLING]
    found: list[int] = []
    for parent in np.flatnonzero(first >= 0).tolist():
        child = int(first[parent])
        while child >= 0:
            found.append(child)
            child = int(following[child])
    return np.array(found, np.int64)


def _prefabs(world: World) -> I64:
    arrays = world.storage.arrays
    before = {
        chunk: (archetype, CHUNK_ROWS * place)
        for archetype in range(len(world.archetypes))
        for place, (chunk, _) in enumerate(_chunks(world, archetype))
    }
    found: list[int] = []
    for number, chunk in enumerate(arrays[WorldSlot.PREFAB_CHUNK].tolist()):
        archetype, first = before[chunk]
        row = first + int(arrays[WorldSlot.PREFAB_ROW][number])
        copies = int(arrays[WorldSlot.PREFAB_ARCHETYPE][number])
        found += [archetype, row, copies, int(arrays[WorldSlot.PREFAB_PARENT][number])]
    return np.array(found, np.int64)


def _command_values(world: World) -> I64:
    """Return the values of queued ADD commands, with the place of each field in its component."""
    count = int(world.storage.counters[Counter.COMMAND_VALUES])
    values = world.storage.arrays[WorldSlot.COMMAND_VALUES][:count].copy()
    for kind, _, component, place in world.commands.rows.tolist():
        if kind == Command.ADD and place:
            first = world.registry.component(component).fields[0].number
            values[place : place + 2 * int(values[place - 1]) : 2] -= first
    return values


def _strings(world: World) -> dict[str, Array]:
    """Return of strings by id the lengths (-1: not in use) and the parties; the bytes of all in a row."""
    strings = world.strings
    lengths = strings.length[: strings.counters[StringCounter.STRINGS]].copy()
    used = np.flatnonzero(lengths >= 0).tolist()
    parts = [strings.bytes[int(strings.start[one]) :][: int(lengths[one])] for one in used]
    return {
        "string_lengths": lengths,
        "string_owners": strings.owner[: lengths.size].copy(),
        "string_bytes": np.concatenate([*parts, np.zeros(0, np.uint8)]),
    }
