"""100,000 particles that are born, fly and vanish, and their instances, against the same in NumPy."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, milliseconds

if TYPE_CHECKING:
    from engine.particles.system import ParticleSystem

PEER = "NumPy"
COUNT = 100_000
TICK = 1.0 / 60.0
LIFE = (1.0, 1.5)
RATE = COUNT / (0.5 * (LIFE[0] + LIFE[1]))
GRAVITY, DRAG, SPEED = -9.81, 0.5, (2.0, 8.0)
WARM_UP, TICKS = 120, 60
SAMPLES = 256


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of particles."""
    return (Benchmark("particles/simulate", _simulate), Benchmark("particles/instances", _instances))


def _ours(ticks: int) -> ParticleSystem:
    """Return a system in which 100,000 particles fly, as many dying as being born."""
    from engine.ecs.world import World
    from engine.game.particle_effects import particle_effects
    from engine.particles.system import ParticleSystem
    from engine.scene.curves import Range
    from engine.scene.effects import Effect

    effect = Effect(
        rate=RATE,
        duration=1000.0,
        life=Range(LIFE),
        spread=2.0 * math.pi,
        speed=Range(SPEED),
        gravity=(0.0, GRAVITY),
        drag=DRAG,
        max=2 * COUNT,
    )
    system = ParticleSystem(World(), particle_effects({"fountain": effect}), (2 * COUNT,), seed=1)
    system.is_shown = True
    system.spawn("fountain", (0.0, 0.0))
    for _ in range(ticks):
        system.step(TICK)
    return system


class TheirParticles:
    """The same in NumPy: arrays that are moved as a whole, a mask for the dead, births in a batch."""

    def __init__(self) -> None:
        self.chance = np.random.default_rng(1)
        self.rows = np.zeros((6, 0))  # x, y, vx, vy, age, life
        self.carry = 0.0

    def step(self) -> None:
        """Do a tick."""
        x, y, vx, vy, age, life = self.rows
        age += TICK
        vy += TICK * GRAVITY
        vx /= 1.0 + TICK * DRAG
        vy /= 1.0 + TICK * DRAG
        x += TICK * vx
        y += TICK * vy
        self.rows = np.concatenate([self.rows[:, age < life], self._born()], axis=1)

    def _born(self) -> Any:
        self.carry += RATE * TICK
        count = int(self.carry)
        self.carry -= count
        chance = self.chance
        age = TICK * (1.0 - (np.arange(count) + 0.5) / count)
        angle = chance.uniform(-math.pi, math.pi, count)
        speed = chance.uniform(*SPEED, count)
        vx, vy = speed * np.cos(angle), speed * np.sin(angle)
        return np.array([age * vx, age * vy, vx, vy, age, chance.uniform(*LIFE, count)])

    def instances(self, looks: Any, alpha: float) -> Any:
        """Return rows of float32: place, size, angle, and a colour as bytes."""
        x, y, vx, vy, age, life = self.rows
        back = (1.0 - alpha) * TICK
        seen = np.flatnonzero(age >= back)
        part = ((age[seen] - back) / life[seen] * SAMPLES).astype(np.intp)
        rows = np.empty((seen.size, 6), np.float32)
        rows[:, 0] = x[seen] - back * vx[seen]
        rows[:, 1] = y[seen] - back * vy[seen]
        rows[:, 2] = 0.5 * looks[0][part]
        rows[:, 3] = rows[:, 4] = 0.0
        rows.view(np.int32)[:, 5] = looks[1][part]
        return rows


def _row(name: str, ours: list[float], theirs: list[float]) -> Row:
    value = statistics.median(ours)
    return Row(name=name, value=value, unit="ms", ratios=(Ratio(PEER, value / statistics.median(theirs)),))


def _check(name: str, count: int) -> None:
    if abs(count - COUNT) > 0.02 * COUNT:
        raise WrongResult(name, f"about {COUNT} particles", count)


def _simulate() -> Row:
    """Measure ticks in which 100,000 particles move and 1,333 are born and vanish."""
    name = "particles/simulate"
    system, their = _ours(WARM_UP), TheirParticles()
    for _ in range(WARM_UP):
        their.step()
    ours, theirs = [], []
    for _ in range(TICKS):
        ours.append(milliseconds(lambda: system.step(TICK)))
        theirs.append(milliseconds(their.step))
    _check(name, system.count)
    _check(name, their.rows.shape[1])
    return _row(name, ours, theirs)


def _instances() -> Row:
    """Measure writing the vertex data of 100,000 particles for a frame between two ticks."""
    from engine.render.camera import Camera
    from engine.render.particle_instances import ParticleInstances

    name = "particles/instances"
    system, their, built = _ours(WARM_UP), TheirParticles(), ParticleInstances()
    for _ in range(WARM_UP):
        their.step()
    camera, table = Camera(0.0, 0.0, 10.0, 1280, 720), np.zeros(1, np.int64)
    looks = system.pools[0].effect.looks[0], system.pools[0].effect.looks[1].astype(np.int32)
    runs = built.build(table, system, camera, 0.5)
    ours, theirs = [], []
    for _ in range(TICKS):
        ours.append(milliseconds(lambda: built.build(table, system, camera, 0.5)))
        theirs.append(milliseconds(lambda: their.instances(looks, 0.5)))
    _check(name, sum(run.count for run in runs))
    return _row(name, ours, theirs)
