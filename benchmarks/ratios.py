"""The ratios that a run is compared with: `ratios.toml`, written by `astraweave bench --store`.

Only the first ratio of a benchmark is kept: ours to Lua 5.4, or of a long script to a short one. Times
belong to one machine, ratios travel.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.measure import Benchmark, Row

STORED = Path(__file__).parent / "ratios.toml"
TOLERANCE = 1.15
TRIES = 3
HEAD = "# The first ratio of each benchmark. Written by `astraweave bench --store`, read by `--compare`.\n"


def stored(file: Path = STORED) -> dict[str, float]:
    """Return the stored ratios by benchmark."""
    return msgspec.toml.decode(file.read_bytes(), type=dict[str, float])


def store(rows: Sequence[Row], file: Path = STORED) -> None:
    """Keep the ratios of these rows; those of other benchmarks stay."""
    known = stored(file) if file.is_file() else {}
    known |= {row.name: round(row.ratios[0].value, 3) for row in rows if row.ratios}
    lines = [f'"{name}" = {known[name]}\n' for name in sorted(known)]
    file.write_text(HEAD + "".join(lines), encoding="utf-8")


def worse(rows: Sequence[Row], benchmarks: Sequence[Benchmark], file: Path = STORED) -> list[str]:
    """Return a line for each ratio that is 15 % worse than the stored one.

    A ratio that looks worse is measured again, and the best counts: a busy machine makes single runs slow.
    """
    known = stored(file)
    again = {benchmark.name: benchmark for benchmark in benchmarks}
    lines = []
    for row in rows:
        limit = TOLERANCE * known.get(row.name, float("inf"))
        if not row.ratios:
            continue
        best = row.ratios[0].value
        for _ in range(TRIES - 1):
            if best <= limit:
                break
            best = min(best, again[row.name].run().ratios[0].value)
        if best > limit:
            peer = row.ratios[0].peer
            lines.append(f"{row.name}: {best:.2f} × {peer}, was {known[row.name]:.2f}")
    return lines
