"""Small files: keys, signatures, manifests, lists of trust, archives of mods, settings, input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from random import Random

import msgspec
import numpy as np

from engine.errors import EngineError, SaveError
from engine.game.kept_data import KEPT, contents_from, sections_of
from engine.input.kept import PlayerBindings
from engine.input.row import empty_row
from engine.input.script import InputScript, InputScriptError
from engine.mods import archive
from engine.saves.container import pack, unpack
from engine.signing.canonical import encode_canonical
from engine.signing.errors import BadKey, SignatureRefused, TrustError
from engine.signing.keys import PublicFile, SecretKey, is_locked, read_public, read_secret, write_pair
from engine.signing.manifest import sign_manifest, validate_manifest
from engine.signing.signature import Origin, sign_script, validate_script_signature
from engine.signing.trust import Trust, TrustTable, combined, read_trust
from tests.engine.input.actions import actions_of
from tests.fuzz.mutation import (
    files_changed,
    sections_changed,
    words_changed,
)
from tests.fuzz.target import Bug, Target, Try, told

KEY, OTHER = SecretKey(bytes(range(32))), SecretKey(bytes(32))
TRUST = Trust((KEY.public, OTHER.public), frozenset({SecretKey(b"r" * 32).public.id}))
PATH, SCRIPT, ORIGIN = "scripts/bat.rhai", b"fn on_update() { }\n", Origin("bats", "1.2.0")
FILES = {"mod.toml": b'id = "bats"\nversion = "1.2.0"\n', PATH: SCRIPT, "content.toml": b"[prefab.bat]\n"}
MOST_ROWS = 50
ACTIONS = ("right", "jump", "move_x")


def json_changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change words of JSON, and lay it out as its writers do if it is JSON still."""
    found = words_changed(data, other, random)
    try:
        return msgspec.json.format(msgspec.json.encode(msgspec.json.decode(found)), indent=2) + b"\n"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return found


def key(folder: Path) -> Try:
    """Read key files; only a right pair of them gives keys that fit."""
    file = folder / "a.key"

    def attempt(data: bytes) -> None:
        file.write_bytes(data)
        for read in (read_public, is_locked, lambda path: read_secret(path, None)):
            try:
                read(file)
            except BadKey as error:
                told(error)

    return attempt


def keys() -> Iterator[bytes]:
    """Yield key files: public, open, and (made with the least work) locked."""
    yield encode_canonical(PublicFile(KEY.public.id, KEY.public.data))
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        yield write_pair(Path(folder) / "open", KEY, None)[0].read_bytes()
    yield encode_canonical(PublicFile(OTHER.public.id, OTHER.public.data))


def signature(_folder: Path) -> Try:
    """Validate signatures of a script: those that its two signers made are good, no others."""
    good = {sign_script(PATH, SCRIPT, one, ORIGIN): one.public.id for one in (KEY, OTHER)}

    def attempt(data: bytes) -> None:
        try:
            found = validate_script_signature(PATH, SCRIPT, data, TRUST, ORIGIN)
        except SignatureRefused as error:
            told(error)
            return
        if good.get(data) != found:
            raise Bug(f"a signature that nobody made is taken for one of {found}")

    return attempt


def signatures() -> Iterator[bytes]:
    """Yield signatures: good ones, of a key that is revoked, and for another place."""
    for one in (KEY, OTHER, SecretKey(b"r" * 32)):
        yield sign_script(PATH, SCRIPT, one, ORIGIN)
    yield sign_script("other.rhai", SCRIPT, KEY, ORIGIN)


def manifest(_folder: Path) -> Try:
    """Validate manifests of a mod: those that its two signers made are good, no others."""
    good = {sign_manifest(FILES, one, ORIGIN): one.public.id for one in (KEY, OTHER)}

    def attempt(data: bytes) -> None:
        try:
            found = validate_manifest(FILES, data, TRUST, ORIGIN)
        except SignatureRefused as error:
            told(error)
            return
        if good.get(data) != found:
            raise Bug(f"a manifest that nobody signed is taken for one of {found}")

    return attempt


def manifests() -> Iterator[bytes]:
    """Yield manifests of several mods and signers."""
    for one in (KEY, OTHER):
        yield sign_manifest(FILES, one, ORIGIN)
    yield sign_manifest({**FILES, "more.rhai": b""}, KEY, ORIGIN)
    yield sign_manifest(FILES, KEY, Origin("bats", "2.0"))


