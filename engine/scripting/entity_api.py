"""API: tags, life and destruction."""

from __future__ import annotations

from engine.ecs.access import component_row, entity_of_index, first_with_word, is_alive, is_in_queries
from engine.ecs.components import Component, Field
from engine.ecs.hierarchy import destroy, unmarked_below
from engine.ecs.layout import Counter, PartyWord, WorldSlot
from engine.scripting.arguments import (
    ask_for_room,
    done,
    entity_argument,
    read_index,
    read_index_to_write,
    read_known,
)
from engine.scripting.component_values import check_command, check_room, put_word, values_to_add
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.quotas import left_of, spend_commands
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.results import put_array
from engine.scripting.texts import keep_string, put_world_string
from engine.scripting.undo import note_commands
from lang.heap.access import argument, put, put_bool, put_unit, register_a
from lang.heap.alloc import pay
from lang.jit import I64, entry, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag


@native
def get_tag(machine: int, word: int) -> int:
    """get_tag(e) → its tag, "" for none."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    row = component_row(table, index, Component.TAG)
    string = 0 if row < 0 else words_in(table, 2 * Field.TAG_NAME)[row]
    return put_world_string(m, register_a(m, word), string)


@native
def find_entity_by_tag(machine: int, word: int) -> int:
    """find_entity_by_tag(tag) → the first by index, or ()."""
    m = words_at(machine, MACHINE_WORDS)
    status, string = read_known(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    index = -1
    if string >= 0:
        index = first_with_word(table, Component.TAG, Field.TAG_NAME, string)
        looked_at = index + 1 if index >= 0 else words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]
        pay(m, looked_at)
    if index < 0:
        put_unit(m, register_a(m, word))
    else:
        put(m, register_a(m, word), Tag.INT, entity_of_index(table, index))
    return Status.OK


@kernel
def _has_tag(table: I64, index: int, string: int) -> bool:
    row = component_row(table, index, Component.TAG)
    return bool(
        row >= 0 and words_in(table, 2 * Field.TAG_NAME)[row] == string and is_in_queries(table, index)
    )


@native
def find_entities_by_tag(machine: int, word: int) -> int:
    """find_entities_by_tag(tag) → all of them, by index."""
    m = words_at(machine, MACHINE_WORDS)
    status, string = read_known(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    high_water = words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]
    count = 0
    for index in range(high_water if string >= 0 else 0):
        count += 1 if _has_tag(table, index, string) else 0
    status, place = put_array(m, register_a(m, word), count)
    if status != Status.OK:
        return status
    heap = words_in(m, M.HEAP)
    for index in range(high_water if count > 0 else 0):
        if _has_tag(table, index, string):
            heap[place] = entity_of_index(table, index)
            place += 2
    pay(m, high_water)
    return Status.OK


@native
def is_alive_(machine: int, word: int) -> int:
    """is_alive(e): it exists, is not marked for destruction, and its health, if any, is above 0."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    if registers[at] & 0xFF != Tag.INT:
        return refuse(m, Refusal.NOT_AN_ENTITY, 0, 0)
    put_bool(m, register_a(m, word), is_alive(words_in(m, M.WORLD), registers[at + 1]))
    return Status.OK


@native
def destroy_entity(machine: int, word: int) -> int:
    """destroy_entity(e): it is removed in stage `commands`."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    unmarked = unmarked_below(words_in(m, M.WORLD), index)
    if left_of(m, PartyWord.COMMANDS) < unmarked:
        return refuse(m, Refusal.USED_UP, NO_ARGUMENT, 0)
    note_commands(m)
    if destroy(words_in(m, M.WORLD), index) < 0:
        return ask_for_room(m, 0)
    spend_commands(m, unmarked)
    return done(m, word)


@native
def set_tag(machine: int, word: int) -> int:
    """set_tag(e, tag): at once for who has one, else from the end of the tick on."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 1)
    if status == Status.OK:
        status = check_room(m)
    row = component_row(words_in(m, M.WORLD), index, Component.TAG)
    if status == Status.OK and row < 0:
        status = check_command(m)
    if status != Status.OK:
        return status
    place = values_to_add(m, entity_argument(m, word, 0), Component.TAG) if row < 0 else -1
    put_word(m, Field.TAG_NAME, row, place, string)
    return done(m, word)


