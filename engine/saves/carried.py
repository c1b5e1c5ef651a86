"""What entities carry and which status effects work on them, as sections of a save and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.ecs.world import World
from engine.errors import SaveError
from engine.saves.container import Array, Sections
from engine.scripting.entity_lists import FIRST, KEY, LIST_WORDS, MOST_ROWS, OWNER, SECOND, THIRD
from engine.scripting.inventory_api import MOST_ITEMS
from engine.scripting.scripts import Scripts
from lang.jit import I64

ENTITY = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """Lists of entities, read and checked: see `EntityLists.entries`."""

    items: I64
    statuses: I64


def carried_sections(scripts: Scripts) -> dict[str, Array]:
    """Return the lists as sections of a save."""
    return {"items": scripts.items.entries().ravel(), "statuses": scripts.statuses.lists.entries().ravel()}


def read_carried(sections: Sections, strings: I64, world: World, effects: int) -> Carried:
    """Return the lists of a save.

    Args:
        strings: the id that each string of the save has now, -1 for none.  world: the one that was saved.
        effects: how many status effects the scene declares.
    Raises:
        SaveError: the sections do not fit together.
    """
    items, statuses = _table(sections, "items", world), _table(sections, "statuses", world)
    keys = items[:, KEY]
    _require(bool(((keys >= 0) & (keys < strings.size)).all()) and not (strings[keys] < 0).any(), "an item")
    items[:, KEY] = strings[keys]
    counts = items[:, FIRST]
    _require(bool(((counts > 0) & (counts <= MOST_ITEMS)).all()), "a number of items")
    _require(not items[:, SECOND:].any(), "an item")
    keys, magnitudes = statuses[:, KEY], statuses[:, SECOND].copy().view(np.float64)
    _require(bool(((keys >= 0) & (keys < effects)).all()), "a status effect")
    _require(bool((np.isfinite(magnitudes) & (magnitudes >= 0.0)).all()), "a magnitude")
    _require(bool((statuses[:, FIRST] > 0).all() and (statuses[:, THIRD] >= 0).all()), "a status effect")
    for table in (items, statuses):
        owners = table[:, OWNER]
        _require(bool(((owners >= 0) & (owners < len(world.storage.parties))).all()), "what is of nobody")
        pairs = table[:, [ENTITY, KEY]]
        _require(len(np.unique(pairs, axis=0)) == len(pairs), "an entry that is there twice")
    return Carried(items, statuses)


def put_carried(scripts: Scripts, carried: Carried) -> None:
    """Let the entities carry what they do in a save; call it when they are there."""
    scripts.items.fill(carried.items)
    scripts.statuses.lists.fill(carried.statuses)


def _table(sections: Sections, name: str, world: World) -> I64:
    words = sections.get(name)
    if words is None or words.dtype != np.int64 or words.size % LIST_WORDS:
        raise SaveError(f"section {name} is missing, or does not fit together")
    table = words.reshape(-1, LIST_WORDS).copy()
    _require(len(table) <= MOST_ROWS, f"{name}: more than there may be")
    _require(all(map(world.exists, table[:, ENTITY].tolist())), "an entity")
    return table


def _require(fits: bool | np.bool_, what: str) -> None:
    if not fits:
        raise SaveError(f"what entities carry holds {what} that cannot be")
