"""Hot reload: seeing that a file in use was saved."""

from engine.hot_reload.watcher import FileWatcher

__all__ = ["FileWatcher"]
