"""What scripts may import: files of their own mod, or of the game, and nothing of each other's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.scene.mods.mod import MODS_FOLDER
from lang.modules import FolderResolver, ImportRefused
from lang.source import Source


class SceneResolver:
    """Gives each script the files of what it belongs to.

    Sources have the names that scripts have in the scene: those of a mod begin with ``mods/bats/``.
    """

    def __init__(self, folder: Path, mods: Mapping[str, Path]) -> None:
        """Make one for a scene's folder, and the folders of mods by their prefixes."""
        self._game = FolderResolver(folder)
        self._mods = {prefix: FolderResolver(root) for prefix, root in mods.items()}

    def resolve(self, path: str, importer: Source) -> Source | None:
        """Return the file of a path, or None if there is none."""
        for prefix, resolver in self._mods.items():
            if importer.name.startswith(prefix):
                inside = Source(importer.text, importer.name.removeprefix(prefix))
                found = resolver.resolve(path, inside)
                return None if found is None else Source(found.text, prefix + found.name)
        found = self._game.resolve(path, importer)
        if found is not None and found.name.startswith(f"{MODS_FOLDER}/"):
            raise ImportRefused(f"'{path}' belongs to a mod")
        return found
