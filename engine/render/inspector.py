"""The inspector: which entity is looked at, which line is chosen, what is being typed.

It takes keys by name and text, and knows no window; `engine.app.inspector_panel` draws it.
"""

from __future__ import annotations

from engine.render.inspection import InspectedRow, Inspection

_STRIDE = 10
"""Steps of an arrow key with Shift, lines of a page key."""
_MOVES = {"UP": -1, "DOWN": 1, "PAGEUP": -_STRIDE, "PAGEDOWN": _STRIDE}
_STEPS = {"LEFT": -1, "RIGHT": 1}
_ENTER = frozenset({"ENTER", "RETURN", "NUM_ENTER"})


class Inspector:
    """What the inspector shows and does while it is open.

    Attributes:
        is_open: whether it is shown and takes keys. entity: looked at; 0 is none.
        cursor: number of the chosen line. typed: what is being typed, or None. message: of the last fault.
    """

    def __init__(self, inspection: Inspection) -> None:
        self.is_open = False
        self.entity = 0
        self.cursor = 0
        self.typed: str | None = None
        self.message = ""
        self._inspection = inspection

    def toggle(self) -> None:
        """Open it, on the first entity if none was looked at, or close it."""
        self.is_open = not self.is_open
        self.typed, self.message = None, ""
        if self.is_open and not self.entity:
            self.select(self._inspection.next_entity(0, 1))

    def select(self, entity: int) -> None:
        """Look at an entity; the chosen line stays where it is."""
        self.entity = entity
        self.typed, self.message = None, ""

    def rows(self) -> list[InspectedRow]:
        """Return the lines of the entity; one that is gone has none."""
        if not self.entity or not self._inspection.exists(self.entity):
            return []
        rows = self._inspection.rows(self.entity)
        self.cursor = min(max(self.cursor, 0), max(len(rows) - 1, 0))
        return rows

    def title(self) -> str:
        """Return what the entity is called."""
        if not self.entity:
            return "no entity"
        if not self._inspection.exists(self.entity):
            return f"entity {self.entity & 0xFFFFFFFF} is gone"
        return self._inspection.title(self.entity)

    def press(self, name: str, *, is_shifted: bool) -> bool:
        """Take a key; returns whether it was one of the inspector's."""
        if not self.is_open:
            return False
        if self.typed is not None:
            return self._press_typing(name)
        if name == "TAB":
            self.select(self._inspection.next_entity(self.entity, -1 if is_shifted else 1))
        elif name in _MOVES:
            self._move(_MOVES[name])
        elif name in _STEPS:
            self._step(_STEPS[name] * (_STRIDE if is_shifted else 1))
        elif name in _ENTER:
            row = self._row()
            self.typed = "" if row is not None and row.target is not None else None
        elif name == "ESCAPE":
            self.toggle()
        else:
            return False
        return True

    def type_text(self, text: str) -> bool:
        """Take typed characters; returns whether somebody is typing here."""
        if not self.is_open or self.typed is None:
            return False
        self.typed += "".join(character for character in text if character.isprintable())
        return True

    def _press_typing(self, name: str) -> bool:
        assert self.typed is not None, "the caller has looked"
        if name == "BACKSPACE":
            self.typed = self.typed[:-1]
        elif name == "ESCAPE":
            self.typed = None
        elif name in _ENTER:
            row, text, self.typed = self._row(), self.typed, None
            if row is not None:
                self.message = self._inspection.type_in(self.entity, row, text)
        return True  # while somebody types, no key is a command

    def _row(self) -> InspectedRow | None:
        rows = self.rows()
        return rows[self.cursor] if rows else None

    def _move(self, step: int) -> None:
        """Choose another line; headings are passed over, at the ends the other way."""
        rows = self.rows()
        self.message = ""
        values = [number for number, row in enumerate(rows) if row.target is not None]
        at = self.cursor + step
        ahead = [number for number in values if (number >= at if step > 0 else number <= at)]
        if ahead:
            self.cursor = ahead[0 if step > 0 else -1]
        elif values:
            self.cursor = values[-1 if step > 0 else 0]

    def _step(self, amount: int) -> None:
        row = self._row()
        if row is not None and row.target is not None:
            self.message = self._inspection.step(self.entity, row, amount)
