"""Kernels that read and write components by name: a value, or a map of properties, as `reflection` allows.

A write has two passes. The first checks everything and asks for all room, the second writes and cannot fail.
"""

from __future__ import annotations

import math

from engine.ecs.access import component_row, entity_index, push_command
from engine.ecs.components import Component, Field
from engine.ecs.layout import COMMAND_WORDS, Command, Counter, PartyWord, WorldSlot
from engine.ecs.strings import find_string, string_length
from engine.scripting import reflection as table_of
from engine.scripting.arguments import ask_for_room, check_notes, number_value, vector_value, world_string
from engine.scripting.event_queue import ScriptEvent, check_event_room, push_event
from engine.scripting.quotas import left_of, spend_commands
from engine.scripting.reflection import PropertyType, Rule
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.texts import LONGEST_KEPT, keep_text, take_world_string
from engine.scripting.undo import note_commands, write_noted
from engine.scripting.writes import note_team_change, write_float, write_word
from lang.heap.alloc import container_words, has_room, pay, take, take_container
from lang.heap.maps import entry_at
from lang.heap.strings import string_bytes, string_words
from lang.jit import I64, bits_float, float_bits, floats_in, kernel, words_in
from lang.layout import ENTRY_WORDS, Kind, M, Status
from lang.values import Tag

PROPERTY_BYTES = 64
COMMAND_BYTES = 8
"""What is paid for a property that is read or written, and for a command that is looked at."""
_FLOAT, _INT, _BOOL, _STRING, _ENTITY, _VEC2, _VEC3 = (int(kind) for kind in PropertyType)


@kernel
def find_component(m: I64, string: int) -> int:
    """Return the place of the component in the table whose name is a string of the world, or -1."""
    words = words_in(words_in(m, M.WORLD), WorldSlot.REFLECTION)
    for i in range(words[table_of.COUNT] if string >= 0 else 0):
        at = table_of.FIRST_COMPONENT + table_of.COMPONENT_WORDS * i
        if words[at] == string:
            return at
    return -1


# --- reading ----------------------------------------------------------------------------------------


@kernel
def _value_words(m: I64, at: int, row: int) -> int:
    """Return the words of the heap that the value of a property takes."""
    table = words_in(m, M.WORLD)
    words = words_in(table, WorldSlot.REFLECTION)
    kind = words[at + table_of.TYPE]
    if kind == _STRING:
        string = words_in(table, 2 * words[at + table_of.FIELD])[row]
        return string_words(string_length(words_in(table, WorldSlot.STRINGS), string))
    return 3 if kind == _VEC2 else (4 if kind == _VEC3 else 0)


@kernel
def _value_of(m: I64, at: int, row: int) -> tuple[int, int]:
    """Return (tag, payload) of a property (there is room)."""
    table = words_in(m, M.WORLD)
    words = words_in(table, WorldSlot.REFLECTION)
    kind, field = words[at + table_of.TYPE], words[at + table_of.FIELD]
    word = words_in(table, 2 * field)[row]
    if kind == _FLOAT:
        return Tag.FLOAT, word
    if kind == _BOOL:
        return Tag.BOOL, word
    if kind == _STRING:
        return Tag.STRING, take_world_string(m, word)
    if kind == _ENTITY:
        return (Tag.INT, word) if entity_index(table, word) >= 0 else (Tag.UNIT, 0)
    if kind == _INT:
        return Tag.INT, word
    size = 2 if kind == _VEC2 else 3
    vector = take(m, Kind.VECTOR, 1 + size)
    heap = words_in(m, M.HEAP)
    for i in range(size):
        heap[vector + 1 + i] = words_in(table, 2 * (field + i))[row]
    return (Tag.VEC2 if size == 2 else Tag.VEC3), vector


