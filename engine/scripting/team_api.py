"""API: teams."""

from __future__ import annotations

from engine.ecs.components import Component, Field
from engine.scripting.arguments import done, read_index, read_row_to_write
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.refusals import Refusal
from engine.scripting.texts import keep_string, put_world_string
from engine.scripting.writes import note_team_change, write_word
from engine.space.point_search import team_of
from lang.heap.access import register_a
from lang.jit import native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status


@native
def get_team(machine: int, word: int) -> int:
    """get_team(e) → its team, "" for none."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    return put_world_string(m, register_a(m, word), team_of(words_in(m, M.WORLD), index))


@native
def set_team(machine: int, word: int) -> int:
    """set_team(e, team) of an entity that is in a team; "" is none."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row_to_write(m, word, 0, Component.TEAM, Refusal.NO_TEAM)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 1)
    if status != Status.OK:
        return status
    write_word(m, Field.TEAM_NAME, row, string)
    note_team_change(m)
    return done(m, word)


FUNCTIONS = (
    ApiFunction(
        name="get_team",
        implementation=get_team,
        category=Category.TACTICS,
        parameters=(Parameter("e", ArgumentType.ENTITY),),
        brief='its team, `""` for none',
        result="`string`",
        pitfalls=("Different teams need not be enemies: `[teams]` of the scene may say otherwise.",),
        example="""
fn on_collision(other) {
    if get_team(other) == get_team(entity_id) { print("a friend"); }
}""",
    ),
    ApiFunction(
        name="set_team",
        implementation=set_team,
        category=Category.TACTICS,
        parameters=(Parameter("e", ArgumentType.WITH_TEAM), Parameter("team", ArgumentType.TEXT)),
        writes=True,
        brief='puts it into another team; `""` is none',
        pitfalls=("Only who was given a team in the scene can change it.",),
        example="""
fn on_message(name, data, sender) {
    if name == "surrender" { set_team(entity_id, ""); }
}""",
    ),
)
