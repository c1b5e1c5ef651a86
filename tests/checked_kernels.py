"""Runs a Python file with kernels that tell on standard error what they must not do.

``python checked_kernels.py FILE ARGUMENTS``, with the environment `checked_environment()`. Numba tells
LLVM that sums, differences and products of signed ints stay within 64 bits, and that floats which become
ints are in range; where that is not so, the optimiser may make anything of it. Here each such place says so:
``overflow in add: FILE:LINE``. Bounds are checked too, and the optimiser does less, so that results which
hang on its choices differ from the usual ones.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STANDARD_ERROR = 2


class _Signed(list[str]):
    """The flags of an operation on signed ints that a kernel itself asks for."""


_line = ["", 0]


def checked_environment() -> dict[str, str]:
    """Return the environment of such a run: bounds checked, little optimised, a cache of its own."""
    from lang.kernel_cache import cache_root

    checks = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_OPT": "1", "NUMBA_CACHE_DIR": str(cache_root() / "checked")}
    return {**os.environ, **checks, "PYTHONPATH": str(ROOT)}


def _tell(builder: Any, what: str) -> None:
    """Write a line to standard error where the kernel is now."""
    from llvmlite import ir

    text = bytearray(f"overflow in {what}: {_line[0]}:{_line[1]}\n".encode())
    array = ir.ArrayType(ir.IntType(8), len(text))
    constant = ir.GlobalVariable(builder.module, array, builder.module.get_unique_name("told"))
    constant.linkage, constant.global_constant = "internal", True
    constant.initializer = ir.Constant(array, text)
    byte, word = ir.IntType(8).as_pointer(), ir.IntType(64)
    kind = ir.FunctionType(word, [ir.IntType(32), byte, word])
    write = builder.module.globals.get("write") or ir.Function(builder.module, kind, "write")
    where = builder.bitcast(constant, byte)
    builder.call(write, [ir.Constant(ir.IntType(32), STANDARD_ERROR), where, ir.Constant(word, len(text))])


def _checked(plain: Callable[..., Any], what: str) -> Callable[..., Any]:
    def operation(builder: Any, x: Any, y: Any, name: str = "", flags: Any = ()) -> Any:
        if isinstance(flags, _Signed):
            flags = ()
            pair = getattr(builder, f"s{what}_with_overflow")(x, y)
            with builder.if_then(builder.extract_value(pair, 1), likely=False):
                _tell(builder, what)
        return plain(builder, x, y, name, flags)

    return operation


def _checked_conversion(plain: Callable[..., Any]) -> Callable[..., Any]:
    from llvmlite import ir

    def convert(builder: Any, value: Any, kind: Any, name: str = "") -> Any:
        if isinstance(value.type, ir.DoubleType) and kind.width == 64:
            above = builder.fcmp_ordered(">=", value, ir.Constant(value.type, -(2.0**63)))
            below = builder.fcmp_ordered("<", value, ir.Constant(value.type, 2.0**63))
            with builder.if_then(builder.not_(builder.and_(above, below)), likely=False):
                _tell(builder, "float to int")
        return plain(builder, value, kind, name)

    return convert


def check_arithmetic() -> None:
    """Let every kernel that is compiled from now on tell of overflows."""
    import numba.core.lowering
    import numba.cpython.numbers
    import numba.np.math.numbers
    from llvmlite import ir

    for module in (numba.cpython.numbers, numba.np.math.numbers):
        module._int_arith_flags = lambda kind: _Signed(["nsw"]) if kind.signed else []
    for name in ("add", "sub", "mul"):
        setattr(ir.IRBuilder, name, _checked(getattr(ir.IRBuilder, name), name))
    ir.IRBuilder.fptosi = _checked_conversion(ir.IRBuilder.fptosi)
    lower = numba.core.lowering.Lower.lower_inst

    def lower_and_note(lowering: Any, instruction: Any) -> Any:
        _line[:] = instruction.loc.filename, instruction.loc.line
        return lower(lowering, instruction)

    numba.core.lowering.Lower.lower_inst = lower_and_note


if __name__ == "__main__":
    check_arithmetic()
    del sys.argv[0]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
