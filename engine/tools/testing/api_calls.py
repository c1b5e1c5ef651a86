"""The scripting API between two ticks: tests ask and do with it what scripts of entities can."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.scripting.compiling import compile_script, script_natives
from engine.scripting.scripts import Scripts
from lang.bytecode.program import Program
from lang.stdlib.registry import NativeTable

OF_AN_INSTANCE = frozenset(
    {
        *("random", "start_timer", "stop_timer"),
        *("start", "wait", "wait_until", "is_running", "stop_sequence"),
    }
)
"""These work for the script that calls them, and a test is none of the game's."""


def api_functions(natives: NativeTable) -> list[str]:
    """Return the names of the functions of the API, and of plugins, that are about the game."""
    names = dict.fromkeys(entry.name for entry in natives.entries if entry.api)
    return [name for name in names if name not in OF_AN_INSTANCE]


def _caller(name: str, count: int, natives: NativeTable) -> Program:
    """Return a script whose one function passes its parameters on."""
    parameters = ", ".join(f"a{number}" for number in range(count))
    return compile_script(f"fn ask({parameters}) {{ {name}({parameters}) }}", name, natives=natives)


@cache
def _caller_without_plugins(name: str, count: int) -> Program:
    return _caller(name, count, script_natives())


def call_api(scripts: Scripts, name: str, arguments: tuple[Any, ...]) -> Any:
    """Call a function of the API as a script of no entity does; returns its value.

    Raises:
        CompileError: it has no such number of arguments. ScriptError: it refuses them.
    """
    if scripts.natives is script_natives():
        program = _caller_without_plugins(name, len(arguments))
    else:
        program = _caller(name, len(arguments), scripts.natives)
    scripts.link_world()
    # Made for one call and given back: later births get the numbers that they would have got.
    instance = scripts.machine.create(program)
    try:
        return scripts.machine.call(instance, program.functions_by_name["ask"][len(arguments)], arguments)
    finally:
        scripts.machine.destroy(instance)
