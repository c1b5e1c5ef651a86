"""Small worlds of animated entities, made from the structs of scenes."""

from __future__ import annotations

import msgspec
import pytest

from engine.animation.system import Animation
from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.game.animation_book import animated_columns, animation_book
from engine.scene import animation as tables
from engine.scene.values import decode

TICK = 1.0 / 60.0


class Stage:
    """A world with clips and animators from raw tables, and its animated entities."""

    def __init__(self, clips=None, animators=None):
        convert = msgspec.convert
        self.clips = {name: convert(raw, tables.Clip, dec_hook=decode) for name, raw in (clips or {}).items()}
        self.animators = {name: convert(raw, tables.Animator) for name, raw in (animators or {}).items()}
        self.world = World()
        self.book = animation_book(self.clips, self.animators, self.world.strings)
        self.animation = Animation(self.world, self.book)

    def spawn(self, animation=None, values=None, sprite=True):
        """Spawn one entity at (10, 20); returns its id."""
        columns = animated_columns(tables.Animation(**(animation or {})), self.book)
        components = [Component.TRANSFORM, *([Component.SPRITE] if sprite else [])]
        fields = {Field.TRANSFORM_X: 10.0, Field.TRANSFORM_Y: 20.0} | (values or {})
        for component, found in columns:
            components.append(component)
            fields |= found
        fields.setdefault(Field.TRANSFORM_PREVIOUS_X, fields[Field.TRANSFORM_X])
        fields.setdefault(Field.TRANSFORM_PREVIOUS_Y, fields[Field.TRANSFORM_Y])
        return self.world.spawn(components, fields)

    def step(self, ticks=1, seconds=TICK):
        """Do ticks; returns the names that were told in them as (kind, name), in order."""
        told = []
        for _ in range(ticks):
            self.animation.step(seconds)
            told += [
                (int(kind), self.world.strings.text(int(name)))
                for kind, _, name in self.animation.happenings.tolist()
            ]
        return told

    def get(self, entity, *fields):
        """Return the values of fields."""
        found = tuple(self.world.get(entity, field) for field in fields)
        return found if len(found) > 1 else found[0]

    def place(self, entity):
        return self.get(entity, Field.TRANSFORM_X, Field.TRANSFORM_Y)


@pytest.fixture
def stage():
    """Make a stage from raw clips and animators."""
    return Stage
