"""Reads `[clip.NAME]` and `[animator.NAME]`, and checks that all names in them are those of something."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import SceneError
from engine.scene.animation import ANY, Animation, Animator, Clip
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.file_names import IMAGE, CheckedNames
from engine.scene.includes import SceneTables


class AnimationTables:
    """The clips and animators of a scene file.

    Raises:
        SceneError: a wrong key or value, a missing image, a name that nothing has.
    """

    def __init__(self, tables: SceneTables, files: CheckedNames) -> None:
        self._tables = tables
        self.clips: dict[str, Clip] = {}
        self.animators: dict[str, Animator] = {}
        for name, raw in tables.raw.get("clip", {}).items():
            table = f"clip.{name}"
            clip = self.clips[name] = read_table(raw, Clip, file=tables.file_of(table), table=table)
            if clip.image is not None:
                files.check(clip.image, IMAGE, table, "image")
        for name, raw in tables.raw.get("animator", {}).items():
            table = f"animator.{name}"
            animator = read_table(raw, Animator, file=tables.file_of(table), table=table)
            self.animators[name] = animator
            self._check_animator(animator, table)

    def check(self, animation: Animation, table: str, key: str) -> None:
        """Raise a SceneError unless the clip or animator of an entity is one of the scene's."""
        if animation.clip is not None:
            self._check_name(animation.clip, self.clips, "clip", (table, f"{key}.clip"))
        if animation.animator is not None:
            self._check_name(animation.animator, self.animators, "animator", (table, f"{key}.animator"))

    def _check_animator(self, animator: Animator, table: str) -> None:
        states = [state.name for state in animator.states]
        for number, state in enumerate(animator.states):
            self._check_name(state.clip, self.clips, "clip", (table, f"states[{number}].clip"))
        for number, one in enumerate(animator.transitions):
            key = f"transitions[{number}]"
            if one.begin != ANY:
                self._check_name(one.begin, [*states, ANY], "state", (table, f"{key}.from"))
            self._check_name(one.to, states, "state", (table, f"{key}.to"))
            wait = one.when
            if wait.trigger is not None:
                self._check_name(wait.trigger, animator.triggers, "trigger", (table, f"{key}.when.trigger"))
            if wait.parameter is not None:
                place = (table, f"{key}.when.parameter")
                self._check_name(wait.parameter, animator.parameters, "parameter", place)

    def _check_name(self, name: str, known: Iterable[str], what: str, place: tuple[str, str]) -> None:
        names = list(known)
        if name not in names:
            allowed = listed(names) if names else f"no {what} is declared"
            file, message = self._tables.file_of(place[0]), f'unknown {what} "{name}"'
            raise SceneError(file, *place, message, allowed=allowed, hint=hint_for(name, names))
