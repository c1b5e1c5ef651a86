"""API: texts and the camera. The camera is for the eye alone: what is asked of it leaves records."""

from __future__ import annotations

from engine.ecs.components import Component, Field
from engine.scripting.arguments import (
    check_writable,
    done,
    entity_argument,
    read_if_given,
    read_not_negative,
    read_positive,
    read_row_to_write,
    read_transform_to_write,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.effects import push_effect
from engine.scripting.layout import Effect
from engine.scripting.refusals import Refusal
from engine.scripting.texts import keep_string
from engine.scripting.writes import write_word
from lang.jit import native, words_at
from lang.layout import MACHINE_WORDS, Status

USUAL_SHAKE_SECONDS = 0.3


@native
def screen_shake(machine: int, word: int) -> int:
    """screen_shake(intensity[, seconds]): shakes the picture, less and less; 1 is strong."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, intensity = read_not_negative(m, word, 0)
    if status != Status.OK:
        return status
    status, seconds = read_if_given(m, word, 1, USUAL_SHAKE_SECONDS)
    if status != Status.OK:
        return status
    push_effect(m, Effect.SHAKE, 0, (intensity, seconds, 0.0, 0.0), 0)
    return done(m, word)


@native
def camera_follow(machine: int, word: int) -> int:
    """camera_follow(e): the camera follows another entity."""
    m = words_at(machine, MACHINE_WORDS)
    status, _ = read_transform_to_write(m, word, 0)
    if status != Status.OK:
        return status
    push_effect(m, Effect.CAMERA_FOLLOW, 0, (0.0, 0.0, 0.0, 0.0), entity_argument(m, word, 0))
    return done(m, word)


@native
def camera_zoom(machine: int, word: int) -> int:
    """camera_zoom(factor): 2 shows everything twice as large; as smoothly as the camera moves."""
    m = words_at(machine, MACHINE_WORDS)
    status, factor = read_positive(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    push_effect(m, Effect.CAMERA_ZOOM, 0, (factor, 0.0, 0.0, 0.0), 0)
    return done(m, word)


@native
def set_text(machine: int, word: int) -> int:
    """set_text(e, text) of an entity with a text."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row_to_write(m, word, 0, Component.TEXT, Refusal.NO_TEXT)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 1)
    if status != Status.OK:
        return status
    write_word(m, Field.TEXT_CONTENT, row, string)
    return done(m, word)


FUNCTIONS = (
    ApiFunction(
        name="set_text",
        implementation=set_text,
        category=Category.PICTURE,
        parameters=(Parameter("e", ArgumentType.WITH_TEXT), Parameter("text", ArgumentType.TEXT)),
        writes=True,
        brief="the words of an entity that has a text",
        pitfalls=("A number is no string: write `` `${n}` ``.",),
        example="""
let points = 0;

fn on_message(name, data, sender) {
    points += 1;
    set_text(entity_id, `Points: ${points}`);
}""",
    ),
    ApiFunction(
        name="screen_shake",
        implementation=screen_shake,
        category=Category.PICTURE,
        parameters=(
            Parameter("intensity", ArgumentType.NOT_NEGATIVE),
            Parameter("seconds", ArgumentType.NOT_NEGATIVE, "s", default="0.3"),
        ),
        writes=True,
        brief="shakes the picture, less and less; 1 is strong",
        pitfalls=("Each tick again it never ends: call it when something happens.",),
        example="""
fn on_damage(amount, source) { screen_shake(0.4, 0.2); }""",
    ),
    ApiFunction(
        name="camera_follow",
        implementation=camera_follow,
        category=Category.PICTURE,
        parameters=(Parameter("e", ArgumentType.PLACED),),
        writes=True,
        brief="the camera follows this entity instead of the scene's `[camera] follow`",
        pitfalls=("Once is enough: it follows until told otherwise.",),
        example="""
fn on_spawn() { camera_follow(entity_id); }""",
    ),
    ApiFunction(
        name="camera_zoom",
        implementation=camera_zoom,
        category=Category.PICTURE,
        parameters=(Parameter("factor", ArgumentType.POSITIVE),),
        writes=True,
        brief="2 shows everything twice as large; with `[camera] smooth` it takes its time",
        pitfalls=("It counts from the scene's own size, not from the zoom of now.",),
        example="""
fn on_trigger(name, other) {
    if name == "boss" { camera_zoom(0.75); }
}""",
    ),
)
