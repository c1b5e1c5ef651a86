"""The HUD: texts, bars and images at fixed places over the picture, filled with values of entities."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.ecs.components import ShapeKind
from engine.ecs.values import Value
from engine.ecs.world import World
from engine.render.camera import Viewport
from engine.render.images import Images
from engine.render.shapes import ShapeBuffer
from engine.scene.hud import Bar, Binding, Hud, parse_path, parse_text
from engine.scripting.entity_api import first_with_tag


@dataclass(frozen=True)
class HudText:
    """A text to draw: which element it is, its words, its place in drawn pixels and how it lies there."""

    element: int
    content: str
    x: float
    y: float
    pixels: float
    color: int
    across: float
    """0 its left end lies at the place, 0.5 its middle, 1 its right end."""
    along: float
    """0 its lower end, 0.5 its middle, 1 its upper end."""


def bound_value(world: World, binding: Binding) -> Value | None:
    """Return the value of a field of the first entity with a tag, or None when there is none."""
    tag = world.strings.find(binding.tag)
    entity = int(first_with_tag(world.table, tag)) if tag > 0 else 0
    component = world.registry.component(binding.component)
    if entity == 0 or not world.has_component(entity, component.number):
        return None
    return world.get(entity, world.registry.field_named(component.number, binding.field).number)


def filled_text(world: World, parts: Sequence[str | Binding]) -> str:
    """Return a text with the values of its bindings, nothing for those that are not there."""
    words = []
    for part in parts:
        value = bound_value(world, part) if isinstance(part, Binding) else part
        written = part.written(value) if isinstance(part, Binding) and value is not None else value
        words.append("" if written is None else str(written))
    return "".join(words)


class HudLayout:
    """Lays the elements of a scene out.

    Attributes:
        shapes: bars and images of the last `lay_out`, from the middle of the picture in drawn pixels.
    """

    def __init__(self, elements: Sequence[Hud], images: Images) -> None:
        self.shapes = ShapeBuffer(64)
        self._elements = elements
        self._images = images
        self._texts = {
            number: parse_text(element.text)
            for number, element in enumerate(elements)
            if element.text is not None
        }
        images.load(element.image for element in elements if element.image is not None)

    def lay_out(self, world: World, viewport: Viewport) -> list[HudText]:
        """Fill `shapes` anew and return the texts."""
        self.shapes.clear()
        for element in self._elements:
            if element.bar is not None:
                self._add_bar(world, element, element.bar, viewport)
            elif element.image is not None:
                self._add_image(element, element.image, viewport)
        return list(self._placed_texts(world, viewport))

    def _placed_texts(self, world: World, viewport: Viewport) -> Iterator[HudText]:
        for number, parts in self._texts.items():
            content = filled_text(world, parts)
            if content:
                element = self._elements[number]
                x, y = _place(element, viewport)
                pixels = element.size * viewport.scale
                yield HudText(number, content, x, y, pixels, element.color, *_alignment(element))

    def _add_bar(self, world: World, element: Hud, bar: Bar, viewport: Viewport) -> None:
        left, bottom, width, height = _box(element, bar.size, viewport)
        part = _filled_part(world, bar)
        self._add_box(left, bottom, width, height, bar.background, viewport)
        if part > 0.0:
            self._add_box(left, bottom, width * part, height, bar.color, viewport)

    def _add_box(
        self, left: float, bottom: float, width: float, height: float, color: int, viewport: Viewport
    ) -> None:
        self.shapes.add(ShapeKind.BOX, _middle(left, bottom, width, height, viewport), (width, height), color)

    def _add_image(self, element: Hud, name: str, viewport: Viewport) -> None:
        left, bottom, width, height = _box(element, element.image_size, viewport)
        region = self._images.region(name)
        sides = region.sides(element.frames, element.frame)
        middle = _middle(left, bottom, width, height, viewport)
        self.shapes.add_image(region.page, sides, middle, (width, height), element.color)


def _filled_part(world: World, bar: Bar) -> float:
    value, *most = (bound_value(world, parse_path(path)) for path in bar.paths)
    full = most[0] if most else bar.full
    if value is None or full is None or isinstance(value, str) or isinstance(full, str) or full <= 0:
        return 0.0
    part = value / full
    return min(max(part, 0.0), 1.0) if math.isfinite(part) else 0.0


def _alignment(element: Hud) -> tuple[float, float]:
    """Return where an element lies in the picture, across and along: 0 at the low side, 1 at the high one."""
    anchor = element.anchor
    across = 0.0 if anchor.endswith("left") else 1.0 if anchor.endswith("right") else 0.5
    along = 0.0 if anchor.startswith("bottom") else 1.0 if anchor.startswith("top") else 0.5
    return across, along


def _place(element: Hud, viewport: Viewport) -> tuple[float, float]:
    """Return the pixel of the picture at which an element lies."""
    x, y = (
        whole * part + offset * viewport.scale * (-1.0 if part == 1.0 else 1.0)
        for whole, part, offset in zip(viewport.picture, _alignment(element), element.offset, strict=True)
    )
    return x, y


def _box(element: Hud, size: tuple[float, float], viewport: Viewport) -> tuple[float, float, float, float]:
    """Return left, bottom, width and height in drawn pixels of something at an element's place."""
    x, y = _place(element, viewport)
    across, along = _alignment(element)
    width, height = size[0] * viewport.scale, size[1] * viewport.scale
    return round(x - across * width), round(y - along * height), width, height


def _middle(
    left: float, bottom: float, width: float, height: float, viewport: Viewport
) -> tuple[float, float]:
    return (
        left + 0.5 * (width - viewport.picture_width),
        bottom + 0.5 * (height - viewport.picture_height),
    )
