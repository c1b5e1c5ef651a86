"""Where the texts of scripts come from: files that the scene names, and files that they import.

A script may import files of its own mod, or of the game, and nothing of each other's. A file is read once:
what was looked at is what is compiled. The bytes of each of them go through `SceneResolver.text_of`, which
refuses what is not signed where signatures are required.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.scene.file_names import FileNames
from engine.scene.mods.mod import Mod
from engine.scene.mods.signed import SignedScripts
from engine.scripting.script_file import MODS
from engine.signing.errors import SignatureRefused
from engine.signing.trust import Trust
from lang.modules import FolderResolver, ImportRefused
from lang.source import Source


class SceneResolver:
    """Gives each script the files of what it belongs to.

    Sources have the names that scripts have in the scene: those of a mod begin with ``mods/bats/``.

    Attributes:
        names: finds the files of the scene.
    """

    def __init__(self, folder: Path, mods: Sequence[Mod] = (), trusted: Trust | None = None) -> None:
        """Make one for a scene's folder and its mods.

        Args:
            trusted: whose signatures count; None: none is needed.
        """
        self.names = FileNames(folder, {mod.prefix: mod.folder for mod in mods})
        self._signed = None if trusted is None else SignedScripts(trusted, self.names, mods)
        self._game = _Files(self, "", folder)
        self._mods = {mod.prefix: _Files(self, mod.prefix, mod.folder) for mod in mods}
        self._missing: set[tuple[str, str]] = set()

    def read(self, name: str) -> str:
        """Return the text of a script that the scene names.

        Raises:
            OSError: it cannot be read; a SignatureRefused, which is one, if it may not be.
        """
        return self.text_of(name, self.names.path(name).read_bytes())

    def text_of(self, name: str, data: bytes) -> str:
        """Return what is compiled of the bytes of a file, by its name in the scene.

        Raises:
            SignatureRefused: signatures are required, and it has none that counts.
        """
        if self._signed is not None:
            self._signed.check(name, data)
        return data.decode("utf-8-sig", "replace")

    def resolve(self, path: str, importer: Source) -> Source | None:
        """Return the file of a path, or None if there is none."""
        found = self._resolve(path, importer)
        if found is None:
            self._missing.add((importer.name, path))
        return found

    def _resolve(self, path: str, importer: Source) -> Source | None:
        for prefix, files in self._mods.items():
            if importer.name.startswith(prefix):
                inside = Source(importer.text, importer.name.removeprefix(prefix))
                found = files.resolve(path, inside)
                return None if found is None else Source(found.text, prefix + found.name)
        found = self._game.resolve(path, importer)
        if found is not None and found.name.startswith(MODS):
            raise ImportRefused(f"'{path}' belongs to a mod")
        return found

    def signature_files(self, names: Iterable[str]) -> tuple[Path, ...]:
        """Return the files that hold the signatures of scripts, where they are required."""
        return () if self._signed is None else tuple(self._signed.signature_file(name) for name in names)

    def places_of_missing(self) -> tuple[Path, ...]:
        """Return where the files would lie that were asked for in vain: they may come."""
        found: set[Path] = set()
        for importer, path in sorted(self._missing):
            prefix = next((one for one in self._mods if importer.startswith(one)), "")
            files = self._mods.get(prefix, self._game)
            names = files.candidates(path, importer.removeprefix(prefix))
            found.update(self.names.path(prefix + name) for name in names)
        return tuple(sorted(found))


class _Files(FolderResolver):
    """The files of the game or of one mod."""

    def __init__(self, owner: SceneResolver, prefix: str, folder: Path) -> None:
        super().__init__(folder)
        self._owner = owner
        self._prefix = prefix

    def decode(self, name: str, data: bytes) -> str:
        """Return the text of the bytes of a file.

        Raises:
            ImportRefused: it is not signed, and has to be.
        """
        try:
            return self._owner.text_of(self._prefix + name, data)
        except SignatureRefused as error:
            raise ImportRefused(str(error)) from None
