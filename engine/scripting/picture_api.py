"""API: what scripts do with the camera. It is for the eye alone: these leave records and tell nothing."""

from __future__ import annotations

from engine.scripting.arguments import check_writable, read_number, read_transform
from engine.scripting.effects import push_effect
from engine.scripting.layout import Effect
from engine.scripting.refusals import Refusal, refuse
from lang.heap.access import argument, field_c, put_unit, register_a
from lang.jit import native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry

USUAL_SHAKE_SECONDS = 0.3


@native
def screen_shake(machine: int, word: int) -> int:
    """screen_shake(intensity[, seconds]): shakes the picture, less and less; 1 is strong."""
    m = words_at(machine, MACHINE_WORDS)
    status = check_writable(m)
    if status != Status.OK:
        return status
    intensity, seconds = 0.0, USUAL_SHAKE_SECONDS
    for number in range(field_c(word)):
        status, value = read_number(m, word, number)
        if status != Status.OK:
            return status
        if value < 0.0:
            return refuse(m, Refusal.NEGATIVE, number, 0)
        if number == 0:
            intensity = value
        else:
            seconds = value
    put_unit(m, register_a(m, word))
    push_effect(m, Effect.SHAKE, 0, (intensity, seconds, 0.0, 0.0), 0)
    return Status.OK


@native
def camera_follow(machine: int, word: int) -> int:
    """camera_follow(e): the camera follows another entity."""
    m = words_at(machine, MACHINE_WORDS)
    status, _ = read_transform(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    entity = words_in(m, M.REGISTERS)[argument(word, m, 0) + 1]
    put_unit(m, register_a(m, word))
    push_effect(m, Effect.CAMERA_FOLLOW, 0, (0.0, 0.0, 0.0, 0.0), entity)
    return Status.OK


@native
def camera_zoom(machine: int, word: int) -> int:
    """camera_zoom(factor): 2 shows everything twice as large; as smoothly as the camera moves."""
    m = words_at(machine, MACHINE_WORDS)
    status, factor = read_number(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    if factor <= 0.0:
        return refuse(m, Refusal.NOT_POSITIVE, 0, 0)
    put_unit(m, register_a(m, word))
    push_effect(m, Effect.CAMERA_ZOOM, 0, (factor, 0.0, 0.0, 0.0), 0)
    return Status.OK


ENTRIES = (
    NativeEntry("screen_shake", screen_shake, (1, 2), api=True),
    NativeEntry("camera_follow", camera_follow, (1, 1), api=True),
    NativeEntry("camera_zoom", camera_zoom, (1, 1), api=True),
)
