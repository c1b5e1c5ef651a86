"""API: components by name."""

from __future__ import annotations

from engine.ecs.access import component_row
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import done, entity_argument, read_index, read_index_to_write, read_known
from engine.scripting.component_values import (
    check_command,
    check_room,
    check_value,
    component_value,
    find_component,
    write_value,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.reflection import NUMBER
from engine.scripting.refusals import Refusal, refuse
from lang.heap.access import argument, put, put_unit, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status


@kernel
def read_component(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read the name of a component; returns (status, its place in the table)."""
    status, name = read_known(m, word, number)
    if status != Status.OK:
        return status, -1
    component = find_component(m, name)
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
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    status, component = read_component(m, word, 1)
    if status != Status.OK:
        return status
    table, registers = words_in(m, M.WORLD), words_in(m, M.REGISTERS)
    at = argument(word, m, 2)
    value = (registers[at], registers[at + 1])
    number = words_in(table, WorldSlot.REFLECTION)[component + NUMBER]
    row = component_row(table, index, number)
    status = check_value(m, component, row, value, (2, 0))
    if status == Status.OK:
        status = check_room(m)
    if status == Status.OK and row < 0:
        status = check_command(m)
    if status != Status.OK:
        return status
    write_value(m, component, index, entity_argument(m, word, 0), value)
    return done(m, word)


_E = Parameter("e", ArgumentType.ENTITY)
_NAME = Parameter("name", ArgumentType.COMPONENT)
FUNCTIONS = (
    ApiFunction(
        name="get_component",
        implementation=get_component,
        category=Category.ENTITIES,
        parameters=(_E, _NAME),
        brief="a map of its properties, the value itself where a component has only one, or `()`",
        result="map, value, or `()` when the entity lacks it",
        details="Which properties scripts see of which component stands in the overview.",
        pitfalls=("The map is a copy: writing to it changes nothing until `set_component`.",),
        example="""
fn on_collision(other) {
    let health = get_component(other, "health");
    if health != () && health.value < health.max { heal(other, 10); }
}""",
    ),
    ApiFunction(
        name="set_component",
        implementation=set_component,
        category=Category.ENTITIES,
        parameters=(_E, _NAME, Parameter("value", ArgumentType.COMPONENT_VALUE)),
        errors=(Refusal.USED_UP,),
        writes=True,
        brief="a value, or a map of the properties that are to change; the others stay",
        details=(
            "A component that the scene declares and the entity lacks is added at the end of the tick, "
            "with the defaults of what was not given; until then `get_component` returns `()`. A wrong "
            "name, type or value writes nothing of the map."
        ),
        pitfalls=("Built-in components cannot be added: a prefab has them or has not.",),
        example="""
fn on_damage(amount, source) {
    set_component(entity_id, "sprite", #{ color: 0xff2020ff, flip_x: true });
    set_component(entity_id, "mood", #{ anger: 0.9 });
}""",
    ),
)