@kernel
def component_value(m: I64, component: int, row: int) -> tuple[int, int, int]:
    """Return (status, tag, payload): the value of a component of one property, a map of any other."""
    table = words_in(m, M.WORLD)
    words = words_in(table, WorldSlot.REFLECTION)
    count, first = words[component + table_of.PROPERTIES], words[component + table_of.FIRST_PROPERTY]
    strings = words_in(table, WorldSlot.STRINGS)
    needed = 0 if count == 1 else container_words(ENTRY_WORDS, count)
    for i in range(count):
        at = first + table_of.PROPERTY_WORDS * i
        needed += _value_words(m, at, row)
        needed += 0 if count == 1 else string_words(string_length(strings, words[at]))
    if not has_room(m, needed):
        return Status.NEEDS_MEMORY, 0, 0
    pay(m, PROPERTY_BYTES * count)
    if count == 1:
        tag, payload = _value_of(m, first, row)
        return Status.OK, tag, payload
    made = take_container(m, Kind.MAP, Kind.ENTRIES, ENTRY_WORDS, count)
    heap = words_in(m, M.HEAP)
    for i in range(count):
        at = first + table_of.PROPERTY_WORDS * i
        key = take_world_string(m, words[at])
        tag, payload = _value_of(m, at, row)
        to = entry_at(m, made, i)
        heap[to], heap[to + 1], heap[to + 2] = key, tag, payload
        heap[made + 1] = i + 1
    return Status.OK, Tag.MAP, made


# --- checking ---------------------------------------------------------------------------------------


@kernel
def _fits(m: I64, at: int, row: int, tag: int, payload: int) -> bool:
    """Return whether a value may be written to a property; strings are checked for their type alone."""
    table = words_in(m, M.WORLD)
    words = words_in(table, WorldSlot.REFLECTION)
    kind, rule, given = words[at + table_of.TYPE], words[at + table_of.RULE], tag & 0xFF
    low, high = words[at + table_of.LOW], words[at + table_of.HIGH]
    if rule == Rule.READ_ONLY:
        return False
    if kind == _FLOAT:
        value = number_value(tag, payload)
        return math.isfinite(value) and bits_float(low) <= value and value <= bits_float(high)
    if kind == _STRING:
        return bool(given == Tag.STRING)
    if kind == _BOOL:
        return bool(given == Tag.BOOL)
    if kind == _ENTITY:
        return bool(given == Tag.UNIT or (given == Tag.INT and entity_index(table, payload) >= 0))
    if kind == _INT:
        most = high
        if rule == Rule.FRAME and row >= 0:
            columns = words_in(table, 2 * Field.SPRITE_COLUMNS)[row]
            most = columns * words_in(table, 2 * Field.SPRITE_ROWS)[row] - 1
        return bool(given == Tag.INT and low <= payload <= most)
    size, x, y, z = vector_value(m, tag, payload)
    return size == (2 if kind == _VEC2 else 3) and math.isfinite(x) and math.isfinite(y) and math.isfinite(z)


@kernel
def _check_property(m: I64, at: int, row: int, value: tuple[int, int], place: tuple[int, int]) -> int:
    """Return OK if a value may be written to a property, and keep its string; `place` see `check_value`."""
    tag, payload = value
    if not _fits(m, at, row, tag, payload):
        return refuse(m, Refusal.BAD_PROPERTY, place[0], at + place[1])
    if tag & 0xFF != Tag.STRING:
        return Status.OK
    if string_bytes(m, payload).size > LONGEST_KEPT:
        return refuse(m, Refusal.TEXT_TOO_LONG, place[0], 0)
    status, _ = keep_text(m, payload)
    return status


@kernel
def _find_property(m: I64, component: int, key: int) -> int:
    """Return the place of the property that a key names, or -1."""
    table = words_in(m, M.WORLD)
    words = words_in(table, WorldSlot.REFLECTION)
    text = string_bytes(m, key)
    string = find_string(words_in(table, WorldSlot.STRINGS), text, text.size)
    first = words[component + table_of.FIRST_PROPERTY]
    for i in range(words[component + table_of.PROPERTIES] if string >= 0 else 0):
        at = first + table_of.PROPERTY_WORDS * i
        if words[at] == string:
            return at
    return -1


