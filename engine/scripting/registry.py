"""All API functions of scripts: what the rooms declare, gathered.

A function is declared in the room of its kernel (`*_api.py`); a new room is added to `ROOMS`.
"""

from __future__ import annotations

from functools import cache

from engine.scripting import (
    animation_api,
    character_api,
    combat_api,
    component_api,
    danger_api,
    entity_api,
    input_api,
    inventory_api,
    message_api,
    movement_api,
    particle_api,
    path_api,
    picture_api,
    placing_api,
    random_api,
    sequence_api,
    session_api,
    sound_api,
    spawn_api,
    status_api,
    tactical_api,
    team_api,
    values_api,
)
from engine.scripting.declaration import ApiFunction

ROOMS = (
    movement_api,
    character_api,
    placing_api,
    tactical_api,
    danger_api,
    team_api,
    entity_api,
    spawn_api,
    component_api,
    combat_api,
    status_api,
    inventory_api,
    message_api,
    sequence_api,
    values_api,
    animation_api,
    path_api,
    picture_api,
    particle_api,
    sound_api,
    random_api,
    input_api,
    session_api,
)
FUNCTIONS: tuple[ApiFunction, ...] = tuple(function for room in ROOMS for function in room.FUNCTIONS)
"""All of them, in the order of the reference within each category."""


@cache
def functions_by_name() -> dict[str, ApiFunction]:
    """Return the functions by name.

    Raises:
        ValueError: two have one name.
    """
    named = {function.name: function for function in FUNCTIONS}
    if len(named) != len(FUNCTIONS):
        names = [function.name for function in FUNCTIONS]
        raise ValueError(f"declared twice: {sorted({name for name in names if names.count(name) > 1})}")
    return named


def parameter_name(function: str, number: int, count: int, refusal: int) -> str:
    """Return what a function calls an argument, in a message.

    Args:
        number: of the argument, from 0. count: of the arguments of the call.
        refusal: why it is refused, which tells apart two ways to call a function with so many arguments.
    """
    declared = functions_by_name().get(function)
    forms = [form for form in declared.forms if number < len(form) >= count] if declared else []
    meant = [form for form in forms if refusal in form[number].refusals] or forms
    return f"`{meant[0][number].name}`" if meant else f"argument {number + 1}"
