"""The one door to Numba: `kernel`, `native`, and views on raw addresses.

Everything compiled goes through here, so that flags and cache are the same everywhere. Reference
counting is off (`_nrt=False`): a kernel that allocates does not compile, and Python grows arrays.
Nothing compiles at import: entry points register themselves and `compile_all` (or the first use of
an address) loads them from the cache or compiles them.

The cache folder of a module is named by a hash of that module's source and of every module of ours
that it imports, directly or not, because Numba looks only at the file a kernel stands in.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from enum import EnumMeta, IntEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from llvmlite.binding import get_host_cpu_name
from numba import types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, NullCache, _CacheLocator
from numba.core.ccallback import CFunc
from numba.core.datamodel.models import OpaqueModel
from numba.core.imputils import lower_getattr_generic
from numba.core.sigutils import normalize_signature
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.core.typing.typeof import _typeof_enum, _typeof_enum_class, typeof_impl
from numba.extending import intrinsic, register_model
from numba.np.arrayobj import populate_array
from platformdirs import user_cache_path

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
U8 = npt.NDArray[np.uint8]
F = TypeVar("F", bound=Callable[..., Any])

OUR_PACKAGES = ("lang", "engine")
FOLDERS_KEPT_PER_MODULE = 4

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
NATIVE_SIGNATURE = "int64(int64, int64)"


def bounds_checked() -> bool:
    """Return whether kernels are compiled with bounds checks (``NUMBA_BOUNDSCHECK=1``)."""
    return bool(numba.config.BOUNDSCHECK)


def cache_folder() -> Path:
    """Return the folder that holds compiled kernels; ``NUMBA_CACHE_DIR`` overrides the default."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(chosen) if chosen else user_cache_path("astraweave", appauthor=False) / "kernels"
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


class _ContentCache(FunctionCache):  # type: ignore[misc]
    _impl_class = _ContentCacheImpl


