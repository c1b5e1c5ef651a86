"""Events that scripts and rules cause: damage, death, messages, timers, and whatever Python emits.

Natives append rows to the queue; nothing is called while a callback runs. In stage `events` the rows are
taken, sorted by (kind, entity, other) and dispatched script by script; what these callbacks cause is
the next round. After `MOST_ROUNDS` rounds the rest waits for the next tick: two scripts that answer each
other for ever cost a bounded time a tick, and no event is lost.

What a message carries lies as a parcel (`lang.vm.parcels`) in the mail, beside the queue; so does each
argument of an event that Python emits.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, unique

import numpy as np

from engine.ecs.layout import BLOCK, PartyWord, WorldSlot
from engine.ecs.membership import among
from engine.ecs.world import World
from engine.errors import TooMuchWaits
from engine.scripting.arguments import ask_for_room
from engine.scripting.quotas import left_of, spend
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.undo import note
from lang.jit import I64, kernel, words_in
from lang.layout import M, Status

MOST_EVENTS = 1 << 17
"""Events that may wait at once."""
MOST_LATE = MOST_EVENTS // 2
"""Those among them that found no operations in an earlier tick."""
MOST_MAIL = 1 << 20
"""Words that waiting messages may carry."""
FIRST_EVENTS, FIRST_MAIL = 256, 1 << 12
ANY_INSTANCE = -1
SPARE_EVENTS = 4
"""More than any API function queues at once."""


@unique
class ScriptEvent(IntEnum):
    """Kinds of events, in the order of their dispatch; the callback of each is `on_` and its label.

    Damage, death, messages and timers come by this queue. All others the engine tells by itself, at their
    place in the tick; here they wait when Python emits them.
    """

    COLLISION = 0
    COLLISION_END = 1
    TRIGGER = 2
    TRIGGER_EXIT = 3
    INPUT = 4
    CLICK = 5
    DAMAGE = 6  # amount, source
    DEATH = 7  # source
    MESSAGE = 8  # name, data, sender
    TIMER = 9  # name
    SPAWN = 10
    DESTROY = 11
    ANIMATION_EVENT = 12
    ANIMATION_END = 13
    BUTTON = 14
    UPDATE = 15
    RELOAD = 16

    @property
    def callback(self) -> str:
        """The callback that is told of it."""
        return f"on_{self.name.lower()}"


OTHER_OF = {
    ScriptEvent.COLLISION: 0,
    ScriptEvent.COLLISION_END: 0,
    ScriptEvent.TRIGGER: 1,
    ScriptEvent.TRIGGER_EXIT: 1,
    ScriptEvent.DAMAGE: 1,
    ScriptEvent.DEATH: 0,
    ScriptEvent.MESSAGE: 2,
}
"""Which argument is the other entity, by which equal events are ordered."""


@unique
class EventWord(IntEnum):
    """Words of a row of the queue."""

    KIND = 0
    ENTITY = 1  # whom it concerns
    OTHER = 2  # source or sender, 0: none
    NAME = 3  # string id
    AMOUNT = 4  # bits of a float
    PARCEL = 5  # where in the mail
    PARCEL_WORDS = 6  # 0: no data
    INSTANCE = 7  # the only script that is told, or ANY_INSTANCE
    EMITTED = 8  # 1: Python did, and parcels are all its arguments
    SECOND = 9  # the parcel of the second argument, likewise
    SECOND_WORDS = 10
    THIRD = 11
    THIRD_WORDS = 12
    LATE = 13  # 1: it found no operations in an earlier tick


EVENT_WORDS = len(EventWord)
PARCELS = (
    (EventWord.PARCEL, EventWord.PARCEL_WORDS),
    (EventWord.SECOND, EventWord.SECOND_WORDS),
    (EventWord.THIRD, EventWord.THIRD_WORDS),
)
"""Where each argument's parcel lies, and how many words it has."""
FIRST_EVENT = 1
"""`WorldSlot.EVENTS` holds the number of rows, then the rows."""
FIRST_PARCEL = 2
"""`WorldSlot.MAIL` holds how far it is filled, whether a parcel found no room, then parcels."""


@kernel
def has_event_room(m: I64, count: int) -> bool:
    """Return whether `count` more events find room; if not, an API function asks for it."""
    events = words_in(words_in(m, M.WORLD), WorldSlot.EVENTS)
    return FIRST_EVENT + EVENT_WORDS * (events[0] + count) <= events.size


@kernel
def check_event_room(m: I64, count: int) -> int:
    """Return OK if `count` more events may be queued, else the request for room, or a refusal."""
    if left_of(m, PartyWord.EVENTS) < count:
        return refuse(m, Refusal.USED_UP, NO_ARGUMENT, 0)
    return Status.OK if has_event_room(m, count) else ask_for_room(m, 0)


