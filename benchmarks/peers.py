"""The language against Lua 5.4, LuaJIT (both through lupa) and CPython.

The same work is written for all of them in `peers/`; results are compared. Native Rhai is not here to be
measured: `native_rhai.toml` says how it compares with Lua 5.4, which is measured in the same run.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, medians_in_turn
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.limits import Limits
from lang.machine import Machine
from lang.prelude import prelude_program
from lang.source import Source
from lang.stdlib.table import standard_natives

PROGRAMS = Path(__file__).parent / "peers"
NATIVE_RHAI = Path(__file__).parent / "native_rhai.toml"
LUA, LUAJIT, CPYTHON, RHAI = PEERS = ("Lua 5.4", "LuaJIT", "CPython", "Rhai")


def benchmarks() -> tuple[Benchmark, ...]:
    """Return one benchmark a program, by name."""
    return tuple(_benchmark(file.stem) for file in sorted(PROGRAMS.glob("*.rhai")))


def _benchmark(program: str) -> Benchmark:
    return Benchmark(f"peers/{program}", lambda: _measure(program))


def _measure(program: str) -> Row:
    name = f"peers/{program}"
    ours = _ours(program)
    theirs = [lua_program("lua54", program), lua_program("luajit21", program), _python(program)]
    found = ours()
    for work in theirs:
        expected = work()
        if not same(expected, found):
            raise WrongResult(name, expected, found)
    our_time, *times = medians_in_turn([ours, *theirs])
    ratios = [Ratio(peer, our_time / time) for peer, time in zip(PEERS, times, strict=False)]
    if program in native_rhai():
        ratios.append(Ratio(RHAI, ratios[0].value / native_rhai()[program]))
    return Row(name=name, value=our_time, unit="ms", ratios=tuple(ratios))


@cache
def native_rhai() -> dict[str, float]:
    """Return the time of native Rhai to that of Lua 5.4, by program."""
    return msgspec.toml.decode(NATIVE_RHAI.read_bytes(), type=dict[str, float])


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


def lua_program(version: str, program: str) -> Callable[[], Any]:
    """Return a program of `peers/` as a function, in a Lua of lupa's: `lua54` or `luajit21`."""
    import lupa

    text = (PROGRAMS / f"{program}.lua").read_text(encoding="utf-8")
    function: Callable[[], Any] = getattr(lupa, version).LuaRuntime().compile(text)
    return function


def _python(program: str) -> Callable[[], Any]:
    run: Callable[[], Any] = runpy.run_path(str(PROGRAMS / f"{program}.py"))["run"]
    return run


def same(expected: Any, found: Any) -> bool:
    """Return whether two results are equal; floats may differ in the order of a sum."""
    if isinstance(expected, float) or isinstance(found, float):
        return abs(float(expected) - float(found)) <= 1e-9 * max(1.0, abs(float(expected)))
    return bool(expected == found)
