"""API: births of prefabs, with values of their own."""

from __future__ import annotations

from engine.ecs.access import component_row
from engine.ecs.births import spawn_prefab
from engine.ecs.components import Component, Field
from engine.ecs.hierarchy import place_below
from engine.ecs.layout import PartyWord, WorldSlot
from engine.scripting.arguments import (
    NOT_FOUND,
    ask_for_room,
    check_writable,
    find_named,
    read_known,
    read_position,
    world_string,
)
from engine.scripting.component_values import check_room, check_value, find_component, write_value
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.layout import ScriptWord
from engine.scripting.quotas import left_of, spend_commands
from engine.scripting.reflection import IS_NESTED, NUMBER
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.undo import note_commands
from engine.scripting.writes import write_float, write_pair
from lang.heap.access import argument, field_c, put, register_a
from lang.heap.alloc import pay
from lang.heap.maps import entry_at
from lang.jit import I64, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag

_OVERRIDES = 2
"""Number of the argument."""


@kernel
def read_prefab(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read the name of a prefab; returns (status, its number)."""
    status, name = read_known(m, word, number)
    if status != Status.OK:
        return status, -1
    scripts = words_in(words_in(m, M.WORLD), WorldSlot.SCRIPTS)
    row = find_named(scripts, ScriptWord.FIRST_PREFAB, scripts[ScriptWord.PREFABS], 2, name)
    if row == NOT_FOUND:
        return refuse(m, Refusal.UNKNOWN_PREFAB, number, 0), -1
    return Status.OK, scripts[ScriptWord.FIRST_PREFAB + 2 * row + 1]


@kernel
def _template_row(table: I64, prefab: int, component: int) -> int:
    """Return the pool row of a component of a prefab, or -1 when it lacks it."""
    components = table[WorldSlot.COMPONENT_FIRST_FIELD + 1]
    chunk = words_in(table, WorldSlot.PREFAB_CHUNK)[prefab]
    base = words_in(table, WorldSlot.CHUNK_BASE)[chunk * components + component]
    return base + words_in(table, WorldSlot.PREFAB_ROW)[prefab] if base >= 0 else -1


@kernel
def _check_overrides(m: I64, word: int, prefab: int) -> int:
    """Return OK if the last argument is a map of components with values that may be written to a prefab."""
    table, registers = words_in(m, M.WORLD), words_in(m, M.REGISTERS)
    at = argument(word, m, _OVERRIDES)
    if registers[at] & 0xFF != Tag.MAP:
        return refuse(m, Refusal.NOT_OVERRIDES, _OVERRIDES, 0)
    heap, given = words_in(m, M.HEAP), registers[at + 1]
    for i in range(heap[given + 1]):
        entry = entry_at(m, given, i)
        component = find_component(m, world_string(m, heap[entry]))
        if component < 0:
            return refuse(m, Refusal.UNKNOWN_COMPONENT, _OVERRIDES, 0)
        row = _template_row(table, prefab, words_in(table, WorldSlot.REFLECTION)[component + NUMBER])
        value = (heap[entry + 1], heap[entry + 2])
        status = check_value(m, component, row, value, (_OVERRIDES, IS_NESTED))
        if status != Status.OK:
            return status
    return check_room(m)


@kernel
def _override_count(m: I64, word: int) -> int:
    """Return how many components the last argument, which is a map, names."""
    return words_in(m, M.HEAP)[words_in(m, M.REGISTERS)[argument(word, m, _OVERRIDES) + 1] + 1]


@kernel
def _write_overrides(m: I64, word: int, entity: int, index: int) -> None:
    """Write what `_check_overrides` let pass to a newborn."""
    heap = words_in(m, M.HEAP)
    given = words_in(m, M.REGISTERS)[argument(word, m, _OVERRIDES) + 1]
    for i in range(heap[given + 1]):
        entry = entry_at(m, given, i)
        component = find_component(m, world_string(m, heap[entry]))
        write_value(m, component, index, entity, (heap[entry + 1], heap[entry + 2]))


@kernel
def _stand(m: I64, row: int) -> None:
    """Let a newborn have stood where it stands, so that the picture does not show a way from elsewhere."""
    table = words_in(m, M.WORLD)
    x = floats_in(table, 2 * Field.TRANSFORM_X)[row]
    write_pair(m, Field.TRANSFORM_PREVIOUS_X, row, x, floats_in(table, 2 * Field.TRANSFORM_Y)[row])
    rotation = floats_in(table, 2 * Field.TRANSFORM_ROTATION)[row]
    write_float(m, Field.TRANSFORM_PREVIOUS_ROTATION, row, rotation)


@native
def spawn_entity(machine: int, word: int) -> int:
    """spawn_entity(prefab, pos[, overrides]) → id, valid at once; it is born in stage `commands`."""
    m = words_at(machine, MACHINE_WORDS)
    status, prefab = read_prefab(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, z, size = read_position(m, word, 1)
    has_overrides = field_c(word) > _OVERRIDES
    if status == Status.OK and has_overrides:
        status = _check_overrides(m, word, prefab)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    members = words_in(table, WorldSlot.PREFAB_MEMBERS)[prefab]
    if left_of(m, PartyWord.LIVE) + members > left_of(m, PartyWord.MOST):
        return refuse(m, Refusal.TOO_MANY_ENTITIES, NO_ARGUMENT, 0)
    if left_of(m, PartyWord.COMMANDS) < members + (_override_count(m, word) if has_overrides else 0):
        return refuse(m, Refusal.USED_UP, NO_ARGUMENT, 0)
    note_commands(m)
    entity = spawn_prefab(table, prefab)
    if entity < 0:
        return ask_for_room(m, 0)
    spend_commands(m, members)
    index = (entity & 0xFFFFFFFF) - 1
    row = component_row(table, index, Component.TRANSFORM)
    write_pair(m, Field.TRANSFORM_X, row, x, y)
    if size == 3:
        write_float(m, Field.TRANSFORM_Z, row, z)
    if has_overrides:
        _write_overrides(m, word, entity, index)
    _stand(m, row)
    if members > 1:
        pay(m, 8 * members)
        place_below(table, index, False)
    put(m, register_a(m, word), Tag.INT, entity)
    return Status.OK


FUNCTIONS = (
    ApiFunction(
        name="spawn_entity",
        implementation=spawn_entity,
        category=Category.ENTITIES,
        parameters=(
            Parameter("prefab", ArgumentType.PREFAB),
            Parameter("pos", ArgumentType.POSITION, "m"),
            Parameter("overrides", ArgumentType.OVERRIDES, default="the prefab's own values"),
        ),
        errors=(Refusal.TOO_MANY_ENTITIES, Refusal.USED_UP),
        writes=True,
        brief="a new entity of a prefab; it and all its children are born at the end of the tick",
        result="entity: its id is valid at once",
        details=(
            "`overrides` is a map of components with values as for `set_component`, which the entity "
            "itself has at once. It joins queries, physics and callbacks after stage `commands`, and "
            "never exists if the callback fails."
        ),
        pitfalls=(
            "Its `on_spawn` has not run yet when the call returns.",
            "Who is spawned by `on_spawn` of its own prefab, and so on, waits for the next tick each time.",
        ),
        example="""
fn on_update() {
    if is_action_pressed("fire") {
        let fast = #{ velocity: #{ vx: 9.0 } };
        let bolt = spawn_entity("bolt", get_position(entity_id), fast);
        face_direction(bolt, (1.0, 0.0));
    }
}""",
    ),
)
