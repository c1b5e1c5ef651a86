"""Timers of script instances: rows in one flat array, asked once a tick.

The rows of an instance are found by a chain of all rows whose instances have the same remainder, so that
starting one costs the same however many others run. In one tick they are due in the order of their start,
whichever rows they lie in: these hang on what others do.
"""

from __future__ import annotations

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.membership import among
from engine.ecs.world import World
from engine.scripting.event_queue import SPARE_EVENTS, EventQueue, EventWord, ScriptEvent, larger, room_for
from lang.jit import I64, entry, kernel

TIMER_WORDS = 8
INSTANCE, ENTITY, NAME, DUE, INTERVAL, PARTY, SERIAL, NEXT = range(TIMER_WORDS)
"""Instance (FREE: nobody's), entity, string id (STOPPED: of none), tick at which it is due, ticks between
two (0: once), party, which start it was, number of the next row of the chain (NO_ROW: none)."""
SAVED_WORDS = INTERVAL + 1
"""The first of these are what a save holds."""
FREE = STOPPED = NO_ROW = -1
USED, FIRST_FREE, LAST_SERIAL, FIRST_HEAD = range(4)
"""Words of `WorldSlot.TIMERS`: rows ever used, first row of nobody, starts; heads of chains; then rows."""
HEADS = 4096
FIRST_TIMER = FIRST_HEAD + HEADS
FIRST_TIMERS, MOST_TIMERS = 64, 1 << 17
MOST_OF_INSTANCE = 64
"""Timers that an instance may have."""


@kernel
def timer_at(number: int) -> int:
    """Return the first word of a row."""
    return FIRST_TIMER + TIMER_WORDS * number


@entry("(int64[::1], int64[::1])")
def release(words: I64, numbers: I64) -> None:
    """Give rows back that are in use."""
    for number in numbers:
        at = timer_at(number)
        link = FIRST_HEAD + words[at + INSTANCE] % HEADS
        while words[link] != number:
            link = timer_at(words[link]) + NEXT
        words[link] = words[at + NEXT]
        words[at + INSTANCE] = FREE
        words[at + NEXT] = words[FIRST_FREE]
        words[FIRST_FREE] = number


class Timers:
    """All timers of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._array = _without_rows(np.zeros(FIRST_TIMER + TIMER_WORDS * FIRST_TIMERS, np.int64))
        self._world.publish(WorldSlot.TIMERS, self._array)

    @property
    def _rows(self) -> I64:
        """The rows ever used [n, TIMER_WORDS], as a view."""
        used = FIRST_TIMER + TIMER_WORDS * int(self._array[USED])
        return self._array[FIRST_TIMER:used].reshape(-1, TIMER_WORDS)

    @property
    def rows(self) -> I64:
        """The timers that run [n, TIMER_WORDS], in the order of their start."""
        rows = self._rows
        rows = rows[(rows[:, INSTANCE] != FREE) & (rows[:, NAME] != STOPPED)]
        return rows[np.argsort(rows[:, SERIAL])]

    @property
    def state(self) -> I64:
        """The timers that run as words, for the state hash."""
        rows = self.rows
        rows[:, NAME] = self._world.strings.hashes(rows[:, NAME])
        return rows[:, ENTITY : INTERVAL + 1].ravel()

    @property
    def arrays(self) -> tuple[I64]:
        """The whole table."""
        return (self._array,)

    def hold(self, words: I64) -> None:
        """Work on this array from now on."""
        self._array = words
        self._world.publish(WorldSlot.TIMERS, words)

    @property
    def held_strings(self) -> I64:
        """Ids of the names of timers."""
        rows = self._rows
        names = rows[rows[:, INSTANCE] != FREE, NAME]
        return names[names != STOPPED]

    def held(self, parties: int) -> I64:
        """Return how many rows each party has."""
        rows = self._rows
        return np.bincount(rows[rows[:, INSTANCE] != FREE, PARTY], minlength=parties)

    def put(self, rows: I64, parties: I64) -> None:
        """Hold these timers [n, SAVED_WORDS], in the order of their start, of these parties [n].

        Raises:
            TooMuchWaits: they are more than may be.
        """
        size, most = FIRST_TIMER + TIMER_WORDS * len(rows), FIRST_TIMER + TIMER_WORDS * MOST_TIMERS
        array = _without_rows(room_for(size, FIRST_TIMER + TIMER_WORDS * FIRST_TIMERS, most))
        array[USED] = array[LAST_SERIAL] = len(rows)
        self.hold(array)
        table = self._rows
        table[:, :SAVED_WORDS], table[:, PARTY], table[:, SERIAL] = rows, parties, np.arange(len(rows))
        for number, instance in enumerate(rows[:, INSTANCE].tolist()):
            head = FIRST_HEAD + instance % HEADS
            table[number, NEXT], array[head] = array[head], number

    def make_room(self) -> None:
        """Grow when another timer finds no row.

        Raises:
            TooMuchWaits: there are as many as may be.
        """
        is_full = FIRST_TIMER + TIMER_WORDS * (int(self._array[USED]) + 1) > self._array.size
        if is_full and self._array[FIRST_FREE] == NO_ROW:
            self.hold(larger(self._array, FIRST_TIMER + TIMER_WORDS * MOST_TIMERS))

    def drop(self, instances: I64) -> None:
        """Forget the timers of instances that are gone."""
        release(self._array, np.flatnonzero(among(self._rows[:, INSTANCE], instances)))

    def fire(self, tick: int, queue: EventQueue) -> None:
        """Queue an event for each timer that is due, in the order of their start; repeat or forget it."""
        rows = self._rows
        due = np.flatnonzero((rows[:, INSTANCE] != FREE) & (rows[:, DUE] <= tick))
        if not due.size:
            return
        is_stopped = rows[due, NAME] == STOPPED
        told = due[~is_stopped]
        told = told[np.argsort(rows[told, SERIAL])]
        queue.reserve(told.size + SPARE_EVENTS)  # whatever waits already: a storm must not stop the game
        events = queue.push_rows(ScriptEvent.TIMER, told.size)
        events[:, EventWord.ENTITY], events[:, EventWord.NAME] = rows[told, ENTITY], rows[told, NAME]
        events[:, EventWord.INSTANCE] = rows[told, INSTANCE]
        rows[told, DUE] += rows[told, INTERVAL]
        release(self._array, due[is_stopped | (rows[due, INTERVAL] == 0)])


def _without_rows(words: I64) -> I64:
    """Make an empty table of zeros."""
    words[FIRST_FREE] = NO_ROW
    words[FIRST_HEAD:FIRST_TIMER] = NO_ROW
    return words
