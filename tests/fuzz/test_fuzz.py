"""Every input that once was a bug, and changed ones for each reader; `python -m tests.fuzz` tries more.

What is in `corpus/TARGET` once showed a bug: its name tells which.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tests.fuzz import assets, files, scenes, states
from tests.fuzz.campaign import Campaign, Progress, changed_inputs
from tests.fuzz.catalogue import TARGETS
from tests.fuzz.target import CORPUS, ROOT, Bug, Target

pytestmark = pytest.mark.security

MOST_SEEDS = 30
LARGEST_CORPUS = 300_000
SEED = 5


@pytest.fixture
def campaign(tmp_path):
    """Return what makes a campaign that keeps its findings in the folder `found`."""

    def campaign(target):
        (tmp_path / "files").mkdir()
        return Campaign(target, tmp_path / "files", tmp_path / "found", Progress(tmp_path / "progress"))

    return campaign


@pytest.fixture
def findings(tmp_path):
    """Return reports of all that was found."""
    return lambda: [path.read_text() for path in sorted(tmp_path.glob("found/*.txt"))]


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_read_comes_to_a_value_or_an_error(name, campaign, findings):
    target = TARGETS[name]
    corpus = target.corpus()
    tried = campaign(target)
    kept = len(corpus) - len(list(target.seeds())) if (CORPUS / name).is_dir() else 0
    step = max((len(corpus) - kept) // MOST_SEEDS, 1)
    for data in (*corpus[:kept], *corpus[kept::step]):
        tried.execute(data)
    make = changed_inputs(target, SEED, corpus)
    for number in range(len(corpus), len(corpus) + target.quick):
        tried.execute(make(number))
    assert findings() == []


def test_the_corpus_is_small_and_of_targets():
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} <= set(TARGETS)
    assert sum(path.stat().st_size for path in files) < LARGEST_CORPUS


@pytest.mark.parametrize("name", ["script", "program", "scene", "save", "archive", "image"])
def test_a_seed_always_gives_the_same_inputs(name):
    target = TARGETS[name]
    corpus = target.corpus()
    first, second = (changed_inputs(target, 7, corpus) for _ in range(2))
    numbers = range(len(corpus), len(corpus) + 20)
    assert [first(number) for number in numbers] == [second(number) for number in numbers]
    assert len({first(number) for number in numbers}) > 10


@pytest.mark.parametrize(
    "name", ["scene", "map", "image", "sound", "archive", "key", "save", "replay", "snapshot"]
)
def test_most_seeds_are_accepted(name, tmp_path, monkeypatch):
    """Inputs that are nearly right are near to what is right."""
    refused = []
    for room in (assets, files, scenes, states):
        monkeypatch.setattr(room, "told", refused.append)
    attempt, seeds = TARGETS[name].make(tmp_path), list(TARGETS[name].seeds())
    for data in seeds:
        attempt(data)
    refused = [
        error for error in refused if "Object contains unknown field" not in str(error)
    ]  # the other key
    assert len(refused) <= len(seeds) // 4, refused


def fake(attempt):
    return Target("fake", lambda _folder: attempt, list, ())


def test_an_exception_is_kept_once(campaign, findings):
    def attempt(data):
        if data.startswith(b"bad"):
            raise KeyError(data)
        if data == b"worse":
            raise Bug("what must not be")

    tried = campaign(fake(attempt))
    for data in (b"good", b"bad 1", b"bad 2", b"worse"):
        tried.execute(data)
    first, second = sorted(findings())
    assert first.startswith("KeyError at ")
    assert second.startswith("what must not be at ")
    assert tried._progress.counts[:2] == (4, 2)
    assert tried._progress.input == b"worse"


def test_what_takes_long_or_much_is_kept(campaign, findings, monkeypatch):
    monkeypatch.setattr("tests.fuzz.campaign.MOST_SECONDS", 0.05)

    def attempt(data):
        if data == b"long":
            end = time.process_time() + 0.06
            while time.process_time() < end:
                pass
        elif data == b"much":
            bytearray(300_000_000)[::4096] = b"x" * len(range(0, 300_000_000, 4096))

    tried = campaign(fake(attempt))
    tried.execute(b"long")
    assert [text.splitlines()[0] for text in findings()] == ["takes too long"]
    if sys.platform == "win32":
        return
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tried.execute(b"much")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(findings()) == 1 + (after - before > 262_144), (
        "a process that had as much before does not tell"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a process ends in other ways there")
def test_what_kills_the_process_is_kept_and_another_one_goes_on(tmp_path):
    """The command finds it, in processes of their own."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, engine.input.script as script\n"
        "parse = script._parse\n"
        "def deadly(number, text):\n"
        "    return os.abort() if text.startswith('20 move_x') else parse(number, text)\n"
        "script._parse = deadly\n"
    )
    words = ["input_script", "--plain", "--executions", "2", "--findings", str(tmp_path / "found")]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    reports = [path.read_text() for path in tmp_path.glob("found/*.txt")]
    assert reports, done.stderr
    assert all(text.startswith("the process ended with -6") for text in reports)
