"""Sounds that were saved while the game runs, read again; missing ones are taken up when they come."""

from __future__ import annotations

from collections.abc import Callable

from engine.audio.audio import Audio
from engine.hot_reload.watcher import FileWatcher


class SoundReload:
    """Watches the sound files of a game, and the places of those that were asked for and are not there."""

    def __init__(self, audio: Audio, on_note: Callable[[str], None]) -> None:
        self._audio = audio
        self._on_note = on_note
        self._watcher: FileWatcher | None = None
        self._watched = 0

    def poll(self) -> None:
        """Read the sounds again that were saved since the last call, if anyone listens."""
        if not self._audio.is_heard:
            return
        places = self._audio.places()
        if self._watcher is None:
            self._watcher = FileWatcher()
        if len(places) != self._watched:
            self._watched = len(places)
            self._watcher.watch(places)
        for file in self._watcher.poll():
            if self._audio.reload(file):
                self._on_note(f"reloaded {file.name}")

    def close(self) -> None:
        """Stop watching."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
            self._watched = 0
