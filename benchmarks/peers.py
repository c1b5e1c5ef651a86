"""The language against Lua 5.4 (through lupa): the same work written for both, results compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lang
from benchmarks.measure import Benchmark, Row, WrongResult, medians_in_turn

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
    """Return the compiled script as a function; limits are off, as they are in Lua."""
    text = (PROGRAMS / f"{program}.rhai").read_text(encoding="utf-8")
    compiled = lang.compile_text(text, f"{program}.rhai")
    return lambda: lang.run(compiled, operations=None).value


def _lua(program: str) -> Callable[[], Any]:
    from lupa import lua54

    text = (PROGRAMS / f"{program}.lua").read_text(encoding="utf-8")
    function: Callable[[], Any] = lua54.LuaRuntime().compile(text)
    return function


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, float) or isinstance(found, float):
        return abs(float(expected) - float(found)) <= 1e-9 * max(1.0, abs(float(expected)))
    return bool(expected == found)
