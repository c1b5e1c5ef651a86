"""API: messages between scripts, timers, values that all scripts share."""

from __future__ import annotations

import math

from engine.ecs.layout import Counter, WorldSlot
from engine.scripting import global_values as shared
from engine.scripting import timers
from engine.scripting.arguments import (
    ask_for_room,
    check_writable,
    read_bool,
    read_index,
    read_number,
    read_string,
    world_string,
)
from engine.scripting.entity_api import keep_string
from engine.scripting.event_queue import EventWord, ScriptEvent, has_event_room, push_event
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.undo import note
from lang.heap.access import argument, field_c, put, put_bool, put_unit, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.vm.parcels import CANNOT_CROSS, NO_ROOM, pack, unpack

TOP, WANTED = 0, 1
MOST_SECONDS = 1e9


@kernel
def keep_value(m: I64, word: int, number: int, slot: int, top_at: int) -> tuple[int, int, int]:
    """Pack an argument into an array of parcels.

    Args:
        top_at: the word of the array that tells how far it is filled; the next asks for more room.
    Returns:
        (status, where the parcel lies, its words).
    """
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    out = words_in(words_in(m, M.WORLD), slot)
    first = out[top_at]
    words = pack(m, registers[at], registers[at + 1], out, first)
    if words == CANNOT_CROSS:
        return refuse(m, Refusal.CANNOT_CROSS, number, 0), 0, 0
    if words == NO_ROOM:
        out[top_at + 1] = 1
        return ask_for_room(m, 0), 0, 0
    note(m, slot, top_at, first)
    out[top_at] = first + words
    return Status.OK, first, words


@native
def send_message(machine: int, word: int) -> int:
    """send_message(e, name[, data]): `on_message(name, data, sender)` of its scripts, in stage events."""
    m = words_at(machine, MACHINE_WORDS)
    status, _ = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    if not has_event_room(m, 1):
        return ask_for_room(m, 0)
    status, name = keep_string(m, word, 1)
    if status != Status.OK:
        return status
    parcel, words = 0, 0
    if field_c(word) > 2:
        status, parcel, words = keep_value(m, word, 2, WorldSlot.MAIL, TOP)
        if status != Status.OK:
            return status
    entity = words_in(m, M.REGISTERS)[argument(word, m, 0) + 1]
    at = push_event(m, ScriptEvent.MESSAGE, entity, m[M.ENTITY], name, 0)
    events = words_in(words_in(m, M.WORLD), WorldSlot.EVENTS)
    events[at + EventWord.PARCEL] = parcel
    events[at + EventWord.PARCEL_WORDS] = words
    put_unit(m, register_a(m, word))
    return Status.OK


@kernel
def find_timer(m: I64, instance: int, name: int) -> int:
    """Return the first word of a timer's row, or -1."""
    rows = words_in(words_in(m, M.WORLD), WorldSlot.TIMERS)
    for i in range(rows[0]):
        at = timers.FIRST_TIMER + timers.TIMER_WORDS * i
        if rows[at + timers.INSTANCE] == instance and (
            instance == timers.FREE or rows[at + timers.NAME] == name
        ):
            return at
    return -1


@kernel
def write_timer(m: I64, at: int, values: tuple[int, int, int, int, int]) -> None:
    """Write a row, noting what it held."""
    rows = words_in(words_in(m, M.WORLD), WorldSlot.TIMERS)
    for i in range(timers.TIMER_WORDS):
        note(m, WorldSlot.TIMERS, at + i, rows[at + i])
        rows[at + i] = values[i]


