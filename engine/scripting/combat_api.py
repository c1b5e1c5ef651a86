"""API: health, armor, damage. What happened is queued as events; nothing is called meanwhile."""

from __future__ import annotations

from engine.ecs.access import is_marked
from engine.ecs.components import Component, Field
from engine.scripting.arguments import (
    done,
    entity_argument,
    put_field,
    put_float,
    read_row_and_number,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.event_queue import ScriptEvent, check_event_room, push_event
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.writes import write_float
from lang.heap.access import register_a
from lang.jit import I64, float_bits, floats_in, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status

FULL_ARMOR = 100.0
"""Armor that halves damage: dealt = amount · 100 / (100 + armor)."""


@kernel
def read_health(m: I64, word: int) -> tuple[int, int, float]:
    """Read an entity with health that is to change, and hit points; returns (status, pool row, points)."""
    return read_row_and_number(m, word, Component.HEALTH, Refusal.NO_HEALTH)


@kernel
def read_amount(m: I64, word: int) -> tuple[int, int, float]:
    """As `read_health`, for hit points that may not be negative."""
    status, row, amount = read_health(m, word)
    if status == Status.OK and amount < 0.0:
        return refuse(m, Refusal.NEGATIVE, 1, 0), row, amount
    return status, row, amount


@kernel
def lower_health(m: I64, row: int, entity: int, source: int, health: float) -> None:
    """Write a lower health; reaching 0 is a death, once."""
    before = floats_in(words_in(m, M.WORLD), 2 * Field.HEALTH_VALUE)[row]
    write_float(m, Field.HEALTH_VALUE, row, health)
    if before > 0.0 and health <= 0.0:
        push_event(m, ScriptEvent.DEATH, entity, source, 0, 0)


@kernel
def check_events(m: I64) -> int:
    """Return OK, or the request for room for two events (the caller has asked whether it may write)."""
    return check_event_room(m, 2)


@native
def apply_damage(machine: int, word: int) -> int:
    """apply_damage(e, amount) → dealt, after armor; `on_damage`, and `on_death` when none is left."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, amount = read_amount(m, word)
    if status == Status.OK:
        status = check_events(m)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    entity = entity_argument(m, word, 0)
    health = floats_in(table, 2 * Field.HEALTH_VALUE)[row]
    dealt = amount * FULL_ARMOR / (FULL_ARMOR + floats_in(table, 2 * Field.HEALTH_ARMOR)[row])
    if health <= 0.0 or is_marked(table, (entity & 0xFFFFFFFF) - 1):
        dealt = 0.0
    if dealt > 0.0:
        push_event(m, ScriptEvent.DAMAGE, entity, m[M.ENTITY], 0, float_bits(dealt))
        lower_health(m, row, entity, m[M.ENTITY], max(health - dealt, 0.0))
    put_float(m, register_a(m, word), dealt)
    return Status.OK


@native
def heal(machine: int, word: int) -> int:
    """heal(e, amount) → healed; no higher than the maximum, and nobody comes back from the dead."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, amount = read_amount(m, word)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    health = floats_in(table, 2 * Field.HEALTH_VALUE)[row]
    healed = min(amount, max(floats_in(table, 2 * Field.HEALTH_MAX)[row] - health, 0.0))
    if health <= 0.0:
        healed = 0.0
    if healed > 0.0:
        write_float(m, Field.HEALTH_VALUE, row, health + healed)
    put_float(m, register_a(m, word), healed)
    return Status.OK


@native
def get_health(machine: int, word: int) -> int:
    """get_health(e) in hit points."""
    m = words_at(machine, MACHINE_WORDS)
    return put_field(m, word, Component.HEALTH, Refusal.NO_HEALTH, Field.HEALTH_VALUE)


@native
def set_health(machine: int, word: int) -> int:
    """set_health(e, h): clamped to 0 and the maximum; only `on_death` is told, at 0."""
    m = words_at(machine, MACHINE_WORDS)
    status, row, health = read_health(m, word)
    if status == Status.OK:
        status = check_events(m)
    if status != Status.OK:
        return status
    most = floats_in(words_in(m, M.WORLD), 2 * Field.HEALTH_MAX)[row]
    entity = entity_argument(m, word, 0)
    lower_health(m, row, entity, m[M.ENTITY], min(max(health, 0.0), most))
    return done(m, word)


@native
def get_armor(machine: int, word: int) -> int:
    """get_armor(e): 100 halves damage."""
    m = words_at(machine, MACHINE_WORDS)
    return put_field(m, word, Component.HEALTH, Refusal.NO_HEALTH, Field.HEALTH_ARMOR)


_E = Parameter("e", ArgumentType.WITH_HEALTH)
FUNCTIONS = (
    ApiFunction(
        name="apply_damage",
        implementation=apply_damage,
        category=Category.COMBAT,
        parameters=(_E, Parameter("amount", ArgumentType.NOT_NEGATIVE, "hit points")),
        writes=True,
        brief="deals `amount · 100 / (100 + armor)`; tells `on_damage`, and `on_death` when nothing is left",
        result="`float`, hit points: what was dealt",
        details="The dead, and who is being destroyed, take no more.",
        pitfalls=("`on_damage` comes later in this tick, not within the call.",),
        example="""
fn on_collision(other) {
    if get_tag(other) == "Player" { apply_damage(other, 10); }
}""",
    ),
    ApiFunction(
        name="heal",
        implementation=heal,
        category=Category.COMBAT,
        parameters=(_E, Parameter("amount", ArgumentType.NOT_NEGATIVE, "hit points")),
        writes=True,
        brief="heals, up to the maximum; it raises nobody from the dead",
        result="`float`, hit points: what was healed",
        pitfalls=("Of the dead nothing is healed: `set_health` raises them.",),
        example="""
fn on_trigger(name, other) {
    if name == "spring" && heal(entity_id, 25) > 0.0 { play_sound("coin"); }
}""",
    ),
    ApiFunction(
        name="get_health",
        implementation=get_health,
        category=Category.COMBAT,
        parameters=(_E,),
        brief="its health",
        result="`float`, hit points",
        pitfalls=('Who has no health is an error; `get_component(e, "health") != ()` asks first.',),
        example="""
fn on_update() { set_text(entity_id, `${get_health(entity_id).round()}`); }""",
    ),
    ApiFunction(
        name="set_health",
        implementation=set_health,
        category=Category.COMBAT,
        parameters=(_E, Parameter("h", ArgumentType.NUMBER, "hit points")),
        writes=True,
        brief="sets it, within 0 and the maximum; tells `on_death` alone, at 0",
        pitfalls=("It is no damage: armor does not count, and `on_damage` is not told.",),
        example="""
fn on_message(name, data, sender) {
    if name == "revive" { set_health(entity_id, 50); }
}""",
    ),
    ApiFunction(
        name="get_armor",
        implementation=get_armor,
        category=Category.COMBAT,
        parameters=(_E,),
        brief="its armor, of which 100 halve damage",
        result="`float`",
        pitfalls=('It is written by `set_component(e, "health", #{ armor: 20.0 })`.',),
        example="""
fn on_spawn() {
    if get_armor(entity_id) > 50.0 { set_tag(entity_id, "Tank"); }
}""",
    ),
)
