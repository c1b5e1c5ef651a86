"""Saved scripts, swapped into a running game between two ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from engine.game.log import GameLog
from engine.hot_reload import Background, FileWatcher
from engine.hot_reload.background import Finish
from engine.render.view import MessageKind
from engine.scene.description import SceneDescription
from engine.scene.mods.resolver import SceneResolver
from engine.scripting.access_errors import UnknownScript
from engine.scripting.programs import ScriptVersion
from engine.scripting.scripts import Scripts
from engine.signing.errors import SignatureRefused
from lang.bytecode.program import Program
from lang.jit import I64
from lang.migration import prepare
from lang.source import parts_of

GiveLife = Callable[[I64, str | None], None]
"""Runs the top levels of entities, then their `on_spawn`; of one script alone when it is named."""


class ScriptReload:
    """Watches the scripts of a scene, with all that they import, and replaces what was saved.

    Attributes:
        scene: that the scripts belong to.
    """

    def __init__(
        self,
        scene: SceneDescription,
        sources: SceneResolver,
        scripts: Scripts,
        log: GameLog,
        give_life: GiveLife,
    ) -> None:
        self.scene = scene
        self._sources = sources
        self._scripts = scripts
        self._log = log
        self._give_life = give_life
        self._watcher: FileWatcher | None = None
        self._saved: dict[str, None] = {}
        self._followed = 0

    def watch(self) -> None:
        """Begin to look for saved scripts."""
        if self._watcher is None:
            prepare()
            self._watcher = FileWatcher()
        self.follow()
        for name, file in self._scripts.files.items():  # saved after they were read, before they were watched
            if self._differs(name, file.program):
                self._saved[name] = None

    def _differs(self, name: str, program: Program | None) -> bool:
        parts = () if program is None else parts_of(program.source)
        texts = {part.name: part.text for part in parts} | {name: self._scripts.files[name].text}
        for part, text in texts.items():
            try:
                if self._sources.text_of(part, self.scene.script_path(part).read_bytes()) != text:
                    return True
            except SignatureRefused:
                return True  # told when it is read
            except OSError:
                continue
        return False

    def follow(self) -> None:
        """Watch the scripts, all files that they import, and the places of those that are missing."""
        if self._watcher is not None:
            self._followed = len(self._scripts.files)
            files = self._scripts.files.values()
            names = {*self.scene.script_names(), *(name for file in files for name in file.files)}
            places = [self.scene.script_path(name) for name in sorted(names)]
            signatures = self._sources.signature_files(names)
            self._watcher.watch([*places, *signatures, *self._sources.places_of_missing()])

    def close(self) -> None:
        """Stop watching files."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    # --- what was saved -----------------------------------------------------------------------------

    def look(self) -> tuple[str, ...]:
        """Note what was saved since the last call; returns the names of the scripts that have to change."""
        if self._watcher is None:
            return ()
        if len(self._scripts.files) != self._followed:  # somebody attached another one
            self.follow()
        before = self._saved.copy()
        for path in self._watcher.poll():
            if path.exists():
                self._saved.update(dict.fromkeys(self._users(path)))
            else:
                self._log.note(MessageKind.WARNING, f"{path.name} is gone; the last version runs on")
        return tuple(sorted(self._saved.keys() - before.keys()))

    def _users(self, path: Path) -> Iterable[str]:
        """Return the scripts that are made of a file, and those that miss it."""
        place = path.resolve()
        if path in self._sources.places_of_missing():
            yield from self._scripts.broken
        for name, file in self._scripts.files.items():
            parts = (name, *file.files)
            files = (*map(self.scene.script_path, parts), *self._sources.signature_files(parts))
            if any(one.resolve() == place for one in files):
                yield name

    def begin(self, background: Background) -> None:
        """Let what was saved be compiled; it is swapped in when that is done."""
        if self._saved:
            names, self._saved = sorted(self._saved), {}
            running = {name: self._scripts.files[name].program for name in names}
            background.give(lambda: self._compile(running))

    def _compile(self, running: dict[str, Program | None]) -> Finish:
        versions: list[ScriptVersion] = []
        unread: list[str] = []
        for name, program in running.items():
            try:
                text = self._sources.read(name)
            except OSError as error:
                unread.append(_why(name, error))
            else:
                versions.append(self._scripts.compile(name, text, program))

        def finish() -> None:
            for reason in unread:
                self._log.warn(f"{reason}; the last version runs on")
            self._swap(versions)
            self.follow()

        return finish

    def _swap(self, versions: list[ScriptVersion]) -> bool:
        """Swap versions in, all at once; then call `on_reload`. Returns whether all of them compiled."""
        scripts = self._scripts
        scripts.link_world()
        before = {one.path: (scripts.files[one.path].program, one.path in scripts.broken) for one in versions}
        good = [one.path for one in versions if scripts.swap(one)]
        for path in good:
            old, was_broken = before[path]
            if old is None:
                self._attach_late(path)
            elif scripts.files[path].program is not old:
                scripts.dispatch_all("on_reload", only=path)
            elif not was_broken:
                continue
            self._log.note(MessageKind.NOTE, f"reloaded {path}")
        return len(good) == len(versions)

    def catch_up(self, name: str, *, is_first: bool) -> None:
        """Tell the instances of a script that they run another version, after a return to an earlier tick.

        Args:
            is_first: no version of it compiled then.
        """
        if is_first:
            self._attach_late(name)
        else:
            self._scripts.dispatch_all("on_reload", only=name)

    def reload(self, name: str) -> bool:
        """Read a script again and swap it in; returns whether it compiled. A deleted file changes nothing.

        Raises:
            UnknownScript: no entity or system has this script; what scripts import is none.
        """
        if name not in self._scripts.files:
            raise UnknownScript(name, self._scripts.files)
        try:
            text = self._sources.read(name)
        except OSError as error:
            self._log.warn(f"{_why(name, error)}; the last version runs on")
            return False
        return self._swap([self._scripts.compile(name, text, self._scripts.files[name].program)])

    def _attach_late(self, name: str) -> None:
        """Give a script that compiles for the first time to the entities that wait for it."""
        waiting = self._scripts.take_waiting(name)
        for entity in waiting:
            self._scripts.attach(entity, name)
        self._give_life(np.array(waiting, np.int64), name)


def _why(name: str, error: OSError) -> str:
    """Say why a script cannot be taken."""
    return str(error) if isinstance(error, SignatureRefused) else f"{name} is gone"
