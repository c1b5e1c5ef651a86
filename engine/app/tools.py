"""The tools of a window: debug drawing, the inspector, slow motion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.app.line_drawing import LineDrawing
from engine.app.window_keys import WindowCommand
from engine.ecs.components import Component, Field
from engine.physics.debug import PhysicsDebug
from engine.render.camera import Camera
from engine.render.debug_lines import LINE_WORDS, DebugLevel, debug_lines, frame_lines, way_lines
from engine.render.error_list import ErrorList
from engine.render.inspection import Inspection
from engine.render.inspector import Inspector
from engine.render.picking import topmost_entity
from engine.render.sprites import interpolated_position
from engine.render.view import GameView
from engine.space.colliders import Colliders

SPEEDS = (0.25, 0.5, 1.0, 2.0)
_NORMAL = SPEEDS.index(1.0)
_MARGIN_PIXELS = 4.0
_SIZES = (Field.SPRITE_WIDTH, Field.TRANSFORM_SCALE_X, Field.SPRITE_HEIGHT, Field.TRANSFORM_SCALE_Y)
_LEAST_HALF = 0.2  # metres, of the frame around an entity without a sprite


class WindowTools:
    """The tools over one game.

    Attributes:
        errors: what fails. inspector: the entity that is looked at.
        level: how much of the debug drawing is shown. speed: seconds of the game in a second.
    """

    def __init__(self, game: GameView) -> None:
        self.errors = ErrorList()
        self.level = DebugLevel.NOTHING
        self.inspector = Inspector(Inspection(game.world, game.scripts))
        self._speed = _NORMAL
        self._game = game
        self._lines = LineDrawing()
        self._debug = PhysicsDebug()
        self._colliders = Colliders(game.world, game.physics)

    @property
    def speed(self) -> float:
        """Seconds of the game in a second."""
        return SPEEDS[self._speed]

    def obey(self, command: WindowCommand) -> None:
        """Do what a key of the tools asks for."""
        if command is WindowCommand.ERRORS:
            self.errors.toggle()
        elif command is WindowCommand.DEBUG:
            self.level = self.level.after
        elif command is WindowCommand.INSPECT:
            self.inspector.toggle()
        elif command in {WindowCommand.SLOWER, WindowCommand.FASTER}:
            step = 1 if command is WindowCommand.FASTER else -1
            self._speed = min(max(self._speed + step, 0), len(SPEEDS) - 1)

    def press(self, name: str, *, is_shifted: bool) -> bool:
        """Take a key; returns whether it was for an open tool."""
        return self.errors.press(name) or self.inspector.press(name, is_shifted=is_shifted)

    def follow(self, before: WindowTools) -> None:
        """Take the place of the tools of another game."""
        self.errors.follow(before.errors)
        self.level, self._speed = before.level, before._speed
        if before.inspector.is_open:
            self.inspector.toggle()

    def click(self, place: tuple[float, float]) -> bool:
        """Look at the topmost entity at a place in metres; returns whether the inspector took the click."""
        if not self.inspector.is_open:
            return False
        world = self._game.world
        self._colliders.build()
        everything = (world.entities() & 0xFFFFFFFF) - 1
        found = topmost_entity(world, np.sort(everything), self._colliders.overlap_point(place), place)
        if found:
            self.inspector.select(found)
        return True

    def draw(self, camera: Camera, alpha: float) -> None:
        """Draw the lines over the world."""
        parts: list[NDArray[np.float32]] = []
        if self.level:
            picture = self._debug.picture(self._game.world, self._game.physics)
            parts.append(debug_lines(picture, self.level, camera))
            if self._game.ground is not None:
                parts.append(way_lines(self._game.ground.ways_found(self._game.tick), self.level, camera))
        if self.inspector.is_open:
            parts.append(self._frame(camera, alpha))
        if parts:
            self._lines.draw(np.concatenate(parts), camera)

    def _frame(self, camera: Camera, alpha: float) -> NDArray[np.float32]:
        """Return the lines around the entity that is looked at."""
        world, entity = self._game.world, self.inspector.entity
        place = interpolated_position(world.table, entity, alpha) if entity else None
        if place is None:
            return np.zeros((0, LINE_WORDS), np.float32)
        reach_x = reach_y = _LEAST_HALF
        if world.has_component(entity, Component.SPRITE):
            sizes = [float(world.get(entity, field)) for field in _SIZES]
            reach_x, reach_y = 0.5 * abs(sizes[0] * sizes[1]), 0.5 * abs(sizes[2] * sizes[3])
        margin = _MARGIN_PIXELS / camera.pixels_per_metre
        rotation = float(world.get(entity, Field.TRANSFORM_ROTATION))
        return frame_lines(place, (reach_x + margin, reach_y + margin), rotation, camera)
