"""The language against Lua 5.4 (through lupa): the same work written for both, results compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measure import Benchmark, Row, WrongResult, medians_in_turn
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.limits import Limits
from lang.machine import Machine
from lang.prelude import prelude_program
from lang.source import Source
from lang.stdlib.table import standard_natives

PROGRAMS = Path(__file__).parent / "peers"
PEER = "Lua 5.4"


def benchmarks() -> tuple[Benchmark, ...]:
    """Return one benchmark a program, by name."""
    return tuple(_benchmark(file.stem) for file in sorted(PROGRAMS.glob("*.rhai")))


def _benchmark(program: str) -> Benchmark:
    name = f"peers/{program}"

    def run() -> Row:
        ours, theirs = _ours(program), _lua(program)
        expected, found = theirs(), ours()
        if not _same(expected, found):
            raise WrongResult(name, expected, found)
        our_time, their_time = medians_in_turn(ours, theirs)
        return Row(name=name, value=our_time, unit="ms", peer=PEER, ratio=our_time / their_time)

    return Benchmark(name, run)


def _ours(program: str) -> Callable[[], Any]:
    """Return the compiled script as a function; no limit is near, as there is none in Lua."""
    natives = standard_natives()
    source = Source((PROGRAMS / f"{program}.rhai").read_text(encoding="utf-8"), f"{program}.rhai")
    compiled = compile_source(source, Options(natives), prelude_program(natives))
    machine = Machine(natives, Limits(operations=2**60, seconds=600.0))

    def run() -> Any:
        instance = machine.create(compiled)
        result = machine.run_top_level(instance)
        machine.destroy(instance)
        return result

    return run


def _lua(program: str) -> Callable[[], Any]:
    from lupa import lua54

    text = (PROGRAMS / f"{program}.lua").read_text(encoding="utf-8")
    function: Callable[[], Any] = lua54.LuaRuntime().compile(text)
    return function


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, float) or isinstance(found, float):
        return abs(float(expected) - float(found)) <= 1e-9 * max(1.0, abs(float(expected)))
    return bool(expected == found)
