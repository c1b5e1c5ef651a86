"""Ten thousand animated entities, a tick, against the same in plain Python objects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, medians_in_turn

if TYPE_CHECKING:
    from engine.ecs.world import World

COUNT = 10_000
TICKS = 20
TICK = 1.0 / 60.0
PEER = "python"


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of animation."""
    return (Benchmark("animation/10000", _animation),)


def _clips() -> dict[str, Any]:
    from engine.scene.animation import Clip, Key, KeyValue, Track

    bob = [
        Key(time=0.0, value=KeyValue((0.0, 0.0)), ease="in_out_sine"),
        Key(time=0.5, value=KeyValue((0.0, 1.0)), ease="out_cubic"),
        Key(time=1.0, value=KeyValue((0.0, 0.0))),
    ]
    turn = [Key(time=0.0, value=KeyValue((0.0,)), ease="in_out_quad"), Key(time=1.0, value=KeyValue((6.0,)))]
    tracks = (Track(property="position", keys=tuple(bob)), Track(property="rotation", keys=tuple(turn)))
    return {"bob": Clip(play="loop", tracks=tracks), "spin": Clip(play="loop", frames=(0, 1, 2, 3))}


def _animation() -> Row:
    """Measure entities of which half turn and bob and half show frames of a sheet."""
    from engine.animation.system import Animation
    from engine.ecs.components import Component, Field
    from engine.ecs.world import World
    from engine.game.animation_book import animated_columns, animation_book
    from engine.scene import animation as tables

    name = "animation/10000"
    world = World()
    book = animation_book(_clips(), {}, world.strings)
    animation = Animation(world, book)
    theirs: list[_Bobbing | _Spinning] = []
    for number in range(COUNT):
        clip = "bob" if number % 2 else "spin"
        [(component, values)] = animated_columns(tables.Animation(clip=clip, start=number % 60 / 60), book)
        values |= {Field.TRANSFORM_X: float(number), Field.TRANSFORM_Y: 1.0}
        world.spawn([Component.TRANSFORM, Component.SPRITE, component], values)
        theirs.append(_Bobbing(number % 60 / 60, 1.0) if number % 2 else _Spinning(number % 60 / 60))

    def ours() -> None:
        for _ in range(TICKS):
            animation.step(TICK)

    def plain() -> None:
        for _ in range(TICKS):
            for one in theirs:
                one.step(TICK)

    ours(), plain()
    our_time, their_time = medians_in_turn([ours, plain])
    _check(name, world, theirs)
    return Row(
        name=name, value=our_time / TICKS, unit="ms", ratios=(Ratio(PEER, our_time / max(their_time, 1e-9)),)
    )


def _check(name: str, world: World, theirs: list[_Bobbing | _Spinning]) -> None:
    from engine.ecs.components import Field

    for number in (0, 1, COUNT // 2, COUNT // 2 + 1):
        other = theirs[number]
        for field, wanted in other.shown().items():
            found = world.get(number + 1, Field[field])
            if abs(float(found) - wanted) > 1e-6:
                raise WrongResult(name, f"{field} {wanted}", found)


class _Spinning:
    """A sprite whose frame follows its time."""

    def __init__(self, start: float) -> None:
        self.time, self.frame, self.begun = start, 0, False

    def step(self, seconds: float) -> None:
        if self.begun:
            self.time += seconds
            if self.time >= 0.4 - 1e-9:
                self.time = max(self.time - 0.4 * int((self.time + 1e-9) / 0.4), 0.0)
        self.begun = True
        self.frame = min(int((self.time + 1e-9) * 10.0), 3)

    def shown(self) -> dict[str, float]:
        return {"SPRITE_FRAME": self.frame}


class _Bobbing:
    """A body that goes up and down and turns."""

    def __init__(self, start: float, rest: float) -> None:
        self.time, self.rest, self.begun = start, rest, False
        self.y, self.rotation = rest, 0.0

    def step(self, seconds: float) -> None:
        if self.begun:
            self.time += seconds
            if self.time >= 1.0 - 1e-9:
                self.time = max(self.time - int(self.time + 1e-9), 0.0)
        self.begun = True
        t = self.time
        high = 0.5 - 0.5 * math.cos(2.0 * math.pi * t) if t < 0.5 else (1.0 - (t - 0.5) / 0.5) ** 3
        turn = 2.0 * t * t if t < 0.5 else 1.0 - 2.0 * (1.0 - t) ** 2
        self.y = self.rest + high
        self.rotation = 6.0 * turn

    def shown(self) -> dict[str, float]:
        return {"TRANSFORM_Y": self.y, "TRANSFORM_ROTATION": self.rotation}