def trust(folder: Path) -> Try:
    """Read a user's list of trusted keys."""
    file = folder / "trust.toml"

    def attempt(data: bytes) -> None:
        file.write_bytes(data)
        try:
            table = read_trust(file)
        except TrustError as error:
            told(error)
            return
        combined(TrustTable(require_signatures=True), table)

    return attempt


def trusts() -> Iterator[bytes]:
    """Yield a list of keys."""
    text = json.loads(encode_canonical(PublicFile(KEY.public.id, KEY.public.data)))
    yield (
        f'require_signatures = true\nrevoked = ["{OTHER.public.id}"]\n[keys]\nme = "{text["public"]}"\n'
    ).encode()


def unpacking(_folder: Path) -> Try:
    """Unpack archives of mods; all names are plain, and packed again the same files come out."""

    def attempt(data: bytes) -> None:
        try:
            _, files = archive.unpack(data, "a.mod.zip")
        except EngineError as error:
            told(error)
            return
        for name in files:
            if PurePosixPath(name).is_absolute() or {"..", "."} & set(name.split("/")) or "\\" in name:
                raise Bug(f"the name {name!r}")
        if archive.unpack(archive.pack(files), "again")[1] != files:
            raise Bug("packed again, it holds something else")

    return attempt


def archives() -> Iterator[bytes]:
    """Yield archives of mods."""
    yield archive.pack(FILES)
    yield archive.pack({**FILES, "images/a b.png": bytes(90), "mod.sig": sign_manifest(FILES, KEY, ORIGIN)})


def bindings(folder: Path) -> Try:
    """Read a player's bindings: each side of an action has inputs, or the fault is told."""
    file = folder / "game.json"

    def attempt(data: bytes) -> None:
        file.write_bytes(data)
        found = PlayerBindings(actions_of({"jump": ("SPACE",), "left": ("A", "LEFT")}), file)
        if set(found.actions) != {"jump", "left"}:
            raise Bug("the actions are others")
        found.take_fault()

    return attempt


def bindings_files() -> Iterator[bytes]:
    """Yield files of bindings."""
    yield b'{"version": 1, "bindings": {"jump": ["W", "PAD_A"], "move_x.negative": ["A", "LEFT"]}}'
    yield b'{"version": 1, "bindings": {"left": [], "jump": ["MOUSE_LEFT"]}}'


def input_script(_folder: Path) -> Try:
    """Read files of input, and take their first rows."""

    def attempt(data: bytes) -> None:
        try:
            script = InputScript(data.decode("utf-8", "replace"))
        except InputScriptError as error:
            told(error)
            return
        row = empty_row(len(ACTIONS))
        script.action_lines()
        for _ in range(min(script.ticks, MOST_ROWS)):
            row = script.next_row(row, ACTIONS)

    return attempt


def input_scripts() -> Iterator[bytes]:
    """Yield files of input."""
    yield b"60 right\n1 right jump  # jump\n30\n20 move_x=-0.5\n1 at=3.5,2.0 click\n"


def kept_data(_folder: Path) -> Try:
    """Read what scripts have saved; what is read is written as it was."""

    def attempt(data: bytes) -> None:
        try:
            contents = contents_from(unpack(data, KEPT))
        except SaveError as error:
            told(error)
            return
        again = contents_from(sections_of(contents))
        same = [
            (one.name, one.owner) == (other.name, other.owner) and np.array_equal(one.parcel, other.parcel)
            for one, other in zip(contents, again, strict=True)
        ]
        if not all(same):
            raise Bug("written again, it is something else")

    return attempt


def kept_files() -> Iterator[bytes]:
    """Yield what scripts have saved: values of all kinds."""
    from tests.fuzz.states import saved_values

    yield pack(sections_of(saved_values()), KEPT)
    yield pack(sections_of([]), KEPT)


SIGNING = ("engine.signing",)
TARGETS = (
    Target("key", key, keys, SIGNING, json_changed),
    Target("signature", signature, signatures, SIGNING, json_changed),
    Target("manifest", manifest, manifests, SIGNING, json_changed),
    Target("trust", trust, trusts, SIGNING),
    Target(
        "archive", unpacking, archives, ("engine.mods", "engine.scene", "zipfile", "tomllib"), files_changed
    ),
    Target("bindings", bindings, bindings_files, ("engine.input",)),
    Target("input_script", input_script, input_scripts, ("engine.input",)),
    Target(
        "kept_data", kept_data, kept_files, ("engine.game.kept_data", "lang.snapshot"), sections_changed(KEPT)
    ),
)
