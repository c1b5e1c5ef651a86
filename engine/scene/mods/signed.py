"""Where signatures are required: which scripts of a scene and of its mods may be compiled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from engine.scene.file_names import SHARED, FileNames
from engine.scene.mods.mod import Mod
from engine.signing.errors import BadModFolder, SignatureRefused
from engine.signing.folder import read_folder
from engine.signing.manifest import FILE_NAME, hashes_of, validate_manifest
from engine.signing.signature import EXTENSION, LARGEST_FILE, Origin, validate_script_signature
from engine.signing.trust import Trust


class SignedScripts:
    """Lets through what keys that count have signed: a script of the game alone, a mod as a whole."""

    def __init__(self, trust: Trust, names: FileNames, mods: Sequence[Mod]) -> None:
        self._trust = trust
        self._names = names
        self._mods = {mod.prefix: mod for mod in mods}
        self._hashes = {mod.prefix: mod.hashes or {} for mod in mods}

    def check(self, name: str, data: bytes) -> None:
        """Accept the bytes of a script, which are those that will be compiled.

        Args:
            name: of the script in the scene.
        Raises:
            SignatureRefused.
        """
        prefix = next((one for one in self._mods if name.startswith(one)), "")
        inside = name.removeprefix(prefix)
        if inside.startswith(SHARED):
            return  # it came with the engine
        if not prefix:
            validate_script_signature(name, data, self._signature(name), self._trust)
        elif not self._is_listed(prefix, inside, data):
            self._hashes[prefix] = self._read_again(self._mods[prefix])
            if not self._is_listed(prefix, inside, data):
                raise SignatureRefused(name, f"is not what {FILE_NAME} of its mod has signed")

    def signature_file(self, name: str) -> Path:
        """Return the file that holds the signature of a script."""
        prefix = next((one for one in self._mods if name.startswith(one)), "")
        return self._names.path(prefix + FILE_NAME if prefix else name + EXTENSION)

    def _is_listed(self, prefix: str, path: str, data: bytes) -> bool:
        return self._hashes[prefix].get(path) == hashlib.sha256(data).hexdigest()

    def _read_again(self, mod: Mod) -> dict[str, str]:
        """Return the hashes of a mod that was signed anew while the game runs."""
        try:
            files = read_folder(mod.folder)
        except BadModFolder as error:
            raise SignatureRefused(mod.prefix, str(error)) from None
        origin = Origin(mod.file.id, mod.file.version)
        validate_manifest(files, files.get(FILE_NAME), self._trust, origin)
        return hashes_of(files)

    def _signature(self, name: str) -> bytes | None:
        try:
            with self.signature_file(name).open("rb") as stream:
                return stream.read(LARGEST_FILE + 1)
        except OSError:
            return None
