"""What is kept between runs, and removing it. Everything here is made again when it is needed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from engine.tools.check import counted
from engine.tools.errors import CacheInUse
from lang.kernel_cache import cache_root
from lang.program_cache import default_folder
from lang.syntax import tables

_KERNEL_FOLDER = re.compile(r"[0-9a-f]{8}")
"""Folders of ours: `NUMBA_CACHE_DIR` may name one that holds other things as well."""


class Cache(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one kind."""

    name: str
    folder: Path
    parts: tuple[Path, ...]
    """What of the folder is ours."""
    files: int
    size: int
    """In bytes."""

    def line(self) -> str:
        """Return what it holds."""
        return f"{self.name:<8} {size_text(self.size):>9}  {counted(self.files, 'file'):>11}  {self.folder}"


def caches() -> list[Cache]:
    """Return what there is, in the order in which it is shown."""
    kernels = cache_root()
    parts = [folder for folder in _folders(kernels) if _KERNEL_FOLDER.fullmatch(folder.name)]
    grammar = tables.cache_folder()
    programs = default_folder()
    return [
        _cache("kernels", kernels, parts),
        _cache("grammar", grammar, [grammar]),
        _cache("programs", programs, [programs]),
    ]


def clear_caches() -> str:
    """Remove all that is kept; return a line about it.

    Raises:
        CacheInUse: something cannot be removed.
    """
    found = caches()
    for cache in found:
        for part in cache.parts:
            try:
                shutil.rmtree(part)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise CacheInUse(part, error.strerror or str(error)) from None
    files, size = sum(cache.files for cache in found), sum(cache.size for cache in found)
    return f"removed {counted(files, 'file')}, {size_text(size)}; the next start compiles the kernels again"


def _folders(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from (path for path in sorted(root.iterdir()) if path.is_dir())


def _cache(name: str, folder: Path, parts: Iterable[Path]) -> Cache:
    parts = tuple(parts)
    files = [file for part in parts for file in part.rglob("*") if file.is_file()]
    return Cache(
        name=name,
        folder=folder,
        parts=parts,
        files=len(files),
        size=sum(file.stat().st_size for file in files),
    )


def size_text(size: int) -> str:
    """Return a number of bytes as people say it."""
    return f"{size / 1e6:.1f} MB"
