"""The overlay of script errors: each with its place, source line and caret, over a dark panel.

It takes the lower part of the window only, so that the game stays in sight while one fixes it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyglet
from pyglet.text.document import FormattedDocument
from pyglet.text.layout import TextLayout

from engine.app import canvas as style
from engine.app.canvas import POINTS_PER_PIXEL, Canvas, TextLine
from engine.app.panels import MARGIN
from engine.render.overlay_text import Line, LineRole, fit_diagnostics
from engine.render.shapes import color_channels

_PIXELS = 14
_LINE_HEIGHT = 19
_TITLE_HEIGHT = 28
_LARGEST_PART = 0.48  # of the height of the window
_COLORS = {
    LineRole.HEADLINE: style.ERROR,
    LineRole.CARET: style.ERROR,
    LineRole.HINT: style.WARNING,
    LineRole.BODY: style.TEXT,
}


class ErrorPanel:
    """Shows diagnostics; laid out anew only when they or the size of the window change."""

    def __init__(self, canvas: Canvas) -> None:
        self._title = TextLine(canvas, canvas.fonts.sans, 16, color=style.ERROR)
        self._batch = canvas.batch
        self._font = canvas.fonts.monospace
        self._layout: TextLayout | None = None
        self._shown: tuple[tuple[str, ...], int, int] = ((), 0, 0)
        self._rows = 0
        font = pyglet.font.load(self._font, _PIXELS * POINTS_PER_PIXEL)
        self._column = max(1.0, float(font.get_text_size("M" * 64)[0]) / 64.0)

    def lay_out(self, canvas: Canvas, errors: Sequence[str], hide_key: str) -> float:
        """Show the diagnostics and return how high the panel is, in pixels; 0 without errors."""
        wanted = (tuple(errors), canvas.width, canvas.height)
        if wanted != self._shown:
            self._shown = wanted
            self._set_lines(canvas, errors)
            self._title.set_text(_title(len(errors), hide_key))
        if not errors:
            self._title.hide()
            return 0.0
        height = self._rows * _LINE_HEIGHT + _TITLE_HEIGHT + 2 * MARGIN
        text_width = self._layout.content_width if self._layout is not None else 0
        width = min(max(text_width, self._title.width) + 2 * MARGIN, canvas.width - 2 * MARGIN)
        canvas.panel(MARGIN, MARGIN, width, height)
        canvas.panel(MARGIN, MARGIN, 4, height, style.ERROR)
        self._title.show(2 * MARGIN, MARGIN + height - 26)
        return height + MARGIN

    def hide(self) -> None:
        """Show nothing until `lay_out`."""
        if self._layout is not None:
            self._layout.delete()
            self._layout = None
        self._shown = ((), 0, 0)
        self._title.hide()

    def _set_lines(self, canvas: Canvas, errors: Sequence[str]) -> None:
        if self._layout is not None:
            self._layout.delete()
            self._layout = None
        if not errors:
            return
        room = _LARGEST_PART * canvas.height - _TITLE_HEIGHT - 2 * MARGIN
        columns = max(20, int((canvas.width - 5 * MARGIN) / self._column))
        lines = fit_diagnostics(errors, max(2, int(room / _LINE_HEIGHT)), columns)
        self._rows = len(lines)
        self._layout = TextLayout(
            self._document(lines),
            x=2 * MARGIN,
            y=MARGIN + 8,
            anchor_y="bottom",
            width=canvas.width,
            multiline=True,
            batch=self._batch,
        )

    def _document(self, lines: Sequence[Line]) -> FormattedDocument:
        document = FormattedDocument("\n".join(line.text for line in lines))
        size = _PIXELS * POINTS_PER_PIXEL
        document.set_style(0, len(document.text), {"font_name": self._font, "font_size": size})
        document.set_paragraph_style(0, len(document.text), {"line_spacing": _LINE_HEIGHT})
        start = 0
        for line in lines:
            end = start + len(line.text)
            document.set_style(start, end, {"color": color_channels(_COLORS[line.role])})
            start = end + 1
        return document


def _title(count: int, hide_key: str) -> str:
    what = "1 script error" if count == 1 else f"{count} script errors"
    return f"{what}   ·   the game runs on; save a fix to clear it   ·   {hide_key} hides this"
