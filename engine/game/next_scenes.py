"""Readies rare kernels and the scenes that may come next, in a thread: a change of the scene is no pause.

Loading a scene takes some ten milliseconds when its scripts are compiled and the kernels they call are
loaded; the first time it may take half a second. Nothing here changes a game: what is wrong with a scene
is told when it is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from engine.errors import EngineError
from engine.game.kernels import load_for_some_ticks
from engine.scene import load_scene
from engine.scene.description import SceneDescription
from engine.scene.screens import Verb, numbered_clicks
from engine.scripting.compiling import compile_script
from lang.errors import CompileError
from lang.linking import load_kernels
from lang.stdlib.registry import NativeTable

MOST_SCENES = 32


class NextScenes:
    """The thread, which ends by itself when all is ready."""

    def __init__(self, scene: SceneDescription, natives: NativeTable) -> None:
        """Begin.

        Args:
            scene: the present one. natives: what its scripts can call, those of plugins too.
        """
        self._natives = natives
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._prepare, args=(scene,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop at the next script, and wait for that."""
        self._is_closed.set()
        self._thread.join()

    def _prepare(self, scene: SceneDescription) -> None:
        load_for_some_ticks()
        for file in _files(scene):
            if not self._is_closed.is_set():
                self._prepare_scene(file)

    def _prepare_scene(self, file: Path) -> None:
        try:
            scene = load_scene(file)
        except EngineError:
            return
        sources = scene.resolver()
        for name in scene.script_names():
            if self._is_closed.is_set():
                return
            try:
                program = compile_script(sources.read(name), name, resolver=sources, natives=self._natives)
            except (OSError, CompileError):
                continue
            load_kernels(program, self._natives)


def _files(scene: SceneDescription) -> Iterable[Path]:
    """Return the scenes that buttons name, then all others of the folder."""
    clicks = [numbered.click for numbered in numbered_clicks(scene.screens)]
    named = [scene.folder / click.target for click in clicks if click.verb is Verb.SCENE and click.target]
    others = sorted(scene.folder.glob("*.toml"))
    files = dict.fromkeys(file for file in (*named, *others) if file != scene.file)
    return list(files)[:MOST_SCENES]
