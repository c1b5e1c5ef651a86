"""API: what entities carry, as counts by name. Any entity can carry."""

from __future__ import annotations

from engine.ecs.layout import PartyWord, WorldSlot
from engine.scripting.arguments import read_index, read_index_to_write, read_int, read_known
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.entity_lists import (
    FIRST,
    KEY,
    LIST_WORDS,
    NEXT,
    NO_ROW,
    add_row,
    first_row,
    remove_row,
)
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.texts import keep_string
from engine.scripting.undo import write_noted
from lang.heap.access import field_c, put, put_bool, register_a
from lang.heap.alloc import pay
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag

ITEM, COUNT = 1, 2
"""Numbers of arguments."""
MOST_ITEMS = 1 << 53
"""Of one kind: more could not be told apart as floats."""
MOST_KINDS = 256
"""That an entity carries."""


@kernel
def read_count(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read how many, 1 when it is left out; returns (status, count)."""
    if number >= field_c(word):
        return Status.OK, 1
    status, count = read_int(m, word, number)
    if status == Status.OK and count < 0:
        return refuse(m, Refusal.NEGATIVE, number, 0), 0
    return status, count


@kernel
def find_item(m: I64, index: int, string: int) -> tuple[int, int]:
    """Return the row of an item that an entity carries, or NO_ROW, and how many were looked at.

    `string` may be unknown (-1). Each started 64 bytes of the list are paid for as one operation.
    """
    if string < 0:
        return NO_ROW, 0
    table = words_in(m, M.WORLD)
    items = words_in(table, WorldSlot.ITEMS)
    row, looked = first_row(table, WorldSlot.ITEM_HEADS, index), 0
    while row != NO_ROW and items[row + KEY] != string:
        row = items[row + NEXT]
        looked += 1
    pay(m, 8 * LIST_WORDS * looked)
    return row, looked


@kernel
def count_at(m: I64, row: int) -> int:
    """Return the count in a row, 0 for NO_ROW."""
    return 0 if row == NO_ROW else words_in(words_in(m, M.WORLD), WorldSlot.ITEMS)[row + FIRST]


@native
def add_to_inventory(machine: int, word: int) -> int:
    """add_to_inventory(e, item[, n]) → the new count."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    status, count = read_count(m, word, COUNT)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, ITEM)
    if status != Status.OK:
        return status
    row, kinds = find_item(m, index, string)
    total = count_at(m, row) + count
    if count > MOST_ITEMS or total > MOST_ITEMS:
        return refuse(m, Refusal.TOO_MANY_ITEMS, COUNT, 0)
    if row == NO_ROW and count > 0:
        if kinds >= MOST_KINDS:
            return refuse(m, Refusal.TOO_MANY_KINDS, NO_ARGUMENT, MOST_KINDS)
        heads, rows = WorldSlot.ITEM_HEADS, WorldSlot.ITEMS
        status, row = add_row(m, heads, rows, PartyWord.ITEMS, index, string)
        if status != Status.OK:
            return status
    if count > 0:
        write_noted(m, WorldSlot.ITEMS, row + FIRST, total)
    put(m, register_a(m, word), Tag.INT, total)
    return Status.OK


@native
def remove_from_inventory(machine: int, word: int) -> int:
    """remove_from_inventory(e, item[, n]) → whether it had so many; if not, it keeps what it has."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    status, item = read_known(m, word, ITEM)
    if status != Status.OK:
        return status
    status, count = read_count(m, word, COUNT)
    if status != Status.OK:
        return status
    row, _ = find_item(m, index, item)
    left = count_at(m, row) - count
    if row != NO_ROW and left > 0:
        write_noted(m, WorldSlot.ITEMS, row + FIRST, left)
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
    status, item = read_known(m, word, ITEM)
    if status != Status.OK:
        return status, 0
    row, _ = find_item(m, index, item)
    return Status.OK, count_at(m, row)


@native
def has_item(machine: int, word: int) -> int:
    """has_item(e, item[, n]): whether it carries n of them, or one."""
    m = words_at(machine, MACHINE_WORDS)
    status, carried = read_carried(m, word)
    if status != Status.OK:
        return status
    status, count = read_count(m, word, COUNT)
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


_E = Parameter("e", ArgumentType.ENTITY)
_ITEM = Parameter("item", ArgumentType.NAME)
_COUNT = Parameter("n", ArgumentType.COUNT, default="1")
FUNCTIONS = (
    ApiFunction(
        name="add_to_inventory",
        implementation=add_to_inventory,
        category=Category.INVENTORY,
        parameters=(
            _E,
            Parameter("item", ArgumentType.TEXT),
            _COUNT._replace(errors=(Refusal.TOO_MANY_ITEMS,)),
        ),
        writes=True,
        brief="gives it `n` of an item",
        result="`int`: how many it carries now",
        details="An entity carries 256 kinds of things at most.",
        errors=(Refusal.TOO_MANY_KINDS, Refusal.HOLDS_MOST),
        pitfalls=('Names are told apart to the letter: `"coin"` and `"Coin"` are two items.',),
        example="""
fn on_collision(other) {
    if get_tag(other) == "Player" {
        add_to_inventory(other, "Coin", 1);
        destroy_entity(entity_id);
    }
}""",
    ),
    ApiFunction(
        name="remove_from_inventory",
        implementation=remove_from_inventory,
        category=Category.INVENTORY,
        parameters=(_E, _ITEM, _COUNT),
        writes=True,
        brief="takes `n` of an item, if it has so many; otherwise nothing is taken",
        result="`bool`: whether it had so many",
        pitfalls=("All or nothing: it never takes a part.",),
        example="""
fn on_click() {
    let player = find_entity_by_tag("Player");
    if player != () && remove_from_inventory(player, "Coin", 5) {
        spawn_entity("grunt", (0, 0));
    }
}""",
    ),
    ApiFunction(
        name="has_item",
        implementation=has_item,
        category=Category.INVENTORY,
        parameters=(_E, _ITEM, _COUNT),
        brief="whether it carries `n` of an item or more",
        result="`bool`",
        pitfalls=("`has_item(e, item, 0)` is true for everybody.",),
        example="""
fn on_collision(other) {
    if has_item(other, "Key") { destroy_entity(entity_id); }
}""",
    ),
    ApiFunction(
        name="get_item_count",
        implementation=get_item_count,
        category=Category.INVENTORY,
        parameters=(_E, _ITEM),
        brief="how many of an item it carries",
        result="`int`, 0 for what it never had",
        pitfalls=("A misspelt name is no error: nobody carries such a thing.",),
        example="""
fn on_update() {
    set_text(entity_id, `${get_item_count(entity_id, "Coin")} coins`);
}""",
    ),
)
