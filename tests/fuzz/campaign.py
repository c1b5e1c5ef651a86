"""Tries inputs one after the other in this process, and keeps what shows a bug.

The present input lies in a file that outlives the process, so that whoever watches it knows what killed it.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import struct
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import TracebackType

from tests.fuzz.mutation import LONGEST
from tests.fuzz.target import ROOT, Bug, Target

MOST_SECONDS = 1.0
"""Of processor time: other programs may have the machine as well."""
MOST_MEMORY = 256 * 1024 * 1024
"""Bytes by which an input may raise the most that this process ever had."""
FRAMES = 3
_HEAD = struct.Struct("<QQQ")
_SIZE = _HEAD.size + 4 * LONGEST
REPORTS = re.compile(rb"^(INFO|WARNING: |#\d+\s|Slowest unit|\s*NEW_FUNC).*$", re.MULTILINE)


class Progress:
    """How far a process is: in a file that another process reads."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(_SIZE))
        with file.open("r+b") as stream:
            self._map = mmap.mmap(stream.fileno(), _SIZE)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Executions begun, findings, size of the present input (all ones: none)."""
        return _HEAD.unpack_from(self._map)

    @property
    def input(self) -> bytes:
        """The present input."""
        size = self.counts[2]
        return self._map[_HEAD.size : _HEAD.size + size]

    def begin(self, data: bytes) -> None:
        """Note that an input is tried."""
        executions, findings, _ = self.counts
        data = data[: 4 * LONGEST]
        self._map[_HEAD.size : _HEAD.size + len(data)] = data
        _HEAD.pack_into(self._map, 0, executions + 1, findings, len(data))

    def found(self) -> None:
        """Note that there is one more finding."""
        executions, findings, size = self.counts
        _HEAD.pack_into(self._map, 0, executions, findings + 1, size)


def place_of(trace: TracebackType | None) -> str:
    """Return where an exception came from: the last frames in our own code."""
    frames = [one for one in traceback.extract_tb(trace) if one.filename.startswith(str(ROOT))]
    return " ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames[-FRAMES:])


def keep(folder: Path, target: str, key: str, data: bytes, report: str) -> bool:
    """Keep an input that shows a bug; returns whether it is the first one of its kind."""
    name = f"{target}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    if (folder / name).exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    (folder / f"{name}.txt").write_text(f"{key}\n{report}", encoding="utf-8", errors="replace")
    return True


class Campaign:
    """Gives inputs to a target and judges what happens."""

    def __init__(self, target: Target, scratch: Path, findings: Path, progress: Progress) -> None:
        self.target = target
        self._attempt = target.make(scratch)
        self._findings = findings
        self._progress = progress
        self._errors_seen = _errors_size()

    def execute(self, data: bytes) -> None:
        """Try an input."""
        self._progress.begin(data)
        self._errors_seen = _errors_size()
        memory = _most_memory()
        seconds = self._seconds(data)
        if seconds > MOST_SECONDS and self._seconds(data) > MOST_SECONDS:  # a kernel may have been compiled
            self._keep("takes too long", data, f"{seconds:.1f} s of processor time")
        grown = _most_memory() - memory
        if grown > MOST_MEMORY:
            self._keep("takes too much memory", data, f"{grown} bytes more")
        self._look_at_errors(data)

    def _seconds(self, data: bytes) -> float:
        began = time.process_time()
        try:
            self._attempt(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            what = str(error) if isinstance(error, Bug) else type(error).__name__
            place = place_of(error.__traceback__)
            self._keep(f"{re.sub(r'[0-9]+', 'N', what)} at {place}", data, traceback.format_exc())
        return time.process_time() - began

    def _look_at_errors(self, data: bytes) -> None:
        """Kernels with checked bounds say on standard error what they must not do; they cannot raise."""
        size = _errors_size()
        if size > self._errors_seen:
            said = os.pread(2, size - self._errors_seen, self._errors_seen)
            said = REPORTS.sub(b"", said).strip()
            if said:
                text = said.decode("utf-8", "replace")
                self._keep(f"said {text.splitlines()[-1]}", data, text[-20_000:])

    def _keep(self, key: str, data: bytes, report: str) -> None:
        if keep(self._findings, self.target.name, key, data, report):
            self._progress.found()


def _errors_size() -> int:
    """Return how many bytes standard error has, if it is a file."""
    return os.fstat(2).st_size if sys.platform != "win32" else 0


def _most_memory() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def changed_inputs(target: Target, seed: int, corpus: list[bytes]) -> Callable[[int], bytes]:
    """Return what makes the input of a number; the same seed gives the same ones."""

    def make(number: int) -> bytes:
        if number < len(corpus):
            return corpus[number]
        random = Random(f"{target.name} {seed} {number}")
        data = random.choice(corpus)
        for _ in range(random.choice((1, 1, 2))):
            data = target.mutate(data, random.choice(corpus), random)
        return data

    return make
