"""Backgrounds as instances: the copies of one image that are in sight, side by side.

A place is that of the scene as long as the camera looks at the scene's middle; of the camera's way from there
a background makes a part. Sides of copies are reckoned once for both neighbours.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.shapes import FIRST_PAGE, INSTANCE_WORDS, InstanceWord, color_channels
from engine.scene.background import Background
from lang.jit import F64

MOST_COPIES = 128
"""Of an image side by side: where more were in sight, each is drawn larger (a few pixels are one then)."""
_OVERLAP = 1.0 / 256.0
"""Pixels by which neighbours overlap: the roundings of the graphics card would leave gaps."""


def background_rows(
    background: Background, images: Images, camera: Camera, middle: tuple[float, float], time: float
) -> NDArray[np.float32]:
    """Return [copies in sight, INSTANCE_WORDS].

    Args:
        middle: of the scene, metres.  time: seconds of the game.
    """
    region = images.region(background.image)
    if background.size is None:
        return _rows(background, images, *_covering(region.width, region.height, camera))
    low_x = _lows(background, 0, camera.x - middle[0], camera.half_width, time)
    low_y = _lows(background, 1, camera.y - middle[1], camera.half_height, time)
    grown = _OVERLAP / camera.pixels_per_metre
    return _rows(background, images, low_x, low_y, grown)


def _covering(width: int, height: int, camera: Camera) -> tuple[F64, F64, float]:
    """Return the sides of an image that just fills the view."""
    scale = max(2.0 * camera.half_width / width, 2.0 * camera.half_height / height)
    across, along = 0.5 * scale * width, 0.5 * scale * height
    return np.array([-across, across]), np.array([-along, along]), 0.0


def _lows(background: Background, axis: int, way: float, half_view: float, time: float) -> F64:
    """Return where copies begin along an axis, and the end of the last one, from the middle of the view.

    Args:
        way: of the camera from the middle of the scene, metres.
    """
    assert background.size is not None, "what covers the view has no copies"
    side = background.size[axis]
    middle = background.offset[axis] + background.drift[axis] * time - background.factor[axis] * way
    if not math.isfinite(middle):
        return np.zeros(0)
    if background.repeat not in {"both", "xy"[axis]}:
        low = middle - 0.5 * side
        is_seen = low < half_view and low + side > -half_view
        return np.array([low, low + side]) if is_seen else np.zeros(0)
    side *= max(1, math.ceil(2.0 * half_view / (side * MOST_COPIES)))
    first = -half_view - (-half_view - (middle - 0.5 * side)) % side
    copies = math.ceil((half_view - first) / side)
    return np.array([first + side * number for number in range(copies + 1)])


def _rows(background: Background, images: Images, x: F64, y: F64, grown: float) -> NDArray[np.float32]:
    """Return an instance for each field between neighbouring sides."""
    across, along = max(len(x) - 1, 0), max(len(y) - 1, 0)
    rows = np.zeros((along, across, INSTANCE_WORDS), np.float32)
    if rows.size == 0:
        return rows.reshape(0, INSTANCE_WORDS)
    rows[..., InstanceWord.X], rows[..., InstanceWord.Y] = (
        0.5 * (x[:-1] + x[1:]),
        0.5 * (y[:-1] + y[1:])[:, None],
    )
    rows[..., InstanceWord.HALF_WIDTH] = 0.5 * (np.diff(x) + grown)
    rows[..., InstanceWord.HALF_HEIGHT] = 0.5 * (np.diff(y) + grown)[:, None]
    color = np.array(color_channels(background.color), np.uint8)
    rows.view(np.uint8)[..., 4 * InstanceWord.COLOR : 4 * InstanceWord.COLOR + 4] = color
    region = images.region(background.image)
    rows[..., InstanceWord.SHAPE] = FIRST_PAGE + region.page
    rows[..., InstanceWord.LEFT :] = region.sides()
    return rows.reshape(-1, INSTANCE_WORDS)
