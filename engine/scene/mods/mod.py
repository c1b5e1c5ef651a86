"""Finding the mods that a scene names, and reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from engine.errors import BadFileName, SceneError
from engine.scene.document import parse_tables, read_text
from engine.scene.faults import hint_for, listed
from engine.scene.file_names import FileKind, FileNames
from engine.scene.mods.mod_file import (
    DEFAULT_CONTENT,
    MOD_FILE,
    ModFile,
    ModId,
    read_mod_file,
    refuse_permission,
)
from engine.scene.mods.order import ordered
from engine.scripting.permissions import PERMISSIONS
from engine.scripting.script_file import MODS
from engine.signing.errors import BadModFolder, SignatureRefused
from engine.signing.folder import read_folder
from engine.signing.manifest import FILE_NAME, hashes_of, validate_manifest
from engine.signing.signature import Origin
from engine.signing.trust import Trust

MODS_FOLDER = MODS.rstrip("/")
Share = Annotated[float, Meta(gt=0.0, lt=1.0)]
CONTENT = FileKind("content file", (".toml",))


class ModsTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[mods]``: strangers' additions to the scene."""

    load: tuple[ModId, ...] = ()
    """Their ids: folders in `mods/` beside the scene, else those that `astraweave mod install` put away."""
    shares: dict[ModId, Share] = {}
    """What part of the game's budgets a mod gets; all that are not named, and the game, get equal parts."""
    permissions: tuple[str, ...] | None = None
    """Groups of API functions that mods may ask for at most; all of them when absent."""


class Mod(Struct, frozen=True, kw_only=True):
    """A mod that was found and read."""

    file: ModFile
    folder: Path
    contents: tuple[tuple[Path, str, dict[str, Any]], ...]
    """Path, text and tables of each content file."""
    hashes: Mapping[str, str] | None
    """SHA-256 of each file by its path, where signatures are required: nothing else may be read."""
    key: str
    """The id of the key that signed it, or ""."""

    @property
    def prefix(self) -> str:
        """What the names of its files begin with in the scene: ``mods/bats/``."""
        return f"{MODS}{self.file.id}/"


def user_mods_folder() -> Path:
    """Return the folder into which mods are installed."""
    import platformdirs

    return Path(platformdirs.user_data_dir("astraweave", appauthor=False)) / MODS_FOLDER


def find_mods(
    table: ModsTable, scene: Path, game: str, trust: Trust | None, installed: Path | None = None
) -> list[Mod]:
    """Return the mods of a scene in the order in which they are loaded.

    Args:
        scene: the scene's file. game: the name of the game that it belongs to.
        trust: whose signatures count; None: none is needed.
        installed: the folder of installed mods; the user's when absent.
    Raises:
        SceneError: one is missing, wrong, not for this game, not signed, or cannot be with the others.
    """
    for name in table.shares:
        if name not in table.load:
            raise SceneError(
                scene, "mods", f"shares.{name}", f"{name} is not loaded", hint=hint_for(name, table.load)
            )
    for number, name in enumerate(table.permissions or ()):
        if name not in PERMISSIONS:
            refuse_permission(name, PERMISSIONS, scene, "mods", f"permissions[{number}]")
    if not table.load:
        return []
    places = (scene.parent / MODS_FOLDER, user_mods_folder() if installed is None else installed)
    found = {}
    for number, mod_id in enumerate(table.load):
        if mod_id in found:
            raise SceneError(scene, "mods", f"load[{number}]", f"{mod_id} is named twice")
        found[mod_id] = _read(_folder(mod_id, places, scene, f"load[{number}]"), trust)
    for mod in found.values():
        _check_game(mod, game)
        _check_permissions(mod, table)
    files = ordered({mod_id: mod.file for mod_id, mod in found.items()})
    return [found[file.id] for file in files]


def _folder(mod_id: str, places: Sequence[Path], scene: Path, key: str) -> Path:
    for place in places:
        if (place / mod_id / MOD_FILE).is_file():
            return place / mod_id
    known = [one.parent.name for place in places for one in place.glob(f"*/{MOD_FILE}")]
    where = " or ".join(str(place) for place in places)
    hint = hint_for(mod_id, known) or f"there is no {mod_id}/{MOD_FILE} in {where}"
    raise SceneError(scene, "mods", key, f'no mod "{mod_id}"', allowed=listed(sorted(set(known))), hint=hint)


def _read(folder: Path, trust: Trust | None) -> Mod:
    file = folder / MOD_FILE
    if trust is None:
        mod = read_mod_file(file)
        names = FileNames(folder)
        texts = [(path, read_text(path)) for path in _content_files(mod, file, names)]
        return _mod(mod, folder, texts, None, "")
    try:
        files = read_folder(folder)
        mod = read_mod_file(file, _text(files[MOD_FILE], file))
        key = validate_manifest(files, files.get(FILE_NAME), trust, Origin(mod.id, mod.version))
    except (BadModFolder, SignatureRefused) as error:
        raise SceneError(file, "", "", f"refused, as signatures are required: {error}") from None
    missing = [name for name in mod.content if name not in files]
    if missing and mod.content != DEFAULT_CONTENT:
        raise SceneError(file, "", "content", f'no such file: "{missing[0]}"')
    texts = [(folder / name, _text(files[name], folder / name)) for name in mod.content if name in files]
    return _mod(mod, folder, texts, hashes_of(files), key)


def _mod(
    mod: ModFile, folder: Path, texts: list[tuple[Path, str]], hashes: Mapping[str, str] | None, key: str
) -> Mod:
    if mod.id != folder.name:
        message = f'the folder of the mod "{mod.id}" has another name: {folder.name}'
        raise SceneError(folder / MOD_FILE, "", "id", message)
    contents = tuple((path, text, parse_tables(text, path)) for path, text in texts)
    return Mod(file=mod, folder=folder, contents=contents, hashes=hashes, key=key)


def _content_files(mod: ModFile, file: Path, names: FileNames) -> list[Path]:
    if mod.content == DEFAULT_CONTENT and not (file.parent / DEFAULT_CONTENT[0]).exists():
        return []
    found = []
    for number, name in enumerate(mod.content):
        try:
            found.append(names.find(name, CONTENT))
        except BadFileName as fault:
            raise SceneError(file, "", f"content[{number}]", fault.message, hint=fault.hint) from None
    return found


def _text(data: bytes, file: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SceneError(file, "", "", f"the file is not UTF-8 text (byte {error.start})") from None


def _check_game(mod: Mod, game: str) -> None:
    if mod.file.game and mod.file.game != game:
        message = f'{mod.file.id} is for the game "{mod.file.game}", not for "{game}"'
        raise SceneError(mod.folder / MOD_FILE, "", "game", message)


def _check_permissions(mod: Mod, table: ModsTable) -> None:
    allowed = PERMISSIONS if table.permissions is None else table.permissions
    for number, name in enumerate(mod.file.permissions):
        if name not in allowed:
            refuse_permission(name, allowed, mod.folder / MOD_FILE, "", f"permissions[{number}]")
