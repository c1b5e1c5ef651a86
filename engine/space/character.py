"""Characters: bodies that go where they are told, stop at solids and slide along them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.errors import MissingComponent
from engine.physics.step import PhysicsSystem
from engine.space.colliders import Colliders, Hit
from engine.space.shapes import MOST_LAYERS

SKIN = 0.005
"""Metres that a character keeps from what it slides along: it must not stick to it."""
MOST_SLIDES = 4
STEEPEST_FLOOR = 0.7
"""A floor's normal points up at least so much: slopes to 45 degrees carry."""


@dataclass(frozen=True, slots=True)
class Slide:
    """What became of a move.

    Attributes:
        place: where the character is now, in metres.
        velocity: what is left of the one it was given, in m/s.
        on_floor, on_wall, on_ceiling: what it touched.
        met: the entities it touched, in the order in which it did.
    """

    place: tuple[float, float]
    velocity: tuple[float, float]
    on_floor: bool
    on_wall: bool
    on_ceiling: bool
    met: tuple[int, ...]


class Character:
    """Moves entities through the solids of a world, along what they hit."""

    def __init__(self, world: World, physics: PhysicsSystem) -> None:
        self._world, self._index = world, Colliders(world, physics)

    def move_and_slide(
        self, entity: int, velocity: tuple[float, float], seconds: float, *, mask: int = MOST_LAYERS
    ) -> Slide:
        """Move an entity with a collider by a velocity for some time; write its place and return what it met.

        One-way platforms carry what comes from above and let everything else through.

        Raises:
            NoSuchEntity: it is not there.  MissingComponent: it has no collider.
        """
        world = self._world
        if not world.has_component(entity, Component.COLLIDER):
            raise MissingComponent(entity, "collider")
        self._index.build()
        start = float(world.get(entity, Field.TRANSFORM_X)), float(world.get(entity, Field.TRANSFORM_Y))
        x, y = start
        left, time = velocity, seconds
        touched: list[Hit] = []
        for _ in range(MOST_SLIDES):
            way = (left[0] * time, left[1] * time)
            length = math.sqrt(way[0] * way[0] + way[1] * way[1])
            if length < 1e-9:
                break
            hit = self._first_solid(entity, (x - start[0], y - start[1]), way, length, mask)
            if hit is None:
                x, y = x + way[0], y + way[1]
                break
            towards = -(way[0] * hit.normal[0] + way[1] * hit.normal[1]) / length
            gone = max(hit.distance - SKIN / max(towards, 0.05), 0.0)
            x, y = x + way[0] / length * gone, y + way[1] / length * gone
            time *= 1.0 - gone / length
            touched.append(hit)
            left = _along(left, [one.normal for one in touched])
        world.set(entity, Field.TRANSFORM_X, x)
        world.set(entity, Field.TRANSFORM_Y, y)
        normals = [hit.normal[1] for hit in touched]
        return Slide(
            place=(x, y),
            velocity=left,
            on_floor=any(up >= STEEPEST_FLOOR for up in normals),
            on_wall=any(abs(up) < STEEPEST_FLOOR for up in normals),
            on_ceiling=any(up <= -STEEPEST_FLOOR for up in normals),
            met=tuple(dict.fromkeys(hit.entity for hit in touched)),
        )

    def _first_solid(
        self, entity: int, moved: tuple[float, float], way: tuple[float, float], length: float, mask: int
    ) -> Hit | None:
        """Return the first solid on a way, looking a skin farther than it goes."""
        part = (length + SKIN) / length
        hits = self._index.cast_collider(entity, moved, (way[0] * part, way[1] * part), mask=mask)
        return next((hit for hit in hits if self._is_solid(hit)), None)

    def _is_solid(self, hit: Hit) -> bool:
        one_way = bool(self._world.get(hit.entity, Field.COLLIDER_ONE_WAY))
        return not one_way or (hit.normal[1] >= STEEPEST_FLOOR and hit.distance > 0.0)


def _along(velocity: tuple[float, float], normals: list[tuple[float, float]]) -> tuple[float, float]:
    """Return what is left of a velocity that may go into none of the planes with these normals."""
    x, y = velocity
    for nx, ny in normals:
        into = x * nx + y * ny
        if into < 0.0:
            x, y = x - into * nx, y - into * ny
    if any(x * nx + y * ny < -1e-9 for nx, ny in normals):
        return (0.0, 0.0)  # a corner
    return (x, y)