class _LazyCache(NullCache):  # type: ignore[misc]
    """Looks for its folder at the first use: most kernels are only ever compiled into their callers."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    @cached_property
    def _cache(self) -> _ContentCache:
        return _ContentCache(self._function)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        return self._cache.load_overload(sig, target_context)

    def save_overload(self, sig: Any, cres: Any) -> None:
        self._cache.save_overload(sig, cres)


class Kernel:
    """A compiled function that Python calls; `compile` loads it from the cache or compiles it."""

    def __init__(self, function: Callable[..., Any], signature: str) -> None:
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.dispatcher = _dispatcher(function)
        self.signature = signature
        self.__doc__ = function.__doc__
        _ENTRY_POINTS.append(self)

    def compile(self) -> None:
        """Load the machine code from the cache, or make it."""
        args, _ = normalize_signature(self.signature)
        if not self.dispatcher.overloads:
            self.dispatcher.compile(args)
            self.dispatcher.disable_compile()

    def __call__(self, *arguments: Any) -> Any:
        """Call it, compiled."""
        if not self.dispatcher.overloads:
            self.compile()
        return self.dispatcher(*arguments)


class Native:
    """A kernel reached by its address: (machine address, instruction word) → status."""

    def __init__(self, function: Callable[[int, int], int]) -> None:
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.function = function
        self.__doc__ = function.__doc__
        self._compiled: Any = None
        _ENTRY_POINTS.append(self)

    def compile(self) -> None:
        """Load the machine code from the cache, or make it."""
        if self._compiled is None:
            signature = normalize_signature(NATIVE_SIGNATURE)
            compiled: Any = CFunc(self.function, signature, {}, dict(OPTIONS))
            compiled._cache = _ContentCache(self.function)
            compiled.compile()
            self._compiled = compiled

    @property
    def address(self) -> int:
        """The address that a table of natives holds."""
        self.compile()
        assert self._compiled is not None
        return int(self._compiled.address)


_ENTRY_POINTS: list[Kernel | Native] = []


def entry_points() -> tuple[Kernel | Native, ...]:
    """Return every kernel that Python or a table of addresses reaches, in order of registration."""
    return tuple(_ENTRY_POINTS)


def _dispatcher(function: Callable[..., Any]) -> Any:
    dispatcher = numba.njit(**OPTIONS)(function)
    dispatcher._cache = _LazyCache(function)
    return dispatcher


def kernel(function: F) -> F:
    """Compile a function that other kernels call (and nothing else does)."""
    return cast(F, _dispatcher(function))


def inlined(function: F) -> F:
    """Compile a function into each kernel that calls it: the only kind that may return an array."""
    return cast(F, numba.njit(inline="always", **OPTIONS)(function))


def entry(signature: str) -> Callable[[F], F]:
    """Compile a function that Python calls, for one Numba signature such as ``"int64(int64)"``."""

    def decorate(function: F) -> F:
        return cast(F, Kernel(function, signature))

    return decorate


def native(function: Callable[[int, int], int]) -> Native:
    """Compile a function of (machine address, instruction word) that is called by its address."""
    return Native(function)


def prune_cache() -> None:
    """Remove folders of older sources, keeping the newest few of each module."""
    by_module: dict[str, list[Path]] = {}
    for folder in cache_folder().glob("*-*"):
        by_module.setdefault(folder.name.rsplit("-", 1)[0], []).append(folder)
    for folders in by_module.values():
        folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for old in folders[FOLDERS_KEPT_PER_MODULE:]:
            shutil.rmtree(old, ignore_errors=True)


# --- enumerations: their members are plain int64 constants in kernels -------------------------
# Numba's own enum types do not unify, so that no kernel could return a `Status` or a `Fault`.


class _NamedInts(types.Opaque):  # type: ignore[misc]
    """The type of one of our `IntEnum` classes inside a kernel."""

    def __init__(self, enumeration: type[IntEnum]) -> None:
        self.enumeration = enumeration
        super().__init__(f"NamedInts({enumeration.__module__}.{enumeration.__qualname__})")


register_model(_NamedInts)(OpaqueModel)


@typeof_impl.register(EnumMeta)  # type: ignore[untyped-decorator]
def _typeof_enumeration(value: EnumMeta, context: Any) -> Any:
    if issubclass(value, IntEnum) and value.__module__.split(".")[0] in OUR_PACKAGES:
        return _NamedInts(value)
    return _typeof_enum_class(value, context)


@typeof_impl.register(IntEnum)  # type: ignore[untyped-decorator]
def _typeof_member(value: IntEnum, context: Any) -> Any:
    if type(value).__module__.split(".")[0] in OUR_PACKAGES:
        return types.int64
    return _typeof_enum(value, context)


@infer_getattr
class _NamedIntsAttribute(AttributeTemplate):  # type: ignore[misc]
    key = _NamedInts

    def generic_resolve(self, named: _NamedInts, name: str) -> Any:
        return types.int64 if name in named.enumeration.__members__ else None


@lower_getattr_generic(_NamedInts)  # type: ignore[untyped-decorator]
def _lower_named_int(context: Any, builder: Any, named: _NamedInts, value: Any, name: str) -> Any:
    return context.get_constant(types.int64, int(named.enumeration[name]))


# --- intrinsics: what Numba's own language cannot say -----------------------------------------


def _view(element: Any, width: int) -> Any:
    """Make an intrinsic (address, length) → array of `length` elements that owns nothing.

    ``numba.carray`` is refused without reference counting, so the array struct is filled here.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def view(typingctx: Any, address: Any, length: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array = context.make_array(signature.return_type)(context, builder)
            intp = context.get_value_type(types.intp)
            data = builder.inttoptr(args[0], context.get_data_type(element).as_pointer())
            size = ir.Constant(intp, width)
            populate_array(array, data=data, shape=[args[1]], strides=[size], itemsize=size, meminfo=None)
            return array._getvalue()

        return types.Array(element, 1, "C")(types.int64, types.int64), codegen

    return view


words_at = _view(types.int64, 8)
unsigned_at = _view(types.uint64, 8)
floats_at = _view(types.float64, 8)
bytes_at = _view(types.uint8, 1)
ints32_at = _view(types.int32, 4)


def _view_in(element: Any) -> Any:
    """Make an intrinsic (table, slot) → the array whose address and length stand at that slot.

    Without reference counting no kernel may return an array; an intrinsic may.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def view_in(typingctx: Any, table: Any, slot: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            words = context.make_array(signature.args[0])(context, builder, args[0])
            place = builder.gep(words.data, [args[1]])
            address = builder.load(place)
            length = builder.load(builder.gep(place, [ir.Constant(ir.IntType(64), 1)]))
            array = context.make_array(signature.return_type)(context, builder)
            size = ir.Constant(context.get_value_type(types.intp), 8)
            data = builder.inttoptr(address, context.get_data_type(element).as_pointer())
            populate_array(array, data=data, shape=[length], strides=[size], itemsize=size, meminfo=None)
            return array._getvalue()

        return types.Array(element, 1, "C")(table, types.int64), codegen

    return view_in


words_in = _view_in(types.int64)
floats_in = _view_in(types.float64)


@intrinsic  # type: ignore[untyped-decorator]
def call_at(typingctx: Any, address: Any, machine: Any, word: Any) -> Any:
    """Call the native at an address with (machine address, instruction word); returns its status."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        i64 = ir.IntType(64)
        function = builder.inttoptr(args[0], ir.FunctionType(i64, [i64, i64]).as_pointer())
        return builder.call(function, [args[1], args[2]])

    return types.int64(types.int64, types.int64, types.int64), codegen


@intrinsic  # type: ignore[untyped-decorator]
def float_bits(typingctx: Any, value: Any) -> Any:
    """Return the 64 bits of a float as an int."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), codegen


@intrinsic  # type: ignore[untyped-decorator]
def bits_float(typingctx: Any, value: Any) -> Any:
    """Return the float that 64 bits stand for."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), codegen


def _overflows(name: str) -> Any:
    """Make an intrinsic (x, y) → whether the int operation leaves 64 bits."""

    @intrinsic  # type: ignore[untyped-decorator]
    def overflows(typingctx: Any, x: Any, y: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            pair = getattr(builder, name)(args[0], args[1])
            return builder.extract_value(pair, 1)

        return types.boolean(types.int64, types.int64), codegen

    return overflows


add_overflows = _overflows("sadd_with_overflow")
sub_overflows = _overflows("ssub_with_overflow")
mul_overflows = _overflows("smul_with_overflow")
