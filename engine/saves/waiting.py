"""What scripts left to come, as sections of a save and back: events with their mail, timers, shared values.

Rows name instances by their place among all instances of the save. Parcels are checked word by word before
any script unpacks one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import SaveError
from engine.saves.container import Array, Sections
from engine.scripting import global_values, sequences, timers
from engine.scripting.event_queue import (
    ANY_INSTANCE,
    EVENT_WORDS,
    FIRST_PARCEL,
    MOST_EVENTS,
    MOST_MAIL,
    PARCELS,
    SPARE_EVENTS,
    EventWord,
    ScriptEvent,
)
from engine.scripting.scripts import Scripts
from lang.errors import SnapshotError
from lang.jit import I64
from lang.layout import INSTANCE_WORDS, InstanceWord
from lang.snapshot import check_parcel
from lang.suspended import Suspended

NOBODY = -1
"""For the instance of an event: any one."""
GONE = -2


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits, read and checked; instances by their place among those of the save."""

    events: I64
    mail: I64
    timers: I64
    names: I64
    data: I64
    sequences: I64


def instances_of(scripts: Scripts) -> list[int]:
    """Return all instances, file by file, in the order in which a save holds them."""
    return [one for file in scripts.files.values() if file.program for one in file.instances().tolist()]


def waiting_sections(scripts: Scripts) -> dict[str, Array]:
    """Return what waits as sections of a save."""
    places = {instance: place for place, instance in enumerate(instances_of(scripts))}
    places |= {ANY_INSTANCE: NOBODY}
    events, rows = scripts.events.rows.copy(), scripts.timers.rows.copy()
    for table, column in ((events, EventWord.INSTANCE), (rows, timers.INSTANCE)):
        table[:, column] = [places.get(instance, GONE) for instance in table[:, column].tolist()]
    rows = rows[rows[:, timers.INSTANCE] != GONE, : timers.SAVED_WORDS]
    events = events[events[:, EventWord.INSTANCE] != GONE]
    shared = scripts.globals
    return {
        "events": events.ravel(),
        "mail": scripts.events.mail[: int(scripts.events.mail[0])].copy(),
        "timers": rows.ravel(),
        "names": shared.rows.ravel().copy(),
        "data": shared.data[: int(shared.data[global_values.TOP])].copy(),
        "sequences": _sequence_words(scripts, places),
    }


def _sequence_words(scripts: Scripts, places: dict[int, int]) -> I64:
    """Return the table of sequences, with instances by their place."""
    words = scripts.sequences.words
    rows = words[sequences.FIRST_ROW :].reshape(-1, sequences.SEQUENCE_WORDS)
    rows[:, sequences.INSTANCE] = [places.get(one, NOBODY) for one in rows[:, sequences.INSTANCE].tolist()]
    return words


def read_waiting(
    sections: Sections, strings: I64, held: Sequence[Sequence[Suspended]], handles: I64
) -> Waiting:
    """Return what waits in a save.

    Args:
        strings: the id that each string of the save has now, -1 for none.
        held: the functions that wait in the middle, of each instance in the order of the save.
        handles: how many handles of sequences each party has given out.
    Raises:
        SaveError: the sections do not fit together.
    """
    instances = len(held)
    events = _table(sections, "events", EVENT_WORDS)
    rows = _table(sections, "timers", timers.SAVED_WORDS)
    names = _table(sections, "names", global_values.GLOBAL_WORDS)
    fits = len(events) <= MOST_EVENTS - SPARE_EVENTS and len(rows) <= timers.MOST_TIMERS
    _require(fits and len(names) <= global_values.MOST_GLOBALS, "more waits than may wait")
    for table, column in (
        (events, EventWord.NAME),
        (rows, timers.NAME),
        (names, global_values.NAME),
    ):
        table[:, column] = _mapped(table[:, column], strings)
    for places, first in ((events[:, EventWord.INSTANCE], NOBODY), (rows[:, timers.INSTANCE], 0)):
        _require(bool(((places >= first) & (places < instances)).all()), "what waits is for no script")
    _require(bool(np.isin(events[:, EventWord.KIND], list(ScriptEvent)).all()), "an event is none")
    for word in (EventWord.EMITTED, EventWord.LATE):
        _require(bool(np.isin(events[:, word], (0, 1)).all()), "an event is none")
    _require(not (rows[:, timers.INTERVAL] < 0).any(), "a timer goes backwards")
    mail, data = _ints(sections, "mail").copy(), _ints(sections, "data").copy()
    fits = FIRST_PARCEL <= mail.size <= MOST_MAIL
    fits = fits and global_values.FIRST_GLOBAL <= data.size <= global_values.MOST_DATA
    _require(fits, "its mail is missing, or too large")
    mail[:FIRST_PARCEL] = mail.size, 0
    data[: global_values.FIRST_GLOBAL] = 0
    data[global_values.TOP] = data.size
    for parcel in PARCELS:
        _check_parcels(events[:, list(parcel)], mail, FIRST_PARCEL, optional=True)
    owners = names[:, global_values.PARTY]
    _require(bool(((owners >= 0) & (owners < len(handles))).all()), "a shared value belongs to nobody")
    places = names[:, [global_values.PARCEL, global_values.PARCEL_WORDS]]
    _check_parcels(places, data, global_values.FIRST_GLOBAL, optional=False)
    return Waiting(events, mail, rows, names, data, _read_sequences(sections, held, handles))


