"""A plot of measured points with logarithmic axes, as an SVG of our own making."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.measure import Row

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 72, 40, 48, 56
INK, FAINT, LINE, REFERENCE = "#1f2430", "#d9dde6", "#2a6fdb", "#9aa3b2"
HEAD = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'

Point = tuple[float, float]
Place = Callable[[Point], Point]


def plot(points: Sequence[Point], title: str, across: str, up: str) -> str:
    """Return an SVG of points (both coordinates above 0) and of the line on which cost grows as size does.

    Args:
        points: at least two, by rising x.  across, up: what the axes mean.
    """
    low, high = _decades([x for x, _ in points]), _decades([y for _, y in points])
    place = _places(low, high)
    first, last = points[0], points[-1]
    linear = [first, (last[0], first[1] * last[0] / first[0])]
    middle_x, middle_y = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    parts = [
        HEAD,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 28, title, "start"),
        *_grid(low, high, place),
        _text(middle_x, HEIGHT - 12, across, "middle"),
        _text(0, 0, up, "middle", f"translate(18 {middle_y:.1f}) rotate(-90)"),
        _polyline([place(point) for point in linear], REFERENCE, dashed=True),
        _polyline([place(point) for point in points], LINE, dashed=False),
    ]
    parts += ['<circle cx="{:.1f}" cy="{:.1f}" r="4" fill="{}"/>'.format(*place(p), LINE) for p in points]
    parts += _legend()
    return "\n".join([*parts, "</svg>", ""])


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten around the values."""
    low, high = math.floor(math.log10(min(values)) + 1e-9), math.ceil(math.log10(max(values)) - 1e-9)
    return low, max(high, low + 1)


def _places(across: tuple[int, int], up: tuple[int, int]) -> Place:
    def place(point: Point) -> Point:
        x = (math.log10(point[0]) - across[0]) / (across[1] - across[0])
        y = (math.log10(point[1]) - up[0]) / (up[1] - up[0])
        return LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM)

    return place


def _text(x: float, y: float, words: str, anchor: str, turn: str = "") -> str:
    place = f'transform="{turn}"' if turn else f'x="{x:.1f}" y="{y:.1f}"'
    return f'<text {place} text-anchor="{anchor}" font-size="14" fill="{INK}">{escape(words)}</text>'


def _grid(across: tuple[int, int], up: tuple[int, int], place: Place) -> list[str]:
    lines = []
    for power in range(across[0], across[1] + 1):
        x, _ = place((10.0**power, 10.0 ** up[0]))
        lines.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{FAINT}"/>')
        lines.append(_text(x, HEIGHT - BOTTOM + 18, _number(power), "middle"))
    for power in range(up[0], up[1] + 1):
        _, y = place((10.0 ** across[0], 10.0**power))
        lines.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}"/>')
        lines.append(_text(LEFT - 8, y + 4, _number(power), "end"))
    return lines


def _number(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"


def _polyline(points: Sequence[Point], colour: str, *, dashed: bool) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 5"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _legend() -> list[str]:
    x, y = LEFT + 16, TOP + 20
    lines = []
    for row, (text, colour, dashed) in enumerate(
        (("measured", LINE, False), ("linear growth", REFERENCE, True))
    ):
        at = y + 20 * row
        lines.append(_polyline([(x, at), (x + 28, at)], colour, dashed=dashed))
        lines.append(_text(x + 36, at + 4, text, "start"))
    return lines


def store(rows: Sequence[Row], folder: Path = IMAGES) -> None:
    """Write a picture of each row that has points, named as it is."""
    for row in rows:
        if row.points:
            title = f"The cost of a tick grows as the number of entities to the power of {row.value:.2f}"
            text = plot(row.points, title, "entities", "milliseconds a tick")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{row.name.replace('/', '-')}.svg").write_text(text, encoding="utf-8")
