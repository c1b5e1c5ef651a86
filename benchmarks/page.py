"""The table of `docs/performance.md`, made from a run of all benchmarks."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, with the geometric mean of the ratios to each peer below."""
    lines = ["| benchmark | value | ratio to the peer |", "|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} × {row.peer}"
        lines.append(f"| {row.name} | {row.value:.3g} {row.unit} | {ratio} |")
    for peer in dict.fromkeys(row.peer for row in rows if row.peer is not None):
        ratios = [row.ratio for row in rows if row.peer == peer and row.ratio is not None]
        lines.append(f"| geometric mean | | {statistics.geometric_mean(ratios):.2f} × {peer} |")
    return "\n".join(lines)


def write_page(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Replace the table of the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    text = f"{before}{BEGIN}\n{table(rows)}\n\nMeasured with {machine}.\n{END}{after}"
    page.write_text(text, encoding="utf-8")
