"""Names of files in a scene: relative to the scene's folder, and never out of it.

A scene may come from a stranger, so a name has one spelling (no `.`, no `..`, `/` between folders) and
a link that leads out of the folder is refused as well. Scripts give names while a game runs: those go the
same way. A name that begins with `astraweave:` is one of the files that come with the engine (`assets/`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import NamedTuple

from engine.errors import BadFileName, SceneError
from engine.scene.faults import hint_for


class FileKind(NamedTuple):
    """What a name is for: a word for messages, the endings, the folders to look through in order.

    Of shared kinds some files come with the engine.
    """

    what: str
    suffixes: tuple[str, ...]
    folders: tuple[str, ...] = ("",)
    is_shared: bool = False


SCRIPT = FileKind("script", (".rhai",), is_shared=True)
SCENE = FileKind("scene", (".toml",))
IMAGE = FileKind("image", (".png", ".jpg", ".jpeg", ".webp", ".bmp"), ("", "images"))

MAP = FileKind("map", (".tmj", ".tmx", ".json"), ("", "maps"))

SHARED = "astraweave:"
"""Begins the names of files that come with the engine."""
_ENGINE = Path(__file__).resolve().parents[1]
SHARED_FOLDER = next(
    folder for folder in (_ENGINE / "assets", _ENGINE.parent / "assets") if (folder / "scripts").is_dir()
)
"""Where those lie: in an installed package inside `engine`, in a clone beside it."""


class FileNames:
    """Finds the files that a scene and its scripts name."""

    def __init__(self, folder: Path, mounts: Mapping[str, Path] = MappingProxyType({})) -> None:
        """Take the scene's folder, and folders of mods by what the names of their files begin with."""
        self._folder = folder
        self._root = folder.resolve()
        self._mounted = {prefix: FileNames(root) for prefix, root in mounts.items()}

    def path(self, name: str) -> Path:
        """Return the file of a name that was found before."""
        for prefix, names in self._mounted.items():
            if name.startswith(prefix):
                return names.path(name.removeprefix(prefix))
        if name.startswith(SHARED):
            return SHARED_FOLDER / name.removeprefix(SHARED)
        return self._folder / name

    def find(self, name: str, kind: FileKind) -> Path:
        """Return the file of a name.

        Raises:
            BadFileName: the name is not in its plain form, of another kind, or no file has it.
        """
        if name.startswith(SHARED) and kind.is_shared:
            return FileNames(SHARED_FOLDER).find(name[len(SHARED) :], kind)
        path = _plain_path(name)
        for prefix, names in self._mounted.items():
            if name.startswith(prefix):
                return names.find(name.removeprefix(prefix), kind)
        if path.suffix.lower() not in kind.suffixes:
            endings = ", ".join(kind.suffixes)
            raise BadFileName(
                f'"{name}" is not the name of {_article(kind.what)}', f"{kind.what}s end in {endings}"
            )
        return self._find_plain(name, kind)

    def places(self, name: str, kind: FileKind) -> list[Path]:
        """Return where `find` looks for a name, in order."""
        for prefix, names in self._mounted.items():
            if name.startswith(prefix):
                return names.places(name.removeprefix(prefix), kind)
        return [self._folder / place / name for place in kind.folders]

    def find_folder(self, name: str) -> Path:
        """Return the folder of a name.

        Raises:
            BadFileName: the name is not in its plain form, or no folder has it.
        """
        _plain_path(name)
        folder = self._folder / name
        if not folder.is_dir():
            known = (one.relative_to(self._folder).as_posix() for one in self._folder.rglob("*/"))
            raise BadFileName(f'no such folder: "{name}"', hint_for(name, known))
        if not folder.resolve().is_relative_to(self._root):
            raise BadFileName(f'the folder "{name}" is a link that leads out of the scene\'s folder')
        return folder

    def _find_plain(self, name: str, kind: FileKind) -> Path:
        for file in self.places(name, kind):
            try:
                resolved = file.resolve()
                is_file = resolved.is_file()
            except OSError as error:
                raise BadFileName(f'the {kind.what} "{name}" cannot be read: {error.strerror}') from None
            if is_file and not resolved.is_relative_to(self._root):
                message = f'the {kind.what} "{name}" is a link that leads out of the scene\'s folder'
                raise BadFileName(message)
            if is_file:
                return file
        known = [name for suffix in kind.suffixes for name in self._names(suffix)]
        raise BadFileName(f'no such file: "{name}"', hint_for(name, known))

    def _names(self, suffix: str) -> list[str]:
        return [file.relative_to(self._folder).as_posix() for file in self._folder.rglob(f"*{suffix}")]


class CheckedNames:
    """Checks the file names that the tables of a scene give, each once."""

    def __init__(self, names: FileNames, file_of: Callable[[str], Path]) -> None:
        """Take what finds files, and what tells the file that a table stands in."""
        self._file_of = file_of
        self._names = names
        self._good: dict[tuple[str, str], Path] = {}

    def check(self, name: str, kind: FileKind, table: str, key: str) -> Path:
        """Return the file of a name; raise a SceneError unless it lies inside the scene's folder."""
        found = self._good.get((name, kind.what))
        if found is None:
            try:
                found = self._names.find(name, kind)
            except BadFileName as fault:
                raise SceneError(self._file_of(table), table, key, fault.message, hint=fault.hint) from None
            self._good[name, kind.what] = found
        return found

    def check_folder(self, name: str, table: str, key: str) -> None:
        """Raise a SceneError unless the name is that of a folder inside the scene's folder."""
        try:
            self._names.find_folder(name)
        except BadFileName as fault:
            raise SceneError(self._file_of(table), table, key, fault.message, hint=fault.hint) from None


def _plain_path(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if "\\" in name:
        hint = "write / between folders, on every system"
        raise BadFileName(f'the path "{name}" has a backslash', hint)
    if "\0" in name:
        raise BadFileName("the path has a character that no file name has")
    if path.is_absolute() or PureWindowsPath(name).drive:
        raise BadFileName(f'the path "{name}" is not relative', "paths are relative to the scene's folder")
    if ".." in path.parts:
        raise BadFileName(f'the path "{name}" leads out of the scene\'s folder')
    if not name:
        raise BadFileName("the path is empty")
    if str(path) != name:
        raise BadFileName(f'the path "{name}" is not in its plain form', f"write {path}")
    return path


def _article(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"
