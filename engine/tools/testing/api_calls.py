"""The scripting API between two ticks: tests ask and do with it what scripts of entities can."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.scripting.compiling import compile_script
from engine.scripting.registry import FUNCTIONS
from engine.scripting.scripts import Scripts
from lang.bytecode.program import Program

OF_AN_INSTANCE = frozenset({"random", "start_timer", "stop_timer"})
"""These work for the script that calls them, and a test is none of the game's."""


def api_functions() -> list[str]:
    """Return the names of the functions of the API that are about the game."""
    return [function.name for function in FUNCTIONS if function.name not in OF_AN_INSTANCE]


@cache
def _caller(name: str, count: int) -> Program:
    """Return a script whose one function passes its parameters on."""
    parameters = ", ".join(f"a{number}" for number in range(count))
    return compile_script(f"fn ask({parameters}) {{ {name}({parameters}) }}", name)


def call_api(scripts: Scripts, name: str, arguments: tuple[Any, ...]) -> Any:
    """Call a function of the API as a script of no entity does; returns its value.

    Raises:
        CompileError: it has no such number of arguments. ScriptError: it refuses them.
    """
    program = _caller(name, len(arguments))
    scripts.link_world()
    # Made for one call and given back: later births get the numbers that they would have got.
    instance = scripts.machine.create(program)
    try:
        return scripts.machine.call(instance, program.functions_by_name["ask"][len(arguments)], arguments)
    finally:
        scripts.machine.destroy(instance)
