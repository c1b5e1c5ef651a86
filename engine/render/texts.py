"""Texts of entities: which are in sight, where, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.ecs.access import component_row, entity_of_index, is_in_queries
from engine.ecs.components import Component, Field, TextAlign
from engine.ecs.layout import FULL, Counter, WorldSlot
from engine.ecs.world import World
from engine.render.camera import Camera
from engine.render.sprites import (
    VIEW_ALPHA,
    VIEW_HALF_HEIGHT,
    VIEW_HALF_WIDTH,
    VIEW_X,
    VIEW_Y,
    between,
    view_array,
)
from lang.jit import entry, floats_in, words_in

_FIRST_CAPACITY = 64
_MARGIN_SIZES = 20.0  # texts are wider than high: so many sizes beyond the view may still reach into it


@dataclass(frozen=True)
class PlacedText:
    """A text to draw: its entity's id, what it says, its place and height in metres, 0xRRGGBBAA.

    Of its lines the part `align` is at its place; they break at `wrap` metres, unless that is 0.
    """

    entity: int
    content: str
    x: float
    y: float
    size: float
    color: int
    align: TextAlign = TextAlign.CENTER
    wrap: float = 0.0


@entry("int64(int64[::1], float64[::1], int64[:,::1], float64[:,::1])")
def collect_texts(table: Any, view: Any, words: Any, places: Any) -> int:
    """Write the texts in sight by index: words (entity, string id, colour, align), places (x, y, size, wrap).

    Returns:
        How many, or FULL.
    """
    count = 0
    alpha = view[VIEW_ALPHA]
    for index in range(words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]):
        text = component_row(table, index, Component.TEXT)
        place = component_row(table, index, Component.TRANSFORM)
        if text < 0 or place < 0 or not is_in_queries(table, index):
            continue
        content = words_in(table, 2 * Field.TEXT_CONTENT)[text]
        size = floats_in(table, 2 * Field.TEXT_SIZE)[text]
        x, y = floats_in(table, 2 * Field.TRANSFORM_X)[place], floats_in(table, 2 * Field.TRANSFORM_Y)[place]
        x = between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)[place], x, alpha)
        y = between(floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)[place], y, alpha)
        reach = _MARGIN_SIZES * size
        in_sight = (
            abs(x - view[VIEW_X]) <= view[VIEW_HALF_WIDTH] + reach
            and abs(y - view[VIEW_Y]) <= view[VIEW_HALF_HEIGHT] + reach
        )
        if content == 0 or words_in(table, 2 * Field.TEXT_VISIBLE)[text] == 0 or not in_sight:
            continue
        if count == words.shape[0]:
            return FULL
        words[count, 0] = entity_of_index(table, index)
        words[count, 1] = content
        words[count, 2] = words_in(table, 2 * Field.TEXT_COLOR)[text]
        words[count, 3] = words_in(table, 2 * Field.TEXT_ALIGN)[text]
        places[count, 0] = x
        places[count, 1] = y
        places[count, 2] = size
        places[count, 3] = floats_in(table, 2 * Field.TEXT_WRAP)[text]
        count += 1
    return count


class TextCollector:
    """The buffers of `collect_texts`, reused every frame and doubled when they are full."""

    def __init__(self) -> None:
        self._make_room(_FIRST_CAPACITY)

    def _make_room(self, capacity: int) -> None:
        self._words = np.zeros((capacity, 4), np.int64)
        self._places: NDArray[np.float64] = np.zeros((capacity, 4))

    def collect(self, world: World, camera: Camera, alpha: float) -> list[PlacedText]:
        """Return the texts in sight, by entity index."""
        view = view_array(camera, alpha)
        while (count := collect_texts(world.table, view, self._words, self._places)) == FULL:
            self._make_room(2 * len(self._words))
        words, places = self._words[:count].tolist(), self._places[:count].tolist()
        return [
            PlacedText(entity, world.strings.text(content), x, y, size, color, TextAlign(align), wrap)
            for (entity, content, color, align), (x, y, size, wrap) in zip(words, places, strict=True)
        ]
