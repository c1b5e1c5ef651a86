"""What a person can give the commands that they cannot use."""

from __future__ import annotations

from pathlib import Path

from engine.errors import EngineError


class BadInput(EngineError):
    """The command was given something it cannot use."""


class PathMissing(BadInput):
    """A file or folder that was named does not exist, or is nothing of the kind asked for."""

    def __init__(self, path: Path, reason: str = "no such file or folder") -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class NoPlugin(BadInput):
    """What ``name`` says is no plugin, or cannot be imported; ``reason`` says why."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"--plugin {name}: {reason}")


class NoBenchmarks(BadInput):
    """There is nothing to run; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class CacheInUse(EngineError):
    """A file of the cache cannot be removed."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: cannot be removed: {reason}")
