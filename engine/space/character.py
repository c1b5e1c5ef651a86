"""Characters: bodies that go where they are told, stop at solids and slide along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.errors import MissingComponent
from engine.physics.layout import F64, Word
from engine.physics.step import PhysicsSystem
from engine.space.colliders import Colliders
from engine.space.shapes import MOST_LAYERS, Ask
from engine.space.sliding import MET_WORDS, MOST_SLIDES, SLIDE_WORDS, STEEPEST_FLOOR, ask_slide


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
        self._ask: F64 = np.zeros(SLIDE_WORDS)

    def move_and_slide(
        self, entity: int, velocity: tuple[float, float], seconds: float, *, mask: int = MOST_LAYERS
    ) -> Slide:
        """Move an entity with a collider by a velocity for some time; write its place and return what it met.

        One-way platforms carry what comes from above and let everything else through. It stops at what the
        layers of its collider meet, as far as ``mask`` has them.

        Raises:
            NoSuchEntity: it is not there.  MissingComponent: it has no collider.
        """
        world = self._world
        if not world.has_component(entity, Component.COLLIDER):
            raise MissingComponent(entity, "collider")
        index = self._index
        index.build()
        x, y = float(world.get(entity, Field.TRANSFORM_X)), float(world.get(entity, Field.TRANSFORM_Y))
        buffers, room = index.buffers, (self._ask, index.found, index.hits)
        move = (x, y, *velocity, seconds)
        memory = (world.table, buffers.bodies, buffers.grid)
        way_x, way_y, *left, met = ask_slide(*memory, (entity, mask), move, room)
        place = (x + way_x, y + way_y)
        world.set(entity, Field.TRANSFORM_X, place[0])
        world.set(entity, Field.TRANSFORM_Y, place[1])
        touched = self._ask[len(Ask) :].reshape(MOST_SLIDES, MET_WORDS)[: int(met)]
        normals = touched[:, 1].tolist()
        entities = buffers.words[touched[:, 2].astype(np.int64), Word.ENTITY].tolist()
        return Slide(
            place=place,
            velocity=(left[0], left[1]),
            on_floor=any(up >= STEEPEST_FLOOR for up in normals),
            on_wall=any(abs(up) < STEEPEST_FLOOR for up in normals),
            on_ceiling=any(up <= -STEEPEST_FLOOR for up in normals),
            met=tuple(dict.fromkeys(entities)),
        )
