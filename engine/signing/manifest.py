"""The signed manifest of a folder: the hash of every file in it, in ``mod.sig``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from engine.signing.canonical import NotCanonical, decode, encode_canonical
from engine.signing.errors import SignatureRefused
from engine.signing.keys import KeyId, SecretKey
from engine.signing.signature import Origin, SignatureBytes, message_of
from engine.signing.trust import Trust

FILE_NAME = "mod.sig"
_DOMAIN = b"astraweave mod manifest 1"
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What ``mod.sig`` holds: every file of the mod but itself, by path, sorted."""

    mod: str
    version: str
    files: dict[str, Sha256]
    key: KeyId
    signature: SignatureBytes
    kind: Literal["astraweave mod manifest 1"] = "astraweave mod manifest 1"


def _message(origin: Origin, files: Mapping[str, str], key_id: str) -> bytes:
    pairs = [part for path in sorted(files) for part in (path.encode(), bytes.fromhex(files[path]))]
    return message_of(_DOMAIN, origin.mod.encode(), origin.version.encode(), key_id.encode(), *pairs)


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file's bytes by path, sorted, as a manifest lists them."""
    return {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files) if path != FILE_NAME}


def lists_all(files: Mapping[str, bytes]) -> bool:
    """Return whether the manifest among some files lists the others as they are, whoever signed it."""
    try:
        return decode(files[FILE_NAME], Manifest).files == hashes_of(files)
    except NotCanonical:
        return False


def sign_manifest(files: Mapping[str, bytes], key: SecretKey, origin: Origin) -> bytes:
    """Return what ``mod.sig`` holds for a mod of these files (path with ``/`` → bytes)."""
    hashes = hashes_of(files)
    signature = key.sign(_message(origin, hashes, key.public.id))
    return encode_canonical(Manifest(origin.mod, origin.version, hashes, key.public.id, signature))


def validate_manifest(
    files: Mapping[str, bytes], manifest: bytes | None, trust: Trust, origin: Origin
) -> str:
    """Check all files of a mod against its manifest; returns the id of the key that signed it.

    Args:
        files: the very bytes that will be used, by path. manifest: what ``mod.sig`` holds, None without one.
        origin: what ``mod.toml`` says.
    Raises:
        SignatureRefused: it is not signed by a key that counts, or a file is missing, added or another.
    """
    what = f"mod {origin.mod}"
    if manifest is None:
        raise SignatureRefused(what, f"is not signed: there is no {FILE_NAME}")
    try:
        kept = decode(manifest, Manifest)
    except NotCanonical as error:
        raise SignatureRefused(what, f"its {FILE_NAME} is damaged: {error}") from None
    key = trust.key(kept.key, what)
    if list(kept.files) != sorted(kept.files):
        raise SignatureRefused(what, f"its {FILE_NAME} is damaged: its files are not sorted")
    if not key.verifies(_message(Origin(kept.mod, kept.version), kept.files, kept.key), kept.signature):
        raise SignatureRefused(what, f"the signature in {FILE_NAME} is not for its content")
    if (kept.mod, kept.version) != (origin.mod, origin.version):
        raise SignatureRefused(
            what, f"{FILE_NAME} is for {kept.mod} {kept.version}, not for {origin.mod} {origin.version}"
        )
    present = hashes_of(files)
    for path in sorted({*present, *kept.files}):
        if present.get(path) != kept.files.get(path):
            state = "is missing" if path not in present else "was changed"
            raise SignatureRefused(what, f"{path} {state if path in kept.files else 'was added'}")
    return kept.key
