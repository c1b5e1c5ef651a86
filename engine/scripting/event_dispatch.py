"""Running scripts in a tick: `on_update`; then what happened, round by round, as calls of their callbacks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.ecs.world import World
from engine.scripting.event_queue import EventQueue, EventWord, ScriptEvent
from engine.scripting.event_rows import event_arguments, told_events
from engine.scripting.scripts import Scripts
from lang.jit import I64

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
        rows = told_events(world, queue)
        if not len(rows):
            break
        is_late = rows[:, EventWord.LATE] == 1
        for part in (rows[is_late], rows[~is_late]) if is_late.any() else (rows,):
            for kind, of_kind in _by_kind(part):
                late = _tell(world, scripts, queue, kind, of_kind)
                if len(late):
                    skipped.append(late)
    most = [party.waiting for party in scripts.budgets.parties]
    for rows in skipped:
        queue.put_back(rows, most)
    queue.compact()


def _by_kind(rows: I64) -> Iterator[tuple[ScriptEvent, I64]]:
    """Yield the events of each kind; they are sorted by it."""
    kinds = rows[:, EventWord.KIND]
    first = 0
    for end in [*(np.flatnonzero(kinds[1:] != kinds[:-1]) + 1).tolist(), len(rows)]:
        if first < end:
            yield ScriptEvent(int(kinds[first])), rows[first:end]
        first = end


def _tell(world: World, scripts: Scripts, queue: EventQueue, kind: ScriptEvent, rows: I64) -> I64:
    """Tell events of one kind; returns those that were not, each for one instance."""
    if not scripts.anyone_has(kind.callback):
        return rows[:0]
    words, kept = event_arguments(world, queue, rows)
    indices = (rows[:, EventWord.ENTITY] & 0xFFFFFFFF) - 1
    instances = np.ascontiguousarray(rows[:, EventWord.INSTANCE])
    skipped = scripts.dispatch(kind.callback, indices, words, instances=instances)
    del kept  # the arguments point into it
    late = rows[skipped[:, 0]]
    late[:, EventWord.INSTANCE] = skipped[:, 1]
    return late
