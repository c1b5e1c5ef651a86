"""Hot reload of a game: what was saved is noted, readied beside the ticks, and taken over between two.

While a hold is on (a rewind, a replay: what a new version would falsify) saves are noted and told of, and
wait. Sounds are outside the state and wait for nobody.
"""

from __future__ import annotations

from engine.game.log import GameLog
from engine.game.scene_reload import SceneReload
from engine.game.script_reload import ScriptReload
from engine.game.sound_reload import SoundReload
from engine.hot_reload import Background
from engine.render.view import MessageKind


class GameReload:
    """Looks for all files of a game that change it when they are saved."""

    def __init__(self, scene: SceneReload, scripts: ScriptReload, sounds: SoundReload, log: GameLog) -> None:
        self._scene = scene
        self._scripts = scripts
        self._sounds = sounds
        self._log = log
        self._background = Background()
        self._held_by = ""
        self._is_watching = False

    def watch(self) -> None:
        """Begin to look for saved files."""
        if not self._is_watching:
            self._is_watching = True
            self._scene.watch()
            self._scripts.watch()

    def poll(self) -> None:
        """Take over what is ready, and ready what was saved since the last call; between two ticks."""
        self.watch()
        saved = (*self._scene.look(), *self._scripts.look())
        if self._held_by:
            for name in saved:
                text = f"{name} was saved; it waits for the end of {self._held_by}"
                self._log.note(MessageKind.NOTE, text)
        else:
            self._background.take_over()
            self._scene.begin(self._background)
            self._scripts.begin(self._background)
        self._sounds.poll()

    def hold(self, reason: str) -> None:
        """Take over nothing until `release`; messages call the reason, such as ``the rewind``."""
        self._held_by = reason

    def release(self) -> None:
        """Take over what was saved meanwhile, at the next polls."""
        self._held_by = ""

    @property
    def is_busy(self) -> bool:
        """Whether something that was saved is being readied."""
        return self._background.is_busy

    def close(self) -> None:
        """Stop looking."""
        self._background.close()
        self._scene.close()
        self._scripts.close()
        self._sounds.close()
