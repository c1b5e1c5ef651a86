"""What must hold of the machine code itself."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import event

from lang.jit import entry_points
from lang.kernel_cache import cache_folder, content_hash
from lang.prelude import prelude_program

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "tests" / "scripts"
REFERENCE_COUNTING = b"NRT_incref"
MOST_KERNELS = 400

sys.path.insert(0, str(SCRIPTS))

import script_runner  # noqa: E402


def machine_code(module):
    """Return the cached machine code of a module's kernels, one file after another."""
    folder = cache_folder() / f"{module}-{content_hash(module)}"
    return b"".join(file.read_bytes() for file in sorted(folder.glob("*.nbc")))


def test_no_kernel_counts_references(prelude):
    """Counting costs 20 ns an instruction; `_nrt=False` is a private option that could go away."""
    points = [point for point in entry_points() if point.name.startswith("lang.")]
    assert 20 < len(points) < MOST_KERNELS
    for point in points:
        point.compile()
    for module in sorted({point.name.rsplit(".", 1)[0] for point in points}):
        code = machine_code(module)
        assert code, module
        assert REFERENCE_COUNTING not in code, module


def test_reference_counting_would_be_found():
    keep = numba.njit(lambda array: (array, array))
    keep(np.zeros(1))
    (compiled,) = keep.overloads.values()
    assert REFERENCE_COUNTING in compiled.library._get_compiled_object()


@pytest.fixture
def compilations():
    """Return a recorder of what Numba compiles."""
    with event.install_recorder("numba:run_pass") as recorder:
        yield recorder


def test_what_ran_once_compiles_nothing(compilations):
    natives = script_runner.natives_with_evaluation()
    runner = script_runner.Runner(natives, prelude_program(natives))
    texts = [path.read_text(encoding="utf-8") for path in script_runner.script_files()]
    for text in texts:
        runner.run(text)
    before = len(compilations.buffer)
    for text in texts:
        runner.run(text)
    assert len(compilations.buffer) == before


def test_a_compilation_would_be_found(compilations):
    numba.njit(lambda x: x + 1)(1)
    assert compilations.buffer


def test_bounds_checks_are_on_where_they_are_asked_for():
    code = (
        "from lang.kernel_cache import bounds_checked, cache_folder; print(bounds_checked(), cache_folder())"
    )
    found = {}
    for flag in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "NUMBA_BOUNDSCHECK": flag},
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        found[flag] = done.stdout.split(maxsplit=1)
    assert [found["0"][0], found["1"][0]] == ["False", "True"]
    assert found["0"][1] != found["1"][1], "kernels of both kinds share a cache folder"
