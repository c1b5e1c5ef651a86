"""API: particles. Whether an effect exists is asked here, in the run; what is seen of it is Python's."""

from __future__ import annotations

from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import (
    check_writable,
    read_bool,
    read_position,
    read_row,
    read_string,
    world_string,
)
from engine.scripting.effects import push_effect
from engine.scripting.layout import Effect
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.writes import write_word
from lang.heap.access import put_unit, register_a
from lang.jit import native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry


@native
def spawn_particle(machine: int, word: int) -> int:
    """spawn_particle(effect, pos): lets an effect of the scene begin at a place."""
    m = words_at(machine, MACHINE_WORDS)
    status, reference = read_string(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, x, y, _, _ = read_position(m, word, 1)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    string = world_string(m, reference)
    names = words_in(table, WorldSlot.PARTICLES)
    effect = -1
    for number in range(names.size):
        if names[number] == string:
            effect = number
    if string < 0 or effect < 0:
        return refuse(m, Refusal.UNKNOWN_EFFECT, 0, 0)
    put_unit(m, register_a(m, word))
    push_effect(m, Effect.PARTICLES, string, (x, y, 0.0, 0.0), effect)
    return Status.OK


@native
def set_emitter(machine: int, word: int) -> int:
    """set_emitter(e, on): switches the emitter of an entity; one that is switched on begins anew."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row(m, word, 0, Component.EMITTER, Refusal.NO_EMITTER)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, on = read_bool(m, word, 1)
    if status != Status.OK:
        return status
    write_word(m, Field.EMITTER_ACTIVE, row, on)
    put_unit(m, register_a(m, word))
    return Status.OK


ENTRIES = (
    NativeEntry("spawn_particle", spawn_particle, (2, 2), api=True),
    NativeEntry("set_emitter", set_emitter, (2, 2), api=True),
)