@kernel
def check_value(m: I64, component: int, row: int, value: tuple[int, int], place: tuple[int, int]) -> int:
    """Return OK if a value or a map may be written to a component.

    Args:
        row: of the entity or the prefab, -1 when it lacks the component.  value: tag and payload.
        place: number of the argument it is (part of), and IS_NESTED or 0.
    """
    words = words_in(words_in(m, M.WORLD), WorldSlot.REFLECTION)
    if row < 0 and words[component + table_of.IS_DECLARED] == 0:
        return refuse(m, Refusal.LACKS_COMPONENT, place[0], component + place[1])
    first = words[component + table_of.FIRST_PROPERTY]
    if value[0] & 0xFF != Tag.MAP:
        if words[component + table_of.PROPERTIES] != 1:
            return refuse(m, Refusal.NOT_A_MAP_OF, place[0], component + place[1])
        return _check_property(m, first, row, value, place)
    heap = words_in(m, M.HEAP)
    count = heap[value[1] + 1]
    for i in range(count):
        entry = entry_at(m, value[1], i)
        at = _find_property(m, component, heap[entry])
        if at < 0:
            return refuse(m, Refusal.UNKNOWN_PROPERTY, place[0], component + place[1])
        status = _check_property(m, at, row, (heap[entry + 1], heap[entry + 2]), place)
        if status != Status.OK:
            return status
    pay(m, PROPERTY_BYTES * count)
    return Status.OK


@kernel
def check_room(m: I64) -> int:
    """Return OK, or the request for all the room that writing components may take."""
    table = words_in(m, M.WORLD)
    counters = words_in(table, WorldSlot.COUNTERS)
    components = words_in(table, WorldSlot.REFLECTION)[table_of.COUNT]
    fields = words_in(table, WorldSlot.REFLECTION)[table_of.NOTES]
    queued = counters[Counter.COMMANDS] + components
    values = counters[Counter.COMMAND_VALUES] + components + fields
    if queued * COMMAND_WORDS > table[WorldSlot.COMMANDS + 1] or values > table[WorldSlot.COMMAND_VALUES + 1]:
        return ask_for_room(m, 0)
    status = check_event_room(m, 2)
    if status != Status.OK:
        return status
    return check_notes(m, fields + components)  # and what is left of the commands


@kernel
def check_command(m: I64) -> int:
    """Return OK, or the refusal, when a component is to be added and no command is left of the tick."""
    if left_of(m, PartyWord.COMMANDS) < 1:
        return refuse(m, Refusal.USED_UP, NO_ARGUMENT, 0)
    return Status.OK


# --- writing ----------------------------------------------------------------------------------------


@kernel
def _queued(m: I64, entity: int, component: int) -> int:
    """Return the place of the last command that gives or takes a component of an entity, or -1."""
    table = words_in(m, M.WORLD)
    commands = words_in(table, WorldSlot.COMMANDS)
    count = words_in(table, WorldSlot.COUNTERS)[Counter.COMMANDS]
    found, looked_at = -1, 0
    while found < 0 and looked_at < count:
        looked_at += 1
        at = COMMAND_WORDS * (count - looked_at)
        if commands[at + 1] == entity and commands[at] == Command.BIRTH:
            break
        gives = commands[at] == Command.ADD or commands[at] == Command.REMOVE
        if gives and commands[at + 1] == entity and commands[at + 2] == component:
            found = at
    pay(m, COMMAND_BYTES * looked_at)
    return found


