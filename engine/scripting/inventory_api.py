"""API: what entities carry, as counts by name. Any entity can carry."""

from __future__ import annotations

from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import ask_for_room, check_writable, read_index, read_string, world_string
from engine.scripting.entity_api import keep_string
from engine.scripting.entity_lists import FIRST, NO_ROW, add_row, find_row, remove_row, write_list
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from lang.heap.access import argument, field_c, put, put_bool, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag

MOST_ITEMS = 1 << 53
"""Of one kind: more could not be told apart as floats."""


@kernel
def read_count(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read how many, 1 when it is left out; returns (status, count)."""
    if number >= field_c(word):
        return Status.OK, 1
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    if registers[at] & 0xFF != Tag.INT:
        return refuse(m, Refusal.NOT_AN_INT, number, 0), 0
    if registers[at + 1] < 0:
        return refuse(m, Refusal.NEGATIVE, number, 0), 0
    return Status.OK, registers[at + 1]


@kernel
def row_of_item(m: I64, index: int, string: int) -> int:
    """Return the row of an item that an entity carries, or NO_ROW; `string` may be unknown (-1)."""
    if string < 0:
        return NO_ROW
    return find_row(words_in(m, M.WORLD), WorldSlot.ITEM_HEADS, WorldSlot.ITEMS, index, string)


@kernel
def count_at(m: I64, row: int) -> int:
    """Return the count in a row, 0 for NO_ROW."""
    return 0 if row == NO_ROW else words_in(words_in(m, M.WORLD), WorldSlot.ITEMS)[row + FIRST]


@native
def add_to_inventory(machine: int, word: int) -> int:
    """add_to_inventory(e, item[, n]) → the new count."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, count = read_count(m, word, 2)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 1)
    if status != Status.OK:
        return status
    row = row_of_item(m, index, string)
    total = count_at(m, row) + count
    if count > MOST_ITEMS or total > MOST_ITEMS:
        return refuse(m, Refusal.TOO_MANY_ITEMS, NO_ARGUMENT, 0)
    if row == NO_ROW and count > 0:
        row = add_row(m, WorldSlot.ITEM_HEADS, WorldSlot.ITEMS, index, string)
        if row == NO_ROW:
            return ask_for_room(m, 0)
    if count > 0:
        write_list(m, WorldSlot.ITEMS, row + FIRST, total)
    put(m, register_a(m, word), Tag.INT, total)
    return Status.OK


@native
def remove_from_inventory(machine: int, word: int) -> int:
    """remove_from_inventory(e, item[, n]) → whether it had so many; if not, it keeps what it has."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, reference = read_string(m, word, 1)
    if status != Status.OK:
        return status
    status, count = read_count(m, word, 2)
    if status != Status.OK:
        return status
    row = row_of_item(m, index, world_string(m, reference))
    left = count_at(m, row) - count
    if row != NO_ROW and left > 0:
        write_list(m, WorldSlot.ITEMS, row + FIRST, left)
    elif row != NO_ROW and left == 0:
        remove_row(m, WorldSlot.ITEM_HEADS, WorldSlot.ITEMS, index, row)
    put_bool(m, register_a(m, word), left >= 0)
    return Status.OK


@kernel
def read_carried(m: I64, word: int) -> tuple[int, int]:
    """Read an entity and an item; returns (status, how many it carries)."""
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status, 0
    status, reference = read_string(m, word, 1)
    if status != Status.OK:
        return status, 0
    return Status.OK, count_at(m, row_of_item(m, index, world_string(m, reference)))


@native
def has_item(machine: int, word: int) -> int:
    """has_item(e, item[, n]): whether it carries n of them, or one."""
    m = words_at(machine, MACHINE_WORDS)
    status, carried = read_carried(m, word)
    if status != Status.OK:
        return status
    status, count = read_count(m, word, 2)
    if status == Status.OK:
        put_bool(m, register_a(m, word), carried >= count)
    return status


@native
def get_item_count(machine: int, word: int) -> int:
    """get_item_count(e, item): how many it carries."""
    m = words_at(machine, MACHINE_WORDS)
    status, carried = read_carried(m, word)
    if status == Status.OK:
        put(m, register_a(m, word), Tag.INT, carried)
    return status


ENTRIES = (
    NativeEntry("add_to_inventory", add_to_inventory, (2, 3), api=True),
    NativeEntry("remove_from_inventory", remove_from_inventory, (2, 3), api=True),
    NativeEntry("has_item", has_item, (2, 3), api=True),
    NativeEntry("get_item_count", get_item_count, (2, 2), api=True),
)
