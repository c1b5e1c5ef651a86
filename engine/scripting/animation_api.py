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
    check_writable,
    read_index,
    read_number,
    read_row,
    read_string,
    world_string,
)
from engine.scripting.entity_api import put_world_string
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.writes import write_float, write_word
from lang.heap.access import argument, field_c, put_unit, register_a
from lang.heap.alloc import pay
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag

NOT_FOUND = -1


@kernel
def find_named(book: I64, first: int, count: int, width: int, name: int) -> int:
    """Return which of the rows of a book begins with a name, or NOT_FOUND."""
    for number in range(count):
        if book[first + number * width] == name:
            return number
    return NOT_FOUND


@kernel
def find_animation(table: I64, book: I64, animator: int, name: int) -> int:
    """Return the number of a clip, or of a state for the row of an animator, or NOT_FOUND."""
    if name < 0:
        return NOT_FOUND
    if not has_animator(table, book, animator):
        return find_named(book, book[Header.FIRST_CLIP], book[Header.CLIPS], CLIP_WORDS, name)
    at = animator_of(table, book, animator)
    first, count = book[at + AnimatorWord.FIRST_STATE], book[at + AnimatorWord.STATES]
    return find_named(book, first, count, STATE_WORDS, name)


@native
def play_animation(machine: int, word: int) -> int:
    """play_animation(e, name[, blend]): a clip, or a state for an entity with an animator."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row(m, word, 0, Component.ANIMATION, Refusal.NO_ANIMATION)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, reference = read_string(m, word, 1)
    if status != Status.OK:
        return status
    blend = 0.0
    if field_c(word) == 3:
        status, blend = read_number(m, word, 2)
        if status != Status.OK:
            return status
        if blend < 0.0:
            return refuse(m, Refusal.NEGATIVE, 2, 0)
    table = words_in(m, M.WORLD)
    _, index = read_index(m, word, 0)
    animator = component_row(table, index, Component.ANIMATOR)
    book = words_in(table, WorldSlot.ANIMATION)
    number = find_animation(table, book, animator, world_string(m, reference))
    pay(m, book[Header.CLIPS])
    if number < 0:
        return refuse(m, Refusal.UNKNOWN_ANIMATION, 1, 0)
    write_word(m, Field.ANIMATION_REQUEST, row, number + 1)
    write_float(m, Field.ANIMATION_REQUEST_BLEND, row, blend)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def set_animation_parameter(machine: int, word: int) -> int:
    """set_animation_parameter(e, name, value): a parameter or a trigger of its animator."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row(m, word, 0, Component.ANIMATOR, Refusal.NO_ANIMATOR)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, reference = read_string(m, word, 1)
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
    animator, name = animator_of(table, book, row), world_string(m, reference)
    if animator == NO_ANIMATOR:
        return refuse(m, Refusal.UNKNOWN_PARAMETER, 1, 0)
    first, count = book[animator + AnimatorWord.FIRST_PARAMETER], book[animator + AnimatorWord.PARAMETERS]
    number = find_named(book, first, count, PARAMETER_WORDS, name) if name >= 0 else NOT_FOUND
    if number < 0:
        return refuse(m, Refusal.UNKNOWN_PARAMETER, 1, 0)
    write_float(m, int(Field.ANIMATOR_PARAMETER_0) + number, row, value)
    put_unit(m, register_a(m, word))
    return Status.OK


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


ENTRIES = (
    NativeEntry("play_animation", play_animation, (2, 3), api=True),
    NativeEntry("set_animation_parameter", set_animation_parameter, (3, 3), api=True),
    NativeEntry("get_animation", get_animation, (1, 1), api=True),
)
