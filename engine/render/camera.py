"""The camera: which part of the world a picture shows, and where in a window the picture lies.

World positions are metres. Pixels of picture and window count from the lower left corner. y is up in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.scene.tables import Window

DEFAULT_PIXELS_PER_METRE = 32.0
SMALLEST_WINDOW = (960, 540)
LARGEST_WINDOW = (1280, 800)

Scaling = Literal["fit", "integer", "stretch"]
Box = tuple[tuple[float, float], tuple[float, float]]
"""Lower left and upper right corner in metres."""


@dataclass(frozen=True)
class CameraSettings:
    """What a game says about its camera at the moment.

    Attributes:
        follow: entity id to keep in sight; 0 while it is gone; None to follow nothing.
        pixels_per_metre: > 0, zoom included.
        position: metres; what is looked at without an entity; None shows the whole world.
        bounds: what the camera stays in; None is the world.
        smooth: seconds in which half of the way to the target is made; 0 makes all of it at once.
        dead_zone: width and height in metres in which the target moves without the camera.
        offset: metres from the target to what is looked at.
    """

    follow: int | None = None
    pixels_per_metre: float = DEFAULT_PIXELS_PER_METRE
    position: tuple[float, float] | None = None
    bounds: Box | None = None
    smooth: float = 0.0
    dead_zone: tuple[float, float] = (0.0, 0.0)
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Camera:
    """A view of width by height pixels whose middle is the world position (x, y)."""

    x: float
    y: float
    pixels_per_metre: float
    width: int
    height: int

    @property
    def half_width(self) -> float:
        """Half the width of the view in metres."""
        return 0.5 * self.width / self.pixels_per_metre

    @property
    def half_height(self) -> float:
        """Half the height of the view in metres."""
        return 0.5 * self.height / self.pixels_per_metre

    def world_to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel of the picture at which a world position is shown."""
        return (
            (x - self.x) * self.pixels_per_metre + 0.5 * self.width,
            (y - self.y) * self.pixels_per_metre + 0.5 * self.height,
        )

    def screen_to_world(self, x: float, y: float) -> tuple[float, float]:
        """Return the world position that a pixel of the picture shows; see `Viewport.to_picture`."""
        return (
            (x - 0.5 * self.width) / self.pixels_per_metre + self.x,
            (y - 0.5 * self.height) / self.pixels_per_metre + self.y,
        )


@dataclass(frozen=True)
class Viewport:
    """Where a picture lies in a window, and how many pixels it is drawn with.

    Attributes:
        x, y, width, height: the rectangle of the window, in its units; around it the window is black.
        picture_width, picture_height: pixels that are drawn. Where they differ from the rectangle the screen
            is finer than the window's units, or the picture is stretched.
        scale: pixels that are drawn for a pixel of the scene (`pixels_per_metre`, virtual resolution, HUD).
    """

    x: float
    y: float
    width: float
    height: float
    picture_width: int
    picture_height: int
    scale: float

    @property
    def picture(self) -> tuple[int, int]:
        """Width and height of what is drawn."""
        return self.picture_width, self.picture_height

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel of the picture at a position of the window; it may lie outside."""
        return (
            (x - self.x) * self.picture_width / self.width,
            (y - self.y) * self.picture_height / self.height,
        )


def place_viewport(
    window: tuple[int, int],
    virtual: tuple[int, int] | None = None,
    scaling: Scaling = "fit",
    pixel_ratio: float = 1.0,
) -> Viewport:
    """Return where the picture lies in a window.

    Args:
        window: width and height in the window's units, >= 1.
        virtual: size of the picture in pixels of the scene; None takes the window's.
        scaling: `fit` enlarges as far as the window allows, `integer` by a whole number only (where the
            window is not too small for it), `stretch` fills the window.
        pixel_ratio: pixels of the screen for a unit of the window.
    """
    width, height = float(max(window[0], 1)), float(max(window[1], 1))
    if virtual is None:
        pixels = max(1, round(width * pixel_ratio)), max(1, round(height * pixel_ratio))
        return Viewport(0.0, 0.0, width, height, *pixels, pixel_ratio)
    factors = width / virtual[0], height / virtual[1]
    if scaling == "stretch":
        scale = max(factors) * pixel_ratio
        return Viewport(0.0, 0.0, width, height, *_scaled(virtual, scale), scale)
    scale = min(factors) * pixel_ratio
    if scaling == "integer" and scale >= 1.0:
        scale = float(int(scale))
    pixels = _scaled(virtual, scale)
    used = pixels[0] / pixel_ratio, pixels[1] / pixel_ratio
    x, y = (float(int(0.5 * (whole - part))) for whole, part in zip((width, height), used, strict=True))
    return Viewport(x, y, *used, *pixels, scale)


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def fitting_window(
    size: tuple[float, float], pixels_per_metre: float, screen: tuple[int, int]
) -> tuple[int, int]:
    """Return the size in pixels of a window that shows a world of so many metres, within reason."""
    return (
        min(max(round(size[0] * pixels_per_metre), SMALLEST_WINDOW[0]), LARGEST_WINDOW[0], screen[0]),
        min(max(round(size[1] * pixels_per_metre), SMALLEST_WINDOW[1]), LARGEST_WINDOW[1], screen[1]),
    )


def window_size(
    settings: Window, world: tuple[float, float], pixels_per_metre: float, screen: tuple[int, int]
) -> tuple[int, int]:
    """Return the size of the window that a scene asks for, or of one that fits its picture and the screen."""
    if settings.size is not None:
        return settings.size
    if settings.virtual is not None:
        return enlarged_window(settings.virtual, screen)
    return fitting_window(world, pixels_per_metre, screen)


def enlarged_window(virtual: tuple[int, int], screen: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a window for a virtual resolution: the least whole multiple that is large enough."""
    factor = 1
    while (
        virtual[0] * factor < SMALLEST_WINDOW[0]
        and virtual[0] * (factor + 1) <= screen[0]
        and virtual[1] * (factor + 1) <= screen[1]
    ):
        factor += 1
    return virtual[0] * factor, virtual[1] * factor


def place_camera(
    target: tuple[float, float] | None, bounds: Box, pixels_per_metre: float, view: tuple[int, int]
) -> Camera:
    """Return the camera of a view that looks at a target and stays within bounds.

    Args:
        target: metres; None shows all of the bounds.
        bounds: corners in metres.
        pixels_per_metre: > 0.
        view: width and height in pixels.
    Returns:
        A camera that shows nothing beyond the bounds, or, along an axis on which they are smaller than the
        view, their middle. Without a target the scale is smaller if need be, so that all of them is shown:
        nothing could ever bring the rest into sight.
    """
    low, high = bounds
    if target is None:
        fitting = (view[axis] / max(high[axis] - low[axis], 1e-9) for axis in (0, 1))
        pixels_per_metre = min(pixels_per_metre, *fitting)
    x, y = (
        _within(
            0.5 * (low[axis] + high[axis]) if target is None else target[axis],
            low[axis],
            high[axis],
            0.5 * view[axis] / pixels_per_metre,
        )
        for axis in (0, 1)
    )
    return Camera(x, y, pixels_per_metre, *view)


def _within(wanted: float, low: float, high: float, half_view: float) -> float:
    if high - low <= 2.0 * half_view:
        return 0.5 * (low + high)
    return min(max(wanted, low + half_view), high - half_view)
