"""Mods for the command line: pack, install, list, remove."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.errors import SceneError
from engine.mods.archive import LARGEST_ARCHIVE, SUFFIX, BadArchive, pack, unpack
from engine.mods.installed import ModStoreError, install, installed_mods, remove
from engine.scene.mods.mod import user_mods_folder
from engine.scene.mods.mod_file import MOD_FILE, ModFile, read_mod_file
from engine.signing.errors import BadModFolder, SignatureRefused, TrustError
from engine.signing.folder import read_folder
from engine.signing.manifest import FILE_NAME, lists_all, validate_manifest
from engine.signing.signature import Origin
from engine.signing.trust import Trust, read_trust, user_trust_file
from engine.tools.errors import BadInput, PathMissing
from lang.files import replace_file


class ModInput(BadInput):
    """What was given is no mod that can be used."""


def pack_mod(folder: Path, target: Path | None) -> list[str]:
    """Write a mod's folder as one archive; returns lines that tell about it.

    Raises:
        PathMissing: there is no mod.  ModInput: the mod is wrong or the archive cannot be written.
    """
    file = folder / MOD_FILE
    if not file.is_file():
        raise PathMissing(folder, f"has no {MOD_FILE}")
    try:
        mod = read_mod_file(file)
        files = read_folder(folder)
        data = pack(files)
    except (SceneError, BadModFolder, BadArchive) as error:
        raise ModInput(str(error)) from None
    path = target or Path(f"{mod.id}-{mod.version}{SUFFIX}")
    try:
        replace_file(path, data)
    except OSError as error:
        raise ModInput(f"{path}: cannot be written: {error.strerror or error}") from None
    signed = "not signed" if FILE_NAME not in files else "signed"
    if FILE_NAME in files and not lists_all(files):
        signed = f"NOT as it was signed: sign it again, or {FILE_NAME} is refused"
    return [f"packed {path}: {mod.title} {mod.version}, {len(files)} files, {len(data)} bytes, {signed}"]


def install_mod(archive: Path, *, replace: bool, agrees: Callable[[str], bool]) -> list[str]:
    """Unpack an archive into the user's folder of mods; returns lines that tell about it.

    Args:
        agrees: asked with what the mod may do, before anything is written.
    Raises:
        PathMissing: there is no such file.  ModInput: it is no mod, or it is refused, or there already.
    """
    try:
        with archive.open("rb") as stream:
            mod, files = unpack(stream.read(LARGEST_ARCHIVE + 1), archive)
    except OSError as error:
        raise PathMissing(archive, f"cannot be read: {error.strerror or error}") from None
    except (BadArchive, SceneError) as error:
        raise ModInput(str(error)) from None
    try:
        signer = _signer(mod, files)
    except (SignatureRefused, TrustError) as error:
        raise ModInput(f"refused: {error}") from None
    if not agrees("\n".join([*_about(mod, signer), "Install it?"])):
        return ["nothing was installed"]
    try:
        target = install(user_mods_folder(), mod, files, replace=replace)
    except ModStoreError as error:
        raise ModInput(str(error)) from None
    return [
        f"installed {mod.title} {mod.version} in {target}",
        f'a scene loads it with  [mods] load = ["{mod.id}"]',
    ]


def _signer(mod: ModFile, files: dict[str, bytes]) -> str:
    """Return the id of the key that signed a mod; refuse it where the user requires signatures."""
    table = read_trust(user_trust_file())
    trust = Trust(table.trust.keys, frozenset(table.revoked))
    try:
        return validate_manifest(files, files.get(FILE_NAME), trust, Origin(mod.id, mod.version))
    except SignatureRefused:
        if table.require_signatures:
            raise
        return ""


def _about(mod: ModFile, signer: str) -> list[str]:
    lines = [f"{mod.title} {mod.version}" + (f" by {', '.join(mod.authors)}" if mod.authors else "")]
    lines += [f"  {mod.description}"] if mod.description else []
    lines.append(f"  signed by {signer}, whom you trust" if signer else "  not signed by anyone you trust")
    lines.append(f"  may use: {', '.join(mod.permissions) or 'what every script may'}")
    if mod.requires:
        lines.append("  requires: " + ", ".join(f"{one} {v}".rstrip() for one, v in mod.requires.items()))
    return lines


def list_mods() -> list[str]:
    """Return a line for each installed mod, and its fault if it has one."""
    folder = user_mods_folder()
    lines = []
    for mod in installed_mods(folder):
        if mod.file is None:
            lines.append(f"{mod.folder.name}  cannot be used: {mod.fault}")
        else:
            text = f"{mod.file.id}  {mod.file.version}  {mod.file.name}  {mod.file.description}"
            lines.append("  ".join(part for part in text.split("  ") if part))
    return lines or [f"no mod is installed in {folder}"]


def remove_mod(mod_id: str) -> list[str]:
    """Remove an installed mod.

    Raises:
        ModInput: there is none, or it cannot be removed.
    """
    try:
        return [f"removed {remove(user_mods_folder(), mod_id)}"]
    except ModStoreError as error:
        raise ModInput(str(error)) from None
