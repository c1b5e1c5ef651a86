"""Whose signatures count: keys that are trusted, and keys that are revoked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.signing.errors import SignatureRefused, TrustError
from engine.signing.keys import KeyId, PublicBytes, PublicKey


@dataclass(frozen=True)
class Trust:
    """Keys that count, and ids of keys that count no more, by whatever list."""

    keys: tuple[PublicKey, ...] = ()
    revoked: frozenset[str] = frozenset()

    def key(self, key_id: str, what: str) -> PublicKey:
        """Return the trusted key of an id.

        Raises:
            SignatureRefused: it is revoked or not trusted; the error names ``what`` it signed.
        """
        if key_id in self.revoked:
            raise SignatureRefused(what, f"it is signed by key {key_id}, which is revoked")
        for key in self.keys:
            if key.id == key_id:
                return key
        raise SignatureRefused(what, f"it is signed by key {key_id}, which is not trusted")

    def narrowed(self, other: Trust) -> Trust:
        """Return what both trust: their common keys, without those that either revokes."""
        return Trust(tuple(key for key in self.keys if key in other.keys), self.revoked | other.revoked)

    def without(self, revoked: Iterable[str]) -> Trust:
        """Return the same with further keys revoked."""
        return Trust(self.keys, self.revoked | frozenset(revoked))


class TrustTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[trust]``: whose scripts and mods may run; a user's trust file holds the same keys."""

    require_signatures: bool = False
    """Run only what a listed key has signed. Otherwise signatures are not looked at."""
    keys: dict[str, PublicBytes] = {}
    """Public keys that are trusted, by names of your choice; `astraweave keygen` prints them."""
    revoked: tuple[KeyId, ...] = ()
    """Ids of keys that are trusted no more, even where another list trusts them."""

    @property
    def trust(self) -> Trust:
        """The keys that count."""
        return Trust(tuple(PublicKey(data) for data in self.keys.values()), frozenset(self.revoked))


def user_trust_file() -> Path:
    """Return the file in which a user lists keys."""
    import platformdirs

    return Path(platformdirs.user_config_dir("astraweave", appauthor=False)) / "trust.toml"


def read_trust(file: Path) -> TrustTable:
    """Return what a user's trust file says; one that does not exist says nothing.

    Raises:
        TrustError: it is there and cannot be used: then nothing is trusted by mistake.
    """
    try:
        return msgspec.toml.decode(file.read_bytes(), type=TrustTable)
    except FileNotFoundError:
        return TrustTable()
    except OSError as error:
        raise TrustError(file, f"cannot be read: {error.strerror or error}") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise TrustError(file, str(error)) from None
    except RecursionError:
        raise TrustError(file, "is nested too deeply") from None


def combined(scene: TrustTable, user: TrustTable) -> Trust | None:
    """Return whom a run trusts: each of the two lists that requires signatures must be satisfied.

    Revoked keys of either list never count. None: neither requires signatures.
    """
    demands = [table.trust for table in (scene, user) if table.require_signatures]
    if not demands:
        return None
    result = demands[0] if len(demands) == 1 else demands[0].narrowed(demands[1])
    return result.without([*scene.revoked, *user.revoked])
