"""Texts of scripts: read, checked, formatted, compiled, and run with small limits."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

from lang.bytecode.verify import verify
from lang.check import check_source
from lang.compile.compiler import compile_source
from lang.errors import CompileError
from lang.evaluate import Evaluator, Outcome
from lang.format.formatter import format_text
from lang.limits import MIB, Limits
from lang.source import Source
from tests.fuzz.mutation import words_changed
from tests.fuzz.target import ROOT, Bug, Target, Try, text_of, told

LIMITS = Limits(operations=100_000, memory=16 * MIB, seconds=60.0)
SMALL = Limits(operations=1500, memory=200_000, string_bytes=20_000, array_elements=5000, map_entries=500)
"""For a machine that collects at every instruction."""
LONGEST = 1500
"""Characters of a seed: of a long text too little changes."""
KIT = ROOT / "tests" / "conformance" / "kit"
SHARE_OF_PROGRAMS = 0.02


@cache
def scripts() -> tuple[bytes, ...]:
    """Return the scripts of the conformance kit."""
    found = []
    for path in sorted(KIT.glob("*.toml")):
        cases = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
        found += [case["script"].encode() for case in cases if len(case["script"]) <= LONGEST]
    return tuple(found)


def script_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change a script, or make a random one that is right in all its types."""
    if random.random() < SHARE_OF_PROGRAMS:
        sys.path.insert(0, str(ROOT / "tests" / "lang" / "differential"))
        try:
            from generator import Generator
        finally:
            del sys.path[0]
        return "\n".join(Generator(Random(random.random()), 14, mistakes=0.01).program()).encode()
    return words_changed(data, other, random)


def entity_scripts() -> Iterator[bytes]:
    """Yield the scripts of the examples and of the engine, whole and their functions alone."""
    for folder in ("examples", "assets"):
        for path in sorted((ROOT / folder).rglob("*.rhai")):
            text = path.read_bytes()
            if len(text) < 4 * LONGEST:
                yield text
            yield from (part for part in re.split(rb"\n(?=fn |let )", text) if len(part) < LONGEST)


def sources() -> Iterator[bytes]:
    """Yield scripts of both kinds."""
    yield from scripts()
    yield from entity_scripts()


def compiling(_folder: Path) -> Try:
    """Check and compile scripts of entities; what comes out is a sound program."""
    from engine.scripting.compiling import entity_options

    options, prelude = entity_options()

    def attempt(data: bytes) -> None:
        source = Source(text_of(data), "fuzz.rhai")
        for finding in check_source(source, options, prelude):
            str(finding)
        try:
            program = compile_source(source, options, prelude)
        except CompileError as error:
            told(error)
            error.diagnostic()
            return
        verify(program, len(options.natives.entries), prelude)

    return attempt


def formatting(_folder: Path) -> Try:
    """Format scripts; a formatted one stays as it is."""

    def attempt(data: bytes) -> None:
        try:
            text = format_text(text_of(data))
        except CompileError as error:
            told(error)
            return
        if format_text(text) != text:
            raise Bug("what is formatted is formatted otherwise again")

    return attempt


def running(_folder: Path) -> Try:
    """Run scripts in strict mode, with `eval`."""
    evaluator = Evaluator(limits=LIMITS)

    def attempt(data: bytes) -> None:
        outcome = evaluator.evaluate(text_of(data))
        if not isinstance(outcome, Outcome):
            raise Bug(f"{outcome!r} is no outcome")

    return attempt


def collecting(_folder: Path) -> Try:
    """Run scripts on a machine that collects at every instruction and spoils what is not live."""
    sys.path.insert(0, str(ROOT / "tests" / "scripts"))
    try:
        import script_runner
    finally:
        del sys.path[0]
    from lang.prelude import prelude_program

    natives = script_runner.natives_with_evaluation()
    runner = script_runner.Runner(natives, prelude_program(natives), script_runner.CollectingMachine(natives))
    script_runner.heads = lambda text: ("entity" if "this" in text else "eval", SMALL)

    def attempt(data: bytes) -> None:
        outcome = runner.run(text_of(data))
        if outcome.fault is not None and not outcome.fault[1]:
            raise Bug("a fault without a message")

    return attempt


def collected_scripts() -> Iterator[bytes]:
    """Yield the scripts of `tests/scripts` without what they expect."""
    for path in sorted((ROOT / "tests" / "scripts").rglob("*.rhai")):
        text = re.sub(rb"//(?! mode).*", b"", path.read_bytes())
        if len(text) < 2 * LONGEST:
            yield text


LANGUAGE = ("lang.syntax", "lang.resolve", "lang.check", "lang.compile", "lang.optimise")
TARGETS = (
    Target("source", compiling, sources, LANGUAGE, words_changed, quick=120),
    Target("format", formatting, sources, ("lang.syntax", "lang.format"), words_changed, quick=60),
    Target("script", running, scripts, (*LANGUAGE, "lang.unwinding", "lang.evaluation", "lang.machine"),
           script_changed, quick=500),
    Target("collected", collecting, collected_scripts, LANGUAGE, script_changed, quick=60),
)  # fmt: skip
