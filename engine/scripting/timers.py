"""Timers of script instances: rows in one flat array, asked once a tick."""

from __future__ import annotations

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.membership import among
from engine.ecs.world import World
from engine.scripting.event_queue import SPARE_EVENTS, EventQueue, EventWord, ScriptEvent, larger, room_for
from lang.jit import I64

TIMER_WORDS = 5
INSTANCE, ENTITY, NAME, DUE, INTERVAL = range(TIMER_WORDS)
"""Instance (FREE: nobody's), entity, string id, tick at which it is due, ticks between two (0: once)."""
FREE = -1
FIRST_TIMER = 1
"""`WorldSlot.TIMERS` holds the rows ever used, then the rows."""
FIRST_TIMERS, MOST_TIMERS = 64, 1 << 17


class Timers:
    """All timers of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._array = np.zeros(FIRST_TIMER + TIMER_WORDS * FIRST_TIMERS, np.int64)
        self._world.publish(WorldSlot.TIMERS, self._array)

    @property
    def rows(self) -> I64:
        """The rows in use [n, TIMER_WORDS], those of nobody among them, as a view."""
        used = FIRST_TIMER + TIMER_WORDS * int(self._array[0])
        return self._array[FIRST_TIMER:used].reshape(-1, TIMER_WORDS)

    @property
    def state(self) -> I64:
        """The running timers as words, for the state hash."""
        rows = self.rows[self.rows[:, INSTANCE] != FREE]
        rows[:, NAME] = self._world.strings.hashes(rows[:, NAME])
        return np.ascontiguousarray(rows[:, ENTITY:]).ravel()

    @property
    def arrays(self) -> tuple[I64]:
        """The rows."""
        return (self._array,)

    def hold(self, rows: I64) -> None:
        """Work on this array from now on."""
        self._array = rows
        self._world.publish(WorldSlot.TIMERS, rows)

    @property
    def held_strings(self) -> I64:
        """Ids of the names of timers."""
        return self.rows[self.rows[:, INSTANCE] != FREE][:, NAME].copy()

    def put(self, rows: I64) -> None:
        """Hold these timers [n, TIMER_WORDS].

        Raises:
            TooMuchWaits: they are more than may be.
        """
        size, most = FIRST_TIMER + rows.size, FIRST_TIMER + TIMER_WORDS * MOST_TIMERS
        self._array = room_for(size, FIRST_TIMER + TIMER_WORDS * FIRST_TIMERS, most)
        self._array[0] = len(rows)
        self.rows[:] = rows
        self._world.publish(WorldSlot.TIMERS, self._array)

    def make_room(self) -> None:
        """Grow when another timer finds no row.

        Raises:
            TooMuchWaits: there are as many as may be.
        """
        if FIRST_TIMER + TIMER_WORDS * (int(self._array[0]) + 1) > self._array.size:
            self._array = larger(self._array, FIRST_TIMER + TIMER_WORDS * MOST_TIMERS)
            self._world.publish(WorldSlot.TIMERS, self._array)

    def drop(self, instances: I64) -> None:
        """Forget the timers of instances that are gone."""
        rows = self.rows
        rows[among(rows[:, INSTANCE], instances), INSTANCE] = FREE

    def fire(self, tick: int, queue: EventQueue) -> None:
        """Queue an event for each timer that is due, in the order of the rows; repeat or forget it."""
        rows = self.rows
        due = np.flatnonzero((rows[:, INSTANCE] != FREE) & (rows[:, DUE] <= tick))
        if not due.size:
            return
        queue.reserve(due.size + SPARE_EVENTS)  # whatever waits already: a storm must not stop the game
        events = queue.push_rows(ScriptEvent.TIMER, due.size)
        events[:, EventWord.ENTITY], events[:, EventWord.NAME] = rows[due, ENTITY], rows[due, NAME]
        events[:, EventWord.INSTANCE] = rows[due, INSTANCE]
        once = due[rows[due, INTERVAL] == 0]
        rows[due, DUE] += rows[due, INTERVAL]
        rows[once, INSTANCE] = FREE
