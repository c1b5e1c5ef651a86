"""The camera: which part of the world a window shows.

World positions are metres, y up; screen positions are pixels from the lower left corner, y up.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_PIXELS_PER_METRE = 32.0
SMALLEST_WINDOW = (960, 540)
LARGEST_WINDOW = (1280, 800)


@dataclass(frozen=True)
class CameraSettings:
    """What a scene says about its camera.

    Attributes:
        follow: entity id to keep in the middle, 0 for none (the middle of the world is shown).
        pixels_per_metre: > 0, at zoom 1.
    """

    follow: int = 0
    pixels_per_metre: float = DEFAULT_PIXELS_PER_METRE


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
        """Return the pixel at which a world position is shown."""
        return (
            (x - self.x) * self.pixels_per_metre + 0.5 * self.width,
            (y - self.y) * self.pixels_per_metre + 0.5 * self.height,
        )

    def screen_to_world(self, x: float, y: float) -> tuple[float, float]:
        """Return the world position that a pixel shows."""
        return (
            (x - 0.5 * self.width) / self.pixels_per_metre + self.x,
            (y - 0.5 * self.height) / self.pixels_per_metre + self.y,
        )


def fitting_window(
    size: tuple[float, float], pixels_per_metre: float, screen: tuple[int, int]
) -> tuple[int, int]:
    """Return the size in pixels of a window that shows a world of so many metres, within reason."""
    return (
        min(max(round(size[0] * pixels_per_metre), SMALLEST_WINDOW[0]), LARGEST_WINDOW[0], screen[0]),
        min(max(round(size[1] * pixels_per_metre), SMALLEST_WINDOW[1]), LARGEST_WINDOW[1], screen[1]),
    )


def place_camera(
    target: tuple[float, float] | None,
    size: tuple[float, float],
    pixels_per_metre: float,
    view: tuple[int, int],
) -> Camera:
    """Return the camera of a view that follows a target and stays within the world.

    Args:
        target: metres; None shows the middle of the world.
        size: width and height of the world in metres, whose lower left corner is (0, 0).
        pixels_per_metre: > 0.
        view: width and height in pixels.
    Returns:
        A camera that shows nothing outside the world, or, along an axis on which the world is
        smaller than the view, the world in the middle. Without a target all of the world is shown,
        at a smaller scale if need be: nothing could ever bring the rest into sight.
    """
    wanted = target if target is not None else (0.5 * size[0], 0.5 * size[1])
    if target is None:
        pixels_per_metre = min(pixels_per_metre, view[0] / size[0], view[1] / size[1])
    x, y = (_within(wanted[axis], size[axis], 0.5 * view[axis] / pixels_per_metre) for axis in (0, 1))
    return Camera(x, y, pixels_per_metre, *view)


def _within(wanted: float, length: float, half_view: float) -> float:
    if length <= 2.0 * half_view:
        return 0.5 * length
    return min(max(wanted, half_view), length - half_view)
