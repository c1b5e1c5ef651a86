"""Draws the inspector: a panel on the left with the lines of an entity."""

from __future__ import annotations

from engine.app import canvas as style
from engine.app.canvas import Canvas, TextLine
from engine.app.panels import MARGIN
from engine.render.inspection import InspectedRow
from engine.render.inspector import Inspector

_TEXT_PIXELS = 13
_LINE = 17  # pixels from a line to the next
_NAME_COLUMNS = 18
_VALUE_COLUMNS = 36
_CHOSEN = 0x2A4A6AFF
_REFRESH_SECONDS = 0.1  # laying out a text anew is what costs
_HELP = "Tab entity · ↑↓ line · ←→ change · Enter type · Esc close"


class InspectorPanel:
    """The panel, with a label for each of its four texts."""

    def __init__(self, canvas: Canvas) -> None:
        font = canvas.fonts.monospace
        self._title = TextLine(canvas, canvas.fonts.sans, 15, color=style.ACCENT)
        self._names = TextLine(canvas, font, _TEXT_PIXELS, lines=True)
        self._help = TextLine(canvas, canvas.fonts.sans, 12, color=style.FAINT_TEXT)
        self._shown: tuple[object, ...] = ()
        self._rows: list[InspectedRow] = []
        self._first = 0
        self._refreshed = -_REFRESH_SECONDS

    def lay_out(self, canvas: Canvas, inspector: Inspector, now: float) -> None:
        """Show the panel while the inspector is open."""
        if not inspector.is_open:
            for text in (self._title, self._names, self._help):
                text.hide()
            return
        most = max(3, int(canvas.height - 8 * MARGIN) // _LINE - 3)
        self._refresh(inspector, most, now)
        count = min(len(self._rows) - self._first, most)
        width = max(self._names.width, self._help.width, self._title.width) + 2 * MARGIN
        height = (count + 3) * _LINE + 2 * MARGIN
        x, top = MARGIN, canvas.height - MARGIN
        canvas.panel(x, top - height, width, height)
        self._title.show(x + MARGIN, top - MARGIN - 12)
        first_line = top - MARGIN - _LINE - 6
        if self._rows and self._rows[inspector.cursor].target is not None:
            y = first_line - (inspector.cursor - self._first + 1) * _LINE
            canvas.panel(x + 4, y, width - 8, _LINE, _CHOSEN)
        self._names.show(x + MARGIN, first_line)
        self._help.show(x + MARGIN, top - height + MARGIN)

    def _refresh(self, inspector: Inspector, most: int, now: float) -> None:
        state = (inspector.entity, inspector.cursor, inspector.typed, inspector.message, most)
        if state == self._shown and now - self._refreshed < _REFRESH_SECONDS:
            return
        self._rows = inspector.rows()
        state = (inspector.entity, inspector.cursor, inspector.typed, inspector.message, most)
        self._shown, self._refreshed = state, now
        self._first = max(min(self._first, inspector.cursor), inspector.cursor - most + 1)
        self._first = max(0, min(self._first, len(self._rows) - most))
        lines = [
            _line(row, inspector.typed if number == inspector.cursor else None)
            for number, row in enumerate(self._rows)
        ]
        self._names.set_text("\n".join(lines[self._first : self._first + most]))
        self._title.set_text(inspector.title())
        self._help.set_text(inspector.message or _HELP)
        self._help.set_color(style.WARNING if inspector.message else style.FAINT_TEXT)


def _line(row: InspectedRow, typed: str | None) -> str:
    if row.target is None:
        return row.label
    value = row.value if typed is None else typed[-(_VALUE_COLUMNS - 1) :] + "▏"
    return f"  {row.label:<{_NAME_COLUMNS}} {value}"
