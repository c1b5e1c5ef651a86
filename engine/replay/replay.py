"""The file of a replay: what a run began with, its rows of input, and hashes of what came of each.

It is a sealed container of numbers and names (`engine.saves.container`), and whoever opens one trusts
nothing in it: sizes are bounded before anything is unpacked, rows are unpacked one by one, names of scenes
stay in the folder of the first one, and nothing that it names but scenes is ever opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
from msgspec import Meta, Struct

from engine.errors import SaveError
from engine.replay.streams import unpacked
from engine.saves.container import Array, FileFormat, pack, unpack
from lang.jit import I64

REPLAY = FileFormat(b"astraweave-play\x1a", 1, "replay")
LARGEST_FILE = 1 << 28
"""Bytes of a file: 256 MiB."""
MOST_STEPS = 10_000_000
MOST_ACTIONS_WORDS = 4096
MOST_PARTS = 8192
MOST_FILES = 4096
_Text = Annotated[str, Meta(max_length=512)]
_Hash = Annotated[str, Meta(pattern="^[0-9a-f]{16,64}$")]


class Stretch(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a run in one game: a scene, until another one takes its place."""

    scene: _Text
    """Its file, from the folder of the run's first scene, with ``/`` between folders."""
    steps: Annotated[int, Meta(ge=0, le=MOST_STEPS)]
    width: Annotated[int, Meta(ge=1, le=MOST_ACTIONS_WORDS)]
    """Words of a row of input."""
    parts: Annotated[tuple[_Text, ...], Meta(max_length=MOST_PARTS)]
    """What the sums of each step are of."""
    files: Annotated[dict[_Text, _Hash], Meta(max_length=MOST_FILES)]
    """Hashes of the contents of the files that its ticks depend on."""


class RunMeta(Struct, frozen=True, forbid_unknown_fields=True):
    """What a run began with."""

    scene: _Text
    """The file of the first scene, seen from the replay's folder."""
    seed: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None
    shows_screens: bool
    plugins: Annotated[tuple[_Text, ...], Meta(max_length=64)]
    """Python code that took part, by the names that were given; whoever replays has to name it again."""
    made_by: _Text
    stretches: Annotated[tuple[Stretch, ...], Meta(min_length=1, max_length=MOST_FILES)]


class StepHash(NamedTuple):
    """What a step came to: the state hash, and [parts, 2] sums that tell where a difference is."""

    state: int
    sums: I64


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay, read and checked as far as that goes without its scene.

    Attributes:
        saved: sections of the values that `load_data` found at the start.
    """

    meta: RunMeta
    saved: dict[str, Array]
    hashes: I64
    _rows: tuple[bytes, ...]
    _sums: tuple[bytes, ...]

    @property
    def steps(self) -> int:
        """How many steps the run had."""
        return self.hashes.size - len(self.meta.stretches)

    def rows(self, number: int) -> Iterator[I64]:
        """Yield the rows of input of a stretch.

        Raises:
            SaveError: they are damaged.
        """
        stretch = self.meta.stretches[number]
        return unpacked(self._rows[number], stretch.width, stretch.steps)

    def states(self, number: int) -> Iterator[StepHash]:
        """Yield what a stretch begins with, then what each of its steps came to.

        Raises:
            SaveError: it is damaged.
        """
        stretches = self.meta.stretches
        first = sum(one.steps + 1 for one in stretches[:number])
        stretch = stretches[number]
        rows = unpacked(self._sums[number], 2 * len(stretch.parts), stretch.steps + 1)
        for at, sums in enumerate(rows):
            yield StepHash(int(self.hashes[first + at]) % 2**64, sums.reshape(-1, 2))


def replay_bytes(
    meta: RunMeta, saved: dict[str, Array], hashes: I64, rows: list[bytes], sums: list[bytes]
) -> bytes:
    """Return the bytes of a replay.

    Args:
        hashes: [steps + stretches] of each stretch what it begins with and what its steps came to, as int64.
        rows, sums: of each stretch, packed.
    """
    streams = {f"rows.{number}": np.frombuffer(data, np.uint8) for number, data in enumerate(rows)}
    streams |= {f"sums.{number}": np.frombuffer(data, np.uint8) for number, data in enumerate(sums)}
    head: dict[str, Array] = {"meta": np.frombuffer(msgspec.json.encode(meta), np.uint8), "hashes": hashes}
    return pack({**head, **saved, **streams}, REPLAY)


def replay_from(data: bytes) -> Replay:
    """Return the replay that bytes hold.

    Raises:
        SaveError: they are damaged, of another version, or of no replay.
    """
    sections = unpack(data, REPLAY)
    try:
        meta = msgspec.json.decode(sections["meta"].tobytes(), type=RunMeta)
    except (KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise SaveError("it does not tell what was run") from None
    count = len(meta.stretches)
    names = [f"{kind}.{number}" for kind in ("rows", "sums") for number in range(count)]
    streams = [sections.get(name) for name in names]
    if any(one is None or one.dtype != np.uint8 for one in streams):
        raise SaveError("a stream of its rows is missing")
    packed = tuple(one.tobytes() for one in streams if one is not None)
    hashes = sections.get("hashes", np.zeros(0))
    steps = sum(one.steps for one in meta.stretches)
    if hashes.dtype != np.int64 or hashes.size != steps + count or steps > MOST_STEPS:
        raise SaveError("it does not hold a hash of every step")
    saved = {name: array for name, array in sections.items() if name.startswith("data.")}
    return Replay(meta, saved, hashes, packed[:count], packed[count:])


def read_replay(file: Path) -> Replay:
    """Return the replay that a file holds.

    Raises:
        SaveError: it cannot be read, is too large, damaged, of another version, or no replay.
    """
    try:
        if not file.is_file():
            raise SaveError("no such file")
        if file.stat().st_size > LARGEST_FILE:
            raise SaveError(f"it is larger than {LARGEST_FILE} bytes")
        data = file.read_bytes()
    except OSError as error:
        raise SaveError(f"cannot be read: {error.strerror or error}") from None
    return replay_from(data)
