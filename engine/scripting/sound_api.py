"""API: sounds, music, volumes. All of it becomes records for Python, and none of it is part of the state.

Whether a sound exists is not looked at here: a server without the files must come to the same state as a
player who hears them. Handles count up with every call, heard or not.
"""

from __future__ import annotations

import numpy as np

from engine.audio.layout import Bus
from engine.ecs.layout import PartyWord
from engine.scripting.arguments import (
    check_writable,
    done,
    read_if_given,
    read_not_negative,
    read_position,
    read_string,
)
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.effects import push_effect
from engine.scripting.layout import NO_PLACE_GIVEN, Effect
from engine.scripting.quotas import next_handle
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.texts import keep_string
from lang.heap.access import argument, field_c, put, register_a
from lang.heap.strings import string_bytes
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.values import Tag

NOT_GIVEN = -1.0
"""Seconds of a fade that the game is to choose."""
LONGEST_BUS = max(len(bus.label) for bus in Bus)
BUS_NAMES = np.array([list(bus.label.encode().ljust(LONGEST_BUS + 1, b"\0")) for bus in Bus], np.uint8)


@native
def play_sound(machine: int, word: int) -> int:
    """play_sound(name[, at][, volume][, pitch]) → handle."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    x, y, following = NO_PLACE_GIVEN, NO_PLACE_GIVEN, 1
    if field_c(word) > 1:
        kind = words_in(m, M.REGISTERS)[argument(word, m, 1)] & 0xFF
        if kind == Tag.UNIT:
            following = 2
        elif field_c(word) > 2 or (kind != Tag.INT and kind != Tag.FLOAT):
            status, x, y, _, _ = read_position(m, word, 1)
            following = 2
        if status != Status.OK:
            return status
    status, volume = read_if_given(m, word, following, 1.0)
    if status != Status.OK:
        return status
    status, pitch = read_if_given(m, word, following + 1, 1.0)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 0)
    if status != Status.OK:
        return status
    handle = next_handle(m, PartyWord.SOUNDS)
    push_effect(m, Effect.SOUND, string, (x, y, volume, pitch), handle)
    put(m, register_a(m, word), Tag.INT, handle)
    return Status.OK


@kernel
def read_fade(m: I64, word: int, number: int) -> tuple[int, float]:
    """Read the seconds in which a sound fades, if they are given, for a call that writes."""
    status = check_writable(m)
    return (status, NOT_GIVEN) if status != Status.OK else read_if_given(m, word, number, NOT_GIVEN)


@native
def stop_sound(machine: int, word: int) -> int:
    """stop_sound(handle or name[, seconds])."""
    m = words_at(machine, MACHINE_WORDS)
    status, seconds = read_fade(m, word, 1)
    if status != Status.OK:
        return status
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    kind = registers[at] & 0xFF
    if kind == Tag.INT:
        push_effect(m, Effect.STOP_SOUND, 0, (seconds, 0.0, 0.0, 0.0), registers[at + 1])
    elif kind == Tag.STRING:
        status, string = keep_string(m, word, 0)
        if status != Status.OK:
            return status
        push_effect(m, Effect.STOP_SOUNDS, string, (seconds, 0.0, 0.0, 0.0), 0)
    else:
        return refuse(m, Refusal.NOT_A_SOUND, 0, 0)
    return done(m, word)


@native
def play_music(machine: int, word: int) -> int:
    """play_music(name[, seconds]): round and round, instead of what played before."""
    m = words_at(machine, MACHINE_WORDS)
    status, seconds = read_fade(m, word, 1)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 0)
    if status != Status.OK:
        return status
    push_effect(m, Effect.MUSIC, string, (seconds, 0.0, 0.0, 0.0), 0)
    return done(m, word)


@native
def stop_music(machine: int, word: int) -> int:
    """stop_music([seconds])."""
    m = words_at(machine, MACHINE_WORDS)
    status, seconds = read_fade(m, word, 0)
    if status != Status.OK:
        return status
    push_effect(m, Effect.STOP_MUSIC, 0, (seconds, 0.0, 0.0, 0.0), 0)
    return done(m, word)


@kernel
def bus_number(m: I64, reference: int) -> int:
    """Return the number of the bus that a string names, or -1."""
    text = string_bytes(m, reference)
    if text.size > LONGEST_BUS:
        return -1
    for bus in range(BUS_NAMES.shape[0]):
        same = BUS_NAMES[bus, text.size] == 0
        for i in range(text.size):
            same = same and text[i] == BUS_NAMES[bus, i]
        if same:
            return bus
    return -1


@native
def set_bus_volume(machine: int, word: int) -> int:
    """set_bus_volume(bus, volume): of "master", "music" or "effects"."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, reference = read_string(m, word, 0)
    if status != Status.OK:
        return status
    bus = bus_number(m, reference)
    if bus < 0:
        return refuse(m, Refusal.UNKNOWN_BUS, 0, 0)
    status, volume = read_not_negative(m, word, 1)
    if status != Status.OK:
        return status
    push_effect(m, Effect.VOLUME, 0, (volume, 0.0, 0.0, 0.0), bus)
    return done(m, word)


