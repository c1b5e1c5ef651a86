"""API: messages between scripts, timers."""

from __future__ import annotations

from engine.ecs.layout import PartyWord, WorldSlot
from engine.scripting import timers
from engine.scripting.arguments import (
    ask_for_room,
    check_writable,
    done,
    entity_argument,
    now,
    read_bool,
    read_index_to_write,
    read_known,
    read_ticks,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.event_queue import EventWord, ScriptEvent, check_event_room, push_event
from engine.scripting.parcels import keep_value
from engine.scripting.quotas import running_party, spend
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.texts import keep_string
from engine.scripting.undo import write_noted
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
def find_timer(m: I64, name: int) -> tuple[int, int, int]:
    """Return of the running instance (row of this name, row of a stopped timer, how many timers run).

    Rows are numbers, NO_ROW where there is none.
    """
    table = words_in(words_in(m, M.WORLD), WorldSlot.TIMERS)
    found, stopped, count = timers.NO_ROW, timers.NO_ROW, 0
    number = table[timers.FIRST_HEAD + m[M.INSTANCE] % timers.HEADS]
    while number != timers.NO_ROW:
        at = timers.timer_at(number)
        if table[at + timers.INSTANCE] == m[M.INSTANCE]:
            if table[at + timers.NAME] == timers.STOPPED:
                stopped = number
            else:
                count += 1
                if table[at + timers.NAME] == name:
                    found = number
        number = table[at + timers.NEXT]
    return found, stopped, count


@kernel
def take_timer(m: I64) -> tuple[int, int]:
    """Give the running instance a row of nobody; returns (status, its number)."""
    table = words_in(words_in(m, M.WORLD), WorldSlot.TIMERS)
    number = table[timers.FIRST_FREE]
    is_new = number == timers.NO_ROW
    if is_new:
        number = table[timers.USED]
        if timers.timer_at(number + 1) > table.size:
            return ask_for_room(m, 0), 0
    if not spend(m, PartyWord.TIMERS, 1):
        return refuse(m, Refusal.HOLDS_MOST, NO_ARGUMENT, 0), 0
    at, head = timers.timer_at(number), timers.FIRST_HEAD + m[M.INSTANCE] % timers.HEADS
    if is_new:
        write_noted(m, WorldSlot.TIMERS, timers.USED, number + 1)
    else:
        write_noted(m, WorldSlot.TIMERS, timers.FIRST_FREE, table[at + timers.NEXT])
    write_noted(m, WorldSlot.TIMERS, at + timers.NEXT, table[head])
    write_noted(m, WorldSlot.TIMERS, head, number)
    write_noted(m, WorldSlot.TIMERS, at + timers.INSTANCE, m[M.INSTANCE])
    write_noted(m, WorldSlot.TIMERS, at + timers.ENTITY, m[M.ENTITY])
    write_noted(m, WorldSlot.TIMERS, at + timers.PARTY, running_party(m))
    return Status.OK, number


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
    number, stopped, count = find_timer(m, name)
    if number == timers.NO_ROW:
        if count >= timers.MOST_OF_INSTANCE:
            return refuse(m, Refusal.TOO_MANY_TIMERS, NO_ARGUMENT, timers.MOST_OF_INSTANCE)
        number = stopped
        if number == timers.NO_ROW:
            status, number = take_timer(m)
            if status != Status.OK:
                return status
        table = words_in(words_in(m, M.WORLD), WorldSlot.TIMERS)
        write_noted(m, WorldSlot.TIMERS, timers.LAST_SERIAL, table[timers.LAST_SERIAL] + 1)
        write_noted(m, WorldSlot.TIMERS, timers.timer_at(number) + timers.SERIAL, table[timers.LAST_SERIAL])
    write_noted(m, WorldSlot.TIMERS, timers.timer_at(number) + timers.NAME, name)
    write_noted(m, WorldSlot.TIMERS, timers.timer_at(number) + timers.DUE, now(m) + ticks)
    write_noted(m, WorldSlot.TIMERS, timers.timer_at(number) + timers.INTERVAL, ticks if repeat else 0)
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
    number = timers.NO_ROW
    if name >= 0:
        number, _, _ = find_timer(m, name)
    if number != timers.NO_ROW:  # the row is given back when it would be due
        write_noted(m, WorldSlot.TIMERS, timers.timer_at(number) + timers.NAME, timers.STOPPED)
        write_noted(m, WorldSlot.TIMERS, timers.timer_at(number) + timers.DUE, now(m))
    put_bool(m, register_a(m, word), number != timers.NO_ROW)
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
        errors=(Refusal.TOO_MANY_TIMERS, Refusal.HOLDS_MOST),
        details="Times are rounded to ticks, one at least. A script of an entity has 64 timers at most.",
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
