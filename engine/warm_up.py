"""Compiles what is not in the kernel cache yet, before the first tick, in worker processes.

A stamp in the cache folder, named by the contents of every kernel module, says that all are there: then
nothing is imported and no process starts. Workers are fed one module at a time, largest first: kernels
of one module share callees, which would otherwise be compiled once in each worker.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue

from engine.errors import EngineError

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lang", "engine")
READY = "ready"
COMPILED = "compiled"
FAILED = "failed"

WORKER = (sys.executable, "-m", "engine.warm_up", "--worker")

Progress = Callable[[int, int], None]
"""Called with (kernels done, kernels in all) as they are done, from any thread."""


class WarmUpFailed(EngineError):
    """A kernel does not compile on this machine; ``output`` is what the worker said."""

    def __init__(self, output: str) -> None:
        self.output = output
        super().__init__(f"a kernel does not compile here:\n{output}")


def warm_up(progress: Progress | None = None, workers: int | None = None) -> bool:
    """Compile every kernel that the cache lacks; return whether there was anything to do.

    Args:
        progress: told of each kernel.  workers: processes; as many as processors when None.
    Raises:
        WarmUpFailed: a kernel does not compile.
    """
    stamp = _stamp()
    if stamp.is_file():
        return False
    _Crew(progress or _silent).compile(kernel_modules(), workers or os.cpu_count() or 1)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    from lang.kernel_cache import prune_cache

    prune_cache()
    return True


def is_warm() -> bool:
    """Return whether the cache holds every kernel, so that a start compiles nothing."""
    return _stamp().is_file()


def warm_up_with_bar() -> None:
    """Do `warm_up`, with a progress bar on standard error when there is something to do.

    Raises:
        WarmUpFailed: a kernel does not compile.
    """
    if is_warm():
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    if not console.is_terminal:
        console.print("first start: compiling kernels")
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("first start: compiling kernels", total=None)
        warm_up(lambda done, total: bar.update(task, completed=done, total=total))


def kernel_modules() -> list[str]:
    """Return the names of our modules that hold kernels, those with the most text first."""
    found: list[tuple[int, str]] = []
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            text = file.read_bytes()
            if b"lang.jit import" in text or b"from lang import jit" in text:
                name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                found.append((-len(text), name))
    return [name for _, name in sorted(found)]


def _stamp() -> Path:
    from lang.kernel_cache import cache_folder, content_hash

    digest = hashlib.sha256()
    for name in sorted(kernel_modules()):
        digest.update(f"{name} {content_hash(name)}\n".encode())
    return cache_folder() / f"complete-{digest.hexdigest()[:16]}"


def _silent(done: int, total: int) -> None:
    """Take progress and show nothing."""


class _Crew:
    """Worker processes, each with a thread that feeds it modules and counts what it reports."""

    def __init__(self, progress: Progress, command: Sequence[str] = WORKER) -> None:
        self._progress = progress
        self._command = command
        self._lock = threading.Lock()
        self._modules: SimpleQueue[str] = SimpleQueue()
        self._done = 0
        self._total = 0
        self._failure = ""

    def compile(self, modules: list[str], workers: int) -> None:
        for name in modules:
            self._modules.put(name)
        count = max(1, min(workers, len(modules)))
        threads = [threading.Thread(target=self._lead_worker, daemon=True) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._failure:
            raise WarmUpFailed(self._failure)

    def _lead_worker(self) -> None:
        search = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
        with subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": search},
        ) as worker:
            assert worker.stdin is not None
            assert worker.stdout is not None
            assert worker.stderr is not None
            noise: list[str] = []
            listener = threading.Thread(target=lambda: noise.extend(worker.stderr or ()), daemon=True)
            listener.start()
            for line in worker.stdout:
                word, _, rest = line.rstrip("\n").partition(" ")
                self._heard(word, rest)
                if word == READY:
                    worker.stdin.write(self._next_module() + "\n")
                    worker.stdin.flush()
            if worker.wait() != 0:
                listener.join()
                with self._lock:
                    self._failure = (
                        self._failure or "".join(noise) or f"worker ended with {worker.returncode}"
                    )

    def _next_module(self) -> str:
        """Return a module to compile, or nothing to send the worker home."""
        if self._failure:
            return ""
        try:
            return self._modules.get_nowait()
        except Empty:
            return ""

    def _heard(self, word: str, rest: str) -> None:
        with self._lock:
            if word == READY:
                self._total = int(rest)
            elif word == COMPILED:
                self._done += 1
            self._progress(self._done, self._total)


def _work() -> None:
    """Be a worker: say how many kernels there are, compile those of each module named on stdin."""
    from lang.jit import entry_points

    for name in kernel_modules():
        importlib.import_module(name)
    points = entry_points()
    print(READY, len(points), flush=True)
    for name in _lines():
        for point in points:
            if point.name.startswith(f"{name}.") and point.name.count(".") == name.count(".") + 1:
                point.compile()
                print(COMPILED, point.name, flush=True)
        print(READY, len(points), flush=True)


def _lines() -> Iterator[str]:
    """Yield lines of standard input up to an empty one."""
    while line := sys.stdin.readline().strip():
        yield line


if __name__ == "__main__":
    if sys.argv[1:] == ["--worker"]:
        _work()
    else:
        warm_up_with_bar()
