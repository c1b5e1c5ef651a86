"""The one door to Numba: `kernel`, `native`, and views on raw addresses.

Everything compiled goes through here, so that flags and cache are the same everywhere. Reference
counting is off (`_nrt=False`): a kernel that allocates does not compile, and Python grows arrays.
Nothing compiles at import: entry points register themselves (`entry_points`), and whoever readies or
first uses one loads it from the cache or compiles it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import EnumMeta, IntEnum
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.ccallback import CFunc
from numba.core.datamodel.models import OpaqueModel
from numba.core.imputils import lower_getattr_generic
from numba.core.registry import CPUDispatcher
from numba.core.sigutils import normalize_signature
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.core.typing.typeof import _typeof_enum, _typeof_enum_class, typeof_impl
from numba.extending import intrinsic, register_model
from numba.np.arrayobj import populate_array

from lang.kernel_cache import OUR_PACKAGES, ContentCache, LazyCache

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
U8 = npt.NDArray[np.uint8]
F = TypeVar("F", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
NATIVE_SIGNATURE = "int64(int64, int64)"
_LOADING = threading.RLock()
"""A game readies kernels in a thread: no two threads may load one kernel."""


class Kernel:
    """A compiled function that Python calls; `compile` loads it from the cache or compiles it."""

    def __init__(self, function: Callable[..., Any], signature: str) -> None:
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.dispatcher = _Dispatcher(function)
        self.signature = signature
        self.__doc__ = function.__doc__
        _ENTRY_POINTS.append(self)

    def compile(self) -> None:
        """Load the machine code from the cache, or make it."""
        args, _ = normalize_signature(self.signature)
        with _LOADING:
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
        with _LOADING:
            if self._compiled is None:
                signature = normalize_signature(NATIVE_SIGNATURE)
                compiled: Any = CFunc(self.function, signature, {}, dict(OPTIONS))
                compiled._cache = ContentCache(self.function)
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


class _Dispatcher(CPUDispatcher):  # type: ignore[misc]
    """Compiles a function once for its types: Numba alone does it again for each constant that is passed."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        super().__init__(function, targetoptions={"nopython": True, **OPTIONS, **options})
        self._cache = LazyCache(function)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Return how a kernel calls it with arguments of these types."""
        plain = {name: types.unliteral(kind) for name, kind in kws.items()}
        return super().get_call_template([types.unliteral(kind) for kind in args], plain)


class _InnerDispatcher(_Dispatcher):
    """Compiles a function that kernels call, without the code for calls from Python."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)
        self._outer: Any = None

    def add_overload(self, cres: Any) -> None:
        """Keep a version for other kernels; Numba's own method would let Python reach it."""
        self.overloads[tuple(cres.signature.args)] = cres

    def _compile_for_args(self, *args: Any, **kws: Any) -> Any:
        """Return what Python is to call, as tests do: a version that is not kept between runs."""
        self._outer = self._outer or numba.njit(**OPTIONS)(self.py_func)
        return self._outer._compile_for_args(*args, **kws)


def kernel(function: F) -> F:
    """Compile a function that other kernels call (and nothing else does)."""
    return cast(F, _InnerDispatcher(function))


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
bytes_at = _view(types.uint8, 1)


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
def prefetch(typingctx: Any, address: Any) -> Any:
    """Let the processor bring the line of the cache with an address that will soon be written to."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        for_writing, stays, is_data = ir.Constant(word, 1), ir.Constant(word, 3), ir.Constant(word, 1)
        builder.call(fetch, [builder.inttoptr(args[0], byte), for_writing, stays, is_data])
        return context.get_dummy_value()

    return types.void(types.int64), codegen


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


def _wrapping(name: str) -> Any:
    """Make an intrinsic (x, y) → the result of an int operation modulo 2**64, whatever its signs.

    What Numba makes of ``x * y`` tells LLVM that it never leaves 64 bits; where it does, anything may follow.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def wrapping(typingctx: Any, x: Any, y: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(builder, name)(*args)

        return types.int64(types.int64, types.int64), codegen

    return wrapping


wrapping_add = _wrapping("add")
wrapping_sub = _wrapping("sub")
wrapping_mul = _wrapping("mul")
add_overflows = _overflows("sadd_with_overflow")
sub_overflows = _overflows("ssub_with_overflow")
mul_overflows = _overflows("smul_with_overflow")