@kernel
def push_event(m: I64, kind: int, entity: int, other: int, name: int, amount: int) -> int:
    """Queue an event (there is room); returns the first word of its row."""
    events = words_in(words_in(m, M.WORLD), WorldSlot.EVENTS)
    note(m, WorldSlot.EVENTS, 0, events[0])
    spend(m, PartyWord.EVENTS, 1)
    return append_event(words_in(m, M.WORLD), kind, entity, other, name, amount)


@kernel
def append_event(table: I64, kind: int, entity: int, other: int, name: int, amount: int) -> int:
    """Append a row (there is room), without a note of it: for rules, which cannot fail."""
    events = words_in(table, WorldSlot.EVENTS)
    at = FIRST_EVENT + EVENT_WORDS * events[0]
    events[0] += 1
    events[at + EventWord.KIND] = kind
    events[at + EventWord.ENTITY] = entity
    events[at + EventWord.OTHER] = other
    events[at + EventWord.NAME] = name
    events[at + EventWord.AMOUNT] = amount
    for word in range(EventWord.PARCEL, EVENT_WORDS):
        events[at + word] = 0
    events[at + EventWord.INSTANCE] = ANY_INSTANCE
    return at


class EventQueue:
    """The events of a world that wait for their dispatch, and the mail they carry."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.events = np.zeros(FIRST_EVENT + EVENT_WORDS * FIRST_EVENTS, np.int64)
        self.mail = np.zeros(FIRST_MAIL, np.int64)
        self.mail[0] = FIRST_PARCEL
        self._publish()

    def _publish(self) -> None:
        self._world.publish(WorldSlot.EVENTS, self.events)
        self._world.publish(WorldSlot.MAIL, self.mail)

    def __len__(self) -> int:
        return int(self.events[0])

    @property
    def rows(self) -> I64:
        """The waiting events [n, EVENT_WORDS], as a view."""
        return self.events[FIRST_EVENT : FIRST_EVENT + EVENT_WORDS * len(self)].reshape(-1, EVENT_WORDS)

    @property
    def state(self) -> I64:
        """The waiting events and their mail as words, for the state hash."""
        rows = self.rows.copy()
        rows[:, EventWord.NAME] = self._world.strings.hashes(rows[:, EventWord.NAME])
        return np.concatenate([rows.ravel(), self.mail[FIRST_PARCEL : int(self.mail[0])]])

    @property
    def arrays(self) -> tuple[I64, I64]:
        """The queue and the mail."""
        return (self.events, self.mail)

    def hold(self, events: I64, mail: I64) -> None:
        """Work on these arrays from now on."""
        self.events, self.mail = events, mail
        self._publish()

    @property
    def held_strings(self) -> I64:
        """Ids of the strings that waiting events name."""
        return self.rows[:, EventWord.NAME].copy()

    def put(self, rows: I64, mail: I64) -> None:
        """Hold these waiting events [n, EVENT_WORDS], and mail that begins as `self.mail` does.

        Raises:
            TooMuchWaits: they are more than may be.
        """
        size = FIRST_EVENT + EVENT_WORDS * (len(rows) + SPARE_EVENTS)
        self.events = room_for(size, FIRST_EVENT + EVENT_WORDS * FIRST_EVENTS, MOST_EVENTS * EVENT_WORDS)
        self.mail = room_for(mail.size, FIRST_MAIL, MOST_MAIL)
        self.events[0] = len(rows)
        self.rows[:] = rows
        self.mail[: mail.size] = mail
        self._publish()

    def make_room(self) -> None:
        """Grow what a native found full.

        Raises:
            TooMuchWaits: it has its largest size already.
        """
        if FIRST_EVENT + EVENT_WORDS * (len(self) + SPARE_EVENTS) > self.events.size:
            self.events = larger(self.events, FIRST_EVENT + EVENT_WORDS * MOST_EVENTS)
        if self.mail[1]:
            self.mail[1] = 0
            self.mail = larger(self.mail, MOST_MAIL)
        self._publish()

    def has_room(self, count: int) -> bool:
        """Return whether `count` more events find room."""
        return FIRST_EVENT + EVENT_WORDS * (len(self) + count) <= self.events.size

    def reserve(self, count: int) -> None:
        """Make room for `count` more events, whatever the limit is."""
        needed = FIRST_EVENT + EVENT_WORDS * (len(self) + count)
        while needed > self.events.size:
            self.events = larger(self.events, max(FIRST_EVENT + EVENT_WORDS * MOST_EVENTS, needed))
            self._publish()

    def push(
        self, kind: ScriptEvent, entity: int, other: int = 0, name: str = "", amount: float = 0.0
    ) -> None:
        """Queue an event, from Python."""
        self.push_row(kind, entity, self._world.strings.intern(name))
        self.rows[-1, EventWord.OTHER] = other
        self.rows[-1, EventWord.AMOUNT] = np.float64(amount).view(np.int64)

    def push_row(self, kind: ScriptEvent, entity: int, name: int) -> None:
        """Queue an event about a string id."""
        [row] = self.push_rows(kind, 1)
        row[[EventWord.ENTITY, EventWord.NAME]] = entity, name

    def push_rows(self, kind: ScriptEvent, count: int) -> I64:
        """Queue events of a kind, for all instances; returns their rows to be filled.

        Raises:
            TooMuchWaits: there is no room for them; nothing was queued.
        """
        while FIRST_EVENT + EVENT_WORDS * (len(self) + count + SPARE_EVENTS) > self.events.size:
            self.events = larger(self.events, FIRST_EVENT + EVENT_WORDS * MOST_EVENTS)
            self._publish()
        self.events[0] += count
        rows = self.rows[len(self) - count :]
        rows[:] = 0
        rows[:, EventWord.KIND], rows[:, EventWord.INSTANCE] = int(kind), ANY_INSTANCE
        return rows

    def emit(self, kind: ScriptEvent, entity: int, arguments: Sequence[I64], other: int = 0) -> None:
        """Queue an event with arguments as parcels, from Python.

        Raises:
            TooMuchWaits: there is no room for it; nothing was queued.
        """
        size = int(self.mail[0]) + sum(map(len, arguments))
        while size > self.mail.size:
            self.mail = larger(self.mail, MOST_MAIL)
            self._publish()
        self.push_row(kind, entity, 0)
        row = self.rows[-1]
        row[[EventWord.OTHER, EventWord.EMITTED]] = other, 1
        for (place, words), parcel in zip(PARCELS, arguments, strict=False):
            first = int(self.mail[0])
            row[place], row[words] = first, parcel.size
            self.mail[first : first + parcel.size] = parcel
            self.mail[0] = first + parcel.size

    def put_back(self, rows: I64, most: Sequence[int]) -> None:
        """Let events that were taken wait for the next tick, before `compact`; what is too many goes.

        Args:
            most: how many may wait of the entities of each party.
        """
        late = self.rows[self.rows[:, EventWord.LATE] == 1]
        waiting = parties_of_entities(late[:, EventWord.ENTITY], len(most))
        parties = parties_of_entities(rows[:, EventWord.ENTITY], len(most))
        kept = np.ones(len(rows), np.bool_)
        for party, limit in enumerate(most):
            left = max(limit - int((waiting == party).sum()), 0)
            kept[np.flatnonzero(parties == party)[left:]] = False
        rows = rows[kept]
        count = len(self)
        self.reserve(len(rows))
        self.events[0] = count + len(rows)
        self.rows[count:] = rows
        self.rows[count:, EventWord.LATE] = 1

    def mail_of(self, parties: int) -> I64:
        """Return how many words of mail wait for the entities of each party."""
        rows = self.rows
        words = rows[:, [words for _, words in PARCELS]].sum(axis=1)
        found = np.zeros(parties, np.int64)
        np.add.at(found, parties_of_entities(rows[:, EventWord.ENTITY], parties), words)
        return found

    def forget(self, instances: I64) -> None:
        """Drop what waits for one of these instances alone, which are gone."""
        of_one = self.rows[:, EventWord.INSTANCE]
        if (of_one != ANY_INSTANCE).any():
            kept = self.rows[~among(of_one, instances)]
            self.events[0] = len(kept)
            self.rows[:] = kept

    def compact(self) -> None:
        """Drop the mail of events that were told; between ticks only."""
        if int(self.mail[0]) == FIRST_PARCEL:
            return
        if not len(self):
            self.mail[0], self.mail[1] = FIRST_PARCEL, 0
            return
        rows = self.rows
        first, count = rows[:, [p for p, _ in PARCELS]].ravel(), rows[:, [w for _, w in PARCELS]].ravel()
        after = FIRST_PARCEL + np.cumsum(count)
        rows[:, [p for p, _ in PARCELS]] = np.where(count > 0, after - count, 0).reshape(-1, len(PARCELS))
        moved = np.repeat(first - after + count, count) + np.arange(FIRST_PARCEL, FIRST_PARCEL + count.sum())
        self.mail[FIRST_PARCEL : FIRST_PARCEL + moved.size] = self.mail[moved]
        self.mail[0] = FIRST_PARCEL + moved.size
        self.mail[1] = 0


def parties_of_entities(entities: I64, parties: int) -> I64:
    """Return whose indices some entities have."""
    return np.asarray(((entities & 0xFFFFFFFF) - 1) // BLOCK % parties)


def room_for(size: int, least: int, most: int) -> I64:
    """Return zeros: `least` words, or a multiple by a power of two that has `size` of them.

    Raises:
        TooMuchWaits: these would be more than `most`.
    """
    if size > most:
        raise TooMuchWaits
    while least < size:
        least *= 2
    return np.zeros(min(least, max(most, size)), np.int64)


def larger(array: I64, most: int) -> I64:
    """Return a copy of twice the size, but of `most` words at most.

    Raises:
        TooMuchWaits: it has as many already.
    """
    if array.size >= most:
        raise TooMuchWaits
    grown = np.zeros(min(2 * array.size, most), np.int64)
    grown[: array.size] = array
    return grown
