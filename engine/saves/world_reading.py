"""From the sections of a save to a world. Nothing in them is believed: a file may be of a stranger.

Compiled code trusts the arrays of a world, so everything that it uses as an index is checked here, and the
rest (chunks, pools, links) is made anew. Whatever does not fit is one `SaveError`.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from engine.ecs import births, bulk
from engine.ecs.components import Component, Field, FieldKind
from engine.ecs.entity import INDEX_BITS, INDEX_MASK, LAST_GENERATION
from engine.ecs.layout import (
    CHUNK_ROWS,
    COMMAND_WORDS,
    MARKED,
    NONE,
    Command,
    Counter,
    PartyWord,
    WorldSlot,
)
from engine.ecs.registry import FieldSpec
from engine.ecs.world import World
from engine.errors import SaveError, StringTableFull
from engine.saves.container import Array, Sections
from engine.saves.party_indices import ever_used, places_of
from engine.saves.world_sections import PREFAB_WORDS, SavedComponent, WorldMeta
from lang.jit import I64


def world_from(sections: Sections, like: World) -> World:
    """Return the world that a save holds, with the components and the strings of another one.

    Strings of `like` keep their ids: what others hold of them stays right.

    Raises:
        SaveError: the sections are not those of a world, or of one with other components.
    """
    return _Reading(sections, like).world


def string_ids(sections: Sections, world: World) -> I64:
    """Return the id that each string of a save has in a world, by its id in the save; -1: not in use.

    Raises:
        SaveError: the strings do not fit together, or are too many for the world.
    """
    lengths, data = _ints(sections, "string_lengths"), sections.get("string_bytes", np.zeros(0))
    if data.dtype != np.uint8 or (lengths < NONE).any() or lengths[lengths > 0].sum() != data.size:
        raise SaveError("its strings do not fit together")
    owners = _ints(sections, "string_owners")
    if owners.size != lengths.size or (owners < 0).any() or (owners >= world.strings.held.size).any():
        raise SaveError("its strings are of nobody")
    content, at = data.tobytes(), 0
    found = np.full(lengths.size, NONE, np.int64)
    for number in np.flatnonzero(lengths >= 0).tolist():
        length = int(lengths[number])
        try:
            found[number] = world.strings.intern(content[at : at + length].decode())
        except UnicodeDecodeError:
            raise SaveError("a string is not UTF-8") from None
        except StringTableFull as full:
            raise SaveError(str(full)) from None
        at += length
    world.strings.own(found[found >= 0], owners[found >= 0])
    return found


def _ints(sections: Sections, name: str) -> I64:
    if name not in sections:
        raise SaveError(f"section {name} is missing")
    if sections[name].dtype != np.int64:
        raise SaveError(f"section {name} is of another type")
    return sections[name]


def _require(fits: bool | np.bool_, reason: str) -> None:
    if not fits:
        raise SaveError(reason)


def _fresh(like: World) -> World:
    """Return an empty world with the declared components and the strings of another one."""
    world = World(like.strings.limit)
    world.storage.share(len(like.storage.parties))
    world.storage.parties[:, PartyWord.MOST :] = like.storage.parties[:, PartyWord.MOST :]
    world.strings.hold(like.strings.arrays.copies())
    for spec in like.registry.components[len(Component) :]:
        fields = {field.number: field for field in spec.fields}
        declared = []
        for one in spec.properties:
            words = [fields[one.first_field + at].default for at in range(one.width)]
            text = like.strings.text(int(words[0])) if one.type == "string" else None
            value = words[0] if one.width == 1 else words
            declared.append((one.name, one.type, text if text is not None else _as(one.type, value)))
        world.declare(spec.name, declared)
    return world


def _as(kind: str, value: float | list[float]) -> float | bool | list[float]:
    return bool(value) if kind == "bool" else value


class _Reading:
    def __init__(self, sections: Sections, like: World) -> None:
        self.sections = sections
        self.world = _fresh(like)
        self.storage = self.world.storage
        self.strings = string_ids(sections, self.world)
        self.meta = self._read_meta()
        self.components = self._known_components()
        self.archetypes = self._make_archetypes()
        self.rows = self._rows()
        self._check_entities()
        self.columns = self._columns()
        self._fill()
        self._link()
        self._add_prefabs()
        self._queue_commands()

    def ints(self, name: str) -> I64:
        return _ints(self.sections, name)

    def _read_meta(self) -> WorldMeta:
        try:
            return msgspec.json.decode(self.sections["meta"].tobytes(), type=WorldMeta)
        except (KeyError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise SaveError("it does not tell what it holds") from None

    def _known_components(self) -> list[int]:
        """Return the number in this world of each component of the save."""
        known = {spec.name: spec for spec in self.world.registry.components}
        numbers: list[int] = []
        for saved in self.meta.components:
            _require(saved.name in known, f"component `{saved.name}` does not exist here")
            spec = known[saved.name]
            kinds = {field.name: int(field.kind) for field in spec.fields}
            for field in saved.fields:
                fits = kinds.get(field.name) == field.kind
                _require(fits, f"component `{saved.name}` has no such field `{field.name}` here")
            numbers.append(spec.number)
        _require(len(set(numbers)) == len(numbers), "a component is there twice")
        return numbers

    def _make_archetypes(self) -> list[frozenset[int]]:
        found: list[frozenset[int]] = []
        for number, members in enumerate(self.meta.archetypes):
            fits = all(0 <= one < len(self.components) for one in members)
            _require(fits, "an archetype has components that do not exist")
            chosen = frozenset(self.components[one] for one in members)
            _require(self.world.archetypes.number_of(chosen) == number, "its archetypes are out of order")
            found.append(chosen)
        _require(len(self.world.archetypes) == len(found), "its archetypes are not all there")
        return found

    # --- entities -----------------------------------------------------------------------------------

    def _rows(self) -> list[I64]:
        """Return the entity indices of each archetype's rows."""
        counts, rows = self.ints("row_counts"), self.ints("rows")
        fits = counts.size == len(self.archetypes) and not (counts < 0).any() and counts.sum() == rows.size
        _require(fits, "its rows do not fit its archetypes")
        parts = np.split(rows, np.cumsum(counts)[:-1]) if counts.size else []
        for members, part in zip(self.archetypes, parts, strict=True):
            fits = bool((part == NONE).all()) if Component.PREFAB in members else bool((part >= 0).all())
            _require(fits, "a row belongs to nobody")
        return parts

    def _check_entities(self) -> None:
        """Check that every index is alive once, or free once, or used up."""
        generation, flags, free = self.ints("generation"), self.ints("flags"), self.ints("free")
        alive = np.concatenate([*(part[part >= 0] for part in self.rows), np.zeros(0, np.int64)])
        known = np.concatenate([alive, free])
        in_range = bool(((known >= 0) & (known < generation.size)).all())
        _require(in_range and flags.size == generation.size, "an entity is out of range")
        _require(np.unique(known).size == known.size, "an entity is there twice")
        _require(bool(((generation >= 0) & (generation <= LAST_GENERATION + 1)).all()), "an id is no id")
        used_up = ever_used(self.ints("parties"), free, generation.size, len(self.storage.parties))
        _require(bool(used_up[known].all()), "an entity is out of range")
        used_up[known] = False
        _require(bool(((generation > LAST_GENERATION) == used_up).all()), "an entity is missing")
        _require(not (flags & ~MARKED).any(), "an entity has a mark that does not exist")

    def _columns(self) -> dict[int, Array]:
        """Return the words of each field in all rows that have it, as they go into the columns."""
        found: dict[int, Array] = {}
        for number, saved in zip(self.components, self.meta.components, strict=True):
            spec = self.world.registry.component(number)
            pairs = zip(self.archetypes, self.rows, strict=True)
            count = sum(part.size for members, part in pairs if number in members)
            given = {field.name for field in saved.fields}
            for field in spec.fields:
                if field.name in given:
                    label = f"{spec.name}.{field.name}"
                    _require(label in self.sections, f"section {label} is missing")
                    column = self.sections[label]
                    _require(column.size == count, f"section {label} has not as many rows as it should")
                    found[field.number] = self._checked(field, column, label)
        return found

    def _checked(self, field: FieldSpec, column: Array, label: str) -> Array:
        wanted = np.float64 if field.kind == FieldKind.FLOAT else np.int64
        _require(column.dtype == wanted, f"section {label} is of another type")
        if field.kind == FieldKind.BOOL:
            _require(bool(((column == 0) | (column == 1)).all()), f"section {label} holds no truth")
        if field.kind == FieldKind.STRING:
            return self._mapped(column, f"section {label} names a string that does not exist")
        return np.ascontiguousarray(column)

    def _mapped(self, ids: I64, reason: str) -> I64:
        _require(bool(((ids >= 0) & (ids < self.strings.size)).all()), reason)
        mapped = self.strings[ids]
        _require(not (mapped == NONE).any(), reason)
        return mapped

    def _fill(self) -> None:
        """Make the rows. Indices are taken from the free ones: for each archetype these are its own."""
        storage, counters = self.storage, self.storage.counters
        generation, free = self.ints("generation"), self.ints("free")
        like, parties = storage.parties.copy(), len(storage.parties)
        storage.share(1)
        counters = storage.counters
        storage.grow_entities(generation.size)
        storage.arrays[WorldSlot.GENERATION][: generation.size] = generation
        counters[Counter.HIGH_WATER] = storage.parties[0, PartyWord.USED] = generation.size
        used = dict.fromkeys(self.columns, 0)
        for archetype, members in enumerate(self.archetypes):
            indices = self.rows[archetype]
            if indices.size:
                storage.grow_chunks(indices.size // CHUNK_ROWS + 2)
                storage.grow_pools(members, indices.size // CHUNK_ROWS + 2)
                own = self._slices(members, indices.size, used)
                if Component.PREFAB in members:
                    self._fill_templates(archetype, indices.size, own)
                else:
                    self._fill_archetype(archetype, indices, own)
        storage.share(parties)
        counters, like[:, : PartyWord.MOST] = storage.counters, self.ints("parties").reshape(parties, -1)
        storage.parties[:] = like
        at = 0
        for party, words in enumerate(like):
            places = places_of(party, parties, int(words[PartyWord.FREE]))
            storage.arrays[WorldSlot.FREE_ENTITIES][places] = free[at : at + places.size]
            at += places.size
        storage.arrays[WorldSlot.FLAGS][: generation.size] = self.ints("flags")
        counters[Counter.TICK] = self.meta.tick

    def _slices(self, members: frozenset[int], count: int, used: dict[int, int]) -> dict[int, Array]:
        """Return the words of an archetype's rows by field."""
        found: dict[int, Array] = {}
        for number in sorted(members):
            for field in self.world.registry.component(number).fields:
                if field.number in self.columns:
                    first = used[field.number]
                    found[field.number] = self.columns[field.number][first : first + count]
                    used[field.number] = first + count
        return found

    def _fill_archetype(self, archetype: int, indices: I64, columns: Mapping[int, Array]) -> None:
        arrays = self.storage.arrays
        arrays[WorldSlot.FREE_ENTITIES][: indices.size] = indices[::-1]
        self.storage.parties[0, PartyWord.FREE] = indices.size
        sources = [(field, words.ctypes.data, words.size) for field, words in columns.items()]
        flat = np.array(sources, np.int64).ravel()
        ids = np.empty(indices.size, np.int64)
        template = arrays[WorldSlot.FIELD_DEFAULT].copy()
        done = bulk.spawn_rows(self.storage.table, archetype, template, flat, ids, 0)
        assert done == indices.size, "room was reserved"

    def _fill_templates(self, archetype: int, count: int, columns: Mapping[int, Array]) -> None:
        storage = self.storage
        for row in range(count):
            chunk = int(births.template_row(storage.table, archetype))
            assert chunk >= 0, "room was reserved"
            for field, words in columns.items():
                component = self.world.registry.field(field).component
                base = int(storage.arrays[WorldSlot.CHUNK_BASE][chunk * storage.component_count + component])
                storage.columns[field][base + row % CHUNK_ROWS] = words[row]

    # --- what hangs on entities ---------------------------------------------------------------------

    def _link(self) -> None:
        """Make the lists of children, in the saved order."""
        arrays = self.storage.arrays
        parents = self._parents()
        order = self.ints("children")
        fits = order.size == len(parents) and set(order.tolist()) == parents.keys()
        _require(fits, "its children are not those of its parents")
        _refuse_cycles(parents)
        first, following = arrays[WorldSlot.FIRST_CHILD], arrays[WorldSlot.NEXT_SIBLING]
        for child in reversed(order.tolist()):
            after = int(first[parents[child]])
            following[child] = after
            if after >= 0:
                arrays[WorldSlot.PREVIOUS_SIBLING][after] = child
            first[parents[child]] = child
        self.storage.counters[Counter.CHILDREN] = order.size

    def _parents(self) -> dict[int, int]:
        """Return the index of the parent of each child."""
        world, found = self.world, {}
        for members, indices in zip(self.archetypes, self.rows, strict=True):
            if Component.PARENT not in members or Component.PREFAB in members:
                continue
            for index in indices.tolist():
                child = world.entity_at(index)
                row = world.row_of(child, Component.PARENT)
                parent = int(world.column(Field.PARENT_ENTITY)[row])
                _require(world.exists(parent), "a child has a parent that does not exist")
                found[index] = (parent & INDEX_MASK) - 1
        return found

    def _add_prefabs(self) -> None:
        words = self.ints("prefabs")
        _require(words.size % PREFAB_WORDS == 0, "its prefabs do not fit together")
        for archetype, row, copies, parent in words.reshape(-1, PREFAB_WORDS).tolist():
            fits = 0 <= archetype < len(self.archetypes) and 0 <= copies < len(self.archetypes)
            _require(fits, "a prefab is of no archetype")
            members = self.archetypes[archetype]
            own = members - {Component.PREFAB}
            fits = own != members and self.archetypes[copies] == own | {Component.UNBORN}
            _require(fits and 0 <= row < self.rows[archetype].size, "a prefab has no template")
            _require(parent == NONE or Component.PARENT in own, "a prefab has a parent and cannot follow it")
            chunk = self.world.archetypes.chunks_of(archetype)[row // CHUNK_ROWS]
            try:
                self.storage.add_prefab(chunk, row % CHUNK_ROWS, copies, parent)
            except ValueError as error:
                raise SaveError(str(error)) from None

    def _queue_commands(self) -> None:
        words, values = self.ints("commands"), self.ints("command_values")
        _require(words.size % COMMAND_WORDS == 0, "its commands do not fit together")
        for kind, entity, operand, place in words.reshape(-1, COMMAND_WORDS).tolist():
            _require(kind in set(Command), "a command is none")
            _require(1 <= entity < LAST_GENERATION + 1 << INDEX_BITS, "a command concerns no entity")
            if kind in {Command.ADD, Command.REMOVE}:
                _require(0 <= operand < len(self.components), "a command concerns no component")
                component = self.components[operand]
                _require(component != Component.PARENT, "a command gives or takes a parent")
                own = self._command_values(component, values, place) if kind == Command.ADD else 0
                self.world.commands.push(Command(kind), entity, component, own)
            else:
                prefabs = self.storage.arrays[WorldSlot.PREFAB_CHUNK].size
                fits = kind == Command.DESTROY or NONE <= operand < prefabs
                _require(fits, "a birth is of no prefab")
                self.world.commands.push(Command(kind), entity, operand, 0)

    def _command_values(self, component: int, values: I64, place: int) -> int:
        """Take over the words of an ADD command; return where they are now."""
        if place == 0:
            return 0
        _require(1 <= place <= values.size, "a command has values nowhere")
        count = int(values[place - 1])
        _require(0 <= count <= (values.size - place) // 2, "a command has values without an end")
        fields = self.world.registry.component(component).fields
        saved = next(one for one in self.meta.components if self._number_of(one) == component)
        words = []
        for at, bits in values[place : place + 2 * count].reshape(-1, 2).tolist():
            _require(0 <= at < len(saved.fields), "a command has values of another component")
            field = next(one for one in fields if one.name == saved.fields[at].name)
            words.append((field, self._command_word(field, bits)))
        return self.world.commands.keep_values(words)

    def _number_of(self, saved: SavedComponent) -> int:
        return self.world.registry.component(saved.name).number

    def _command_word(self, field: FieldSpec, bits: int) -> float | int:
        if field.kind == FieldKind.FLOAT:
            return float(np.array([bits], np.int64).view(np.float64)[0])
        if field.kind == FieldKind.STRING:
            reason = "a command names a string that does not exist"
            return int(self._mapped(np.array([bits]), reason)[0])
        return bits


def _refuse_cycles(parents: Mapping[int, int]) -> None:
    """Refuse children that are above themselves."""
    good: set[int] = set()
    for start in parents:
        path: list[int] = []
        seen: set[int] = set()
        at = start
        while at in parents and at not in good:
            _require(at not in seen, "a child is above itself")
            seen.add(at)
            path.append(at)
            at = parents[at]
        good.update(path)
