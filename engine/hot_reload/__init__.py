"""Hot reload: seeing that a file in use was saved, and doing the long part of it beside the ticks."""

from engine.hot_reload.background import Background
from engine.hot_reload.watcher import FileWatcher

__all__ = ["Background", "FileWatcher"]
