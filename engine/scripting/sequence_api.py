"""API: functions that wait, and go on in later ticks."""

from __future__ import annotations

import math

from engine.ecs.layout import PartyWord, WorldSlot
from engine.scripting import sequences
from engine.scripting.arguments import (
    MOST_SECONDS,
    ask_for_room,
    check_writable,
    now,
    read_int,
    read_number,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.layout import TICKS_A_SECOND
from engine.scripting.quotas import left_of, next_handle, spend, upcoming_handle
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.undo import write_noted
from lang.heap.access import argument, field_c, put, put_bool, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag
from lang.vm.keeping import keep
from lang.vm.suspension import (
    MOST_SEQUENCES,
    ROW,
    begin_sequence,
    count_sequences,
    find_sequence,
    forget,
    function_to_start,
    head_word,
    leave_part,
    suspend,
)

WORD_WITHOUT_COST = (1 << 56) - 1
ROUNDING = 1e-6
"""Ticks: a time that is a whole number of ticks but for the last digits of its product is that number."""
IN_PRELUDE = 1
"""How many frames of the prelude are around `wait_until`'s own wait: its own."""

PRELUDE = """
fn wait_until(condition) {
    loop {
        if condition.call() { return; }
        suspend_part();
    }
}
"""
"""What is written in the language: each tick the part that waits asks its condition, and waits again."""


@kernel
def row_at(row: int) -> int:
    """Return the first word of a row."""
    return sequences.FIRST_ROW + sequences.SEQUENCE_WORDS * row


@kernel
def write_row(m: I64, row: int, values: tuple[int, int, int, int]) -> None:
    """Write a row of the table of sequences, noting what it held."""
    for i in range(sequences.SEQUENCE_WORDS):
        write_noted(m, WorldSlot.SEQUENCES, row_at(row) + i, values[i])


@native
def start(machine: int, word: int) -> int:
    """start(f[, arguments]) → handle of a sequence that calls f, from the next time that sequences run on."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    pointer = argument(word, m, 0)
    if registers[pointer] & 0xFF != Tag.FN:
        return refuse(m, Refusal.NOT_A_FUNCTION, 0, 0)
    arguments, count = -1, 0
    if field_c(word) > 1:
        arguments = argument(word, m, 1)
        if registers[arguments] & 0xFF != Tag.ARRAY:
            return refuse(m, Refusal.NOT_AN_ARRAY, 1, 0)
        count = words_in(m, M.HEAP)[registers[arguments + 1] + 1]
    if function_to_start(m, registers[pointer + 1], count) < 0:
        return refuse(m, Refusal.NOT_TO_START, 0, count)
    if count_sequences(m) >= MOST_SEQUENCES:
        return refuse(m, Refusal.TOO_MANY_SEQUENCES, NO_ARGUMENT, MOST_SEQUENCES)
    if left_of(m, PartyWord.WAITING) < 1:
        return refuse(m, Refusal.HOLDS_MOST, NO_ARGUMENT, 0)
    table = words_in(words_in(m, M.WORLD), WorldSlot.SEQUENCES)
    row = table[sequences.FIRST_FREE]
    is_new = row == sequences.NO_ROW
    if is_new:
        row = table[sequences.USED]
        if row_at(row + 1) > table.size:
            return ask_for_room(m, 0)
    status = begin_sequence(m, pointer, arguments, upcoming_handle(m, PartyWord.SEQUENCES), row)
    if status != Status.OK:
        return status
    spend(m, PartyWord.WAITING, 1)
    handle = next_handle(m, PartyWord.SEQUENCES)
    if is_new:
        write_noted(m, WorldSlot.SEQUENCES, sequences.USED, row + 1)
    else:
        write_noted(m, WorldSlot.SEQUENCES, sequences.FIRST_FREE, table[row_at(row) + sequences.DUE])
    write_row(m, row, (m[M.INSTANCE], m[M.ENTITY], handle, now(m)))
    put(m, register_a(m, word), Tag.INT, handle)
    return Status.OK


@kernel
def check_waiting(m: I64, word: int, levels: int) -> int:
    """Return OK if the running part may wait here, else why not.

    Args:
        levels: how many functions of the prelude may be on the way.
    """
    if m[M.SEQUENCE] == 0:
        return refuse(m, Refusal.NOT_IN_SEQUENCE, NO_ARGUMENT, 0)
    code = words_at(m[M.CODE], m[M.CODE_WORDS])
    is_called = (code[m[M.PC] - 1] ^ word) & WORD_WITHOUT_COST == 0  # and not by way of a pointer
    if not is_called or m[M.CALL_LIMIT] - m[M.SEQUENCE_LIMIT] != levels:
        return refuse(m, Refusal.CANNOT_WAIT, NO_ARGUMENT, 0)
    return check_writable(m)


@kernel
def wait_ticks(m: I64, ticks: int) -> int:
    """Let the running part end here and go on in a later tick; one that was stopped just ends."""
    row = m[M.SEQUENCE_ROW]
    if row == sequences.NO_ROW:
        return leave_part(m)
    status = suspend(m)
    if status == Status.RETURNED:
        write_noted(m, WorldSlot.SEQUENCES, row_at(row) + sequences.DUE, now(m) + ticks)
    return status


@native
def wait(machine: int, word: int) -> int:
    """wait(seconds): go on in the first tick at or after that time, in the next one at the soonest."""
    m = words_at(machine, MACHINE_WORDS)
    status, seconds = read_number(m, word, 0)
    if status == Status.OK and (seconds < 0.0 or seconds > MOST_SECONDS):
        return refuse(m, Refusal.NOT_A_TIME, 0, 0)
    if status == Status.OK:
        status = check_waiting(m, word, 0)
    if status != Status.OK:
        return status
    return wait_ticks(m, max(math.ceil(seconds * TICKS_A_SECOND - ROUNDING), 1))


@native
def wait_until(machine: int, word: int) -> int:
    """wait_until(condition): what is left is the prelude's."""
    m = words_at(machine, MACHINE_WORDS)
    if words_in(m, M.REGISTERS)[argument(word, m, 0)] & 0xFF != Tag.FN:
        return refuse(m, Refusal.NOT_A_FUNCTION, 0, 0)
    status = check_waiting(m, word, 0)
    return Status.HOST_CALL if status == Status.OK else status


@native
def suspend_part(machine: int, word: int) -> int:
    """suspend_part(): go on in the next tick, in `wait_until`."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_waiting(m, word, IN_PRELUDE)
    return wait_ticks(m, 1) if status == Status.OK else status


@native
def is_running(machine: int, word: int) -> int:
    """is_running(handle) → whether that sequence of this script has not ended."""
    m = words_at(machine, MACHINE_WORDS)
    status, handle = read_int(m, word, 0)
    if status != Status.OK:
        return status
    runs = find_sequence(m, handle) >= 0
    if handle == m[M.SEQUENCE] and handle != 0:
        runs = m[M.SEQUENCE_ROW] != sequences.NO_ROW
    put_bool(m, register_a(m, word), runs)
    return Status.OK


@native
def stop_sequence(machine: int, word: int) -> int:
    """stop_sequence(handle) → whether it was running; the one that calls it ends where it would wait next."""
    m = words_at(machine, MACHINE_WORDS)
    status, handle = read_int(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    if handle == m[M.SEQUENCE] and handle != 0:
        put_bool(m, register_a(m, word), m[M.SEQUENCE_ROW] != sequences.NO_ROW)
        m[M.SEQUENCE_ROW] = sequences.NO_ROW
        return Status.OK
    found = find_sequence(m, handle)
    if found >= 0:
        if keep(m) != Status.OK:
            m[M.REQUEST] = 0
            return Status.NEEDS_MEMORY
        row = head_word(m, words_in(m, M.HEAP)[found + 1], ROW)
        forget(m, found)
        table = words_in(words_in(m, M.WORLD), WorldSlot.SEQUENCES)
        write_row(m, row, (sequences.FREE, 0, 0, table[sequences.FIRST_FREE]))
        write_noted(m, WorldSlot.SEQUENCES, sequences.FIRST_FREE, row)
    put_bool(m, register_a(m, word), found >= 0)
    return Status.OK


INTERNAL = (NativeEntry("suspend_part", suspend_part, (0, 0), internal=True),)
"""What the prelude's part calls."""

HANDLE = Parameter("handle", ArgumentType.INT)
FUNCTIONS = (
    ApiFunction(
        name="start",
        implementation=start,
        category=Category.SEQUENCES,
        parameters=(
            Parameter("f", ArgumentType.FUNCTION, errors=(Refusal.NOT_TO_START,)),
            Parameter("arguments", ArgumentType.ARRAY, default="`[]`"),
        ),
        writes=True,
        brief="calls a function of this script, which may wait",
        result="`int`: a handle of the sequence",
        details=(
            "It begins when sequences go on next: in this tick if `on_update` or a script system before it "
            "starts it, in the next one if an event or another sequence does. Arguments are copied. A script "
            "has 64 sequences at most."
        ),
        errors=(Refusal.TOO_MANY_SEQUENCES, Refusal.HOLDS_MOST),
        pitfalls=("Started in each `on_update` there is one more each tick, until there are too many.",),
        example="""
fn blink(times) {
    for i in 0..times {
        set_component(entity_id, "sprite", #{ visible: i % 2 == 1 });
        wait(0.1);
    }
}

fn on_damage(amount, source) { start(Fn("blink"), [6]); }""",
    ),
    ApiFunction(
        name="wait",
        implementation=wait,
        category=Category.SEQUENCES,
        parameters=(Parameter("seconds", ArgumentType.SECONDS, "s"),),
        writes=True,
        brief="lets a sequence go on in the first tick at or after that time",
        details=(
            "In the next tick at the soonest. What comes after it is a callback of its own: it has all "
            "operations, and if it fails, what was done before the wait stays."
        ),
        errors=(Refusal.NOT_IN_SEQUENCE, Refusal.CANNOT_WAIT),
        pitfalls=(
            "Others act while a sequence waits: ask again whether an entity is still there.",
            "It cannot be in a closure that `map`, `filter`, `sort` and their like call. Write a loop.",
        ),
        example="""
fn intro() {
    print("Ready?");
    wait(1.5);
    print("Go!");
}

fn on_spawn() { start(Fn("intro")); }""",
    ),
    ApiFunction(
        name="wait_until",
        implementation=wait_until,
        category=Category.SEQUENCES,
        parameters=(Parameter("condition", ArgumentType.FUNCTION),),
        writes=True,
        brief="lets a sequence go on when a function without parameters says `true`",
        details="It is asked at once, and then once a tick.",
        errors=(Refusal.NOT_IN_SEQUENCE, Refusal.CANNOT_WAIT),
        pitfalls=("The condition cannot wait itself.",),
        example="""
fn watch(e) {
    wait_until(|| !is_alive(e));
    print("It is over.");
}

fn on_spawn() { start(Fn("watch"), [entity_id]); }""",
    ),
    ApiFunction(
        name="is_running",
        implementation=is_running,
        category=Category.SEQUENCES,
        parameters=(HANDLE,),
        brief="whether a sequence of this script has not ended",
        result="`bool`",
        pitfalls=("Other scripts' sequences never run, as far as this script can tell.",),
        example="""
let patrol = 0;

fn walk() { loop { wait(1.0); } }

fn on_update() {
    if !is_running(patrol) { patrol = start(Fn("walk")); }
}""",
    ),
    ApiFunction(
        name="stop_sequence",
        implementation=stop_sequence,
        category=Category.SEQUENCES,
        parameters=(HANDLE,),
        writes=True,
        brief="ends a sequence of this script",
        result="`bool`: whether it was running",
        details="A sequence that stops itself ends where it would wait next.",
        pitfalls=("Nothing of the function runs any more, what stands after its `wait` neither.",),
        example="""
let alarm = 0;

fn ring() { loop { print("ring"); wait(0.5); } }

fn on_spawn() { alarm = start(Fn("ring")); }

fn on_message(name, data, sender) {
    if name == "quiet" { stop_sequence(alarm); }
}""",
    ),
)
