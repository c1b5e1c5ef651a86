import sys

import pytest

from engine import warm_up
from engine.warm_up import WarmUpFailed, _Crew

pytestmark = pytest.mark.unit

GOOD_WORKER = """
import sys
print("ready 4", flush=True)
while line := sys.stdin.readline().strip():
    print("compiled", line + ".a", flush=True)
    print("compiled", line + ".b", flush=True)
    print("ready 4", flush=True)
"""
BROKEN_WORKER = """
import sys
print("ready 4", flush=True)
sys.stdin.readline()
raise RuntimeError("no such intrinsic")
"""


@pytest.fixture
def stamp(tmp_path, monkeypatch):
    stamp = tmp_path / "cache" / "complete-x"
    monkeypatch.setattr(warm_up, "_stamp", lambda: stamp)
    return stamp


def worker(tmp_path, text):
    file = tmp_path / "worker.py"
    file.write_text(text)
    return [sys.executable, str(file)]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_module_is_compiled_once_and_counted(tmp_path, workers):
    seen = []
    crew = _Crew(lambda done, total: seen.append((done, total)), worker(tmp_path, GOOD_WORKER))
    crew.compile(["one", "two"], workers)
    assert seen[-1] == (4, 4)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_kernel_that_does_not_compile_is_told_with_the_worker_s_words(tmp_path):
    crew = _Crew(lambda done, total: None, worker(tmp_path, BROKEN_WORKER))
    with pytest.raises(WarmUpFailed, match="no such intrinsic"):
        crew.compile(["one", "two", "three"], 2)


def test_with_a_stamp_no_process_starts(stamp, monkeypatch):
    stamp.parent.mkdir()
    stamp.touch()
    monkeypatch.setattr(warm_up, "_Crew", None)
    assert warm_up.warm_up() is False
    warm_up.warm_up_with_bar()


def test_without_a_stamp_kernels_are_compiled_and_the_stamp_is_made(stamp, tmp_path, monkeypatch):
    command = worker(tmp_path, GOOD_WORKER)
    monkeypatch.setattr(warm_up, "_Crew", lambda progress: _Crew(progress, command))
    assert warm_up.warm_up(workers=1) is True
    assert stamp.is_file()
    assert warm_up.warm_up(workers=1) is False


def test_a_failure_makes_no_stamp(stamp, tmp_path, monkeypatch):
    command = worker(tmp_path, BROKEN_WORKER)
    monkeypatch.setattr(warm_up, "_Crew", lambda progress: _Crew(progress, command))
    with pytest.raises(WarmUpFailed):
        warm_up.warm_up(workers=1)
    assert not stamp.exists()


def test_the_kernel_modules_are_found_by_themselves():
    modules = warm_up.kernel_modules()
    assert {"lang.vm.loop", "engine.physics.solver"} <= set(modules)
    assert "lang.jit" not in modules
    assert len(modules) == len(set(modules))


def test_the_stamp_changes_with_a_module(monkeypatch):
    before = warm_up._stamp()
    monkeypatch.setattr("lang.kernel_cache.content_hash", lambda module: "other")
    assert warm_up._stamp() != before
