"""Keys, signatures of scripts and signed mods, for the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import SceneError
from engine.scene.mods.mod_file import MOD_FILE, read_mod_file
from engine.signing.errors import BadKey, BadModFolder, SignatureRefused
from engine.signing.folder import read_folder
from engine.signing.keys import SecretKey, is_locked, read_public, read_secret, write_pair
from engine.signing.manifest import FILE_NAME, sign_manifest, validate_manifest
from engine.signing.signature import (
    EXTENSION,
    LARGEST_FILE,
    Origin,
    sign_script,
    validate_script_signature,
)
from engine.signing.trust import Trust, read_trust, user_trust_file
from engine.tools.check import scripts_below
from engine.tools.errors import BadInput, PathMissing
from lang.files import replace_file

SCENE_FILE = "scene.toml"
Ask = Callable[[str], str]


class SigningInput(BadInput):
    """What was given cannot be signed or verified."""


@dataclass(frozen=True)
class Signable:
    """A script or a whole mod on the disk: ``path`` as it was named, ``name`` inside ``root``."""

    path: Path
    root: Path
    name: str
    origin: Origin

    @property
    def is_mod(self) -> bool:
        """A mod is signed as one, by the manifest of its files."""
        return not self.name

    @property
    def signature_file(self) -> Path:
        """Where its signature lies."""
        return self.root / FILE_NAME if self.is_mod else self.path.with_name(self.path.name + EXTENSION)


def make_keys(stem: Path, passphrase: str | None) -> list[str]:
    """Make a pair of keys and return lines that tell about it.

    Raises:
        SigningInput: a file is there already, or cannot be written.
    """
    key = SecretKey.generate()
    try:
        secret, public = write_pair(stem, key, passphrase)
    except BadKey as error:
        raise SigningInput(str(error)) from None
    kept = "locked with your passphrase" if passphrase is not None else "NOT locked: keep it to yourself"
    import base64

    text = base64.b64encode(key.public.data).decode()
    return [
        f"key {key.public.id}",
        f"  {secret}  signs; {kept}",
        f"  {public}  checks; give it to those who should trust you",
        "To trust it, in a scene's [trust] table or in",
        f"{user_trust_file()}:",
        f'  keys.{_bare(stem.name)} = "{text}"',
    ]


def _bare(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name) or "key"


def load_secret(file: Path, ask: Ask) -> SecretKey:
    """Return a secret key; ``ask`` is called for the passphrase of a locked one.

    Raises:
        SigningInput: the file or the passphrase is wrong.
    """
    try:
        return read_secret(file, ask(f"Passphrase of {file}") if is_locked(file) else None)
    except BadKey as error:
        raise SigningInput(str(error)) from None


def sign_paths(paths: Iterable[Path], key: SecretKey, root: Path | None = None) -> list[str]:
    """Sign scripts and mods; in folders that are no mod, all scripts. Returns a line for each.

    Args:
        root: the folder of the game that scripts belong to, when it cannot be told.
    Raises:
        PathMissing: there is nothing of that name.
        SigningInput: it cannot be told what a script belongs to, or a file cannot be read or written.
    """
    lines: list[str] = []
    for one in signables(paths, root):
        if one.is_mod:
            data = sign_manifest(_folder(one), key, one.origin)
        else:
            data = sign_script(one.name, _bytes(one.path), key, one.origin)
        _replace(one.signature_file, data)
        lines.append(f"signed {one.path} with key {key.public.id}")
    return lines


@dataclass(frozen=True)
class Verification:
    """What came of checking signatures: a line each, and whether all are good."""

    lines: tuple[str, ...]
    is_good: bool


def verify_paths(paths: Iterable[Path], keys: Iterable[Path], root: Path | None = None) -> Verification:
    """Check scripts and mods against public key files; without any, against the user's trusted keys.

    Raises:
        PathMissing / SigningInput: as for `sign_paths`, or a key file cannot be used.
    """
    trust = _trust_of(tuple(keys))
    lines: list[str] = []
    refused = 0
    for one in signables(paths, root):
        try:
            key = _verify(one, trust)
        except SignatureRefused as error:
            lines.append(f"REFUSED {one.path}: {error.reason}")
            refused += 1
        else:
            lines.append(f"good {one.path}: key {key}")
    return Verification(tuple(lines), refused == 0)


def _trust_of(keys: tuple[Path, ...]) -> Trust:
    table = read_trust(user_trust_file())
    if not keys:
        return Trust(table.trust.keys, frozenset(table.revoked))
    try:
        return Trust(tuple(read_public(file) for file in keys), frozenset(table.revoked))
    except BadKey as error:
        raise SigningInput(str(error)) from None


def _verify(one: Signable, trust: Trust) -> str:
    if one.is_mod:
        files = _folder(one)
        return validate_manifest(files, files.get(FILE_NAME), trust, one.origin)
    signature = _bytes(one.signature_file) if one.signature_file.exists() else None
    return validate_script_signature(one.name, _bytes(one.path), signature, trust, one.origin)


def signables(paths: Iterable[Path], root: Path | None = None) -> Iterator[Signable]:
    """Yield what paths name: a mod's folder is one, in other folders each script is.

    Raises:
        PathMissing: a path does not exist, or is neither a script nor a folder with scripts.
        SigningInput: it cannot be told what a script belongs to.
    """
    for path in paths:
        if path.is_dir() and (path / MOD_FILE).is_file():
            yield Signable(path, path, "", _origin(path / MOD_FILE))
            continue
        scripts = sorted(scripts_below(path))
        if not scripts:
            raise PathMissing(path, "there is no script and no mod in it")
        for script in scripts:
            home = root or _home(script) or (path if path.is_dir() else None)
            if home is None:
                text = f"no folder above it has a {SCENE_FILE} or {MOD_FILE}; name it with --root"
                raise SigningInput(f"{script}: {text}")
            yield _script(script, home)


def _script(script: Path, home: Path) -> Signable:
    try:
        name = script.resolve().relative_to(home.resolve()).as_posix()
    except ValueError:
        raise SigningInput(f"{script}: is not in {home}") from None
    mod = home / MOD_FILE
    return Signable(script, home, name, _origin(mod) if mod.is_file() else Origin())


def _home(script: Path) -> Path | None:
    """Return the folder of the game or mod that a script is in: the nearest with a scene or a mod, if any."""
    for folder in script.resolve().parents:
        if (folder / MOD_FILE).is_file() or (folder / SCENE_FILE).is_file():
            return folder
    return None


def _origin(file: Path) -> Origin:
    try:
        mod = read_mod_file(file)
    except SceneError as error:
        raise SigningInput(str(error)) from None
    return Origin(mod.id, mod.version)


def _folder(one: Signable) -> dict[str, bytes]:
    try:
        return read_folder(one.root)
    except BadModFolder as error:
        raise SigningInput(str(error)) from None


def _bytes(file: Path) -> bytes:
    try:
        if file.suffix == EXTENSION and file.stat().st_size > LARGEST_FILE:
            return b""
        return file.read_bytes()
    except OSError as error:
        raise SigningInput(f"{file}: cannot be read: {error.strerror or error}") from None


def _replace(file: Path, data: bytes) -> None:
    try:
        replace_file(file, data)
    except OSError as error:
        raise SigningInput(f"{file}: cannot be written: {error.strerror or error}") from None
