"""API: status effects, which the scene declares."""

from __future__ import annotations

import math

from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import (
    ask_for_room,
    check_writable,
    read_index,
    read_number,
    read_string,
    world_string,
)
from engine.scripting.entity_lists import NO_ROW, add_row, find_row, first_row, write_list
from engine.scripting.message_api import MOST_SECONDS
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.status import EFFECT_ROW, MAGNITUDE, NAME, SOURCE, STACKS, TICKS_LEFT
from engine.scripting.timers import TICKS_A_SECOND
from lang.heap.access import field_c, put_bool, put_unit, register_a
from lang.jit import I64, bits_float, float_bits, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry


@kernel
def read_effect(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read the name of a status effect; returns (status, its number)."""
    status, reference = read_string(m, word, number)
    if status != Status.OK:
        return status, 0
    string = world_string(m, reference)
    effects = words_in(words_in(m, M.WORLD), WorldSlot.STATUS_EFFECTS)
    for effect in range(effects.size // EFFECT_ROW):
        if string >= 0 and effects[EFFECT_ROW * effect + NAME] == string:
            return Status.OK, effect
    return refuse(m, Refusal.UNKNOWN_STATUS, number, 0), 0


@kernel
def read_magnitude(m: I64, word: int, number: int) -> tuple[int, float]:
    """Read a factor that is not negative, 1 when it is left out; returns (status, factor)."""
    if number >= field_c(word):
        return Status.OK, 1.0
    status, magnitude = read_number(m, word, number)
    if status == Status.OK and magnitude < 0.0:
        return refuse(m, Refusal.NEGATIVE, number, 0), 0.0
    return status, magnitude


@native
def apply_status_effect(machine: int, word: int) -> int:
    """apply_status_effect(e, name, seconds[, magnitude]): applied again, it refreshes or stacks."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, effect = read_effect(m, word, 1)
    if status != Status.OK:
        return status
    status, seconds = read_number(m, word, 2)
    if status == Status.OK and (seconds < 0.0 or seconds > MOST_SECONDS):
        return refuse(m, Refusal.NOT_A_TIME, 2, 0)
    if status != Status.OK:
        return status
    status, magnitude = read_magnitude(m, word, 3)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    row = find_row(table, WorldSlot.STATUS_HEADS, WorldSlot.STATUS_ROWS, index, effect)
    if row == NO_ROW:
        row = add_row(m, WorldSlot.STATUS_HEADS, WorldSlot.STATUS_ROWS, index, effect)
        if row == NO_ROW:
            return ask_for_room(m, 0)
    words = words_in(table, WorldSlot.STATUS_ROWS)
    before = bits_float(words[row + MAGNITUDE])
    if words_in(table, WorldSlot.STATUS_EFFECTS)[EFFECT_ROW * effect + STACKS] != 0:
        magnitude += before
    ticks = max(math.floor(seconds * TICKS_A_SECOND + 0.5), 1)
    rows = WorldSlot.STATUS_ROWS
    write_list(m, rows, row + TICKS_LEFT, max(ticks, words[row + TICKS_LEFT]))
    write_list(m, rows, row + MAGNITUDE, float_bits(max(magnitude, before)))
    write_list(m, rows, row + SOURCE, m[M.ENTITY])
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def clear_status_effects(machine: int, word: int) -> int:
    """clear_status_effects(e): all of them end."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    if first_row(words_in(m, M.WORLD), WorldSlot.STATUS_HEADS, index) != NO_ROW:
        write_list(m, WorldSlot.STATUS_HEADS, 2 * index + 1, NO_ROW)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def has_status_effect(machine: int, word: int) -> int:
    """has_status_effect(e, name): whether it works on the entity now."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    status, effect = read_effect(m, word, 1)
    if status == Status.OK:
        row = find_row(words_in(m, M.WORLD), WorldSlot.STATUS_HEADS, WorldSlot.STATUS_ROWS, index, effect)
        put_bool(m, register_a(m, word), row != NO_ROW)
    return status


ENTRIES = (
    NativeEntry("apply_status_effect", apply_status_effect, (3, 4), api=True),
    NativeEntry("clear_status_effects", clear_status_effects, (1, 1), api=True),
    NativeEntry("has_status_effect", has_status_effect, (2, 2), api=True),
)
