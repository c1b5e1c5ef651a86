"""Compiled programs: what is damaged is refused, and what this user's key has not sealed never runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np

from lang.bytecode.ops import OPCODES
from lang.bytecode.program import Program
from lang.bytecode.serialise import from_bytes, to_bytes
from lang.bytecode.verify import verify
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.errors import CompileError, VerifyError
from lang.prelude import prelude_program
from lang.program_cache import MAGIC, SEAL_BYTES, ProgramCache
from lang.source import Source
from lang.stdlib.registry import NativeTable
from lang.stdlib.table import standard_natives
from tests.fuzz.mutation import LONGEST, array_changed, bytes_changed
from tests.fuzz.scripts import scripts
from tests.fuzz.target import Bug, Target, Try, told

TEXT = Source(" " * LONGEST)
"""Places of any program of ours lie in it."""
EVERY = 23
"""One script of so many is a seed."""


@cache
def _setting() -> tuple[NativeTable, Program]:
    natives = standard_natives()
    return natives, prelude_program(natives)


@cache
def compiled() -> tuple[bytes, ...]:
    """Return programs as a cache holds them."""
    natives, prelude = _setting()
    found = []
    for number, text in enumerate(scripts()[::EVERY]):
        options = Options(natives, vectors=True, entity=bool(number % 2))
        try:
            program = compile_source(Source(text.decode()), options, prelude)
        except CompileError:
            continue
        found.append(to_bytes(program, prelude))
    return tuple(found)


def verifying(_folder: Path) -> Try:
    """Read and verify programs. None runs: only sealed ones do, see `lang.bytecode.verify`."""
    natives, prelude = _setting()

    def attempt(data: bytes) -> None:
        try:
            verify(from_bytes(data, TEXT, prelude), len(natives.entries), prelude)
        except VerifyError as error:
            told(error)

    return attempt


def caching(folder: Path) -> Try:
    """Put files into the folder of compiled programs: the program is the one of the text all the same."""
    natives, prelude = _setting()
    options, cache = Options(natives), ProgramCache(folder)
    text = Source("let x = [1, 2]; x.map(|n| n + 1)")
    expected = to_bytes(cache.compile(text, options, prelude), prelude)
    (file,) = folder.glob("*.program")
    sound = file.read_bytes()

    def attempt(data: bytes) -> None:
        seal = sound[: len(MAGIC) + SEAL_BYTES]
        for content in (data, seal + data):
            file.write_bytes(content)
            if to_bytes(cache.compile(text, options, prelude), prelude) != expected:
                raise Bug("a file that nobody sealed has become a program")

    return attempt


ARRAYS = ("code", "constants", "pool", "functions", "methods", "live", "roots")
OPERAND_BITS = ((8, 16), (24, 16), (40, 16))


def program_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change words of the arrays of a program, parts of its instructions, or anything else."""
    try:
        stored = msgspec.msgpack.decode(data)
    except (msgspec.DecodeError, ValueError, TypeError):
        return bytes_changed(data, other, random)
    if not isinstance(stored, dict) or random.random() < 0.02:
        return bytes_changed(data, other, random)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        name = random.choice(["code"] * 12 + ["live", "roots", "live", "constants", "pool", *stored])
        found = stored.get(name)
        if name in ARRAYS and isinstance(found, list) and len(found) == 2 and isinstance(found[1], bytes):
            array = np.frombuffer(found[1][: len(found[1]) // 8 * 8], np.int64)
            changed = _code_changed(array, random) if name == "code" else _row_changed(array, random)
            stored[name] = [found[0], changed.tobytes()]
        elif name in stored:
            stored[name] = _value_changed(stored[name], random)
    try:
        return msgspec.msgpack.encode(stored)
    except (OverflowError, TypeError, ValueError):  # the input had numbers that are none here
        return bytes_changed(data, other, random)


def _row_changed(array: np.ndarray, random: Random) -> np.ndarray:
    """Change an array; most often to a word that stands elsewhere in it."""
    if array.size and random.random() < 0.7:
        found = array.copy()
        near = int(found[random.randrange(found.size)]) + random.choice((0, 0, 0, 1, -1))
        found[random.randrange(found.size)] = (near + 2**63) % 2**64 - 2**63
        return found
    return array_changed(array, array, random)


def _code_changed(code: np.ndarray, random: Random) -> np.ndarray:
    if not code.size:
        return code
    found = code.copy()
    at = random.randrange(found.size)
    word = int(found[at])
    choice = random.random()
    if choice < 0.35:
        word = word & ~0xFF | random.choice(tuple(OPCODES))
    elif choice < 0.8:
        shift, bits = random.choice(OPERAND_BITS)
        near = word >> shift & (1 << bits) - 1
        value = random.choice(
            (near + 1, near - 1, near + 2, near ^ 1 << random.randrange(6), random.randrange(24))
        )
        word = word & ~((1 << bits) - 1 << shift) | (value & (1 << bits) - 1) << shift
    elif choice < 0.9:
        word = int(found[random.randrange(found.size)])
    else:
        other = random.randrange(found.size)
        found[other], word = word, int(found[other])
    found[at] = (word + 2**63) % 2**64 - 2**63
    return found


def _value_changed(value: Any, random: Random) -> Any:
    """Change a value of a decoded message."""
    if isinstance(value, list) and value:
        at = random.randrange(len(value))
        changed = [*value]
        if random.random() < 0.2:
            del changed[at]
        else:
            changed[at] = _value_changed(value[at], random)
        return changed
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        changed = value + random.choice((1, -1, 2, 100, -100, 2**40, -(2**63) - value))
        return max(min(changed, 2**63 - 1), -(2**63))
    if isinstance(value, bytes):
        return bytes_changed(value, b"", random)
    return random.choice((None, 0, -1, "", "x", [], b""))


def programs() -> Iterator[bytes]:
    """Yield the seeds."""
    yield from compiled()


TARGETS = (
    Target("program", verifying, programs, ("lang.bytecode",), program_changed, quick=300),
    Target(
        "program_cache", caching, programs, ("lang.program_cache", "lang.bytecode"), program_changed, quick=20
    ),
)
