"""Saved scripts, swapped into a running game between two ticks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.game.event_arguments import I64
from engine.game.log import GameLog
from engine.hot_reload.watcher import FileWatcher
from engine.render.view import MessageKind
from engine.scene.description import SceneDescription
from engine.scripting.script_file import read_text
from engine.scripting.scripts import Scripts
from lang.migration import prepare

GiveLife = Callable[[I64, str | None], None]
"""Runs the top levels of entities, then their `on_spawn`; of one script alone when it is named."""


class ScriptReload:
    """Watches the scripts of a scene, with all that they import, and replaces what was saved."""

    def __init__(self, scene: SceneDescription, scripts: Scripts, log: GameLog, give_life: GiveLife) -> None:
        self._scene = scene
        self._scripts = scripts
        self._log = log
        self._give_life = give_life
        self._watcher: FileWatcher | None = None

    def watch(self) -> None:
        """Begin to look for saved scripts."""
        if self._watcher is None:
            prepare()
            self._watcher = FileWatcher()
            self._watch_files()
            for name in self._scene.script_names():  # saved after they were read, before they were watched
                self.reload(name, only_if_changed=True)

    def _watch_files(self) -> None:
        """Watch the scripts, and all files that they import."""
        if self._watcher is not None:
            files = self._scripts.files.values()
            names = {*self._scene.script_names(), *(name for file in files for name in file.files)}
            self._watcher.watch(self._scene.script_path(name) for name in sorted(names))

    def close(self) -> None:
        """Stop watching files."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def poll(self) -> None:
        """Swap in the scripts that were saved since the last call."""
        if self._watcher is None:
            self.watch()
            return
        for path in self._watcher.poll():
            for name in self._scene.script_names():
                files = dict.fromkeys((name, *self._scripts.files[name].files))
                if any(self._scene.script_path(file).resolve() == path.resolve() for file in files):
                    self.reload(name)
            self._watch_files()

    def reload(self, name: str, *, only_if_changed: bool = False) -> bool:
        """Read a script again and swap it in; returns whether it compiled. A deleted file changes nothing."""
        try:
            text = read_text(self._scene.script_path(name))
        except OSError:
            self._log.note(MessageKind.WARNING, f"{name} is gone; the last version runs on")
            return False
        if only_if_changed and text == self._scripts.files[name].text:
            return False
        self._scripts.link_world()
        had_program = self._scripts.files[name].program is not None
        if not self._scripts.replace(name, text):
            return False
        if had_program:
            self._scripts.dispatch_all("on_reload", only=name)
        else:
            self._attach_late(name)
        self._log.note(MessageKind.NOTE, f"reloaded {name}")
        return True

    def _attach_late(self, name: str) -> None:
        """Give a script that compiles for the first time to the entities that wait for it."""
        waiting = self._scripts.take_waiting(name)
        for entity in waiting:
            self._scripts.attach(entity, name)
        self._give_life(np.array(waiting, np.int64), name)
