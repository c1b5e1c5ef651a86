"""API: components by name, and tags."""

from __future__ import annotations

from engine.ecs.access import component_row
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import check_writable, read_index, read_string, world_string
from engine.scripting.component_values import (
    check_room,
    check_value,
    component_value,
    find_component,
    put_word,
    values_to_add,
    write_value,
)
from engine.scripting.entity_api import keep_string
from engine.scripting.reflection import NUMBER
from engine.scripting.refusals import Refusal, refuse
from lang.heap.access import argument, put, put_unit, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry


@kernel
def read_component(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read the name of a component; returns (status, its place in the table)."""
    status, reference = read_string(m, word, number)
    if status != Status.OK:
        return status, -1
    component = find_component(m, world_string(m, reference))
    if component < 0:
        return refuse(m, Refusal.UNKNOWN_COMPONENT, number, 0), -1
    return Status.OK, component


@native
def get_component(machine: int, word: int) -> int:
    """get_component(e, name) → its value, a map of its properties, or () when the entity lacks it."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    status, component = read_component(m, word, 1)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    number = words_in(table, WorldSlot.REFLECTION)[component + NUMBER]
    row = component_row(table, index, number)
    if row < 0:
        put_unit(m, register_a(m, word))
        return Status.OK
    status, tag, payload = component_value(m, component, row)
    if status == Status.OK:
        put(m, register_a(m, word), tag, payload)
    return status


@native
def set_component(machine: int, word: int) -> int:
    """set_component(e, name, value): a value, or a map of the properties that are to change."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, component = read_component(m, word, 1)
    if status != Status.OK:
        return status
    table, registers = words_in(m, M.WORLD), words_in(m, M.REGISTERS)
    at = argument(word, m, 2)
    value = (registers[at], registers[at + 1])
    number = words_in(table, WorldSlot.REFLECTION)[component + NUMBER]
    status = check_value(m, component, component_row(table, index, number), value, (2, 0))
    if status == Status.OK:
        status = check_room(m)
    if status != Status.OK:
        return status
    write_value(m, component, index, registers[argument(word, m, 0) + 1], value)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def set_tag(machine: int, word: int) -> int:
    """set_tag(e, tag): at once for who has one, else from the end of the tick on."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 1)
    if status == Status.OK:
        status = check_room(m)
    if status != Status.OK:
        return status
    row = component_row(words_in(m, M.WORLD), index, Component.TAG)
    entity = words_in(m, M.REGISTERS)[argument(word, m, 0) + 1]
    place = values_to_add(m, entity, Component.TAG) if row < 0 else -1
    put_word(m, Field.TAG_NAME, row, place, string)
    put_unit(m, register_a(m, word))
    return Status.OK


ENTRIES = (
    NativeEntry("get_component", get_component, (2, 2), api=True),
    NativeEntry("set_component", set_component, (3, 3), api=True),
    NativeEntry("set_tag", set_tag, (2, 2), api=True),
)
