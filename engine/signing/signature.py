"""The signature of one script, in ``x.rhai.sig`` beside ``x.rhai``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct

from engine.signing.canonical import NotCanonical, decode, encode_canonical
from engine.signing.errors import SignatureRefused
from engine.signing.keys import KeyId, SecretKey
from engine.signing.trust import Trust

EXTENSION = ".sig"
LARGEST_FILE = 4096
SIGNATURE_BYTES = 64
_DOMAIN = b"astraweave script signature 1"
SignatureBytes = Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]


@dataclass(frozen=True)
class Origin:
    """What a script belongs to: a mod of a version, or (both empty) the game itself."""

    mod: str = ""
    version: str = ""


class SignatureFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What a signature file holds."""

    key: KeyId
    signature: SignatureBytes
    kind: Literal["astraweave script signature 1"] = "astraweave script signature 1"


def message_of(*parts: bytes) -> bytes:
    """Return the parts as one message: each behind its length, so that no two lists of parts are alike."""
    return b"".join(len(part).to_bytes(8, "little") + part for part in parts)


def _script_message(path: str, data: bytes, origin: Origin) -> bytes:
    content = hashlib.sha256(data).digest()
    return message_of(_DOMAIN, origin.mod.encode(), path.encode(), content, origin.version.encode())


def sign_script(path: str, data: bytes, key: SecretKey, origin: Origin = Origin()) -> bytes:
    """Return what the signature file of a script holds.

    Args:
        path: of the script inside its game or mod, with ``/`` between folders; another place is refused.
        data: the bytes of its file.
    """
    signature = key.sign(_script_message(path, data, origin))
    return encode_canonical(SignatureFile(key.public.id, signature))


def validate_script_signature(
    path: str, data: bytes, signature: bytes | None, trust: Trust, origin: Origin = Origin()
) -> str:
    """Check a script before it is compiled; returns the id of the key that signed it.

    Args:
        path: of the script inside its game or mod. data: the very bytes that will be compiled.
        signature: what its signature file holds; None if there is none.
    Raises:
        SignatureRefused: it is not signed by a key that is trusted and not revoked, for this content, path,
            mod and version.
    """
    if signature is None:
        raise SignatureRefused(path, f"is not signed: there is no {path}{EXTENSION}")
    try:
        kept = decode(signature, SignatureFile)
    except NotCanonical as error:
        raise SignatureRefused(path, f"its signature file is damaged: {error}") from None
    key = trust.key(kept.key, path)
    if not key.verifies(_script_message(path, data, origin), kept.signature):
        raise SignatureRefused(
            path, f"the signature of key {kept.key} is not for this content at this place (mod, version)"
        )
    return kept.key
