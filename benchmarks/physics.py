"""Physics against pymunk (Chipmunk): the same bodies stepped in turn, a tick of each after the other."""

from __future__ import annotations

import math
import random
import statistics
from typing import Any

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, milliseconds

PEER = "pymunk"
TICK = 1.0 / 60.0
SEED = 20
THEIR_FRICTION = math.sqrt(0.6)
"""pymunk multiplies the two of a contact, we take the root of the product of 0.6 and 0.6."""


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of physics."""
    return (
        Benchmark("physics/circles", _circles),
        Benchmark("physics/pyramid", _pyramid),
        Benchmark("physics/mixed", _mixed),
    )


class Pair:
    """One scene twice: in a world of ours and in a space of pymunk's. Nothing sleeps in either."""

    def __init__(self, gravity: tuple[float, float]) -> None:
        import pymunk

        from engine.ecs.world import World
        from engine.physics.step import PhysicsSystem

        self.world, self.physics = World(), PhysicsSystem(gravity)
        self.space: Any = pymunk.Space()
        self.space.gravity = gravity
        self.ours: list[int] = []
        self.theirs: list[Any] = []
        self.told = 0

    def hear_events(self) -> None:
        """Let pymunk call for each contact that begins or ends, as our events are told."""

        def tell(*_: Any) -> bool:
            self.told += 1
            return True

        self.space.on_collision(begin=tell, separate=tell)

    def add_wall(self, x: float, y: float, size: tuple[float, float]) -> None:
        """Add an immovable box."""
        import pymunk

        self._spawn(x, y, "static", size=size)
        body = pymunk.Body(body_type=pymunk.Body.STATIC)
        body.position = (x, y)
        shape = pymunk.Poly.create_box(body, size)
        shape.friction = THEIR_FRICTION
        self.space.add(body, shape)

    def add_body(self, x: float, y: float, velocity: tuple[float, float] = (0.0, 0.0), **shape: Any) -> None:
        """Add a movable circle (radius), box (size) or polygon of 1 kg/m² and friction 0.6."""
        import pymunk

        self.ours.append(self._spawn(x, y, "dynamic", velocity, **shape))
        body = pymunk.Body()
        if "radius" in shape:
            made = pymunk.Circle(body, shape["radius"])
        elif "size" in shape:
            made = pymunk.Poly.create_box(body, shape["size"])
        else:
            made = pymunk.Poly(body, shape["polygon"])
        made.density, made.friction = 1.0, THEIR_FRICTION
        body.position, body.velocity = (x, y), velocity
        self.space.add(body, made)
        self.theirs.append(body)

    def _spawn(
        self, x: float, y: float, kind: str, velocity: tuple[float, float] = (0.0, 0.0), **shape: Any
    ) -> int:
        from engine.ecs.components import BodyKind, Component, Field, ShapeKind

        values = {
            Field.TRANSFORM_X: x,
            Field.TRANSFORM_Y: y,
            Field.VELOCITY_VX: velocity[0],
            Field.VELOCITY_VY: velocity[1],
            Field.BODY_KIND: int(BodyKind[kind.upper()]),
            Field.BODY_CAN_SLEEP: False,
        }
        if "radius" in shape:
            values[Field.COLLIDER_HALF_WIDTH] = shape["radius"]
        elif "size" in shape:
            width, height = shape["size"]
            values |= {Field.COLLIDER_HALF_WIDTH: width / 2, Field.COLLIDER_HALF_HEIGHT: height / 2}
            values[Field.COLLIDER_SHAPE] = int(ShapeKind.BOX)
        else:
            values[Field.COLLIDER_SHAPE] = int(ShapeKind.POLYGON)
            values[Field.COLLIDER_POLYGON] = self.physics.add_polygon(shape["polygon"])
        parts = (Component.TRANSFORM, Component.VELOCITY, Component.COLLIDER, Component.BODY)
        return self.world.spawn(parts, values)

    def places(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Return where ours and theirs are."""
        from engine.ecs.components import Field

        x, y = Field.TRANSFORM_X, Field.TRANSFORM_Y
        ours = [(float(self.world.get(one, x)), float(self.world.get(one, y))) for one in self.ours]
        return ours, [tuple(body.position) for body in self.theirs]

    def measure(self, name: str, warm_up: int, ticks: int) -> Row:
        """Step both in turn; return the median of our ticks with the ratio to theirs."""
        ours: list[float] = []
        theirs: list[float] = []
        self.physics.step(self.world, TICK)  # loads the kernels
        self.space.step(TICK)
        for tick in range(warm_up + ticks):
            mine = milliseconds(lambda: self.physics.step(self.world, TICK))
            other = milliseconds(lambda: self.space.step(TICK))
            if tick >= warm_up:
                ours.append(mine)
                theirs.append(other)
        value = statistics.median(ours)
        ratio = Ratio(PEER, value / statistics.median(theirs))
        return Row(name=name, value=value, unit="ms", ratios=(ratio,))


def _circles() -> Row:
    """Measure 10,000 circles that fly about in a box without gravity, every contact told."""
    name = "physics/circles"
    pair, chance = Pair((0.0, 0.0)), random.Random(SEED)
    pair.hear_events()
    side = 100.0
    _add_box(pair, side)
    for number in range(10_000):
        x, y = number % 100 + 0.5 - side / 2, number // 100 + 0.5 - side / 2
        turn = chance.uniform(0.0, 2.0 * math.pi)
        pair.add_body(x, y, (3.0 * math.cos(turn), 3.0 * math.sin(turn)), radius=0.25)
    row = pair.measure(name, 20, 60)
    inside = all(abs(x) < side and abs(y) < side for x, y in pair.places()[0])
    if not inside or pair.told == 0 or len(pair.physics.events) == 0:
        raise WrongResult(name, "circles in the box that tell of contacts", len(pair.physics.events))
    return row


def _pyramid() -> Row:
    """Measure a pyramid of 100 rows; ours may not have moved more than pymunk's."""
    name, rows = "physics/pyramid", 100
    pair = Pair((0.0, -9.81))
    pair.add_wall(0.0, -0.5, (4.0 * rows, 1.0))
    for row in range(rows):
        for number in range(rows - row):
            pair.add_body((number - (rows - row - 1) / 2) * 1.1, row + 0.5, size=(1.0, 1.0))
    before, _ = pair.places()
    result = pair.measure(name, 30, 60)
    ours, theirs = (_farthest(before, after) for after in pair.places())
    if ours > theirs:
        raise WrongResult(name, f"at most {theirs} m of movement", ours)
    return result


def _mixed() -> Row:
    """Measure 2,000 circles, boxes and hexagons that have fallen into a box."""
    name = "physics/mixed"
    pair, chance = Pair((0.0, -9.81)), random.Random(SEED)
    _add_box(pair, 40.0)
    hexagon = [(0.4 * math.cos(k * math.pi / 3), 0.4 * math.sin(k * math.pi / 3)) for k in range(6)]
    for number in range(2_000):
        x, y = number % 40 * 0.95 - 18.5, number // 40 * 0.95 - 18.0
        shape: tuple[dict[str, Any], ...] = ({"radius": 0.4}, {"size": (0.7, 0.7)}, {"polygon": hexagon})
        pair.add_body(x + chance.uniform(-0.02, 0.02), y, **shape[number % 3])
    row = pair.measure(name, 120, 60)
    lost = sum(abs(x) > 21.0 or y < -21.0 for x, y in pair.places()[0])
    if lost:
        raise WrongResult(name, "all bodies in the box", f"{lost} outside")
    return row


def _add_box(pair: Pair, side: float) -> None:
    away = side / 2 + 0.5
    for x, y in ((-away, 0.0), (away, 0.0)):
        pair.add_wall(x, y, (1.0, side + 80.0))
    for x, y in ((0.0, -away), (0.0, away)):
        pair.add_wall(x, y if side > 50.0 else y * (1.0 if y < 0.0 else 3.0), (side + 2.0, 1.0))


def _farthest(before: list[tuple[float, float]], after: list[tuple[float, float]]) -> float:
    return max(math.dist(one, other) for one, other in zip(before, after, strict=True))
