"""The panel of errors: a list of failing scripts, and the chosen one with its source line and caret.

It takes the lower part of the window only, so that the game stays in sight while one fixes it; with the
keys in its hand it may be larger.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyglet
from pyglet.text.document import FormattedDocument
from pyglet.text.layout import TextLayout

from engine.app import canvas as style
from engine.app.canvas import POINTS_PER_PIXEL, Canvas, TextLine
from engine.app.panels import MARGIN
from engine.render.error_list import ErrorList
from engine.render.error_text import Line, LineRole, error_lines, title_of, widest
from engine.render.shapes import color_channels

_PIXELS = 14
_LINE_HEIGHT = 19
_TITLE_HEIGHT = 28
_BOTTOM = 8  # pixels below the last line
_DESCENT = 4  # of it, which letters such as g reach into
_LARGEST_PART = 0.48  # of the height of the window
_LARGEST_PART_WITH_KEYS = 0.8
_CHOSEN = 0x34507AC0
_LEAST_COLUMNS = 20
_COLORS = {
    LineRole.HEADLINE: style.ERROR,
    LineRole.CARET: style.ERROR,
    LineRole.HINT: style.WARNING,
    LineRole.BODY: style.TEXT,
    LineRole.ROW: style.FAINT_TEXT,
    LineRole.CHOSEN: style.TEXT,
    LineRole.KEYS: style.ACCENT,
}


class ErrorPanel:
    """Shows an `ErrorList`; laid out anew only when its lines change."""

    def __init__(self, canvas: Canvas) -> None:
        self._title = TextLine(canvas, canvas.fonts.sans, 16, color=style.ERROR)
        self._batch = canvas.batch
        self._font = canvas.fonts.monospace
        self._layout: TextLayout | None = None
        self._lines: Sequence[Line] = ()
        font = pyglet.font.load(self._font, _PIXELS * POINTS_PER_PIXEL)
        self._column = max(1.0, float(font.get_text_size("M" * 64)[0]) / 64.0)

    def lay_out(self, canvas: Canvas, errors: ErrorList, key: str) -> float:
        """Show what fails and return how high the panel is, in pixels; 0 when there is nothing to show."""
        if not (errors.is_shown and errors.faults):
            self.hide()
            return 0.0
        part = _LARGEST_PART_WITH_KEYS if errors.has_keys else _LARGEST_PART
        rows = max(2, int((part * canvas.height - _TITLE_HEIGHT - MARGIN) / _LINE_HEIGHT))
        columns = max(_LEAST_COLUMNS, int((canvas.width - 5 * MARGIN) / self._column))
        self._set_lines(error_lines(errors, rows, columns, key))
        self._title.set_text(title_of(errors))
        height = len(self._lines) * _LINE_HEIGHT + _TITLE_HEIGHT + MARGIN
        text_width = max(self._column * widest(self._lines), self._title.width)
        width = min(text_width + 3 * MARGIN, canvas.width - 2 * MARGIN)
        canvas.panel(MARGIN, MARGIN, width, height)
        canvas.panel(MARGIN, MARGIN, 4, height, style.ACCENT if errors.has_keys else style.ERROR)
        self._mark_chosen(canvas, width)
        self._title.show(2 * MARGIN, MARGIN + height - 26)
        return height + MARGIN

    def hide(self) -> None:
        """Show nothing until `lay_out`."""
        self._set_lines(())
        self._title.hide()

    def _mark_chosen(self, canvas: Canvas, width: float) -> None:
        for number, line in enumerate(reversed(self._lines)):
            if line.role is LineRole.CHOSEN:
                y = MARGIN + _BOTTOM - _DESCENT + number * _LINE_HEIGHT
                canvas.panel(MARGIN + 8, y, width - 16, _LINE_HEIGHT, _CHOSEN)

    def _set_lines(self, lines: Sequence[Line]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        if self._layout is not None:
            self._layout.delete()
            self._layout = None
        if lines:
            self._layout = TextLayout(
                self._document(lines),
                x=2 * MARGIN,
                y=MARGIN + _BOTTOM,
                anchor_y="bottom",
                width=100_000,  # lines are cut already; letters of other fonts may be wider
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
