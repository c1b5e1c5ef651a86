"""The animation of a game: its clips and animators, and the scripts that are told what they did."""

from __future__ import annotations

from engine.animation.layout import Happening
from engine.animation.system import Animation
from engine.ecs.components import Component, Field
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.game.animation_book import animation_book
from engine.game.event_arguments import name_arguments
from engine.scene.animation import Animator
from engine.scene.description import SceneDescription
from engine.scripting.scripts import Scripts

CALLBACK_OF = {
    Happening.EVENT: "on_animation_event",
    Happening.END: "on_animation_end",
}


class GameAnimation:
    """What a game keeps of animation.

    Attributes:
        book: the scene's clips and animators. system: plays them.
    """

    def __init__(self, world: World, scene: SceneDescription) -> None:
        self._world = world
        self._clips, self._animators = dict(scene.clips), dict(scene.animators)
        self.book = animation_book(self._clips, self._animators, world.strings)
        self.system = Animation(world, self.book)

    def change(self, scene: SceneDescription) -> None:
        """Take the clips and animators of a saved scene; who is in a state that is gone begins anew.

        What is no longer in the scene stays in the book: entities may play it.
        """
        before = self._animators
        self._clips = {**self._clips, **scene.clips}
        self._animators = {**before, **scene.animators}
        self.book = animation_book(self._clips, self._animators, self._world.strings)
        for number, (name, animator) in enumerate(before.items()):
            if animator != self._animators[name]:
                self._renumber(number, animator, self._animators[name])
        self.system.take(self.book)

    def _renumber(self, number: int, before: Animator, after: Animator) -> None:
        """Let entities of an animator keep state and parameters by their names."""
        world = self._world
        old, new = ([state.name for state in one.states] for one in (before, after))
        for rows in Query(world, (Component.ANIMATOR, Component.ANIMATION)):
            for entity in rows.entities[rows[Field.ANIMATOR_NUMBER] == number].tolist():
                state = old[int(world.get(entity, Field.ANIMATOR_STATE))]
                if state in new:
                    world.set(entity, Field.ANIMATOR_STATE, new.index(state))
                else:
                    world.set(entity, Field.ANIMATOR_STATE, 0)
                    world.set(entity, Field.ANIMATION_CLIP, self.book.animators[number].first_clip)
                    world.set(entity, Field.ANIMATION_TIME, 0.0)
                world.set(entity, Field.ANIMATION_REQUEST, 0)
                first = Field.ANIMATOR_PARAMETER_0
                values = {name: world.get(entity, first + at) for at, name in enumerate(before.settable)}
                for at, name in enumerate(after.settable):
                    world.set(entity, first + at, values.get(name, 0.0))

    def tell(self, scripts: Scripts) -> None:
        """Call the callbacks for what happened in the last step, by kind, then script, then entity."""
        happenings = self.system.happenings
        if not len(happenings):
            return
        for kind, callback in CALLBACK_OF.items():
            of_kind = happenings[happenings[:, 0] == int(kind)]
            if of_kind.shape[0] and scripts.anyone_has(callback):
                arguments = name_arguments(self._world, of_kind[:, 2])
                scripts.dispatch(callback, of_kind[:, 1], arguments.words)
