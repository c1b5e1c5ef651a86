"""Results as tables: in the terminal, and in `docs/performance.md`."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Ratio, Row
from benchmarks.peers import PEERS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
MEAN = "geometric mean"
HEADING = f"{'benchmark':<20}{'time':>12}   " + "".join(f"{peer:>11}" for peer in PEERS)


def line(row: Row) -> str:
    """Return the row as a line for the terminal, of 80 columns at most."""
    return f"{row.name:<20}{row.value:12.3f} {row.unit:<2}" + _terminal_ratios(row.ratios)


def mean_line(rows: Sequence[Row]) -> str:
    """Return the line below all others, or nothing when no row has a peer."""
    means = _means(rows)
    return f"{MEAN:<35}" + _terminal_ratios(means) if means else ""


def _terminal_ratios(ratios: tuple[Ratio, ...]) -> str:
    if any(ratio.peer not in PEERS for ratio in ratios):
        return "".join(f"{ratio.value:9.2f} × {ratio.peer}" for ratio in ratios)
    found = {ratio.peer: f"{ratio.value:9.2f} ×" for ratio in ratios}
    return "".join(f"{found.get(peer, ''):>11}" for peer in PEERS).rstrip()


def _means(rows: Sequence[Row]) -> tuple[Ratio, ...]:
    """Return the means of the programs that Lua runs too."""
    found = []
    rows = [row for row in rows if row.ratio(PEERS[0]) is not None]
    for peer in PEERS:
        ratios = [ratio for row in rows if (ratio := row.ratio(peer)) is not None]
        if ratios:
            found.append(Ratio(peer, statistics.geometric_mean(ratios)))
    return tuple(found)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as Markdown: those with peers and their mean, then the others."""
    compared = [row for row in rows if row.ratio(PEERS[0]) is not None]
    lines = [f"| benchmark | time | {' | '.join(PEERS)} |", "|---" * (2 + len(PEERS)) + "|"]
    lines += [_markdown(row.name, f"{row.value:.3g} {row.unit}", row.ratios) for row in compared]
    lines += [_markdown(MEAN, "", _means(rows)), "", "| benchmark | time | |", "|---|---|---|"]
    for row in rows:
        if row not in compared:
            note = ", ".join(f"{ratio.value:.2f} × {ratio.peer}" for ratio in row.ratios)
            lines.append(f"| {row.name} | {row.value:.3g} {row.unit} | {note} |")
    return "\n".join(lines)


def _markdown(name: str, time: str, ratios: tuple[Ratio, ...]) -> str:
    found = {ratio.peer: f"{ratio.value:.2f}" for ratio in ratios}
    return " | ".join([f"| {name}", time, *(found.get(peer, "") for peer in PEERS)]) + " |"


def write_page(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Replace the tables of the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    text = f"{before}{BEGIN}\n{table(rows)}\n\nMeasured with {machine}.\n{END}{after}"
    page.write_text(text, encoding="utf-8")
