"""API: values by name that all scripts share, and small ones that outlive the game."""

from __future__ import annotations

from engine.ecs.layout import PartyWord, WorldSlot
from engine.ecs.strings import string_length
from engine.scripting import global_values as shared
from engine.scripting.arguments import NOT_FOUND, ask_for_room, check_writable, done, find_named, read_known
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.parcels import keep_value
from engine.scripting.quotas import left_of, running_party, spend
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.texts import keep_string
from engine.scripting.undo import write_noted
from lang.heap.access import put, put_unit, register_a
from lang.heap.strings import string_words
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.vm.parcels import unpack

VALUE = 1
"""Number of the argument."""


@kernel
def find_value(m: I64, slot: int, name: int) -> int:
    """Return the first word of the row of a name in the rows under a slot, or -1."""
    rows = words_in(words_in(m, M.WORLD), slot)
    row = find_named(rows, shared.FIRST_GLOBAL, rows[shared.COUNT], shared.GLOBAL_WORDS, name)
    return shared.FIRST_GLOBAL + shared.GLOBAL_WORDS * row if row != NOT_FOUND else NOT_FOUND


@kernel
def give_value(m: I64, word: int, slot: int, data: int) -> int:
    """Write a copy of the value of the name that is the first argument into the result, () without one."""
    status, name = read_known(m, word, 0)
    if status != Status.OK:
        return status
    at = find_value(m, slot, name)
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
def saved_words(m: I64, party: int) -> int:
    """Return the words that the values of a party which outlive the game take, with their names."""
    table = words_in(m, M.WORLD)
    rows, strings = words_in(table, WorldSlot.SAVED), words_in(table, WorldSlot.STRINGS)
    total = 0
    for i in range(rows[shared.COUNT]):
        at = shared.FIRST_GLOBAL + shared.GLOBAL_WORDS * i
        if rows[at + shared.PARTY] == party:
            total += rows[at + shared.PARCEL_WORDS] + string_words(string_length(strings, rows[at]))
    return total


@kernel
def take_value(m: I64, word: int, slot: int, data: int) -> int:
    """Keep a copy of the second argument under the name in the first; it is then the running party's."""
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
    party = running_party(m)
    is_own = not is_new and rows[at + shared.PARTY] == party
    if slot == WorldSlot.GLOBALS:
        if left_of(m, PartyWord.SHARED) < words or (not is_own and left_of(m, PartyWord.NAMES) < 1):
            words_in(table, data)[shared.TOP] = parcel
            return refuse(m, Refusal.HOLDS_MOST, NO_ARGUMENT, 0)
        spend(m, PartyWord.SHARED, words)
        spend(m, PartyWord.NAMES, 0 if is_own else 1)
    else:
        length = string_words(string_length(words_in(table, WorldSlot.STRINGS), name))
        replaced = rows[at + shared.PARCEL_WORDS] if is_own else -length
        if saved_words(m, party) - replaced + words > min(left_of(m, PartyWord.SAVED), shared.MOST_SAVED):
            words_in(table, data)[shared.TOP] = parcel
            return refuse(m, Refusal.TOO_MUCH_DATA, VALUE, 0)
    if is_new:
        rows[at + shared.NAME] = name
        write_noted(m, slot, shared.COUNT, rows[shared.COUNT] + 1)
    if not is_own:
        write_noted(m, slot, at + shared.PARTY, party)
    write_noted(m, slot, at + shared.PARCEL, parcel)
    write_noted(m, slot, at + shared.PARCEL_WORDS, words)
    return done(m, word)


@native
def get_global(machine: int, word: int) -> int:
    """get_global(name) → a copy of the value that all scripts share, () before it is set."""
    return give_value(words_at(machine, MACHINE_WORDS), word, WorldSlot.GLOBALS, WorldSlot.GLOBAL_DATA)


@native
def set_global(machine: int, word: int) -> int:
    """set_global(name, value): a copy that all scripts can read, saved with the world."""
    return take_value(words_at(machine, MACHINE_WORDS), word, WorldSlot.GLOBALS, WorldSlot.GLOBAL_DATA)


@native
def load_data(machine: int, word: int) -> int:
    """load_data(name) → a copy of the value that outlives the game, () before it is saved."""
    return give_value(words_at(machine, MACHINE_WORDS), word, WorldSlot.SAVED, WorldSlot.SAVED_DATA)


@native
def save_data(machine: int, word: int) -> int:
    """save_data(name, value): a copy that outlives the game; all take 64 KiB, shared with the mods."""
    return take_value(words_at(machine, MACHINE_WORDS), word, WorldSlot.SAVED, WorldSlot.SAVED_DATA)


_NAME = Parameter("name", ArgumentType.NAME)
_KEPT_NAME = Parameter("name", ArgumentType.TEXT)
_VALUE = Parameter("value", ArgumentType.VALUE)
FUNCTIONS = (
    ApiFunction(
        name="get_global",
        implementation=get_global,
        category=Category.MESSAGES,
        parameters=(_NAME,),
        brief="a value that all scripts of the game share; `()` before it is set",
        result="a copy of the value, or `()`",
        pitfalls=("It is a copy: write it back with `set_global`.",),
        example="""
fn on_destroy() { set_global("kills", (get_global("kills") ?? 0) + 1); }""",
    ),
    ApiFunction(
        name="set_global",
        implementation=set_global,
        category=Category.MESSAGES,
        parameters=(_KEPT_NAME, _VALUE),
        writes=True,
        brief="shares a value with all scripts of the game; saved with the world",
        errors=(Refusal.HOLDS_MOST,),
        details="It goes along to the next scene; `restart()` begins with the values of the scene's begin.",
        pitfalls=("Scripts run in a fixed order: who runs earlier in the tick sees the value of before.",),
        example="""
fn on_trigger(name, other) {
    set_global("checkpoint", get_position(entity_id));
}""",
    ),
    ApiFunction(
        name="load_data",
        implementation=load_data,
        category=Category.MESSAGES,
        parameters=(_NAME,),
        brief="a small value that outlives the game, such as a high score; `()` before it is saved",
        result="a copy of the value, or `()`",
        details=(
            "It is what the game began with, or what it saved since: the file of the user (one for all "
            "scenes of the same `[scene] game`) is read once, at the start, so that a run depends on its "
            "input alone."
        ),
        pitfalls=("A run without a window begins with nothing, unless `--data FILE` is given.",),
        example="""
fn on_spawn() { set_text(entity_id, `Best: ${load_data("best") ?? 0}`); }""",
    ),
    ApiFunction(
        name="save_data",
        implementation=save_data,
        category=Category.MESSAGES,
        parameters=(_KEPT_NAME, _VALUE._replace(errors=(Refusal.TOO_MUCH_DATA,))),
        writes=True,
        brief="keeps a small value beyond the game; 64 KiB in all, which the game and its mods share",
        pitfalls=("Saves of the world do not hold it: a high score is not undone by loading one.",),
        example="""
fn on_death(source) {
    let coins = get_item_count(entity_id, "Coin");
    if coins > (load_data("best") ?? 0) { save_data("best", coins); }
}""",
    ),
)