def _read_sequences(sections: Sections, held: Sequence[Sequence[Suspended]], given: I64) -> I64:
    """Return the table of sequences, which has a row for each function that waits, and no other."""
    words = _ints(sections, "sequences").copy()
    rows = words[sequences.FIRST_ROW :]
    fits = words.size >= sequences.FIRST_ROW and rows.size % sequences.SEQUENCE_WORDS == 0
    _require(fits and rows.size <= sequences.SEQUENCE_WORDS * sequences.MOST_ROWS, "its sequences do not fit")
    rows = rows.reshape(-1, sequences.SEQUENCE_WORDS)
    handles, due = rows[:, sequences.HANDLE], rows[:, sequences.DUE]
    found = {
        (row, place, handle)
        for row, (place, handle) in enumerate(rows[:, [sequences.INSTANCE, sequences.HANDLE]].tolist())
        if place != NOBODY
    }
    wanted = {(one.row, place, one.handle) for place, ones in enumerate(held) for one in ones}
    free = np.flatnonzero(rows[:, sequences.INSTANCE] == NOBODY)
    chain: list[int] = []
    following = int(words[sequences.FIRST_FREE])
    while following != sequences.NO_ROW and len(chain) < len(free) and 0 <= following < len(rows):
        chain.append(following)
        following = int(due[following])
    fits = int(words[sequences.USED]) == len(rows) and following == sequences.NO_ROW
    fits = fits and sorted(chain) == free.tolist() and found == wanted
    count, owner = np.divmod(handles[rows[:, sequences.INSTANCE] != NOBODY] - 1, len(given))
    fits = fits and bool((count < given[owner]).all() and (np.abs(due) < 2**62).all())
    _require(fits, "its sequences are not those that its scripts are in")
    return words


def put_waiting(scripts: Scripts, waiting: Waiting) -> None:
    """Let a game wait for what a save waits for; call it when its instances are there."""
    instances = np.array([*instances_of(scripts), ANY_INSTANCE], np.int64)  # the last for NOBODY
    events, rows = waiting.events.copy(), waiting.timers.copy()
    events[:, EventWord.INSTANCE] = instances[events[:, EventWord.INSTANCE]]
    rows[:, timers.INSTANCE] = instances[rows[:, timers.INSTANCE]]
    scripts.events.put(events, waiting.mail)
    scripts.timers.put(rows, scripts.parties_of(rows[:, timers.INSTANCE]))
    scripts.sequences.put(_with_entities(scripts, waiting.sequences, instances))
    scripts.globals.put(waiting.names, waiting.data)


def _with_entities(scripts: Scripts, words: I64, instances: I64) -> I64:
    """Return the table of sequences with the instances and entities of a game."""
    words = words.copy()
    rows = words[sequences.FIRST_ROW :].reshape(-1, sequences.SEQUENCE_WORDS)
    used = rows[:, sequences.INSTANCE] != NOBODY
    rows[used, sequences.INSTANCE] = instances[rows[used, sequences.INSTANCE]]
    at = INSTANCE_WORDS * rows[used, sequences.INSTANCE] + InstanceWord.ENTITY
    rows[used, sequences.ENTITY] = scripts.machine.instances[at]
    return words


def _ints(sections: Sections, name: str) -> I64:
    if name not in sections or sections[name].dtype != np.int64:
        raise SaveError(f"section {name} is missing")
    return sections[name]


def _table(sections: Sections, name: str, width: int) -> I64:
    words = _ints(sections, name)
    _require(words.size % width == 0, f"section {name} does not fit together")
    return words.reshape(-1, width).copy()


def _require(fits: bool | np.bool_, reason: str) -> None:
    if not fits:
        raise SaveError(reason)


def _mapped(ids: I64, strings: I64) -> I64:
    _require(bool(((ids >= 0) & (ids < strings.size)).all()), "what waits has a name that does not exist")
    _require(not (strings[ids] < 0).any(), "what waits has a name that does not exist")
    return strings[ids]


def _check_parcels(places: I64, words: I64, first: int, *, optional: bool) -> None:
    for at, count in places.tolist():
        if count == 0 and optional:
            continue
        _require(first <= at <= words.size and 2 <= count <= words.size - at, "a parcel lies nowhere")
        try:
            check_parcel(words[at : at + count])
        except SnapshotError as error:
            raise SaveError(f"a parcel is not sound: {error}") from None
