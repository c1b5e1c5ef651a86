"""The user's folder of mods: each is put there whole, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, SceneError, did_you_mean
from engine.scene.mods.mod_file import MOD_FILE, ModFile, read_mod_file


class ModStoreError(EngineError):
    """A mod cannot be installed or removed; what was there before is there still."""


@dataclass(frozen=True)
class InstalledMod:
    """A folder in the user's folder of mods; ``fault`` says why it cannot be used, if it cannot."""

    folder: Path
    file: ModFile | None
    fault: str = ""


def installed_mods(root: Path) -> list[InstalledMod]:
    """Return the mods in a folder, sorted by name; broken ones with their fault."""
    found = []
    for file in sorted(root.glob(f"*/{MOD_FILE}")):
        try:
            found.append(InstalledMod(file.parent, read_mod_file(file)))
        except SceneError as error:
            found.append(InstalledMod(file.parent, None, str(error)))
    return found


def install(root: Path, mod: ModFile, files: Mapping[str, bytes], *, replace: bool) -> Path:
    """Put a mod's files into a folder of its own; returns that folder.

    Args:
        root: the folder of mods; made if it is not there.
        files: by plain paths, see `engine.mods.archive.checked_names`.
        replace: an older or newer version may be there.
    Raises:
        ModStoreError: it is there already, or cannot be written.
    """
    target = root / mod.id
    if target.exists() and not replace:
        raise ModStoreError(f"{mod.id} is installed already in {target}; --replace takes its place")
    try:
        root.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{mod.id}-", dir=root))
        try:
            for name, data in files.items():
                path = fresh.joinpath(*name.split("/"))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            _swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise ModStoreError(f"{target} cannot be written: {error.strerror or error}") from None
    return target


def _swap(fresh: Path, target: Path) -> None:
    """Let a new folder take the place of an old one, which comes back if that fails."""
    if not target.exists():
        Path(fresh).rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".old-{target.name}-", dir=target.parent))
    Path(target).rename(old / target.name)
    try:
        Path(fresh).rename(target)
    except OSError:
        Path(old / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def remove(root: Path, mod_id: str) -> Path:
    """Remove an installed mod and return the folder that it was in.

    Raises:
        ModStoreError: no mod of this id is installed, or it cannot be removed.
    """
    known = {mod.folder.name: mod.folder for mod in installed_mods(root)}
    if mod_id not in known:
        raise ModStoreError(f"no mod `{mod_id}` is installed in {root}{did_you_mean(mod_id, known)}")
    folder = known[mod_id]
    if folder.is_symlink():
        raise ModStoreError(f"{folder} is a link: remove it yourself")
    try:
        gone = Path(tempfile.mkdtemp(prefix=".removed-", dir=root))
        Path(folder).rename(gone / mod_id)
        shutil.rmtree(gone)
    except OSError as error:
        raise ModStoreError(f"{folder} cannot be removed: {error.strerror or error}") from None
    return folder
