"""Names of script files in a scene: relative to the scene's folder, and never out of it.

A scene may come from a stranger, so a name has one spelling (no `.`, no `..`, `/` between folders) and
a link that leads out of the folder is refused as well.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from engine.errors import SceneError
from engine.scene.faults import hint_for


class ScriptPaths:
    """Checks the script names of one scene, each name once."""

    def __init__(self, scene_file: Path) -> None:
        self._file = scene_file
        self._folder = scene_file.parent
        self._root = scene_file.parent.resolve()
        self._good: set[str] = set()

    def check(self, name: str, table: str, key: str) -> None:
        """Raise a SceneError unless the name is that of a script file inside the scene's folder."""
        if name in self._good:
            return
        message, hint = self._fault(name)
        if message:
            raise SceneError(self._file, table, key, message, hint=hint)
        self._good.add(name)

    def _fault(self, name: str) -> tuple[str, str]:
        path = PurePosixPath(name)
        if "\\" in name:
            return f'the path "{name}" has a backslash', "write / between folders, on every system"
        if path.is_absolute() or PureWindowsPath(name).drive or "\0" in name:
            return f'the path "{name}" is not relative', "paths are relative to the scene's folder"
        if ".." in path.parts:
            return f'the path "{name}" leads out of the scene\'s folder', ""
        if str(path) != name:
            return f'the path "{name}" is not in its plain form', f"write {path}"
        if path.suffix != ".rhai":
            return f'"{name}" is not a script', "scripts end in .rhai"
        return self._file_fault(name)

    def _file_fault(self, name: str) -> tuple[str, str]:
        file = self._folder / name
        try:
            resolved = file.resolve()
            is_file = resolved.is_file()
        except OSError as error:
            return f'the script "{name}" cannot be read: {error.strerror}', ""
        if not resolved.is_relative_to(self._root):
            return f'the script "{name}" is a link that leads out of the scene\'s folder', ""
        if not is_file:
            known = (one.relative_to(self._folder).as_posix() for one in self._folder.rglob("*.rhai"))
            return f'no such file: "{name}"', hint_for(name, known)
        return "", ""
