"""Evaluates scripts that no author wrote, in processes of their own.

    python tests/conformance/fuzz.py SEED COUNT [--programs COUNT] [--kit] [--workers N] [--keep FOLDER]

A worker that crashes, hangs, lets an exception through, takes too long or writes to standard error (as
kernels with NUMBA_BOUNDSCHECK=1 do when they reach out of an array) leaves the script as a file in FOLDER;
the others go on. Ends with status 1 if there is such a file. Progress goes to FOLDER/progress-*.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1]), str(HERE.parent / "lang" / "differential")]

import harness  # noqa: E402
from generator import Generator  # noqa: E402
from mutation import LIMITS, Mutator  # noqa: E402

from lang.evaluate import Evaluator, Outcome  # noqa: E402

LONGEST = 2.0  # seconds a script may take
HUNG = 400.0  # seconds without progress after which a worker is killed: more than compiling a kernel takes


@dataclass(frozen=True)
class Share:
    """What a worker does: scripts `first` to `end` of a kind."""

    kind: str
    seed: int
    first: int
    end: int

    def scripts(self) -> Iterator[tuple[int, str]]:
        """Yield numbers and scripts."""
        if self.kind == "mutations":
            yield from Mutator(self.seed).numbered(self.first, self.end)
        elif self.kind == "programs":
            for number in range(self.first, self.end):
                yield (
                    number,
                    "\n".join(Generator(Random(f"{self.seed} {number}"), 14, mistakes=0.01).program()),
                )
        else:
            for number, case in enumerate(harness.cases()):
                if self.first <= number < self.end:
                    yield number, case.script


class Finding(Exception):
    """A script did what no script may do."""


def seconds_of(evaluator: Evaluator, script: str) -> float:
    """Evaluate a script and return the seconds it took."""
    started = time.monotonic()
    try:
        outcome = evaluator.evaluate(script)
    except Exception:  # noqa: BLE001 - whatever it is, it is a finding
        raise Finding(traceback.format_exc()) from None
    if not isinstance(outcome, Outcome):
        raise Finding(f"{outcome!r} is no outcome")
    return time.monotonic() - started


def examine(evaluator: Evaluator, script: str, errors: int) -> float:
    """Evaluate a script and return the seconds it took.

    Args:
        evaluator: what evaluates. script: what. errors: the file descriptor of standard error.

    Raises:
        Finding: something else than an outcome came of it, it took too long, or there was a report.
    """
    before = os.fstat(errors).st_size
    seconds = seconds_of(evaluator, script)
    if seconds > LONGEST:  # the first call of a kernel may have compiled it
        seconds = seconds_of(evaluator, script)
    if seconds > LONGEST:
        raise Finding(f"took {seconds:.1f} s")
    if os.fstat(errors).st_size != before:
        raise Finding(os.pread(errors, 100_000, before).decode("utf-8", "replace"))
    return seconds


def work(share: Share, folder: Path, name: str) -> None:
    """Do a share in this process, telling of it in files of that name."""
    current, progress = folder / f"current-{name}", folder / f"progress-{name}"
    errors = os.open(folder / f"errors-{name}", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    os.dup2(errors, 2)
    evaluator = Evaluator(limits=LIMITS)
    longest = 0.0
    for number, script in share.scripts():
        current.write_bytes(f"{number}\n{script}".encode("utf-8", "surrogateescape"))
        try:
            longest = max(longest, examine(evaluator, script, errors))
        except Finding as finding:
            keep(folder, share, number, script, str(finding))
            evaluator = Evaluator(limits=LIMITS)
        if number % 100 == 0:
            progress.write_text(f"{share.kind} {number + 1} of {share.end}, longest {longest:.3f} s\n")
    progress.write_text(f"{share.kind} {share.end} of {share.end}, longest {longest:.3f} s\n")


def keep(folder: Path, share: Share, number: int, script: str, reason: str) -> None:
    """Write a script that was found, and why."""
    path = folder / f"found-{share.kind}-{share.seed}-{number}.rhai"
    path.write_bytes(script.encode("utf-8", "surrogateescape"))
    path.with_suffix(".txt").write_text(reason, encoding="utf-8")


class Worker:
    """A process that does a share, and is started again behind a script that killed it."""

    def __init__(self, share: Share, folder: Path, name: str) -> None:
        self.share = share
        self.folder = folder
        self.name = name
        self.current = folder / f"current-{name}"
        self.start(share.first)

    def start(self, first: int) -> None:
        """Start a process at a script."""
        self.current.unlink(missing_ok=True)
        self.began = time.monotonic()
        share = self.share
        words = [share.kind, str(share.seed), str(first), str(share.end), str(self.folder), self.name]
        self.process = subprocess.Popen([sys.executable, __file__, "--work", *words])

    def is_done(self) -> bool:
        """Return whether the share is done; a process that ended badly or hangs gets a successor."""
        status = self.process.poll()
        if status == 0:
            return True
        stamp = self.current.stat().st_mtime if self.current.exists() else None
        if status is None and (stamp is None or time.time() - stamp < HUNG):
            return False
        if status is None:
            self.process.kill()
            self.process.wait()
        if stamp is None:
            raise RuntimeError(f"a worker did not start: see {self.folder}/errors-{self.name}")
        text = self.current.read_bytes().decode("utf-8", "surrogateescape")
        number, _, script = text.partition("\n")
        reason = f"no progress in {HUNG:.0f} s" if status is None else f"the process ended with {status}"
        report = (self.folder / f"errors-{self.name}").read_text(errors="replace")[-5000:]
        keep(self.folder, self.share, int(number), script, f"{reason}\n{report}")
        self.start(int(number) + 1)
        return False


def shares(options: argparse.Namespace) -> list[Share]:
    """Divide the work."""
    totals = {"mutations": options.count, "programs": options.programs}
    if options.kit:
        totals["kit"] = sum(1 for _ in harness.cases())
    found = []
    for kind, total in totals.items():
        step = max(-(-total // options.workers), 1)
        found += [Share(kind, options.seed, n, min(n + step, total)) for n in range(0, total, step)]
    return found


def main(words: list[str]) -> int:
    """Run the command; returns its status."""
    if words[:1] == ["--work"]:
        kind, seed, first, end, folder, name = words[1:]
        work(Share(kind, int(seed), int(first), int(end)), Path(folder), name)
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("seed", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--programs", type=int, default=0, help="random programs beside the mutations")
    parser.add_argument("--kit", action="store_true", help="the kit's scripts as they are, too")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=None)
    options = parser.parse_args(words)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    return run(shares(options), options.workers, folder)


def run(waiting: list[Share], count: int, folder: Path) -> int:
    """Let so many workers at a time do all shares; returns 1 if anything was found."""
    running: list[Worker] = []
    number = 0
    while waiting or running:
        while waiting and len(running) < count:
            number += 1
            running.append(Worker(waiting.pop(0), folder, str(number)))
        running = [worker for worker in running if not worker.is_done()]
        time.sleep(0.05)
    for path in sorted(folder.glob("progress-*")):
        print(path.read_text(encoding="utf-8").strip())
    found = sorted(folder.glob("found-*.rhai"))
    for path in found:
        print(path, last_line(path.with_suffix(".txt")))
    print(f"{len(found)} found")
    return 1 if found else 0


def last_line(path: Path) -> str:
    """Return the last line of a report, which tells what happened."""
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    return lines[-1] if lines else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
