"""API: status effects, which the scene declares."""

from __future__ import annotations

from engine.ecs.layout import PartyWord, WorldSlot
from engine.scripting.arguments import (
    NOT_FOUND,
    done,
    find_named,
    read_if_given,
    read_index,
    read_index_to_write,
    read_known,
    read_ticks,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.entity_lists import NO_ROW, add_row, find_row, first_row
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.status import EFFECT_ROW, MAGNITUDE, NAME, SOURCE, STACKS, TICKS_LEFT
from engine.scripting.undo import write_noted
from lang.heap.access import put_bool, register_a
from lang.jit import I64, bits_float, float_bits, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status


@kernel
def read_effect(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read the name of a status effect; returns (status, its number)."""
    status, name = read_known(m, word, number)
    if status != Status.OK:
        return status, 0
    effects = words_in(words_in(m, M.WORLD), WorldSlot.STATUS_EFFECTS)
    effect = find_named(effects, NAME, effects.size // EFFECT_ROW, EFFECT_ROW, name)
    if effect == NOT_FOUND:
        return refuse(m, Refusal.UNKNOWN_STATUS, number, 0), 0
    return Status.OK, effect


@native
def apply_status_effect(machine: int, word: int) -> int:
    """apply_status_effect(e, name, seconds[, magnitude]): applied again, it refreshes or stacks."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    status, effect = read_effect(m, word, 1)
    if status != Status.OK:
        return status
    status, ticks = read_ticks(m, word, 2)
    if status != Status.OK:
        return status
    status, magnitude = read_if_given(m, word, 3, 1.0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    row = find_row(table, WorldSlot.STATUS_HEADS, WorldSlot.STATUS_ROWS, index, effect)
    if row == NO_ROW:
        heads, rows = WorldSlot.STATUS_HEADS, WorldSlot.STATUS_ROWS
        status, row = add_row(m, heads, rows, PartyWord.STATUSES, index, effect)
        if status != Status.OK:
            return status
    words = words_in(table, WorldSlot.STATUS_ROWS)
    before = bits_float(words[row + MAGNITUDE])
    if words_in(table, WorldSlot.STATUS_EFFECTS)[EFFECT_ROW * effect + STACKS] != 0:
        magnitude += before
    rows = WorldSlot.STATUS_ROWS
    write_noted(m, rows, row + TICKS_LEFT, max(ticks, words[row + TICKS_LEFT]))
    write_noted(m, rows, row + MAGNITUDE, float_bits(max(magnitude, before)))
    write_noted(m, rows, row + SOURCE, m[M.ENTITY])
    return done(m, word)


@native
def clear_status_effects(machine: int, word: int) -> int:
    """clear_status_effects(e): all of them end."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index_to_write(m, word, 0)
    if status != Status.OK:
        return status
    if first_row(words_in(m, M.WORLD), WorldSlot.STATUS_HEADS, index) != NO_ROW:
        write_noted(m, WorldSlot.STATUS_HEADS, 2 * index + 1, NO_ROW)
    return done(m, word)


@native
def has_status_effect(machine: int, word: int) -> int:
    """has_status_effect(e, name): whether it works on the entity now."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    status, effect = read_effect(m, word, 1)
    if status == Status.OK:
        row = find_row(words_in(m, M.WORLD), WorldSlot.STATUS_HEADS, WorldSlot.STATUS_ROWS, index, effect)
        put_bool(m, register_a(m, word), row != NO_ROW)
    return status


_E = Parameter("e", ArgumentType.ENTITY)
_NAME = Parameter("name", ArgumentType.STATUS)
FUNCTIONS = (
    ApiFunction(
        name="apply_status_effect",
        implementation=apply_status_effect,
        category=Category.COMBAT,
        parameters=(
            _E,
            _NAME,
            Parameter("seconds", ArgumentType.SECONDS, "s"),
            Parameter("magnitude", ArgumentType.NOT_NEGATIVE, default="1"),
        ),
        writes=True,
        brief=(
            "an effect of the scene's `[status.NAME]`: damage or healing a second, slower or no "
            "`move_towards`"
        ),
        errors=(Refusal.HOLDS_MOST,),
        details="Applied again it refreshes or stacks, as declared. `magnitude` multiplies what it does.",
        pitfalls=("It slows `move_towards` alone: a velocity is not touched.",),
        example="""
fn on_collision(other) {
    if get_tag(other) == "Player" {
        apply_status_effect(other, "burning", 3.0, 2.0);
    }
}""",
    ),
    ApiFunction(
        name="clear_status_effects",
        implementation=clear_status_effects,
        category=Category.COMBAT,
        parameters=(_E,),
        writes=True,
        brief="ends all effects that work on it",
        pitfalls=("Good ones end as well.",),
        example="""
fn on_trigger(name, other) {
    if name == "water" { clear_status_effects(entity_id); }
}""",
    ),
    ApiFunction(
        name="has_status_effect",
        implementation=has_status_effect,
        category=Category.COMBAT,
        parameters=(_E, _NAME),
        brief="whether an effect works on it now",
        result="`bool`",
        pitfalls=("A name that the scene does not declare is an error, not `false`.",),
        example="""
fn on_update() {
    if has_status_effect(entity_id, "burning") {
        spawn_particle("sparks", get_position(entity_id));
    }
}""",
    ),
)
