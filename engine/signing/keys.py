"""Keys that sign, and the two files that a pair of them lives in.

Ed25519 (RFC 8032) by libsodium. A secret key at rest is locked with a passphrase: Argon2id (RFC 9106)
makes the key of an XSalsa20-Poly1305 box around the 32 bytes of the seed. Both files are JSON in one
canonical form.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import nacl.exceptions
import nacl.secret
import nacl.signing
import nacl.utils
from msgspec import Meta, Struct
from nacl.pwhash import argon2id

from engine.signing.canonical import decode_canonical, encode_canonical
from engine.signing.errors import BadKey

SEED_BYTES = 32
ID_CHARACTERS = 16
LARGEST_FILE = 4096
"""Bytes of a key file; longer ones are none of ours."""

KeyId = Annotated[str, Meta(pattern=f"^[0-9a-f]{{{ID_CHARACTERS}}}$")]
PublicBytes = Annotated[bytes, Meta(min_length=32, max_length=32)]
_MOST_MEMORY = 1 << 30
_MOST_OPERATIONS = 16


@dataclass(frozen=True)
class PublicKey:
    """What checks signatures. ``data``: 32 bytes."""

    data: bytes

    @property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the key's SHA-256: what people and files call it by."""
        return hashlib.sha256(self.data).hexdigest()[:ID_CHARACTERS]

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Return whether this key's owner signed this message; ``signature`` has 64 bytes."""
        try:
            nacl.signing.VerifyKey(self.data).verify(message, signature)
        except (nacl.exceptions.CryptoError, ValueError):
            return False
        return True


@dataclass(frozen=True)
class SecretKey:
    """What signs. ``seed``: 32 bytes, never printed."""

    seed: bytes

    def __repr__(self) -> str:
        return f"SecretKey({self.public.id})"

    @classmethod
    def generate(cls) -> SecretKey:
        """Return a new key from the system's randomness."""
        return cls(nacl.utils.random(SEED_BYTES))

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        return PublicKey(bytes(nacl.signing.SigningKey(self.seed).verify_key))

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of this message's signature."""
        return bytes(nacl.signing.SigningKey(self.seed).sign(message).signature)


class _Lock(Struct, frozen=True, forbid_unknown_fields=True):
    """How a passphrase becomes the key of the box. Bounded: the file may come from anyone."""

    salt: Annotated[bytes, Meta(min_length=argon2id.SALTBYTES, max_length=argon2id.SALTBYTES)]
    operations: Annotated[int, Meta(ge=argon2id.OPSLIMIT_MIN, le=_MOST_OPERATIONS)]
    memory: Annotated[int, Meta(ge=argon2id.MEMLIMIT_MIN, le=_MOST_MEMORY)]
    """Bytes."""
    method: Literal["argon2id, xsalsa20-poly1305"] = "argon2id, xsalsa20-poly1305"

    def box(self, passphrase: str) -> nacl.secret.SecretBox:
        key = argon2id.kdf(
            nacl.secret.SecretBox.KEY_SIZE,
            passphrase.encode("utf-8"),
            self.salt,
            opslimit=self.operations,
            memlimit=self.memory,
        )
        return nacl.secret.SecretBox(key)


class _SecretFile(Struct, frozen=True, forbid_unknown_fields=True):
    id: KeyId
    secret: Annotated[bytes, Meta(min_length=SEED_BYTES, max_length=256)]
    """The seed, in a box if there is a lock."""
    lock: _Lock | None
    kind: Literal["astraweave secret key 1"] = "astraweave secret key 1"


class PublicFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A public key as a file holds it."""

    id: KeyId
    public: PublicBytes
    kind: Literal["astraweave public key 1"] = "astraweave public key 1"


def write_pair(stem: Path, key: SecretKey, passphrase: str | None) -> tuple[Path, Path]:
    """Write ``stem.key``, which only its owner can read, and ``stem.pub``.

    Args:
        passphrase: locks the secret file; None leaves it open.
    Raises:
        BadKey: one of them exists already, or cannot be written.
    """
    secret, public = stem.with_name(stem.name + ".key"), stem.with_name(stem.name + ".pub")
    lock = None
    content = key.seed
    if passphrase is not None:
        salt = nacl.utils.random(argon2id.SALTBYTES)
        lock = _Lock(salt, argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
        content = bytes(lock.box(passphrase).encrypt(key.seed))
    for file in (secret, public):
        if file.exists():
            raise BadKey(file, "exists already: a key is never overwritten")
    _create(secret, encode_canonical(_SecretFile(key.public.id, content, lock)), stat.S_IRUSR | stat.S_IWUSR)
    _create(public, encode_canonical(PublicFile(key.public.id, key.public.data)), 0o644)
    return secret, public


def _create(file: Path, data: bytes, mode: int) -> None:
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
    except OSError as error:
        raise BadKey(file, f"cannot be written: {error.strerror or error}") from None


def read_public(file: Path) -> PublicKey:
    """Return the public key of a file.

    Raises:
        BadKey: there is none in it, or its id is that of another.
    """
    kept = decode_canonical(_bytes_of(file), PublicFile, file)
    key = PublicKey(kept.public)
    if key.id != kept.id:
        raise BadKey(file, "its id is not that of its key")
    return key


def is_locked(file: Path) -> bool:
    """Return whether a secret key file needs a passphrase.

    Raises:
        BadKey: it is no such file.
    """
    return decode_canonical(_bytes_of(file), _SecretFile, file).lock is not None


def read_secret(file: Path, passphrase: str | None) -> SecretKey:
    """Return the secret key of a file.

    Args:
        passphrase: of a locked file; an open one does not look at it.
    Raises:
        BadKey: it is no such file, the passphrase is wrong or missing, or its id is that of another key.
    """
    kept = decode_canonical(_bytes_of(file), _SecretFile, file)
    seed = kept.secret
    if kept.lock is not None:
        if passphrase is None:
            raise BadKey(file, "is locked with a passphrase")
        try:
            seed = bytes(kept.lock.box(passphrase).decrypt(kept.secret))
        except (nacl.exceptions.CryptoError, ValueError):
            raise BadKey(file, "the passphrase is wrong, or the file is damaged") from None
    if len(seed) != SEED_BYTES or SecretKey(seed).public.id != kept.id:
        raise BadKey(file, "its id is not that of its key")
    return SecretKey(seed)


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadKey(file, f"cannot be read: {error.strerror or error}") from None
    if len(data) > LARGEST_FILE:
        raise BadKey(file, "is no key file: it is too long")
    return data
