"""Instances of particles: between two ticks, in sight, effect by effect in the order of layers."""

import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.game.particle_effects import particle_effects
from engine.particles.layout import ParticleWord
from engine.particles.system import ParticleSystem
from engine.render.camera import Camera
from engine.render.particle_instances import ParticleInstances, ParticleInstanceWord
from engine.scene.curves import Curve, Gradient, Range
from engine.scene.effects import Area, Effect
from engine.scene.values import Color

pytestmark = pytest.mark.unit

TICK = 1.0 / 60.0
CAMERA = Camera(2.0, 1.0, 10.0, 400, 200)  # 40 m by 20 m around (2, 1)
I = ParticleInstanceWord  # noqa: E741


def shown(**effects):
    world = World()
    system = ParticleSystem(world, particle_effects(effects), (10_000,), 5)
    system.is_shown = True
    return world, system


def built(world, system, alpha=1.0):
    instances = ParticleInstances()
    runs = instances.build(world.table, system, CAMERA, alpha)
    return runs, instances.rows


def test_instances_are_those_of_a_plain_reading_of_the_pool():
    effect = Effect(
        rate=6000.0,
        life=Range((0.1, 0.4)),
        area=Area(box=(60.0, 40.0)),
        spread=6.0,
        speed=Range((0.0, 60.0)),
        size=Curve.parse([0.1, 0.9, 0.0]),
        scale=Range((0.5, 2.0)),
        color=Gradient.parse(["#102030", "#ff804000"]),
        tints=(Color(0xFF0000FF), Color(0x00FF00FF)),
        spin=Range((-9.0, 9.0)),
    )
    world, system = shown(flow=effect)
    system.spawn("flow", (0.0, 0.0))
    for _ in range(20):
        system.step(TICK)
    (pool,), alpha = system.pools, 0.25
    expected = []
    for particle in pool.words[:, : pool.count].T:
        words = dict(zip(ParticleWord, particle.tolist(), strict=True))
        back = (1.0 - alpha) * TICK
        age = words[ParticleWord.AGE] - back
        x = words[ParticleWord.X] - back * words[ParticleWord.VX] - CAMERA.x
        y = words[ParticleWord.Y] - back * words[ParticleWord.VY] - CAMERA.y
        part = (int(age / words[ParticleWord.LIFE] * 256) + 0.5) / 256
        half = 0.5 * words[ParticleWord.SCALE] * effect.size.at(part)
        if age < 0.0 or abs(x) > 20.0 + half or abs(y) > 10.0 + half:
            continue
        tint = effect.tints[int(words[ParticleWord.TINT])].channels()
        color = [round(a * b / 255) for a, b in zip(effect.color.at(part), tint, strict=True)]
        turn = words[ParticleWord.ROTATION] + age * words[ParticleWord.SPIN]
        expected.append([x, y, half, turn, *color])
    (run,), rows = built(world, system, alpha)
    assert 0 < len(expected) < pool.count
    assert (run.first, run.count) == (0, len(expected))
    found = rows[: run.count]
    np.testing.assert_allclose(found[:, :4], np.array(expected)[:, :4], atol=1e-5)
    colors = found.view(np.uint8)[:, 4 * I.COLOR :][:, :4]
    assert np.abs(colors.astype(int) - np.array(expected)[:, 4:]).max() <= 1


def test_what_is_not_born_at_the_shown_moment_is_not_shown():
    world, system = shown(flow=Effect(rate=240.0, speed=Range((0.0, 0.0))))
    system.spawn("flow", (0.0, 0.0))
    system.step(TICK)
    counts = [sum(run.count for run in built(world, system, alpha)[0]) for alpha in (0.0, 0.3, 0.6, 1.0)]
    assert counts == [0, 1, 2, 4]


def test_lower_layers_come_first_and_empty_effects_are_left_out():
    world, system = shown(
        high=Effect(burst=2, layer=5), none=Effect(burst=9), low=Effect(burst=3, layer=-5, blend="additive")
    )
    system.spawn("high", (0.0, 0.0))
    system.spawn("low", (0.0, 0.0))
    system.step(TICK)
    runs, _ = built(world, system)
    assert [(run.effect.name, run.first, run.count) for run in runs] == [("low", 0, 3), ("high", 3, 2)]


def test_streaks_lie_along_the_flight():
    effect = Effect(burst=1, direction=0.0, speed=Range((10.0, 10.0)), stretch=0.1, size=Curve.parse(0.2))
    world, system = shown(streak=effect, still=Effect(burst=1, speed=Range((0.0, 0.0)), stretch=0.1))
    system.spawn("streak", (0.0, 0.0))
    system.spawn("still", (0.0, 0.0))
    system.step(TICK)
    runs, rows = built(world, system)
    assert all(run.is_stretched for run in runs)
    assert rows[0, I.AXIS_X : I.AXIS_Y + 1].tolist() == pytest.approx([0.6, 0.0])
    assert rows[1, I.AXIS_X : I.AXIS_Y + 1].tolist() == pytest.approx([0.1, 0.0])


def test_local_particles_go_with_their_entity_between_ticks():
    world, system = shown(halo=Effect(burst=1, space="local", speed=Range((0.0, 0.0))))
    entity = world.spawn((Component.TRANSFORM, Component.EMITTER))
    system.step(TICK)
    world.set(entity, Field.TRANSFORM_X, 8.0)
    world.set(entity, Field.TRANSFORM_PREVIOUS_X, 4.0)
    _, rows = built(world, system, 0.5)
    assert rows[0, : I.Y + 1].tolist() == pytest.approx([6.0 - CAMERA.x, -CAMERA.y])
    world.despawn(entity)
    runs, _ = built(world, system, 0.5)
    assert runs == [], "an entity that is gone is nowhere"
