"""Images that were saved while the game runs, read again."""

from __future__ import annotations

from engine.hot_reload.watcher import FileWatcher
from engine.render.images import Images


class ImageReload:
    """Watches the files of all images that were asked for, also of those that are missing."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self._watcher = FileWatcher()
        self._watched: tuple[str, ...] = ()

    def poll(self) -> None:
        """Read the images again that were saved since the last call."""
        names = self._images.names
        if names != self._watched:
            self._watched = names
            self._watcher.watch(place for name in names for place in self._images.places(name))
        if not names:
            return
        for path in self._watcher.poll():
            for name in names:
                if path in self._images.places(name):
                    self._images.reload(name)

    def close(self) -> None:
        """Stop watching."""
        self._watcher.close()
