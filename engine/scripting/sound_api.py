"""API: sounds, music, volumes. All of it becomes records for Python, and none of it is part of the state.

Whether a sound exists is not looked at here: a server without the files must come to the same state as a
player who hears them. Handles count up with every call, heard or not.
"""

from __future__ import annotations

import numpy as np

from engine.audio.layout import Bus
from engine.scripting.arguments import check_writable, read_number, read_position, read_string
from engine.scripting.effects import next_handle, push_effect
from engine.scripting.entity_api import keep_string
from engine.scripting.layout import NO_PLACE_GIVEN, Effect
from engine.scripting.refusals import Refusal, refuse
from lang.heap.access import argument, field_c, put, put_unit, register_a
from lang.heap.strings import string_bytes
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry
from lang.values import Tag

NOT_GIVEN = -1.0
"""Seconds of a fade that the game is to choose."""
LONGEST_BUS = max(len(bus.label) for bus in Bus)
BUS_NAMES = np.array([list(bus.label.encode().ljust(LONGEST_BUS + 1, b"\0")) for bus in Bus], np.uint8)


@kernel
def read_not_negative(m: I64, word: int, number: int, default: float) -> tuple[int, float]:
    """Read a number from 0 on that may be left out; returns (status, value)."""
    if number >= field_c(word):
        return Status.OK, default
    status, value = read_number(m, word, number)
    if status == Status.OK and value < 0.0:
        return refuse(m, Refusal.NEGATIVE, number, 0), 0.0
    return status, value


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
    status, volume = read_not_negative(m, word, following, 1.0)
    if status != Status.OK:
        return status
    status, pitch = read_not_negative(m, word, following + 1, 1.0)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 0)
    if status != Status.OK:
        return status
    handle = next_handle(m)
    push_effect(m, Effect.SOUND, string, (x, y, volume, pitch), handle)
    put(m, register_a(m, word), Tag.INT, handle)
    return Status.OK


@native
def stop_sound(machine: int, word: int) -> int:
    """stop_sound(handle or name[, seconds])."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, seconds = read_not_negative(m, word, 1, NOT_GIVEN)
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
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def play_music(machine: int, word: int) -> int:
    """play_music(name[, seconds]): round and round, instead of what played before."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, seconds = read_not_negative(m, word, 1, NOT_GIVEN)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 0)
    if status != Status.OK:
        return status
    push_effect(m, Effect.MUSIC, string, (seconds, 0.0, 0.0, 0.0), 0)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def stop_music(machine: int, word: int) -> int:
    """stop_music([seconds])."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    status, seconds = read_not_negative(m, word, 0, NOT_GIVEN)
    if status != Status.OK:
        return status
    push_effect(m, Effect.STOP_MUSIC, 0, (seconds, 0.0, 0.0, 0.0), 0)
    put_unit(m, register_a(m, word))
    return Status.OK


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
    status, volume = read_not_negative(m, word, 1, 1.0)
    if status != Status.OK:
        return status
    push_effect(m, Effect.VOLUME, 0, (volume, 0.0, 0.0, 0.0), bus)
    put_unit(m, register_a(m, word))
    return Status.OK


ENTRIES = (
    NativeEntry("play_sound", play_sound, (1, 4), api=True),
    NativeEntry("stop_sound", stop_sound, (1, 2), api=True),
    NativeEntry("play_music", play_music, (1, 2), api=True),
    NativeEntry("stop_music", stop_music, (0, 1), api=True),
    NativeEntry("set_bus_volume", set_bus_volume, (2, 2), api=True),
)
