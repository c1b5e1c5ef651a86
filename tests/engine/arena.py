"""A small scene to fill by hand, and its columns and events in a form that tests can compare."""

from collections.abc import Sequence

import numpy as np

from engine.ecs.components import BodyKind, Component, Field, ShapeKind
from engine.ecs.world import World
from engine.physics.layout import EventKind
from engine.physics.step import PhysicsSystem, TriggerVolume

TICK = 1.0 / 60.0


class Arena:
    """A world with physics; without gravity unless asked for."""

    def __init__(self) -> None:
        self.world = World()
        self.physics = PhysicsSystem((0.0, 0.0))

    def add(self, x: float, y: float, **options: object) -> int:
        """Add a circle (radius), box (size), capsule or polygon; with body, velocity, tag, field=…."""
        components = {Component.TRANSFORM, Component.COLLIDER}
        rotation = options.pop("rotation", 0.0)
        values = {Field.TRANSFORM_X: x, Field.TRANSFORM_Y: y, Field.TRANSFORM_ROTATION: rotation}
        values |= self.shape(options)
        values[Field.COLLIDER_SENSOR] = bool(options.pop("sensor", False))
        if "velocity" in options or options.get("body") == "dynamic":
            components.add(Component.VELOCITY)
            values[Field.VELOCITY_VX], values[Field.VELOCITY_VY] = options.pop("velocity", (0.0, 0.0))
        if "body" in options:
            components.add(Component.BODY)
            values[Field.BODY_KIND] = int(BodyKind[str(options.pop("body")).upper()])
        if "tag" in options:
            components.add(Component.TAG)
            values[Field.TAG_NAME] = options.pop("tag")
        for name, value in options.items():
            known = {f.label: f for f in Field if f.component in components}
            values[known[name]] = value
        return self.world.spawn(components, values)

    def shape(self, options: dict[str, object]) -> dict[int, object]:
        """Take the shape out of the options of `add`."""
        for kind in (ShapeKind.BOX, ShapeKind.CAPSULE):
            key = "size" if kind is ShapeKind.BOX else "capsule"
            if key in options:
                width, height = options.pop(key)
                values = {Field.COLLIDER_HALF_WIDTH: width / 2, Field.COLLIDER_HALF_HEIGHT: height / 2}
                return values | {Field.COLLIDER_SHAPE: int(kind)}
        if "polygon" in options:
            number = self.physics.add_polygon(options.pop("polygon"))
            return {Field.COLLIDER_SHAPE: int(ShapeKind.POLYGON), Field.COLLIDER_POLYGON: number}
        return {Field.COLLIDER_HALF_WIDTH: options.pop("radius", 0.5)}

    def add_volume(self, name: str, x: float, y: float, radius: float) -> None:
        known = self.world.strings.intern(name)
        self.physics.set_volumes([TriggerVolume(known, ShapeKind.CIRCLE, x, y, radius, radius)])

    def step(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self.physics.step(self.world, TICK)

    def place(self, entity: int) -> tuple[float, float]:
        return self.world.get(entity, Field.TRANSFORM_X), self.world.get(entity, Field.TRANSFORM_Y)

    def velocity(self, entity: int) -> tuple[float, float]:
        return self.world.get(entity, Field.VELOCITY_VX), self.world.get(entity, Field.VELOCITY_VY)

    def move(self, entity: int, x: float, y: float) -> None:
        self.world.set(entity, Field.TRANSFORM_X, x)
        self.world.set(entity, Field.TRANSFORM_Y, y)

    def events(self) -> list[tuple[str, int, int, str]]:
        """The last step's events as (kind, entity, other, name)."""
        return [
            (EventKind(kind).name, entity, other, self.world.strings.text(name))
            for kind, entity, other, name in self.physics.events.tolist()
        ]

    def columns(self, fields: Sequence[Field]) -> bytes:
        """The values of fields of all entities that have them, in order of index."""
        rows = [
            self.world.column(field)[self.world.row_of(entity, field.component)]
            for field in fields
            for entity in self.world.entities().tolist()
            if self.world.has_component(entity, field.component)
        ]
        return np.array(rows).tobytes()
