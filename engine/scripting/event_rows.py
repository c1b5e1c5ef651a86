"""From waiting events to the calls that tell of them: which can be told, in which order, with what."""

from __future__ import annotations

import numpy as np

from engine.ecs.access import entity_index, is_in_queries
from engine.ecs.entity import INDEX_BITS, INDEX_MASK
from engine.ecs.layout import StringSlot, WorldSlot
from engine.ecs.world import World
from engine.scripting.event_queue import EVENT_WORDS, FIRST_EVENT, PARCELS, EventQueue, EventWord, ScriptEvent
from lang.jit import I64, U8, bytes_at, entry, kernel, words_in
from lang.layout import BATCH_ARGUMENTS
from lang.values import Tag

ARGUMENT_WORDS = 3
"""Of an argument: tag, payload, and how long what it points to is."""
FIRST, SECOND, THIRD = range(0, BATCH_ARGUMENTS * ARGUMENT_WORDS, ARGUMENT_WORDS)
CONTINUES, CONTINUATION = 0xC0, 0x80
"""Of UTF-8: these bits of a byte are those if it is not the first of a character."""


@entry("int64(int64[::1], int64[:,::1], int64[:,::1])")
def take_told(table: I64, told: I64, keys: I64) -> int:
    """Take the events out of the queue that can be told; returns how many.

    Those of the unborn stay, those of the gone go. Args: told: [n, EVENT_WORDS]. keys: [2, n], by which the
    told ones are to be sorted, the second first: kind and entity, and the other one.
    """
    events = words_in(table, WorldSlot.EVENTS)
    count, kept = 0, FIRST_EVENT
    for at in range(FIRST_EVENT, FIRST_EVENT + EVENT_WORDS * events[0], EVENT_WORDS):
        index = entity_index(table, events[at + EventWord.ENTITY])
        if index < 0:
            continue
        if not is_in_queries(table, index):
            for word in range(EVENT_WORDS):
                events[kept + word] = events[at + word]
            kept += EVENT_WORDS
            continue
        for word in range(EVENT_WORDS):
            told[count, word] = events[at + word]
        keys[0, count] = events[at + EventWord.OTHER] & INDEX_MASK
        keys[1, count] = (events[at + EventWord.KIND] << INDEX_BITS) + index
        count += 1
    events[0] = (kept - FIRST_EVENT) // EVENT_WORDS
    return count


@kernel
def _put_name(table: I64, string: int, words: I64, row: int) -> None:
    """Write a string of the world as the first argument of a row; it points to the world's own bytes."""
    strings = words_in(table, WorldSlot.STRINGS)
    length = words_in(strings, StringSlot.LENGTH)[string]
    address = strings[StringSlot.BYTES] + words_in(strings, StringSlot.START)[string]
    text = bytes_at(address, length)
    characters = 0
    for i in range(length):
        characters += 1 if text[i] & CONTINUES != CONTINUATION else 0
    words[row, FIRST], words[row, FIRST + 1] = Tag.STRING, address
    words[row, FIRST + 2] = length + (characters << 32)


@kernel
def _put_entity(words: I64, row: int, at: int, entity: int) -> None:
    words[row, at] = Tag.UNIT if entity == 0 else Tag.INT
    words[row, at + 1] = entity


@kernel
def _put_parcel(words: I64, row: int, at: int, mail: int, first: int, count: int) -> None:
    words[row, at] = Tag.PARCEL if count > 0 else Tag.UNIT
    words[row, at + 1], words[row, at + 2] = mail + 8 * first, count


@entry("void(int64[::1], int64[:,::1], int64[:,::1])")
def put_arguments(table: I64, rows: I64, words: I64) -> None:
    """Write the arguments of the callbacks of events [n, EVENT_WORDS] to words [n, 3 * BATCH_ARGUMENTS] of 0.

    They point into the mail and the bytes of the world's strings.
    """
    mail = table[WorldSlot.MAIL]
    for row in range(rows.shape[0]):
        kind, other = rows[row, EventWord.KIND], rows[row, EventWord.OTHER]
        if rows[row, EventWord.EMITTED] != 0:
            for number in range(BATCH_ARGUMENTS):
                first = rows[row, PARCELS[number][0]]
                count = rows[row, PARCELS[number][1]]
                _put_parcel(words, row, ARGUMENT_WORDS * number, mail, first, count)
        elif kind == ScriptEvent.DAMAGE:
            words[row, FIRST], words[row, FIRST + 1] = Tag.FLOAT, rows[row, EventWord.AMOUNT]
            _put_entity(words, row, SECOND, other)
        elif kind == ScriptEvent.DEATH:
            _put_entity(words, row, FIRST, other)
        elif kind == ScriptEvent.MESSAGE:
            first, count = rows[row, EventWord.PARCEL], rows[row, EventWord.PARCEL_WORDS]
            _put_name(table, rows[row, EventWord.NAME], words, row)
            _put_parcel(words, row, SECOND, mail, first, count)
            _put_entity(words, row, THIRD, other)
        elif kind == ScriptEvent.TIMER:
            _put_name(table, rows[row, EventWord.NAME], words, row)


def told_events(world: World, queue: EventQueue) -> I64:
    """Take the events out of a queue that can be told; returns them, sorted by kind, entity and other."""
    waiting = len(queue)
    told, keys = np.empty((waiting, EVENT_WORDS), np.int64), np.empty((2, waiting), np.int64)
    count = int(take_told(world.table, told, keys))
    return told[np.lexsort(keys[:, :count])]


def event_arguments(world: World, queue: EventQueue, rows: I64) -> tuple[I64, tuple[I64, U8]]:
    """Return the arguments of the callbacks of events [n, 3 * BATCH_ARGUMENTS], and what they point into.

    That must live as long.
    """
    words = np.zeros((len(rows), ARGUMENT_WORDS * BATCH_ARGUMENTS), np.int64)
    put_arguments(world.table, rows, words)
    return words, (queue.mail, world.strings.bytes)
