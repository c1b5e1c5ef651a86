"""The examples in Python print what their readers are told they print."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
PRINTED = {
    "authoring/host.py": """\
meadow: 128 MiB, 2000 particles, 8 lights
harbour: 512 MiB, 1000 particles, 24 lights
  large level (17600.0 m²): half the particles
  textures take 610000000 of 536870912 bytes
crater: 768 MiB, 3500 particles, 16 lights
  boss fight: more particles
attic: Runtime error: no budget for the platform toaster (line 8, position 9)
""",
    "embedding/awaiting.py": """\
the 2000th prime is 17389
the event loop went on meanwhile: True - progress was told: True
a script without end was stopped after 0.2 s
cancelled: ErrorTerminated
""",
    "embedding/instances.py": """\
{'Ada': 10, 'Grace': 30, 'Edsger': 60}
after a mistake: 1000060
undone: 60 [10, 20, 30]
a copy is equal: True
""",
    "plugin/village.py": """\
no spark for Inside at 180
no spark for Outside at 180
no spark for Inside at 360
no spark for Outside at 360
no spark for Inside at 540
no spark for Outside at 540
Inside: 100.0
Outside: 10.0
""",
    "python_systems/autumn.py": """\
180 leaves got wet, 180 through and through, 99 fell
201 are in the air, 99 ripples on the water
""",
}


@pytest.mark.parametrize("name", PRINTED)
def test_an_example_prints_what_it_should(name):
    command = [sys.executable, "-X", "utf8", str(ROOT / "examples" / name)]
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (done.stdout.decode().replace("\r\n", "\n"), done.stderr.decode()) == (PRINTED[name], "")


def test_every_example_of_embedding_is_run():
    scripts = {path.relative_to(ROOT / "examples").as_posix() for path in (ROOT / "examples").rglob("*.py")}
    assert scripts == set(PRINTED)
