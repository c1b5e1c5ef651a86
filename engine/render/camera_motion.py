"""How the camera moves between pictures: behind its target, and when the screen shakes.

All of it is for the eye alone: it depends on when pictures are drawn and is no part of the game's state.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.render.camera import Box, Camera, CameraSettings, Viewport, place_camera

SHAKE_PART = 1.0 / 40.0
"""Part of the view's height by which a shake of intensity 1 moves it at first."""

# Swings a second of the waves whose sum is the shaking; no two have a common period.
_WAVES_X = (11.3, 17.9, 26.7)
_WAVES_Y = (12.7, 19.3, 24.1)


@dataclass(frozen=True)
class Shake:
    """A shaking of the screen: its start in seconds of the game, how strong it is, how long it lasts."""

    start: float
    intensity: float
    seconds: float

    def strength(self, time: float) -> float:
        """Return how strong it is at a time: falling from its intensity to 0."""
        age = (time - self.start) / self.seconds
        return self.intensity * (1.0 - age) ** 2 if 0.0 <= age < 1.0 else 0.0


def shake_offset(shakes: Iterable[Shake], time: float) -> tuple[float, float]:
    """Return by how much a picture is moved at a time, in parts of the view's height."""
    strength = sum(shake.strength(time) for shake in shakes)
    if strength == 0.0:
        return 0.0, 0.0
    x, y = (
        SHAKE_PART * strength * sum(math.sin(math.tau * wave * time + wave) for wave in waves) / len(waves)
        for waves in (_WAVES_X, _WAVES_Y)
    )
    return x, y


class CameraMotion:
    """Where the camera was in the last picture, and where it is in the next one."""

    def __init__(self) -> None:
        self._middle: tuple[float, float] | None = None
        self._scale = 1.0
        self._time = 0.0

    def next(
        self,
        settings: CameraSettings,
        target: tuple[float, float] | None,
        world: tuple[float, float],
        viewport: Viewport,
        time: float,
    ) -> Camera:
        """Return the camera of a picture, without shakes.

        Args:
            target: metres; where the followed entity is, or None when there is none.
            world: width and height in metres.
            viewport: how the picture is drawn.
            time: seconds of the game; after a step back, or for the first picture, it makes no way but a cut.
        """
        bounds: Box = settings.bounds or ((0.0, 0.0), world)
        seconds, self._time = time - self._time, time
        wanted = self._wanted(settings, target)
        if wanted is None:
            self._middle = None
            return place_camera(None, bounds, settings.pixels_per_metre * viewport.scale, viewport.picture)
        before, part_left = self._middle, 0.0
        if before is not None and seconds >= 0.0 and settings.smooth > 0.0:
            part_left = 0.5 ** (seconds / settings.smooth)
            wanted = _mixed(wanted[0], before[0], part_left), _mixed(wanted[1], before[1], part_left)
        self._scale = settings.pixels_per_metre * (self._scale / settings.pixels_per_metre) ** part_left
        camera = place_camera(wanted, bounds, self._scale * viewport.scale, viewport.picture)
        self._middle = camera.x, camera.y
        return camera

    def _wanted(
        self, settings: CameraSettings, target: tuple[float, float] | None
    ) -> tuple[float, float] | None:
        """Return where the camera should come to look, or None for at everything."""
        if settings.follow is None:
            return settings.position
        if target is None:
            return self._middle or settings.position  # stay where the target was lost
        aim = target[0] + settings.offset[0], target[1] + settings.offset[1]
        if self._middle is None:
            return aim
        x, y = (_pulled(self._middle[axis], aim[axis], 0.5 * settings.dead_zone[axis]) for axis in (0, 1))
        return x, y


def _pulled(middle: float, aim: float, slack: float) -> float:
    """Return the middle moved just so far that the aim is within its slack."""
    if aim - middle > slack:
        return aim - slack
    return aim + slack if middle - aim > slack else middle


def _mixed(now: float, before: float, part_left: float) -> float:
    return now + (before - now) * part_left


def shaken(camera: Camera, shakes: Iterable[Shake], time: float) -> Camera:
    """Return a camera moved by what shakes at a time."""
    x, y = shake_offset(shakes, time)
    height = 2.0 * camera.half_height
    return replace(camera, x=camera.x + x * height, y=camera.y + y * height)