@native
def start_timer(machine: int, word: int) -> int:
    """start_timer(name, seconds[, repeat]): `on_timer(name)` of this script; one of that name begins anew."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, seconds = read_number(m, word, 1)
    if status == Status.OK and (seconds < 0.0 or seconds > MOST_SECONDS):
        return refuse(m, Refusal.NOT_A_TIME, 1, 0)
    repeat = 0
    if status == Status.OK and field_c(word) > 2:
        status, repeat = read_bool(m, word, 2)
    if status != Status.OK:
        return status
    status, name = keep_string(m, word, 0)
    if status != Status.OK:
        return status
    at = find_timer(m, m[M.INSTANCE], name)
    if at < 0:
        at = find_timer(m, timers.FREE, 0)
    if at < 0:
        rows = words_in(words_in(m, M.WORLD), WorldSlot.TIMERS)
        at = timers.FIRST_TIMER + timers.TIMER_WORDS * rows[0]
        if at + timers.TIMER_WORDS > rows.size:
            return ask_for_room(m, 0)
        note(m, WorldSlot.TIMERS, 0, rows[0])
        rows[0] += 1
    ticks = max(math.floor(seconds * timers.TICKS_A_SECOND + 0.5), 1)
    now = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)[Counter.TICK]
    write_timer(m, at, (m[M.INSTANCE], m[M.ENTITY], name, now + ticks, ticks if repeat else 0))
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def stop_timer(machine: int, word: int) -> int:
    """stop_timer(name) → whether a timer of this script of that name was running."""
    m = words_at(machine, MACHINE_WORDS)
    status, reference = read_string(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    name = world_string(m, reference)
    at = find_timer(m, m[M.INSTANCE], name) if name >= 0 else -1
    if at >= 0:
        write_timer(m, at, (timers.FREE, 0, 0, 0, 0))
    put_bool(m, register_a(m, word), at >= 0)
    return Status.OK


@kernel
def find_global(m: I64, name: int) -> int:
    """Return the first word of the row of a name, or -1."""
    rows = words_in(words_in(m, M.WORLD), WorldSlot.GLOBALS)
    for i in range(rows[shared.COUNT]):
        at = shared.FIRST_GLOBAL + shared.GLOBAL_WORDS * i
        if rows[at] == name:
            return at
    return -1


@native
def get_global(machine: int, word: int) -> int:
    """get_global(name) → a copy of the value that all scripts share, () before it is set."""
    m = words_at(machine, MACHINE_WORDS)
    status, reference = read_string(m, word, 0)
    if status != Status.OK:
        return status
    name = world_string(m, reference)
    at = find_global(m, name) if name >= 0 else -1
    if at < 0:
        put_unit(m, register_a(m, word))
        return Status.OK
    table = words_in(m, M.WORLD)
    rows = words_in(table, WorldSlot.GLOBALS)
    words = rows[at + shared.PARCEL_WORDS]
    parcel = words_at(table[WorldSlot.GLOBAL_DATA] + 8 * rows[at + shared.PARCEL], words)
    status, tag, payload = unpack(m, parcel, words)
    if status == Status.OK:
        put(m, register_a(m, word), tag, payload)
    return status


@native
def set_global(machine: int, word: int) -> int:
    """set_global(name, value): a copy that all scripts can read, saved with the world."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, name = keep_string(m, word, 0)
    if status != Status.OK:
        return status
    rows = words_in(words_in(m, M.WORLD), WorldSlot.GLOBALS)
    at = find_global(m, name)
    is_new = at < 0
    if is_new:
        at = shared.FIRST_GLOBAL + shared.GLOBAL_WORDS * rows[shared.COUNT]
        if at + shared.GLOBAL_WORDS > rows.size:
            return ask_for_room(m, 0)
    status, parcel, words = keep_value(m, word, 1, WorldSlot.GLOBAL_DATA, shared.TOP)
    if status != Status.OK:
        return status
    if is_new:
        note(m, WorldSlot.GLOBALS, shared.COUNT, rows[shared.COUNT])
        rows[shared.COUNT] += 1
    note(m, WorldSlot.GLOBALS, at + shared.PARCEL, rows[at + shared.PARCEL])
    note(m, WorldSlot.GLOBALS, at + shared.PARCEL_WORDS, rows[at + shared.PARCEL_WORDS])
    rows[at + shared.NAME] = name
    rows[at + shared.PARCEL] = parcel
    rows[at + shared.PARCEL_WORDS] = words
    put_unit(m, register_a(m, word))
    return Status.OK


ENTRIES = (
    NativeEntry("send_message", send_message, (2, 3), api=True),
    NativeEntry("start_timer", start_timer, (2, 3), api=True),
    NativeEntry("stop_timer", stop_timer, (1, 1), api=True),
    NativeEntry("get_global", get_global, (1, 1), api=True),
    NativeEntry("set_global", set_global, (2, 2), api=True),
)
