"""API: scenes, pause, screens, the end. What is asked for here happens between two ticks."""

from __future__ import annotations

from engine.ecs.layout import WorldSlot
from engine.scripting.arguments import check_writable, read_string, world_string
from engine.scripting.effects import push_effect
from engine.scripting.entity_api import keep_string
from engine.scripting.layout import EFFECT_WORDS, FIRST_EFFECT, Effect, GameWord
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from lang.heap.access import put_bool, put_unit, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry


@kernel
def ask_for(m: I64, word: int, effect: int, string: int) -> int:
    """Leave a record that Python takes after the tick; returns a status."""
    status = check_writable(m)
    if status != Status.OK:
        return status
    effects = words_in(words_in(m, M.WORLD), WorldSlot.EFFECTS)
    if FIRST_EFFECT + EFFECT_WORDS * (effects[0] + 1) > effects.size:
        return refuse(m, Refusal.TOO_MANY_EFFECTS, NO_ARGUMENT, 0)
    push_effect(m, effect, string, (0.0, 0.0, 0.0, 0.0), 0)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def load_scene(machine: int, word: int) -> int:
    """load_scene(name): go on with another scene of the same folder."""
    m = words_at(machine, MACHINE_WORDS)
    status, string = keep_string(m, word, 0)
    return ask_for(m, word, Effect.LOAD_SCENE, string) if status == Status.OK else status


@native
def restart(machine: int, word: int) -> int:
    """restart(): begin this scene anew."""
    return ask_for(words_at(machine, MACHINE_WORDS), word, Effect.RESTART, 0)


@native
def quit_(machine: int, word: int) -> int:
    """quit(): end the game."""
    return ask_for(words_at(machine, MACHINE_WORDS), word, Effect.QUIT, 0)


@native
def pause(machine: int, word: int) -> int:
    """pause(): no tick until something resumes; screens still work."""
    return ask_for(words_at(machine, MACHINE_WORDS), word, Effect.PAUSE, 0)


@native
def resume(machine: int, word: int) -> int:
    """resume(): end a pause and close the screens that pause."""
    return ask_for(words_at(machine, MACHINE_WORDS), word, Effect.RESUME, 0)


@native
def is_paused(machine: int, word: int) -> int:
    """is_paused(): whether `pause()` holds the game."""
    m = words_at(machine, MACHINE_WORDS)
    put_bool(m, register_a(m, word), words_in(words_in(m, M.WORLD), WorldSlot.GAME)[GameWord.PAUSED] != 0)
    return Status.OK


@native
def open_screen(machine: int, word: int) -> int:
    """open_screen(name): show a screen of the scene over all others."""
    m = words_at(machine, MACHINE_WORDS)
    status, reference = read_string(m, word, 0)
    if status != Status.OK:
        return status
    string = world_string(m, reference)
    game = words_in(words_in(m, M.WORLD), WorldSlot.GAME)
    for i in range(GameWord.FIRST_SCREEN, game.size):
        if game[i] == string and string >= 0:
            return ask_for(m, word, Effect.OPEN_SCREEN, string)
    return refuse(m, Refusal.UNKNOWN_SCREEN, 0, 0)


@native
def close_screen(machine: int, word: int) -> int:
    """close_screen(): close the topmost screen, if any is open."""
    return ask_for(words_at(machine, MACHINE_WORDS), word, Effect.CLOSE_SCREEN, 0)


ENTRIES = (
    NativeEntry("load_scene", load_scene, (1, 1), api=True),
    NativeEntry("restart", restart, (0, 0), api=True),
    NativeEntry("quit", quit_, (0, 0), api=True),
    NativeEntry("pause", pause, (0, 0), api=True),
    NativeEntry("resume", resume, (0, 0), api=True),
    NativeEntry("is_paused", is_paused, (0, 0), api=True),
    NativeEntry("open_screen", open_screen, (1, 1), api=True),
    NativeEntry("close_screen", close_screen, (0, 0), api=True),
)
