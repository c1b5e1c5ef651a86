"""What must hold of the machine code of every kernel: no function whose result differs between platforms."""

import math
import re
import sys

import numba
import pytest

from engine.warm_up import kernel_modules, warm_up
from lang.kernel_cache import cache_folder, content_hash

pytestmark = pytest.mark.integration

# What rounds to whole numbers is exact, and on most processors an instruction.
LIBM = (
    "sin cos tan asin acos atan atan2 sincos sinh cosh tanh asinh acosh atanh exp exp2 exp10 expm1"
    " log log2 log10 log1p logb pow cbrt hypot erf erfc tgamma lgamma fmod remainder remquo"
)
SYMBOL = re.compile(rb"\0_?((?:" + "|".join(LIBM.split()).encode() + rb")[fl]?)(?=\0)")


def test_no_kernel_calls_libm():
    warm_up()
    for module in kernel_modules():
        for file in (cache_folder() / f"{module}-{content_hash(module)}").glob("*.nbc"):
            found = {name.decode() for name in SYMBOL.findall(file.read_bytes())}
            assert not found, f"{file.name} of {module}"


def test_the_machine_code_of_kernels_is_looked_at():
    warm_up()
    files = [
        file
        for module in kernel_modules()
        for file in (cache_folder() / f"{module}-{content_hash(module)}").glob("*.nbc")
    ]
    assert len(files) > 200
    assert all(b"\x7fELF" in file.read_bytes() for file in files[:20]) or sys.platform != "linux"


@pytest.mark.parametrize("function", [math.sin, math.exp, math.log, math.pow], ids=lambda one: one.__name__)
def test_a_call_would_be_found(function):
    arguments = (1.5, 2.5)[: 2 if function is math.pow else 1]
    compiled = numba.njit(lambda *given: function(*given))  # noqa: PLW0108 - it compiles no built-in
    compiled(*arguments)
    (version,) = compiled.overloads.values()
    code = version.library._get_compiled_object()
    assert [name.decode() for name in SYMBOL.findall(code)] == [function.__name__]
