"""Running scripts in a tick: `on_update`; then what happened, round by round, as calls of their callbacks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.ecs.world import World
from engine.scripting.call_arguments import names_as_words
from engine.scripting.event_queue import PARCELS, EventQueue, EventWord, ScriptEvent
from engine.scripting.scripts import Scripts
from lang.jit import I64
from lang.layout import BATCH_ARGUMENTS
from lang.values import Tag

MOST_ROUNDS = 8
"""Rounds of events in one tick: damage → death → message → … so many steps deep."""


def script_execution_system(scripts: Scripts) -> None:
    """Run `on_update` of every script, script by script in entity order."""
    scripts.dispatch_all("on_update")


def dispatch_script_events(world: World, scripts: Scripts, queue: EventQueue) -> None:
    """Tell scripts what happened, round by round; what finds no operations is the first in the next tick."""
    skipped: list[I64] = []
    for _ in range(MOST_ROUNDS):
        if not len(queue):
            break
        rows = queue.take()
        if not len(rows):
            break
        is_late = rows[:, EventWord.LATE] == 1
        for part in (rows[is_late], rows[~is_late]) if is_late.any() else (rows,):
            kinds = part[:, EventWord.KIND]  # they are sorted by it
            for of_kind in np.split(part, np.flatnonzero(kinds[1:] != kinds[:-1]) + 1):
                if len(of_kind):
                    kind = ScriptEvent(int(of_kind[0, EventWord.KIND]))
                    skipped.append(_tell(world, scripts, queue, kind, of_kind))
    for rows in skipped:
        queue.put_back(rows)
    queue.compact()


def _tell(world: World, scripts: Scripts, queue: EventQueue, kind: ScriptEvent, rows: I64) -> I64:
    """Tell events of one kind; returns those that were not, each for one instance."""
    if not scripts.anyone_has(kind.callback):
        return rows[:0]
    mail = queue.mail
    words, texts = _arguments(world, queue, kind, rows)
    indices = (rows[:, EventWord.ENTITY] & 0xFFFFFFFF) - 1
    skipped = scripts.dispatch(kind.callback, indices, words, instances=rows[:, EventWord.INSTANCE])
    del texts, mail  # kept alive until here: the arguments point into them
    late = rows[skipped[:, 0]]
    late[:, EventWord.INSTANCE] = skipped[:, 1]
    return late


def _arguments(
    world: World, queue: EventQueue, kind: ScriptEvent, rows: I64
) -> tuple[I64, npt.NDArray[np.uint8]]:
    words = np.zeros((len(rows), 3 * BATCH_ARGUMENTS), np.int64)
    texts = np.zeros(1, np.uint8)
    first, second, third = words[:, 0:3], words[:, 3:6], words[:, 6:9]
    if kind in {ScriptEvent.MESSAGE, ScriptEvent.TIMER}:
        first[:], texts = names_as_words(world, rows[:, EventWord.NAME])
    if kind == ScriptEvent.DAMAGE:
        first[:, 0], first[:, 1] = int(Tag.FLOAT), rows[:, EventWord.AMOUNT]
        _entities(second, rows[:, EventWord.OTHER])
    elif kind == ScriptEvent.DEATH:
        _entities(first, rows[:, EventWord.OTHER])
    elif kind == ScriptEvent.MESSAGE:
        has_data = rows[:, EventWord.PARCEL_WORDS] > 0
        second[:, 0] = np.where(has_data, int(Tag.PARCEL), int(Tag.UNIT))
        second[:, 1] = queue.mail.ctypes.data + 8 * rows[:, EventWord.PARCEL]
        second[:, 2] = rows[:, EventWord.PARCEL_WORDS]
        _entities(third, rows[:, EventWord.OTHER])
    is_emitted = rows[:, EventWord.EMITTED] != 0
    if is_emitted.any():
        words[is_emitted] = _emitted(queue, rows[is_emitted])
    return words, texts


def _emitted(queue: EventQueue, rows: I64) -> I64:
    """Return the arguments of events that Python emitted; those that it did not give are ()."""
    words = np.zeros((len(rows), 3 * BATCH_ARGUMENTS), np.int64)
    for number, (place, count) in enumerate(PARCELS):
        is_given = rows[:, count] > 0
        words[:, 3 * number] = np.where(is_given, int(Tag.PARCEL), int(Tag.UNIT))
        words[:, 3 * number + 1] = queue.mail.ctypes.data + 8 * rows[:, place]
        words[:, 3 * number + 2] = rows[:, count]
    return words


def _entities(words: I64, entities: I64) -> None:
    words[:, 0] = np.where(entities == 0, int(Tag.UNIT), int(Tag.INT))
    words[:, 1] = entities
