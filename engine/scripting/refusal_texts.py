"""The message of a refused call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.scripting.refusals import ARGUMENT_SHIFT, Refusal
from lang.stdlib.text import display, type_name

OF_COMPONENTS = frozenset(range(Refusal.UNKNOWN_COMPONENT, Refusal.BAD_PROPERTY + 1))
"""Refusals about a place of the table of components, see `engine.scripting.reflection`."""
MESSAGES = {int(refusal): refusal.message for refusal in Refusal}
LONGEST_QUOTE = 60


def refusal_text(
    name: str,
    detail: int,
    value: int,
    arguments: list[Any],
    words_of: Callable[[int, Any], dict[str, str]],
    parameter_of: Callable[[str, int, int, int], str],
) -> str:
    """Return the message of a refused call from what `refuse` noted and the arguments of the call.

    Args:
        name: of the function.
        words_of: what to say of a place of the table of components, and the argument that is at fault.
        parameter_of: what a function calls an argument, see `engine.scripting.registry.parameter_name`.
    """
    number = detail >> ARGUMENT_SHIFT
    argument = arguments[number - 1] if number else None
    refusal = detail & (1 << ARGUMENT_SHIFT) - 1
    if refusal in OF_COMPONENTS:
        return MESSAGES[refusal].format(**words_of(value, argument))
    parameter = parameter_of(name, number - 1, len(arguments), refusal) if number else ""
    found, text = type_name(argument), _quoted(argument)
    return MESSAGES[refusal].format(value=value, parameter=parameter, found=found, text=text)


def _quoted(value: Any) -> str:
    text = display(value)
    text = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return f'"{text}"' if isinstance(value, str) else text
