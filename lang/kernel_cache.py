"""Where compiled kernels are kept between runs.

The cache folder of a module is named by a hash of that module's source and of every module of ours
that it imports, directly or not, because Numba looks only at the file a kernel stands in. The folder
above it is named by the processor, Numba's version, Python's and whether bounds are checked.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numba
from llvmlite.binding import get_host_cpu_name
from numba.core.caching import CompileResultCacheImpl, FunctionCache, NullCache, _CacheLocator
from platformdirs import user_cache_path

OUR_PACKAGES = ("lang", "engine")
FOLDERS_KEPT_PER_MODULE = 4
KEPT_FOR_SECONDS = 24 * 3600  # several checkouts of one day share the cache


def bounds_checked() -> bool:
    """Return whether kernels are compiled with bounds checks (``NUMBA_BOUNDSCHECK=1``)."""
    return bool(numba.config.BOUNDSCHECK)


def cache_root() -> Path:
    """Return the folder of all kernels, of this machine and others; ``NUMBA_CACHE_DIR`` overrides it."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    return Path(chosen) if chosen else user_cache_path("astraweave", appauthor=False) / "kernels"


def cache_folder() -> Path:
    """Return the folder that holds kernels compiled for this processor and these versions."""
    root = cache_root()
    cpu = os.environ.get("NUMBA_CPU_NAME") or get_host_cpu_name()
    flags = f"{cpu}-{numba.__version__}-{sys.version_info[0]}.{sys.version_info[1]}-{bounds_checked()}"
    return root / hashlib.sha256(flags.encode()).hexdigest()[:8]


@cache
def _source_of(module: str) -> tuple[bytes, Path] | None:
    root = Path(__file__).resolve().parent.parent
    stem = root.joinpath(*module.split("."))
    for path in (stem.with_suffix(".py"), stem / "__init__.py"):
        if path.is_file():
            return path.read_bytes(), path
    return None


_IMPORT = re.compile(rb"^\s*(?:from\s+([\w.]+)\s+import\s+([^#\n]+)|import\s+([\w.]+))", re.MULTILINE)


@cache
def _imports_of(module: str) -> tuple[str, ...]:
    found = _source_of(module)
    if found is None:
        return ()
    text = re.sub(rb"\(([^()]*)\)", lambda m: m.group(0).replace(b"\n", b" "), found[0])
    names: set[str] = set()
    for match in _IMPORT.finditer(text):
        base = (match.group(1) or match.group(3)).decode()
        if base.split(".")[0] in OUR_PACKAGES:
            names.add(base)
            members = (match.group(2) or b"").decode().strip("() ")
            names.update(f"{base}.{member.split()[0]}" for member in members.split(",") if member.split())
    return tuple(sorted(name for name in names if _source_of(name)))


@cache
def content_hash(module: str) -> str:
    """Return a hash of the source of `module` and of all of ours that it imports, directly or not."""
    seen: set[str] = set()
    todo = [module]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(_imports_of(name))
    digest = hashlib.sha256()
    for name in sorted(seen):
        found = _source_of(name)
        digest.update(name.encode() + b"\0" + (found[0] if found else b""))
    return digest.hexdigest()[:16]


class _ContentLocator(_CacheLocator):  # type: ignore[misc]
    """Puts each module's kernels into the folder that its content hash names."""

    def __init__(self, module: str, path: str, line: int) -> None:
        self._py_file = path
        self._lineno = line
        self._path = cache_folder() / f"{module}-{content_hash(module)}"

    def get_cache_path(self) -> str:
        return str(self._path)

    def get_source_stamp(self) -> str:
        return numba.__version__

    def get_disambiguator(self) -> str:
        return str(self._lineno)

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> _ContentLocator:
        module = py_func.__module__
        if _source_of(module) is None:  # a test or a benchmark: its own text is all there is to hash
            module = f"{module}-{hashlib.sha256(Path(py_file).read_bytes()).hexdigest()[:16]}"
        return cls(module, py_file, py_func.__code__.co_firstlineno)


class _ContentCacheImpl(CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = [_ContentLocator]  # noqa: RUF012 - Numba's own attribute


class ContentCache(FunctionCache):  # type: ignore[misc]
    """Keeps the machine code of one function."""

    _impl_class = _ContentCacheImpl


class LazyCache(NullCache):  # type: ignore[misc]
    """Looks for its folder at the first use: most kernels are only ever compiled into their callers."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    @cached_property
    def _cache(self) -> ContentCache:
        return ContentCache(self._function)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled function of a signature, or None."""
        return self._cache.load_overload(sig, target_context)

    def save_overload(self, sig: Any, cres: Any) -> None:
        """Keep a compiled function."""
        self._cache.save_overload(sig, cres)


def prune_cache() -> None:
    """Remove folders of older sources, keeping those of the last day and the newest few of each module."""
    recent = time.time() - KEPT_FOR_SECONDS
    by_module: dict[str, list[Path]] = {}
    for folder in cache_folder().glob("*-*"):
        by_module.setdefault(folder.name.rsplit("-", 1)[0], []).append(folder)
    for folders in by_module.values():
        folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for old in folders[FOLDERS_KEPT_PER_MODULE:]:
            if old.stat().st_mtime < recent:
                shutil.rmtree(old, ignore_errors=True)
