"""Packs rectangles into a page by the skyline, bottom-left.

The skyline is the upper outline of what lies there already: steps of (x, y, width) from left to right. A
rectangle goes where its upper edge ends lowest. A page can grow: what lies there stays.
Source: Jylänki, A Thousand Ways to Pack the Bin (2010), section 3.
"""

from __future__ import annotations

from typing import NamedTuple


class _Step(NamedTuple):
    x: int
    y: int
    width: int


class Skyline:
    """One page of `size` by `size` pixels; the first row is row 0."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._steps = [_Step(0, 0, size)]

    def grow(self, size: int) -> None:
        """Make the page larger."""
        assert size >= self.size, "a page never shrinks"
        if size > self.size:
            self._steps.append(_Step(self.size, 0, size - self.size))
            self.size = size

    def place(self, width: int, height: int) -> tuple[int, int] | None:
        """Reserve a rectangle of whole pixels and return its least corner, or None when there is no room."""
        best: tuple[int, int, int] | None = None
        for index, step in enumerate(self._steps):
            y = self._lowest(index, width)
            if y is None or y + height > self.size:
                continue
            if best is None or (y + height, step.width) < best[:2]:
                best = (y + height, step.width, index)
        if best is None:
            return None
        top, _, index = best
        x = self._steps[index].x
        self._raise(index, width, top)
        return x, top - height

    def _lowest(self, index: int, width: int) -> int | None:
        """Return the row on which so wide a rectangle comes to lie, whose left end is that of a step."""
        if self._steps[index].x + width > self.size:
            return None
        y = 0
        for step in self._steps[index:]:
            if width <= 0:
                break
            y = max(y, step.y)
            width -= step.width
        return y

    def _raise(self, index: int, width: int, top: int) -> None:
        x = self._steps[index].x
        steps = [*self._steps[:index], _Step(x, top, width)]
        for step in self._steps[index:]:
            hidden = max(0, x + width - step.x)
            if hidden < step.width:
                steps.append(_Step(step.x + hidden, step.y, step.width - hidden))
        merged = steps[:1]
        for step in steps[1:]:
            last = merged[-1]
            if step.y == last.y:
                merged[-1] = _Step(last.x, last.y, last.width + step.width)
            else:
                merged.append(step)
        self._steps = merged