@kernel
def values_to_add(m: I64, entity: int, component: int) -> int:
    """Return where in COMMAND_VALUES the values lie with which a component is added to an entity.

    Queues the command if none waits, with a value for each field: so a later call in the same tick writes
    to the same values. There is room.
    """
    table = words_in(m, M.WORLD)
    counters, commands = words_in(table, WorldSlot.COUNTERS), words_in(table, WorldSlot.COMMANDS)
    values = words_in(table, WorldSlot.COMMAND_VALUES)
    first = words_in(table, WorldSlot.COMPONENT_FIRST_FIELD)[component]
    fields = words_in(table, WorldSlot.COMPONENT_FIELD_COUNT)[component]
    command = _queued(m, entity, component)
    old = commands[command + 3] if command >= 0 and commands[command] == Command.ADD else 0
    if old > 0 and values[old - 1] == fields:
        return old - 1
    place = counters[Counter.COMMAND_VALUES]
    write_noted(m, WorldSlot.COUNTERS, Counter.COMMAND_VALUES, place + 1 + 2 * fields)
    values[place] = fields
    for i in range(fields):
        values[place + 1 + 2 * i] = first + i
        values[place + 2 + 2 * i] = words_in(table, WorldSlot.FIELD_DEFAULT)[first + i]
    for i in range(values[old - 1] if old > 0 else 0):
        values[place + 2 + 2 * (values[old + 2 * i] - first)] = values[old + 2 * i + 1]
    if command >= 0 and commands[command] == Command.ADD:
        write_noted(m, WorldSlot.COMMANDS, command + 3, place + 1)
    else:
        note_commands(m)
        spend_commands(m, 1)
        push_command(table, Command.ADD, entity, component, place + 1)
    return place


@kernel
def put_word(m: I64, field: int, row: int, place: int, word: int) -> None:
    """Write a word to a field of a row, or, without a row, to the values at a place that wait to be added."""
    if row >= 0:
        write_word(m, field, row, word)
        return
    table = words_in(m, M.WORLD)
    component = words_in(table, WorldSlot.FIELD_COMPONENT)[field]
    at = place + 2 + 2 * (field - words_in(table, WorldSlot.COMPONENT_FIRST_FIELD)[component])
    write_noted(m, WorldSlot.COMMAND_VALUES, at, word)


@kernel
def _write_property(m: I64, at: int, row: int, place: int, value: tuple[int, int]) -> None:
    words = words_in(words_in(m, M.WORLD), WorldSlot.REFLECTION)
    kind, field = words[at + table_of.TYPE], words[at + table_of.FIELD]
    tag, payload = value
    if kind in (_VEC2, _VEC3):
        _, x, y, z = vector_value(m, tag, payload)
        put_word(m, field, row, place, float_bits(x))
        put_word(m, field + 1, row, place, float_bits(y))
        if kind == _VEC3:
            put_word(m, field + 2, row, place, float_bits(z))
        return
    word = payload
    if kind == _FLOAT:
        word = float_bits(number_value(tag, payload))
    elif kind == _STRING:
        word = world_string(m, payload)
    elif kind == _ENTITY and tag & 0xFF == Tag.UNIT:
        word = 0
    put_word(m, field, row, place, word)


@kernel
def _settle_health(m: I64, entity: int, row: int, before: float) -> None:
    """Keep health within its maximum; reaching 0 is a death."""
    table = words_in(m, M.WORLD)
    health = floats_in(table, 2 * Field.HEALTH_VALUE)[row]
    most = floats_in(table, 2 * Field.HEALTH_MAX)[row]
    if health > most:
        write_float(m, Field.HEALTH_VALUE, row, most)
    if before > 0.0 and health <= 0.0:
        push_event(m, ScriptEvent.DEATH, entity, m[M.ENTITY], 0, 0)


@kernel
def write_value(m: I64, component: int, index: int, entity: int, value: tuple[int, int]) -> None:
    """Write a value that `check_value` let pass to a component of an entity (there is room)."""
    table = words_in(m, M.WORLD)
    words, heap = words_in(table, WorldSlot.REFLECTION), words_in(m, M.HEAP)
    number = words[component + table_of.NUMBER]
    row = component_row(table, index, number)
    place = values_to_add(m, entity, number) if row < 0 else -1
    before = 0.0
    if number == Component.HEALTH:
        before = floats_in(table, 2 * Field.HEALTH_VALUE)[row]
    if value[0] & 0xFF != Tag.MAP:
        _write_property(m, words[component + table_of.FIRST_PROPERTY], row, place, value)
    else:
        for i in range(heap[value[1] + 1]):
            entry = entry_at(m, value[1], i)
            at = _find_property(m, component, heap[entry])
            _write_property(m, at, row, place, (heap[entry + 1], heap[entry + 2]))
    if number == Component.HEALTH:
        _settle_health(m, entity, row, before)
    elif number == Component.TEAM:
        note_team_change(m)
