"""Compiled programs on disk: what was compiled once is only read, until text, options or language change.

A file is named by a hash of all that its program depends on, and sealed with a key that lies beside it:
what another machine or program wrote is not ours. What is not ours, damaged or unsound counts as absent.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from lang.bytecode.program import Program
from lang.bytecode.serialise import from_bytes, to_bytes
from lang.bytecode.verify import verify
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.errors import VerifyError
from lang.files import FOR_USER, replace_file
from lang.source import Source

MAGIC = b"rhai-program\x00\x01"
KEY_BYTES = 32
SEAL_BYTES = 32
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 30 * 24 * 3600
WRITES_BETWEEN_PRUNINGS = 64
SOURCES = (".py", ".rhai", ".lark")
NOT_COMPILING = frozenset({"check", "format", "repl", "vm"})
"""Rooms that no program depends on."""


def default_folder() -> Path:
    """Return the folder of this user's compiled programs."""
    return user_cache_path("astraweave", appauthor=False) / "programs"


@cache
def language_version() -> str:
    """Return a hash of the sources that make programs of texts: any change makes another version."""
    digest = hashlib.blake2b(digest_size=16)
    root = Path(__file__).parent
    rooms = [path for path in sorted(root.iterdir()) if path.is_dir() and path.name not in NOT_COMPILING]
    for folder in (root, *rooms):
        for path in sorted(folder.iterdir()):
            if path.suffix in SOURCES:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class ProgramCache:
    """Keeps compiled programs in a folder. Whatever is wrong with the folder, scripts still compile."""

    def __init__(
        self, folder: Path | None = None, *, most_bytes: int = MOST_BYTES, most_seconds: float = MOST_SECONDS
    ) -> None:
        """Use a folder, by default that of the user.

        Args:
            most_bytes, most_seconds: programs beyond that size, or not used for so long, are removed.
        """
        self.folder = folder or default_folder()
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._writes = 0

    def compile(self, source: Source, options: Options, prelude: Program) -> Program:
        """Return the program of a script, from disk if it is there.

        Raises:
            CompileError: the text is not a script.
        """
        path = self.folder / f"{_name(source, options)}.program"
        program = self._read(path, source, options, prelude)
        if program is None:
            program = compile_source(source, options, prelude)
            # Of files that it imports only the names are known before; what `eval` needs is not kept.
            if len(program.files) == 1 and not program.linked.sites:
                self._write(path, to_bytes(program, prelude))
        return program

    def prune(self) -> None:
        """Remove what is old, and the oldest of what is too much."""
        left = self._most_bytes
        oldest = time.time() - self._most_seconds
        with suppress(OSError):
            files = [(path.stat(), path) for path in self.folder.iterdir() if path.name != "key"]
            for status, path in sorted(files, key=lambda item: item[0].st_mtime, reverse=True):
                left -= status.st_size
                if left < 0 or status.st_mtime < oldest:
                    path.unlink(missing_ok=True)

    def clear(self) -> int:
        """Remove all programs; returns how many there were."""
        removed = 0
        with suppress(OSError):
            for path in self.folder.glob("*.program"):
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    # --- files ------------------------------------------------------------------------------------

    def _key(self) -> bytes:
        """Return the key that seals files, made at the first use.

        Raises:
            OSError: the folder can be neither read nor written.
        """
        path = self.folder / "key"
        with suppress(FileNotFoundError):
            key = path.read_bytes()
            if len(key) == KEY_BYTES:
                return key
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, os.urandom(KEY_BYTES), mode=FOR_USER)
        return path.read_bytes()

    def _seal(self, name: str, data: bytes) -> bytes:
        return hmac.digest(self._key(), name.encode() + b"\0" + data, "sha256")

    def _read(self, path: Path, source: Source, options: Options, prelude: Program) -> Program | None:
        try:
            data = path.read_bytes()
            sealed, content = data[len(MAGIC) : len(MAGIC) + SEAL_BYTES], data[len(MAGIC) + SEAL_BYTES :]
            if not data.startswith(MAGIC) or not hmac.compare_digest(sealed, self._seal(path.stem, content)):
                return None
            program = from_bytes(content, source, prelude)
            verify(program, len(options.natives.entries), prelude)
            os.utime(path)
        except (OSError, VerifyError):
            return None
        return program

    def _write(self, path: Path, content: bytes) -> None:
        with suppress(OSError):
            replace_file(path, MAGIC + self._seal(path.stem, content) + content)
            self._writes += 1
            if self._writes % WRITES_BETWEEN_PRUNINGS == 1:
                self.prune()


def _name(source: Source, options: Options) -> str:
    """Return a hash of all that the program of a script depends on."""
    digest = hashlib.blake2b(digest_size=20)
    parts = [language_version(), source.name, source.text]
    for item in fields(Options):
        value = getattr(options, item.name)
        if item.name == "natives":
            value = [
                (e.name, e.arity, sorted(e.counts), e.changes, e.is_property, e.api, e.internal)
                for e in value.entries
            ] + sorted(value.withheld.items())
        elif item.name == "resolver":
            value = value is not None
        elif isinstance(value, dict):
            value = sorted(value.items())
        elif isinstance(value, frozenset):
            value = sorted(map(str, value))
        parts.append(f"{item.name}={value!r}")
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()
