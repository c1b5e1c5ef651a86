"""API: messages between scripts, timers."""

from __future__ import annotations

import math

from engine.ecs.layout import Counter, WorldSlot
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
from engine.scripting.values_api import keep_value
from lang.heap.access import argument, field_c, put_bool, put_unit, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry

TOP = 0
MOST_SECONDS = 1e9


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


ENTRIES = (
    NativeEntry("send_message", send_message, (2, 3), api=True),
    NativeEntry("start_timer", start_timer, (2, 3), api=True),
    NativeEntry("stop_timer", stop_timer, (1, 1), api=True),
)
