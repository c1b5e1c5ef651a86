"""The animation of a game: its clips and animators, and the scripts that are told what they did."""

from __future__ import annotations

from engine.animation.layout import Happening
from engine.animation.system import Animation
from engine.ecs.world import World
from engine.game.animation_book import animation_book
from engine.game.event_arguments import name_arguments
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
        self.book = animation_book(scene.clips, scene.animators, world.strings)
        self.system = Animation(world, self.book)

    def tell(self, scripts: Scripts) -> None:
        """Call the callbacks for what happened in the last step, by kind, then script, then entity."""
        happenings = self.system.happenings
        for kind, callback in CALLBACK_OF.items():
            of_kind = happenings[happenings[:, 0] == kind]
            if of_kind.shape[0]:
                arguments = name_arguments(self._world, of_kind[:, 2])
                scripts.dispatch(callback, of_kind[:, 1], arguments.words)