@entry("int64(int64[::1], int64)")
def first_with_tag(table: I64, string: int) -> int:
    """Return the first living entity whose tag is a string of the world, or 0; for Python."""
    index = first_with_word(table, Component.TAG, Field.TAG_NAME, string)
    return 0 if index < 0 else entity_of_index(table, index)


_E = Parameter("e", ArgumentType.ENTITY)
FUNCTIONS = (
    ApiFunction(
        name="get_tag",
        implementation=get_tag,
        category=Category.ENTITIES,
        parameters=(_E,),
        brief='its tag, `""` for none',
        result="`string`",
        pitfalls=("`other` of `on_trigger` may be `()`: test it before asking for its tag.",),
        example="""
fn on_collision(other) {
    if get_tag(other) == "Player" { destroy_entity(entity_id); }
}""",
    ),
    ApiFunction(
        name="set_tag",
        implementation=set_tag,
        category=Category.ENTITIES,
        parameters=(_E, Parameter("tag", ArgumentType.TEXT)),
        errors=(Refusal.USED_UP,),
        writes=True,
        brief="gives it a tag; who never had one gets it at the end of the tick",
        pitfalls=("An entity has one tag: this replaces the old one.",),
        example="""
fn on_death(source) { set_tag(entity_id, "Wreck"); }""",
    ),
    ApiFunction(
        name="find_entity_by_tag",
        implementation=find_entity_by_tag,
        category=Category.ENTITIES,
        parameters=(Parameter("tag", ArgumentType.NAME),),
        brief="the first by index that has a tag",
        result="entity, or `()`",
        pitfalls=(
            "`()` for nobody: compare before using it.",
            "Do not keep the id for ever: who is destroyed leaves a stale one. Ask again, or ask `is_alive`.",
        ),
        example="""
fn on_update() {
    let player = find_entity_by_tag("Player");
    if player != () {
        move_towards(entity_id, get_position(player), 2.0 * delta_time);
    }
}""",
    ),
    ApiFunction(
        name="find_entities_by_tag",
        implementation=find_entities_by_tag,
        category=Category.ENTITIES,
        parameters=(Parameter("tag", ArgumentType.NAME),),
        brief="all that have a tag, by index",
        result="array of entities",
        pitfalls=("It looks at every entity: ask once in a while, not in each `on_update` of a thousand.",),
        example="""
fn on_trigger(name, other) {
    for door in find_entities_by_tag("Door") { send_message(door, "ring"); }
}""",
    ),
    ApiFunction(
        name="is_alive",
        implementation=is_alive_,
        category=Category.ENTITIES,
        parameters=(Parameter("e", ArgumentType.ANY_ENTITY),),
        brief="whether it exists, is not being destroyed, and its health, if it has any, is above 0",
        result="`bool`",
        details="The one function that a stale id is no error for.",
        pitfalls=("`()` is no entity, and so an error: compare with `()` first.",),
        example="""
let target = ();

fn on_update() {
    if target == () || !is_alive(target) {
        target = get_nearest_enemy(entity_id);
    }
}""",
    ),
    ApiFunction(
        name="destroy_entity",
        implementation=destroy_entity,
        category=Category.ENTITIES,
        parameters=(_E,),
        errors=(Refusal.USED_UP,),
        writes=True,
        brief="it and all below it are removed at the end of the tick",
        details="Until then others see it, and it gets no callback but `on_destroy`.",
        pitfalls=("The callback runs on behind it: `return` where that is not meant.",),
        example="""
fn on_timer(name) {
    if name == "burst" { destroy_entity(entity_id); }
}

fn on_spawn() { start_timer("burst", 2.0); }""",
    ),
)
