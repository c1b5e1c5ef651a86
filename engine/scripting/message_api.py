"""API: messages between scripts, timers."""

from __future__ import annotations

from engine.ecs.layout import Counter, WorldSlot
from engine.scripting import timers
from engine.scripting.arguments import (
    ask_for_room,
    check_writable,
    done,
    entity_argument,
    read_bool,
    read_index_to_write,
    read_known,
    read_ticks,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.event_queue import EventWord, ScriptEvent, check_event_room, push_event
from engine.scripting.parcels import keep_value
from engine.scripting.texts import keep_string
from engine.scripting.undo import note
from lang.heap.access import field_c, put_bool, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status

TOP = 0


@native
def send_message(machine: int, word: int) -> int:
    """send_message(e, name[, data]): `on_message(name, data, sender)` of its scripts, in stage events."""
    m = words_at(machine, MACHINE_WORDS)
    status, _ = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    status = check_event_room(m, 1)
    if status != Status.OK:
        return status
    status, name = keep_string(m, word, 1)
    if status != Status.OK:
        return status
    parcel, words = 0, 0
    if field_c(word) > 2:
        status, parcel, words = keep_value(m, word, 2, WorldSlot.MAIL, TOP)
        if status != Status.OK:
            return status
    at = push_event(m, ScriptEvent.MESSAGE, entity_argument(m, word, 0), m[M.ENTITY], name, 0)
    events = words_in(words_in(m, M.WORLD), WorldSlot.EVENTS)
    events[at + EventWord.PARCEL] = parcel
    events[at + EventWord.PARCEL_WORDS] = words
    return done(m, word)


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
    status, ticks = read_ticks(m, word, 1)
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
    now = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)[Counter.TICK]
    write_timer(m, at, (m[M.INSTANCE], m[M.ENTITY], name, now + ticks, ticks if repeat else 0))
    return done(m, word)


@native
def stop_timer(machine: int, word: int) -> int:
    """stop_timer(name) → whether a timer of this script of that name was running."""
    m = words_at(machine, MACHINE_WORDS)
    status, name = read_known(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    at = find_timer(m, m[M.INSTANCE], name) if name >= 0 else -1
    if at >= 0:
        write_timer(m, at, (timers.FREE, 0, 0, 0, 0))
    put_bool(m, register_a(m, word), at >= 0)
    return Status.OK


FUNCTIONS = (
    ApiFunction(
        name="send_message",
        implementation=send_message,
        category=Category.MESSAGES,
        parameters=(
            Parameter("e", ArgumentType.ENTITY),
            Parameter("name", ArgumentType.TEXT),
            Parameter("data", ArgumentType.VALUE, default="`()`"),
        ),
        writes=True,
        brief=(
            "`on_message(name, data, sender)` of all its scripts, later in this tick; of a new one after "
            "birth"
        ),
        details=(
            "Events are told in the order damage, death, messages, timers; within one kind by script, "
            "entity, other. What a callback causes is told in the same tick, up to eight rounds; the rest"
            " waits for the next."
        ),
        pitfalls=("`data` is a copy: what the receiver changes in it, the sender does not see.",),
        example="""
fn on_click() {
    for door in find_entities_by_tag("Door") {
        send_message(door, "open", #{ by: entity_id });
    }
}

fn on_message(name, data, sender) {
    if name == "open" { print(`opened by ${data.by}`); }
}""",
    ),
    ApiFunction(
        name="start_timer",
        implementation=start_timer,
        category=Category.MESSAGES,
        parameters=(
            Parameter("name", ArgumentType.TEXT),
            Parameter("seconds", ArgumentType.SECONDS, "s"),
            Parameter("repeat", ArgumentType.BOOL, default="`false`"),
        ),
        writes=True,
        brief="`on_timer(name)` of this script; one of the same name begins anew",
        details="Times are rounded to ticks, one at least.",
        pitfalls=("Started in each `on_update` it begins anew each tick and is never due.",),
        example="""
fn on_spawn() { start_timer("blink", 0.5, true); }

fn on_timer(name) {
    set_component(entity_id, "sprite", #{ visible: tick / 30 % 2 == 0 });
}""",
    ),
    ApiFunction(
        name="stop_timer",
        implementation=stop_timer,
        category=Category.MESSAGES,
        parameters=(Parameter("name", ArgumentType.NAME),),
        writes=True,
        brief="ends a timer of this script",
        result="`bool`: whether one was running",
        pitfalls=("Timers of other scripts of the same entity go on: each script has its own.",),
        example="""
fn on_spawn() { start_timer("fuse", 3.0); }

fn on_damage(amount, source) {
    if stop_timer("fuse") { print("put out"); }
}""",
    ),
)
