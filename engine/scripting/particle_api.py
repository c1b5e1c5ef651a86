"""API: particles. Whether an effect exists is asked here, in the run; what is seen of it is Python's."""

from __future__ import annotations

from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import (
    NOT_FOUND,
    check_writable,
    done,
    find_named,
    read_bool,
    read_known,
    read_position,
    read_row_to_write,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.effects import push_effect
from engine.scripting.layout import Effect
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.writes import write_word
from lang.jit import native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status


@native
def spawn_particle(machine: int, word: int) -> int:
    """spawn_particle(effect, pos): lets an effect of the scene begin at a place."""
    m = words_at(machine, MACHINE_WORDS)
    status, string = read_known(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    names = words_in(words_in(m, M.WORLD), WorldSlot.PARTICLES)
    effect = find_named(names, 0, names.size, 1, string)
    if effect == NOT_FOUND:
        return refuse(m, Refusal.UNKNOWN_EFFECT, 0, 0)
    push_effect(m, Effect.PARTICLES, string, (x, y, 0.0, 0.0), effect)
    return done(m, word)


@native
def set_emitter(machine: int, word: int) -> int:
    """set_emitter(e, on): switches the emitter of an entity; one that is switched on begins anew."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row_to_write(m, word, 0, Component.EMITTER, Refusal.NO_EMITTER)
    if status != Status.OK:
        return status
    status, on = read_bool(m, word, 1)
    if status != Status.OK:
        return status
    write_word(m, Field.EMITTER_ACTIVE, row, on)
    return done(m, word)


FUNCTIONS = (
    ApiFunction(
        name="spawn_particle",
        implementation=spawn_particle,
        category=Category.PICTURE,
        parameters=(
            Parameter("effect", ArgumentType.EFFECT),
            Parameter("pos", ArgumentType.POSITION, "m"),
        ),
        writes=True,
        brief="lets an effect of the scene (`[effect.NAME]`) begin at a place",
        details="It goes on for its duration, or for a second where that has no end.",
        pitfalls=("It stays where it began; an `emitter` goes along with its entity.",),
        example="""
fn on_destroy() { spawn_particle("explosion", get_position(entity_id)); }""",
    ),
    ApiFunction(
        name="set_emitter",
        implementation=set_emitter,
        category=Category.PICTURE,
        parameters=(Parameter("e", ArgumentType.WITH_EMITTER), Parameter("on", ArgumentType.BOOL)),
        writes=True,
        brief="switches the emitter of an entity; one that is switched on begins anew",
        pitfalls=("Switched on each tick it begins anew each tick.",),
        example="""
fn on_update() {
    if is_action_pressed("fire") { set_emitter(entity_id, true); }
    if is_action_released("fire") { set_emitter(entity_id, false); }
}""",
    ),
)
