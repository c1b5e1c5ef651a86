"""API: values by name that all scripts share, and small ones that outlive the game."""

from __future__ import annotations

from engine.ecs.layout import WorldSlot
from engine.ecs.strings import string_length
from engine.scripting import global_values as shared
from engine.scripting.arguments import ask_for_room, check_writable, read_string, world_string
from engine.scripting.entity_api import keep_string
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.undo import note
from lang.heap.access import argument, put, put_unit, register_a
from lang.heap.strings import string_words
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.vm.parcels import CANNOT_CROSS, NO_ROOM, pack, unpack

VALUE = 1
"""Number of the argument."""


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


@kernel
def find_value(m: I64, slot: int, name: int) -> int:
    """Return the first word of the row of a name in the rows under a slot, or -1."""
    rows = words_in(words_in(m, M.WORLD), slot)
    for i in range(rows[shared.COUNT]):
        at = shared.FIRST_GLOBAL + shared.GLOBAL_WORDS * i
        if rows[at] == name:
            return at
    return -1


@kernel
def give_value(m: I64, word: int, slot: int, data: int) -> int:
    """Write a copy of the value of the name that is the first argument into the result, () without one."""
    status, reference = read_string(m, word, 0)
    if status != Status.OK:
        return status
    name = world_string(m, reference)
    at = find_value(m, slot, name) if name >= 0 else -1
    if at < 0:
        put_unit(m, register_a(m, word))
        return Status.OK
    table = words_in(m, M.WORLD)
    rows = words_in(table, slot)
    words = rows[at + shared.PARCEL_WORDS]
    parcel = words_at(table[data] + 8 * rows[at + shared.PARCEL], words)
    status, tag, payload = unpack(m, parcel, words)
    if status == Status.OK:
        put(m, register_a(m, word), tag, payload)
    return status


@kernel
def saved_words(m: I64, slot: int) -> int:
    """Return the words that the values under a slot take in a file, with their names."""
    table = words_in(m, M.WORLD)
    rows, strings = words_in(table, slot), words_in(table, WorldSlot.STRINGS)
    total = 0
    for i in range(rows[shared.COUNT]):
        at = shared.FIRST_GLOBAL + shared.GLOBAL_WORDS * i
        total += rows[at + shared.PARCEL_WORDS] + string_words(string_length(strings, rows[at]))
    return total


@kernel
def take_value(m: I64, word: int, slot: int, data: int, most: int) -> int:
    """Keep a copy of the second argument under the name in the first; `most` words in all, 0 for any."""
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, name = keep_string(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    rows = words_in(table, slot)
    at = find_value(m, slot, name)
    is_new = at < 0
    if is_new:
        at = shared.FIRST_GLOBAL + shared.GLOBAL_WORDS * rows[shared.COUNT]
        if at + shared.GLOBAL_WORDS > rows.size:
            return ask_for_room(m, 0)
    status, parcel, words = keep_value(m, word, VALUE, data, shared.TOP)
    if status != Status.OK:
        return status
    if most > 0:
        length = string_words(string_length(words_in(table, WorldSlot.STRINGS), name))
        replaced = -length if is_new else rows[at + shared.PARCEL_WORDS]
        if saved_words(m, slot) - replaced + words > most:
            return refuse(m, Refusal.TOO_MUCH_DATA, VALUE, 0)
    if is_new:
        note(m, slot, shared.COUNT, rows[shared.COUNT])
        rows[shared.COUNT] += 1
    note(m, slot, at + shared.PARCEL, rows[at + shared.PARCEL])
    note(m, slot, at + shared.PARCEL_WORDS, rows[at + shared.PARCEL_WORDS])
    rows[at + shared.NAME] = name
    rows[at + shared.PARCEL] = parcel
    rows[at + shared.PARCEL_WORDS] = words
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def get_global(machine: int, word: int) -> int:
    """get_global(name) → a copy of the value that all scripts share, () before it is set."""
    return give_value(words_at(machine, MACHINE_WORDS), word, WorldSlot.GLOBALS, WorldSlot.GLOBAL_DATA)


@native
def set_global(machine: int, word: int) -> int:
    """set_global(name, value): a copy that all scripts can read, saved with the world."""
    return take_value(words_at(machine, MACHINE_WORDS), word, WorldSlot.GLOBALS, WorldSlot.GLOBAL_DATA, 0)


@native
def load_data(machine: int, word: int) -> int:
    """load_data(name) → a copy of the value that outlives the game, () before it is saved."""
    return give_value(words_at(machine, MACHINE_WORDS), word, WorldSlot.SAVED, WorldSlot.SAVED_DATA)


@native
def save_data(machine: int, word: int) -> int:
    """save_data(name, value): a copy that outlives the game; all of them take 64 KiB at most."""
    m = words_at(machine, MACHINE_WORDS)
    return take_value(m, word, WorldSlot.SAVED, WorldSlot.SAVED_DATA, shared.MOST_SAVED)


ENTRIES = (
    NativeEntry("get_global", get_global, (1, 1), api=True),
    NativeEntry("set_global", set_global, (2, 2), api=True),
    NativeEntry("load_data", load_data, (1, 1), api=True),
    NativeEntry("save_data", save_data, (2, 2), api=True),
)
