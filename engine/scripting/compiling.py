"""Compiling entity scripts: the options that make a script one of the engine's."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from engine.scripting.registry import FUNCTIONS
from engine.scripting.sequence_api import INTERNAL, PRELUDE
from lang.bytecode.program import Program
from lang.check.finding import Finding
from lang.compile.frame import Options
from lang.modules import Resolver
from lang.optimise.passes import ALL_PASSES, Pass
from lang.prelude import prelude_program
from lang.program_cache import ProgramCache
from lang.source import Source
from lang.stdlib.registry import NativeTable
from lang.stdlib.table import standard_natives

CONTEXT = ("entity_id", "delta_time", "tick")
CALLBACKS = {
    "on_spawn": 0,
    "on_update": 0,
    "on_collision": 1,
    "on_collision_end": 1,
    "on_trigger": 2,
    "on_trigger_exit": 2,
    "on_damage": 2,
    "on_death": 1,
    "on_message": 3,
    "on_timer": 1,
    "on_animation_event": 1,
    "on_animation_end": 1,
    "on_destroy": 0,
    "on_input": 2,
    "on_click": 0,
    "on_button": 1,
    "on_reload": 0,
}
"""Callbacks that the engine sends, and the most parameters each may have."""


@cache
def script_natives() -> NativeTable:
    """Return the natives of entity scripts: the standard library, then the API."""
    table = standard_natives()
    table.extend(function.entry() for function in FUNCTIONS)
    table.extend(INTERNAL)
    return table


@cache
def entity_options() -> tuple[Options, Program]:
    """Return how scripts of entities are compiled, and the prelude they are linked with."""
    natives = script_natives()
    options = Options(
        natives, vectors=True, entity=True, context=CONTEXT, callbacks=CALLBACKS, sequences=True
    )
    return options, prelude_program(natives, PRELUDE)


@cache
def _strict_options() -> tuple[Options, Program]:
    natives = standard_natives()
    return Options(natives), prelude_program(natives)


@cache
def _programs() -> ProgramCache:
    return ProgramCache()


def compile_script(
    text: str,
    name: str,
    *,
    strict: bool = False,
    resolver: Resolver | None = None,
    passes: frozenset[Pass] = ALL_PASSES,
    natives: NativeTable | None = None,
) -> Program:
    """Compile a script.

    Args:
        text: its source. name: what messages call it. strict: plain Rhai instead of an entity script.
        resolver: gives the files that it imports.
        passes: those of the optimiser. natives: those of the game, which begin with `script_natives`.
    Raises:
        CompileError: it is not a valid script.
    """
    options, prelude = _strict_options() if strict else entity_options()
    options = replace(options, resolver=resolver, passes=passes, natives=natives or options.natives)
    return _programs().compile(Source(text, name), options, prelude)


def check_script(
    text: str,
    name: str,
    *,
    strict: bool = False,
    resolver: Resolver | None = None,
    natives: NativeTable | None = None,
) -> list[Finding]:
    """Return all errors and warnings of a script; see `compile_script`."""
    from lang.check import check_source

    options, prelude = _strict_options() if strict else entity_options()
    options = replace(options, resolver=resolver, natives=natives or options.natives)
    return check_source(Source(text, name), options, prelude)
