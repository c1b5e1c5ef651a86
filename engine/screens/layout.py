"""Where the items of a screen are, in virtual pixels from the lower left corner; the view is 540 high.

Text is measured by whoever draws it, so lines break here as they will be shown. A column that is higher than
the view is made smaller; where that is not enough, it is moved so that the item with the focus is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.scene.hud import Anchor
from engine.scene.screens import Screen, ScreenItem, ScreenStyle

VIEW_HEIGHT = 540.0
PADDING = 28.0
GAP = 10.0
MARGIN = 24.0
_TITLE_SCALE = 2.0
_LINE = 1.35  # heights of letters from one line to the next
_BUTTON_LINE = 2.3
_ROUNDING = 1e-6
SMALLEST = 0.7
"""How small a column that is too high is made at most, before it is moved instead."""

Measure = Callable[[str, float], float]
"""The width of a line of text in letters of a height, both in virtual pixels."""


@dataclass(frozen=True)
class Box:
    """A rectangle by its lower left corner, in virtual pixels."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


class Sight(NamedTuple):
    """The item that must be seen, or -1, and the virtual pixels by which the column was moved before."""

    focus: int = -1
    moved: float = 0.0


@dataclass(frozen=True)
class PlacedItem:
    """An item where it is drawn: its number in the screen, its lines, the height of its letters."""

    number: int
    item: ScreenItem
    box: Box
    lines: tuple[str, ...]
    size: float
    value: str = ""
    """What a `bind` line shows at its right."""


@dataclass(frozen=True)
class LaidOutScreen:
    """A panel and the items on it that are in sight.

    Attributes:
        scale: how much smaller all of it is than it was meant to be.
        moved: virtual pixels by which the column is moved up.
    """

    panel: Box
    items: tuple[PlacedItem, ...]
    scale: float = 1.0
    moved: float = 0.0

    def item_at(self, x: float, y: float) -> int:
        """Return the number of the item under a point that can be pressed, or -1."""
        for placed in self.items:
            if can_focus(placed.item) and placed.box.holds(x, y):
                return placed.number
        return -1


def can_focus(item: ScreenItem) -> bool:
    """Return whether an item can be pressed."""
    return (item.button is not None or item.bind is not None) and not item.disabled


def lay_out(
    screen: Screen,
    style: ScreenStyle,
    view_width: float,
    measure: Measure,
    words_of: Callable[[ScreenItem], str],
    value_of: Callable[[str], str],
    sight: Sight,
) -> LaidOutScreen:
    """Return where everything of a screen is.

    Args:
        view_width: of the window, where it is VIEW_HEIGHT high.
        measure: the width of a line.
        words_of: a title or text with its values filled in.  value_of: what a `bind` line shows.
        sight: what must be seen of a column that is too high.
    """
    width = min(screen.width, view_width - 2 * (PADDING + MARGIN))
    blocks = [_block(item, style, 1.0, width, measure, words_of) for item in screen.items]
    room = VIEW_HEIGHT - 2 * MARGIN
    scale = min(1.0, max(SMALLEST, room / (_height(blocks) + 2 * PADDING)))
    if scale < 1.0:  # lines may break later then, so the column is not higher than it was, but for the scale
        blocks = [_block(item, style, scale, width, measure, words_of) for item in screen.items]
    padding, gap = PADDING * scale, GAP * scale
    height = _height(blocks, gap)
    seen = min(height, room - 2 * padding)
    moved = _moved(screen.items, [block[2] for block in blocks], gap, seen, sight)
    panel = _anchored(screen.anchor, width + 2 * PADDING, seen + 2 * padding, view_width)
    top = panel.y + panel.height - padding + moved
    items: list[PlacedItem] = []
    for number, (item, (lines, size, block_height)) in enumerate(zip(screen.items, blocks, strict=True)):
        box = Box(panel.x + PADDING, top - block_height, width, block_height)
        value = "" if item.bind is None else value_of(item.bind)
        if _is_within(box, panel.y + padding, seen):
            items.append(PlacedItem(number, item, box, lines, size, value))
        top -= block_height + gap
    return LaidOutScreen(panel, tuple(items), scale, moved)


_Block = tuple[tuple[str, ...], float, float]


def _height(blocks: Sequence[_Block], gap: float = GAP) -> float:
    return sum(height for _, _, height in blocks) + gap * max(0, len(blocks) - 1)


def _is_within(box: Box, bottom: float, height: float) -> bool:
    return box.y >= bottom - _ROUNDING and box.y + box.height <= bottom + height + _ROUNDING


def _moved(
    items: Sequence[ScreenItem],
    heights: Sequence[float],
    gap: float,
    seen: float,
    sight: Sight,
) -> float:
    """Return how far up a column is moved, as little as the item with the focus allows.

    The first one that can have it shows the beginning of the column, the last one its end.
    """
    whole = sum(heights) + gap * max(0, len(heights) - 1)
    focus, moved = sight
    pressed = [number for number, item in enumerate(items) if can_focus(item)]
    if focus in pressed:
        above = sum(heights[:focus]) + gap * focus
        first = 0.0 if focus == pressed[0] else above
        last = whole if focus == pressed[-1] else above + heights[focus]
        moved = max(min(moved, first), last - seen)
    return max(0.0, min(moved, whole - seen))


def _block(
    item: ScreenItem,
    style: ScreenStyle,
    scale: float,
    width: float,
    measure: Measure,
    words_of: Callable[[ScreenItem], str],
) -> _Block:
    """Return the lines of an item, the height of its letters, and its own height."""
    size = scale * (item.size or style.text_size * (_TITLE_SCALE if item.title is not None else 1.0))
    if item.space is not None:
        return (), size, scale * item.space
    if item.image is not None:
        return (), size, scale * image_size(item, width)[1]
    if item.button is not None or item.bind is not None:
        return (item.button or item.label or item.bind or "",), size, size * _BUTTON_LINE
    lines = wrapped(words_of(item), width, lambda line: measure(line, size))
    return lines, size, _LINE * size * max(1, len(lines))


def image_size(item: ScreenItem, width: float) -> tuple[float, float]:
    """Return width and height of an item's image in a column of a width, in virtual pixels."""
    scale = min(1.0, width / item.image_size[0])
    return item.image_size[0] * scale, item.image_size[1] * scale


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    """Return the lines of a text, broken between words where a line would be wider than `width`."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and measure(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return tuple(lines)


def shortened(text: str, width: float, measure: Callable[[str], float]) -> str:
    """Return a text, or as much of its beginning as has room, with an ellipsis."""
    if measure(text) <= width:
        return text
    end = len(text)
    while end > 0 and measure(text[:end].rstrip(" ,") + " …") > width:
        end -= 1
    return text[:end].rstrip(" ,") + " …"


def _anchored(anchor: Anchor, width: float, height: float, view_width: float) -> Box:
    x, y = 0.5 * (view_width - width), 0.5 * (VIEW_HEIGHT - height)
    if "left" in anchor:
        x = MARGIN
    if "right" in anchor:
        x = view_width - width - MARGIN
    if "bottom" in anchor:
        y = MARGIN
    if "top" in anchor:
        y = VIEW_HEIGHT - height - MARGIN
    return Box(x, y, width, height)


def next_focus(items: Sequence[ScreenItem], focus: int, step: int) -> int:
    """Return the item after or before the one that has the focus (-1: none has), around the ends, or -1."""
    numbers = [number for number, item in enumerate(items) if can_focus(item)]
    if not numbers:
        return -1
    if focus not in numbers:
        return numbers[0] if step > 0 else numbers[-1]
    return numbers[(numbers.index(focus) + step) % len(numbers)]
