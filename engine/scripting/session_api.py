"""API: scenes, pause, screens, the end. What is asked for here happens between two ticks."""

from __future__ import annotations

from engine.ecs.layout import PartyWord, WorldSlot
from engine.scripting.arguments import NOT_FOUND, check_writable, done, find_named, read_known
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.effects import push_effect
from engine.scripting.layout import EFFECT_WORDS, FIRST_EFFECT, Effect, GameWord
from engine.scripting.quotas import left_of
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.texts import keep_string
from lang.heap.access import put_bool, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status


@kernel
def ask_for(m: I64, word: int, effect: int, string: int) -> int:
    """Leave a record that Python takes after the tick; returns a status."""
    status = check_writable(m)
    if status != Status.OK:
        return status
    effects = words_in(words_in(m, M.WORLD), WorldSlot.EFFECTS)
    is_full = FIRST_EFFECT + EFFECT_WORDS * (effects[0] + 1) > effects.size
    if is_full or left_of(m, PartyWord.EFFECTS) == 0:
        return refuse(m, Refusal.TOO_MANY_EFFECTS, NO_ARGUMENT, 0)
    push_effect(m, effect, string, (0.0, 0.0, 0.0, 0.0), 0)
    return done(m, word)


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
    status, name = read_known(m, word, 0)
    if status != Status.OK:
        return status
    game = words_in(words_in(m, M.WORLD), WorldSlot.GAME)
    if find_named(game, GameWord.FIRST_SCREEN, game.size - GameWord.FIRST_SCREEN, 1, name) == NOT_FOUND:
        return refuse(m, Refusal.UNKNOWN_SCREEN, 0, 0)
    return ask_for(m, word, Effect.OPEN_SCREEN, name)


@native
def close_screen(machine: int, word: int) -> int:
    """close_screen(): close the topmost screen, if any is open."""
    return ask_for(words_at(machine, MACHINE_WORDS), word, Effect.CLOSE_SCREEN, 0)


_FULL = (Refusal.TOO_MANY_EFFECTS,)
FUNCTIONS = (
    ApiFunction(
        name="load_scene",
        implementation=load_scene,
        category=Category.SESSION,
        parameters=(Parameter("name", ArgumentType.TEXT),),
        errors=_FULL,
        writes=True,
        brief="the game goes on with another scene file of the scene's folder",
        details=(
            "It begins from its tick 0, with its own seed. What scripts share (`set_global`) goes along, "
            "and nothing else does. A scene that is missing or wrong is shown as an error, and this one "
            "runs on."
        ),
        pitfalls=("The rest of the tick is still done in this scene.",),
        example="""
fn on_trigger(name, other) {
    if name == "exit" { load_scene("level_2.toml"); }
}""",
    ),
    ApiFunction(
        name="restart",
        implementation=restart,
        category=Category.SESSION,
        errors=_FULL,
        writes=True,
        brief="the scene begins anew: the same seed, so the same game",
        pitfalls=("Shared values are again what they were when the scene began.",),
        example="""
fn on_death(source) { restart(); }""",
    ),
    ApiFunction(
        name="pause",
        implementation=pause,
        category=Category.SESSION,
        errors=_FULL,
        writes=True,
        brief="no ticks are done while paused; screens still work",
        pitfalls=("No script runs meanwhile but `on_button`: something on a screen has to resume.",),
        example="""
fn on_input(action, pressed) {
    if action == "menu" && pressed { pause(); open_screen("paused"); }
}""",
    ),
    ApiFunction(
        name="resume",
        implementation=resume,
        category=Category.SESSION,
        errors=_FULL,
        writes=True,
        brief="ends a pause, and closes the screens that pause",
        pitfalls=("It closes more than `close_screen`: every screen that pauses.",),
        example="""
fn on_button(name) {
    if name == "go on" { resume(); }
}""",
    ),
    ApiFunction(
        name="is_paused",
        implementation=is_paused,
        category=Category.SESSION,
        brief="whether `pause()` holds the game",
        result="`bool`",
        pitfalls=("In `on_update` it is false: there are no ticks while paused.",),
        example="""
fn on_button(name) {
    if name == "sound" && is_paused() { stop_music(); }
}""",
    ),
    ApiFunction(
        name="open_screen",
        implementation=open_screen,
        category=Category.SESSION,
        parameters=(Parameter("name", ArgumentType.SCREEN),),
        errors=_FULL,
        writes=True,
        brief="a `[[screen]]` of the scene lies over the others",
        pitfalls=("Of more than eight open screens the ones asked for last are not shown.",),
        example="""
fn on_death(source) { open_screen("paused"); }""",
    ),
    ApiFunction(
        name="close_screen",
        implementation=close_screen,
        category=Category.SESSION,
        errors=_FULL,
        writes=True,
        brief="the topmost screen goes",
        pitfalls=("Where none is open, nothing happens.",),
        example="""
fn on_button(name) {
    if name == "back" { close_screen(); }
}""",
    ),
    ApiFunction(
        name="quit",
        implementation=quit_,
        category=Category.SESSION,
        errors=_FULL,
        writes=True,
        brief="ends the game",
        pitfalls=("It ends after the tick: what the callback does behind it is still done.",),
        example="""
fn on_button(name) {
    if name == "leave" { quit(); }
}""",
    ),
)
