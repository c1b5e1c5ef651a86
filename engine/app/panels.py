"""The small overlays: times (F3), help (F1), messages, the sign of time.

Each has one `lay_out` that is called every frame and adds what is to be seen to the canvas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.app import canvas as style
from engine.app.canvas import Canvas, TextLine
from engine.input.bindings import Actions
from engine.render.debug_lines import LEGEND, DebugLevel
from engine.render.frame_times import KEPT, RecentTimes
from engine.render.messages import MOST_SHOWN, MessageFeed
from engine.render.overlay_text import table
from engine.render.view import MessageKind

MARGIN = 12
_TEXT_PIXELS = 13
_REFRESH_SECONDS = 0.25  # a number that changes every frame cannot be read
_GRAPH_HEIGHT = 48
_GRAPH_MILLISECONDS = 33.4  # two frames of 60 Hz fill the graph
_FRAME_MILLISECONDS = 1000.0 / 60.0
_BAR_WIDTH = 2
_BAR, _LONG_BAR = 0x2F5F86FF, 0x8A5A20FF
_LINES_ABOVE_STAGES, _LINES_BELOW_STAGES = 5, 5

_MESSAGE_COLORS = {
    MessageKind.PRINT: style.TEXT,
    MessageKind.NOTE: style.FAINT_TEXT,
    MessageKind.WARNING: style.WARNING,
}


@dataclass
class Statistics:
    """What the panel of times shows."""

    frames: RecentTimes
    ticks: RecentTimes
    tick: int = 0
    entities: int = 0
    sprites: int = 0
    particles: int = 0
    particles_left_out: int = 0
    draw_milliseconds: float = 0.0
    stages: Sequence[tuple[str, float]] = ()


class TimesPanel:
    """Frame and tick times in the upper right corner, with a graph of the last frames."""

    def __init__(self, canvas: Canvas) -> None:
        self._text = TextLine(canvas, canvas.fonts.monospace, _TEXT_PIXELS, lines=True)
        self._refreshed = -_REFRESH_SECONDS

    def lay_out(self, canvas: Canvas, statistics: Statistics, now: float) -> None:
        """Show the panel."""
        if now - self._refreshed >= _REFRESH_SECONDS:
            self._refreshed = now
            self._text.set_text(_times_text(statistics))
        width = max(self._text.width, KEPT * _BAR_WIDTH) + 2 * MARGIN
        height = self._text.height + _GRAPH_HEIGHT + 3 * MARGIN
        top = canvas.height - MARGIN
        x = canvas.width - width - MARGIN
        canvas.panel(x, top - height, width, height)
        self._text.show(x + MARGIN, top - MARGIN)
        self._draw_bars(canvas, statistics, x, top - MARGIN, width)
        _draw_graph(canvas, statistics.frames, x + MARGIN, top - height + MARGIN)

    def _draw_bars(self, canvas: Canvas, statistics: Statistics, x: float, top: float, width: float) -> None:
        """Draw a bar behind the line of each stage; the longest stage fills its line from 1 ms on."""
        line = self._text.height / _lines_of(statistics)
        longest = max([1.0, *(milliseconds for _, milliseconds in statistics.stages)])
        for number, (_, milliseconds) in enumerate(statistics.stages):
            share = milliseconds / longest
            is_late = milliseconds > 0.5 * _FRAME_MILLISECONDS
            y = top - (_LINES_ABOVE_STAGES + number + 1) * line
            canvas.panel(x + 4, y, max(1.0, share * (width - 8)), line, _LONG_BAR if is_late else _BAR)

    def hide(self) -> None:
        """Show nothing."""
        self._text.hide()


def _lines_of(statistics: Statistics) -> int:
    return _LINES_ABOVE_STAGES + len(statistics.stages) + _LINES_BELOW_STAGES


def _times_text(statistics: Statistics) -> str:
    frame = statistics.frames.median()
    rows = [
        ("frame", f"{frame:.2f} ms"),
        ("  of it drawing", f"{statistics.draw_milliseconds:.2f} ms"),
        ("  frames a second", f"{1000.0 / frame:.0f}" if frame > 0.0 else "-"),
        ("tick (median)", f"{statistics.ticks.median():.2f} ms"),
        ("tick (worst)", f"{statistics.ticks.worst():.2f} ms"),
        *((f"  {stage}", f"{time:.2f} ms") for stage, time in statistics.stages),
        ("tick number", f"{statistics.tick}"),
        ("entities", f"{statistics.entities}"),
        ("sprites drawn", f"{statistics.sprites}"),
        ("particles", f"{statistics.particles}"),
        ("  never born", f"{statistics.particles_left_out}"),
    ]
    return table(rows)


def _draw_graph(canvas: Canvas, frames: RecentTimes, x: float, y: float) -> None:
    for number, milliseconds in enumerate(frames.values()):
        height = min(1.0, milliseconds / _GRAPH_MILLISECONDS) * _GRAPH_HEIGHT
        late = milliseconds > 1.2 * _FRAME_MILLISECONDS
        color = style.WARNING if late else style.ACCENT
        canvas.panel(x + number * _BAR_WIDTH, y, _BAR_WIDTH, max(1.0, height), color)
    line = y + _FRAME_MILLISECONDS / _GRAPH_MILLISECONDS * _GRAPH_HEIGHT
    canvas.panel(x, line, KEPT * _BAR_WIDTH, 1, style.FAINT_TEXT)


class MessagesPanel:
    """The last messages at the lower left, newest at the bottom, fading."""

    _LINE = 22

    def __init__(self, canvas: Canvas) -> None:
        self._lines = [TextLine(canvas, canvas.fonts.sans, 14) for _ in range(MOST_SHOWN)]

    def lay_out(self, canvas: Canvas, feed: MessageFeed, now: float, bottom: float) -> None:
        """Show the messages above a height in pixels."""
        shown = feed.visible(now)
        free = set(range(MOST_SHOWN))
        for row, message in enumerate(reversed(shown)):
            # A message keeps its label while it moves up: laying a text out anew is what costs.
            free.discard(message.number % MOST_SHOWN)
            line = self._lines[message.number % MOST_SHOWN]
            line.set_text(message.text)
            line.set_color(_faded(_MESSAGE_COLORS[message.kind], message.opacity))
            y = bottom + MARGIN + row * self._LINE
            panel = _faded(style.PANEL, message.opacity)
            canvas.panel(MARGIN, y, line.width + 16, self._LINE - 2, panel)
            line.show(MARGIN + 8, y + 6)
        for unused in free:
            self._lines[unused].hide()


def _faded(color: int, opacity: float) -> int:
    return color & 0xFFFFFF00 | round((color & 255) * opacity)


class TimeSign:
    """A line at the top while time does not go on as ever: paused, slowed down, sped up, rewound."""

    def __init__(self, canvas: Canvas) -> None:
        self._text = TextLine(canvas, canvas.fonts.sans, 15)

    def lay_out(self, canvas: Canvas, words: str) -> None:
        """Show the words, or nothing if there are none."""
        if not words:
            self._text.hide()
            return
        self._text.set_text(words)
        width = self._text.width + 32
        x = 0.5 * (canvas.width - width)
        y = canvas.height - MARGIN - 30
        canvas.panel(x, y, width, 30)
        self._text.show(x + 16, y + 10)


class LegendPanel:
    """What the colours of the debug drawing mean, at the lower right."""

    _LINE = 20
    _WIDTH = 110

    def __init__(self, canvas: Canvas) -> None:
        self._entries: list[tuple[DebugLevel, TextLine, int]] = []
        for level in DebugLevel:
            for words, color in LEGEND[level]:
                line = TextLine(canvas, canvas.fonts.sans, 13)
                line.set_text(words)
                self._entries.append((level, line, color))

    def lay_out(self, canvas: Canvas, shown: DebugLevel) -> None:
        """Show the colours of a level and of those below it."""
        x = canvas.width - self._WIDTH - MARGIN
        row = 0
        for level, line, color in reversed(self._entries):
            if level > shown:
                line.hide()
                continue
            y = MARGIN + row * self._LINE
            canvas.panel(x, y, self._WIDTH, self._LINE)
            canvas.panel(x + 8, y + 9, 18, 3, color)
            line.show(x + 34, y + 6)
            row += 1


class HelpPanel:
    """The keys of the window and of the scene, as the player has them, in the middle."""

    def __init__(self, canvas: Canvas) -> None:
        self._text = TextLine(canvas, canvas.fonts.monospace, 15, lines=True)

    def lay_out(
        self, canvas: Canvas, keys: Sequence[tuple[str, str]], actions: Actions, *, visible: bool
    ) -> None:
        """Show the panel, or nothing."""
        if not visible:
            self._text.hide()
            return
        game = [(name, ", ".join(action.every_input())) for name, action in actions.items()]
        parts = [table(game)] if game else []
        self._text.set_text("\n\n".join([*parts, table([(what, names) for names, what in keys])]))
        width, height = self._text.width + 4 * MARGIN, self._text.height + 4 * MARGIN
        x, y = 0.5 * (canvas.width - width), 0.5 * (canvas.height - height)
        canvas.panel(x, y, width, height, style.PANEL | 0xF0)
        self._text.show(x + 2 * MARGIN, y + height - 2 * MARGIN)
