"""What a game tells its camera: at first what the scene says, then what scripts and Python change.

It is for the eye alone and no part of the game's state: a script cannot ask it anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.render.camera import CameraSettings
from engine.render.camera_motion import Shake
from engine.scene.tables import Camera
from engine.scripting.layout import Effect

MOST_SHAKES = 16
LONGEST_SHAKE = 60.0
_FOLLOW, _ZOOM = int(Effect.CAMERA_FOLLOW), int(Effect.CAMERA_ZOOM)


class CameraControl:
    """The camera of one game.

    Attributes:
        table: what the scene says; another one may be put in its place.
        follow: entity id, 0 for nobody; None follows the tag that the scene says, if any.
    """

    def __init__(self, table: Camera, pixels_per_metre: float) -> None:
        self.table = table
        self._zoom = table.zoom
        self.follow: int | None = None
        self._pixels_per_metre = pixels_per_metre
        self._shakes: list[Shake] = []

    def change(self, table: Camera, pixels_per_metre: float) -> None:
        """Take what a saved scene says; a zoom that a script set stays unless the scene says another."""
        if table.zoom != self.table.zoom:
            self._zoom = table.zoom
        self.table, self._pixels_per_metre = table, pixels_per_metre

    @property
    def kept(self) -> tuple[Camera, float, int | None, tuple[Shake, ...]]:
        """All that was asked of it, for a return to this moment."""
        return (self.table, self._zoom, self.follow, tuple(self._shakes))

    @kept.setter
    def kept(self, kept: tuple[Camera, float, int | None, tuple[Shake, ...]]) -> None:
        self.table, self._zoom, self.follow, shakes = kept
        self._shakes = list(shakes)

    @property
    def zoom(self) -> float:
        """How large everything is shown: 2 is twice as large as the scene says by its metres.

        Raises:
            ValueError: set to what is not a finite number above 0.
        """
        return self._zoom

    @zoom.setter
    def zoom(self, factor: float) -> None:
        if not 0.0 < factor < math.inf:
            raise ValueError(f"a camera's zoom is a finite number above 0, not {factor}")
        self._zoom = factor

    def settings(self, first_with_tag: Callable[[str], int], exists: Callable[[int], bool]) -> CameraSettings:
        """Return what a picture needs to know.

        Args:
            first_with_tag: finds the entity of a tag, 0 for none.  exists: tells whether there is an entity.
        """
        table, follow = self.table, self.follow
        if follow is None and table.follow:
            follow = first_with_tag(table.follow)
        if follow and not exists(follow):
            follow = 0
        return CameraSettings(
            follow=follow,
            pixels_per_metre=self._pixels_per_metre * self.zoom,
            position=table.position,
            bounds=table.bounds,
            smooth=table.smooth,
            dead_zone=table.dead_zone,
            offset=table.offset,
        )

    def take(self, records: NDArray[np.int64], now: float) -> None:
        """Do what scripts ask of the camera: records of the kinds of `Effect`, at a time in seconds."""
        kinds = records[:, 0]
        shakes = records[kinds == int(Effect.SHAKE), 3:5].view(np.float64)
        for intensity, seconds in shakes[(shakes > 0.0).all(axis=1)][-MOST_SHAKES:].tolist():
            self.shake(now, intensity, seconds)
        records = records[(kinds == _FOLLOW) | (kinds == _ZOOM)]
        numbers = records[:, 3].view(np.float64).tolist()
        for (kind, *_, entity), first in zip(records.tolist(), numbers, strict=True):
            if kind == Effect.CAMERA_FOLLOW:
                self.follow = entity
            else:
                self.zoom = first

    def shake(self, now: float, intensity: float, seconds: float) -> None:
        """Begin to shake the screen.

        Args:
            now: seconds of the game.  intensity: 1 is strong; more than 10 is as 10.  seconds: how long.
        """
        if intensity > 0.0 and seconds > 0.0:
            shake = Shake(now, min(intensity, 10.0), min(seconds, LONGEST_SHAKE))
            self._shakes = [*self.shakes(now), shake][-MOST_SHAKES:]

    def shakes(self, now: float) -> Sequence[Shake]:
        """Return what shakes the screen at a time."""
        return [shake for shake in self._shakes if shake.start + shake.seconds > now]
