"""Nothing is shot through a wall, and nothing wins energy."""

import math

import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.physics.layout import Motion

pytestmark = pytest.mark.integration
SHAPES = {
    "circle": {"radius": 0.05},
    "box": {"size": (0.2, 0.05)},
    "triangle": {"polygon": [(-0.1, -0.05), (0.1, -0.05), (0.0, 0.1)]},
    "capsule": {"capsule": (0.2, 0.06)},
}


def add_room(arena, half, thickness, angle=0.0, **material):
    """Four thin walls around the origin."""
    for side in range(4):
        turn = angle + side * math.pi / 2
        x, y = half * math.cos(turn), half * math.sin(turn)
        arena.add(x, y, size=(thickness, 2 * half + thickness), rotation=turn, body="static", **material)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("angle", [0.0, 0.5])
def test_no_shot_goes_through_a_thin_wall(arena, shape, angle) -> None:
    """1,250 shots of each of 8 kinds: 10,000 at 100 m/s against walls of 2 cm, and on after the first hit."""
    random = np.random.default_rng(1)
    add_room(arena, 10.0, 0.02, angle, restitution=0.5)
    shots = []
    for _ in range(1250):
        turn, (x, y) = random.uniform(0.0, 2 * math.pi), random.uniform(-6.5, 6.5, 2)
        velocity = (100.0 * math.cos(turn), 100.0 * math.sin(turn))
        options = {"restitution": float(random.choice([0.0, 0.5])), "rotation": random.uniform(0.0, 6.0)}
        shots.append(
            arena.add(x, y, body="dynamic", velocity=velocity, layer=2, mask=1, **options, **SHAPES[shape])
        )
        arena.world.set(shots[-1], Field.VELOCITY_ANGULAR, random.uniform(-20.0, 20.0))
    arena.step(30)
    places = np.array([arena.place(shot) for shot in shots])
    along = np.abs(places @ [math.cos(angle), math.sin(angle)])
    across = np.abs(places @ [-math.sin(angle), math.cos(angle)])
    assert max(along.max(), across.max()) < 10.0


def test_fast_bodies_hit_each_other(arena) -> None:
    target = arena.add(0.0, 0.0, radius=0.1, body="dynamic")
    shot = arena.add(-5.3, 0.05, radius=0.05, body="dynamic", velocity=(120.0, 0.0))
    arena.step(6)
    assert arena.velocity(target)[0] > 10.0
    assert arena.place(shot)[0] < arena.place(target)[0] + 2.0


def energy(arena):
    """Kinetic and potential energy of all movable bodies, from the columns and the masses of the solver."""
    world, buffers = arena.world, arena.physics._buffers
    total = 0.0
    for entity in world.entities().tolist():
        if not world.has_component(entity, Component.VELOCITY):
            continue
        motion = buffers.motion[buffers.indices[0, (entity & 0xFFFFFFFF) - 1]]
        mass, inertia = 1.0 / motion[Motion.INVERSE_MASS], 1.0 / motion[Motion.INVERSE_INERTIA]
        vx, vy = arena.velocity(entity)
        spin = world.get(entity, Field.VELOCITY_ANGULAR)
        total += 0.5 * mass * (vx * vx + vy * vy) + 0.5 * inertia * spin * spin
        total += mass * 9.81 * (arena.place(entity)[1] + 20.0)
    return total


@pytest.mark.parametrize("restitution", [0.0, 0.5, 1.0])
def test_energy_never_grows(arena, restitution) -> None:
    random = np.random.default_rng(4)
    arena.physics.gravity = (0.0, -9.81)
    add_room(arena, 10.0, 1.0, restitution=restitution)
    kinds = list(SHAPES.values())
    for number in range(80):
        x, y = -8.0 + number % 10 * 1.7, -6.0 + number // 10 * 1.7
        shape = {name: np.array(value) * 4 for name, value in kinds[number % 4].items()}
        shape = {
            k: float(v) if v.ndim == 0 else [tuple(p) for p in v] if v.ndim == 2 else tuple(v)
            for k, v in shape.items()
        }
        arena.add(
            x, y, body="dynamic", velocity=tuple(random.uniform(-6, 6, 2)), restitution=restitution, **shape
        )
    arena.step()
    start = most = energy(arena)
    for _ in range(300):
        arena.step()
        most = max(most, energy(arena))
    assert most <= start * 1.001