_VOLUME = Parameter("volume", ArgumentType.NOT_NEGATIVE, default="1")
_FADE = Parameter("seconds", ArgumentType.NOT_NEGATIVE, "s", default="a short fade")
FUNCTIONS = (
    ApiFunction(
        name="play_sound",
        implementation=play_sound,
        category=Category.SOUND,
        parameters=(
            Parameter("name", ArgumentType.TEXT),
            Parameter("at", ArgumentType.SOUND_PLACE, "m", default="everywhere"),
            _VOLUME,
            Parameter("pitch", ArgumentType.NOT_NEGATIVE, default="1"),
        ),
        also=(Parameter("name", ArgumentType.TEXT), _VOLUME._replace(default=None)),
        writes=True,
        brief=(
            "plays it at a place, or everywhere for `()`; volume 1 is as recorded, pitch 2 an octave higher"
        ),
        result="`int`: a handle for `stop_sound`",
        details=(
            "A sound with a place is heard from where the entity stands that the camera follows (the "
            "middle of the scene without one): at full volume within `reference` metres (4), then with "
            "the inverse of the distance, silent from 30 metres on. Of more sounds than `voices` (64) the"
            " quietest gives way."
        ),
        pitfalls=("Handles count up, heard or not: nothing tells whether a sound still plays.",),
        example="""
fn on_collision(other) { play_sound("hit", get_position(entity_id), 0.8); }""",
    ),
    ApiFunction(
        name="stop_sound",
        implementation=stop_sound,
        category=Category.SOUND,
        parameters=(Parameter("what", ArgumentType.SOUND), _FADE),
        writes=True,
        brief="ends the sound of a handle, or all sounds of a name",
        pitfalls=("A handle of a sound that has ended is no error.",),
        example="""
let hum = 0;

fn on_spawn() { hum = play_sound("hum"); }

fn on_death(source) { stop_sound(hum, 0.5); }""",
    ),
    ApiFunction(
        name="play_music",
        implementation=play_music,
        category=Category.SOUND,
        parameters=(Parameter("name", ArgumentType.TEXT), _FADE),
        writes=True,
        brief="the one piece of music, round and round; what played before fades out meanwhile",
        pitfalls=("There is one piece at a time, whoever asks for it; the one that plays goes on.",),
        example="""
fn on_spawn() { play_music("theme", 2.0); }""",
    ),
    ApiFunction(
        name="stop_music",
        implementation=stop_music,
        category=Category.SOUND,
        parameters=(_FADE,),
        writes=True,
        brief="lets the music fade out",
        pitfalls=("It stops for everybody.",),
        example="""
fn on_trigger(name, other) {
    if name == "boss" { stop_music(1.5); }
}""",
    ),
    ApiFunction(
        name="set_bus_volume",
        implementation=set_bus_volume,
        category=Category.SOUND,
        parameters=(
            Parameter("bus", ArgumentType.BUS),
            Parameter("volume", ArgumentType.NOT_NEGATIVE),
        ),
        writes=True,
        brief="how loud a bus is; 1 is as mixed, 0 silent",
        pitfalls=('`"master"` is above the other two: its volume multiplies theirs.',),
        example="""
fn on_button(name) {
    if name == "quiet" { set_bus_volume("music", 0.2); }
}""",
    ),
)
