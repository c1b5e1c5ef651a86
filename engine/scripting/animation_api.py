"""API: clips and state machines."""

from __future__ import annotations

from engine.animation.clock import book_offset
from engine.animation.layout import (
    CLIP_WORDS,
    PARAMETER_WORDS,
    STATE_WORDS,
    AnimatorWord,
    ClipWord,
    Header,
    StateWord,
)
from engine.animation.machine import NO_ANIMATOR, animator_of, has_animator, state_of
from engine.ecs.access import component_row
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import (
    done,
    find_named,
    read_if_given,
    read_index,
    read_known,
    read_number,
    read_row,
    read_row_to_write,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.texts import put_world_string
from engine.scripting.writes import write_float, write_word
from lang.heap.access import argument, register_a
from lang.heap.alloc import pay
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag


@kernel
def find_animation(table: I64, book: I64, animator: int, name: int) -> int:
    """Return the number of a clip, or of a state for the row of an animator, or NOT_FOUND."""
    if not has_animator(table, book, animator):
        return find_named(book, book[Header.FIRST_CLIP], book[Header.CLIPS], CLIP_WORDS, name)
    at = animator_of(table, book, animator)
    first, count = book[at + AnimatorWord.FIRST_STATE], book[at + AnimatorWord.STATES]
    return find_named(book, first, count, STATE_WORDS, name)


@native
def play_animation(machine: int, word: int) -> int:
    """play_animation(e, name[, blend]): a clip, or a state for an entity with an animator."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row_to_write(m, word, 0, Component.ANIMATION, Refusal.NO_ANIMATION)
    if status != Status.OK:
        return status
    status, name = read_known(m, word, 1)
    if status != Status.OK:
        return status
    status, blend = read_if_given(m, word, 2, 0.0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    _, index = read_index(m, word, 0)
    animator = component_row(table, index, Component.ANIMATOR)
    book = words_in(table, WorldSlot.ANIMATION)
    number = find_animation(table, book, animator, name)
    pay(m, book[Header.CLIPS])
    if number < 0:
        return refuse(m, Refusal.UNKNOWN_ANIMATION, 1, 0)
    write_word(m, Field.ANIMATION_REQUEST, row, number + 1)
    write_float(m, Field.ANIMATION_REQUEST_BLEND, row, blend)
    return done(m, word)


@native
def set_animation_parameter(machine: int, word: int) -> int:
    """set_animation_parameter(e, name, value): a parameter or a trigger of its animator."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row_to_write(m, word, 0, Component.ANIMATOR, Refusal.NO_ANIMATOR)
    if status != Status.OK:
        return status
    status, name = read_known(m, word, 1)
    if status != Status.OK:
        return status
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 2)
    kind, value = registers[at] & 0xFF, 0.0
    if kind == Tag.BOOL:
        value = 1.0 if registers[at + 1] != 0 else 0.0
    elif kind == Tag.INT or kind == Tag.FLOAT:
        status, value = read_number(m, word, 2)
        if status != Status.OK:
            return status
    else:
        return refuse(m, Refusal.NOT_A_SETTING, 2, 0)
    table = words_in(m, M.WORLD)
    book = words_in(table, WorldSlot.ANIMATION)
    animator = animator_of(table, book, row)
    if animator == NO_ANIMATOR:
        return refuse(m, Refusal.UNKNOWN_PARAMETER, 1, 0)
    first, count = book[animator + AnimatorWord.FIRST_PARAMETER], book[animator + AnimatorWord.PARAMETERS]
    number = find_named(book, first, count, PARAMETER_WORDS, name)
    if number < 0:
        return refuse(m, Refusal.UNKNOWN_PARAMETER, 1, 0)
    write_float(m, int(Field.ANIMATOR_PARAMETER_0) + number, row, value)
    return done(m, word)


@native
def get_animation(machine: int, word: int) -> int:
    """get_animation(e) → the clip or state that plays, has ended or is to begin; "" for none."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row(m, word, 0, Component.ANIMATION, Refusal.NO_ANIMATION)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    _, index = read_index(m, word, 0)
    animator = component_row(table, index, Component.ANIMATOR)
    book = words_in(table, WorldSlot.ANIMATION)
    number = words_in(table, 2 * Field.ANIMATION_REQUEST)[row] - 1
    string = 0
    if has_animator(table, book, animator):
        at = animator_of(table, book, animator)
        state = words_in(table, 2 * Field.ANIMATOR_STATE)[animator]
        number = number if 0 <= number < book[at + AnimatorWord.STATES] else state
        string = book[state_of(book, at, number) + StateWord.NAME]
    else:
        clip = words_in(table, 2 * Field.ANIMATION_CLIP)[row]
        number = number if 0 <= number < book[Header.CLIPS] else clip
        if 0 <= number < book[Header.CLIPS]:
            string = book[book_offset(book, number) + ClipWord.NAME]
    return put_world_string(m, register_a(m, word), string)


_E = Parameter("e", ArgumentType.WITH_ANIMATION)
FUNCTIONS = (
    ApiFunction(
        name="play_animation",
        implementation=play_animation,
        category=Category.ANIMATION,
        parameters=(
            _E,
            Parameter("name", ArgumentType.CLIP),
            Parameter("blend", ArgumentType.NOT_NEGATIVE, "s", default="0"),
        ),
        writes=True,
        brief="plays a clip of the scene, or a state of its animator, from the end of this tick on",
        details=(
            "`blend` seconds lead over from the present pose. What is playing goes on; what has ended "
            "begins again."
        ),
        pitfalls=("With an animator `name` is one of its states: its clips are out of reach.",),
        example="""
fn on_damage(amount, source) { play_animation(entity_id, "walk", 0.1); }""",
    ),
    ApiFunction(
        name="get_animation",
        implementation=get_animation,
        category=Category.ANIMATION,
        parameters=(_E,),
        brief='the clip or state that plays, has ended, or was just asked for; `""` for none',
        result="`string`",
        pitfalls=("What has ended is still told: `on_animation_end` says when.",),
        example="""
fn on_update() {
    if get_animation(entity_id) != "walk" {
        play_animation(entity_id, "walk");
    }
}""",
    ),
    ApiFunction(
        name="set_animation_parameter",
        implementation=set_animation_parameter,
        category=Category.ANIMATION,
        parameters=(
            Parameter("e", ArgumentType.WITH_ANIMATOR),
            Parameter("name", ArgumentType.ANIMATOR_PARAMETER),
            Parameter("value", ArgumentType.SETTING),
        ),
        writes=True,
        brief="a number or a bool for a parameter or trigger of its animator",
        pitfalls=("A trigger is spent by the transition that it causes, a parameter stays.",),
        example="""
fn on_update() {
    let v = get_velocity(entity_id);
    set_animation_parameter(entity_id, "speed", v.length());
}""",
    ),
)
