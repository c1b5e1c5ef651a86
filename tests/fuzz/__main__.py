"""Gives changed inputs to the readers of the product, for as long as one likes.

    python -m tests.fuzz TARGET… | all  [--seconds N | --executions N] [--seed S] [--corpus DIR]
                                        [--findings DIR] [--jobs N] [--plain]

Each target runs in processes of its own, for so many seconds or executions each. With atheris installed
(`pip install 'astraweave[fuzz]'`, Linux and macOS) inputs that reach new lines are kept and changed further;
`--plain` does without. `--corpus DIR` keeps them for the next run. What shows a bug is written to the folder
of findings, an input and its report a bug, and the status is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import guidance
from tests.fuzz.campaign import Campaign, Progress, changed_inputs, keep
from tests.fuzz.catalogue import TARGETS
from tests.fuzz.target import ROOT

HUNG = 120.0
"""Seconds without progress after which a process is killed: a kernel may have to be compiled."""
EVERY = 10.0
"""Seconds between two lines of progress."""


@dataclass
class Share:
    """What one process does."""

    target: str
    seed: int
    executions: int
    seconds: int
    corpus: Path | None
    findings: Path
    plain: bool

    def words(self, scratch: Path, first: int) -> list[str]:
        """Return the command line of the process."""
        words = ["--work", self.target, "--seed", str(self.seed), "--findings", str(self.findings)]
        words += ["--executions", str(self.executions), "--seconds", str(self.seconds)]
        words += ["--scratch", str(scratch), "--first", str(first)]
        words += ["--corpus", str(self.corpus)] if self.corpus else []
        return words + (["--plain"] if self.plain else [])


def work(options: argparse.Namespace) -> None:
    """Be one of the processes."""
    target = TARGETS[options.targets[0]]
    scratch: Path = options.scratch
    progress = Progress(scratch / "progress")
    os.environ["HOME"] = os.environ.get("HOME", str(scratch))
    folder = scratch / "files"
    folder.mkdir(exist_ok=True)
    corpus = target.corpus()
    campaign = Campaign(target, folder, options.findings, progress)
    if options.plain or not guidance.is_there():
        _without_coverage(campaign, options, corpus)
        return
    inputs: Path = options.corpus / target.name if options.corpus else scratch / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(corpus):
        (inputs / f"seed-{number}").write_bytes(data)
    guidance.watch(target)
    left = max(options.executions - options.first, 1) if options.executions else 0
    guidance.run(campaign, target, inputs, options.seed + options.first, left, options.seconds)


def _without_coverage(campaign: Campaign, options: argparse.Namespace, corpus: list[bytes]) -> None:
    make = changed_inputs(campaign.target, options.seed, corpus)
    end = time.monotonic() + options.seconds
    number = options.first
    while number < options.executions if options.executions else time.monotonic() < end:
        campaign.execute(make(number))
        number += 1


class Worker:
    """A process at a share, followed by another one when an input kills it."""

    def __init__(self, share: Share) -> None:
        self.share = share
        self.scratch = Path(tempfile.mkdtemp(prefix=f"fuzz-{share.target}-"))
        self.progress = Progress(self.scratch / "progress")
        self.began = time.monotonic()
        self._seconds = share.seconds
        self._start()

    def _start(self) -> None:
        self._seen, self._moved = self.progress.counts[0], time.monotonic()
        share = self.share
        if share.seconds:
            share.seconds = max(int(self._seconds - (time.monotonic() - self.began)), 1)
        command = [sys.executable, "-m", "tests.fuzz", *share.words(self.scratch, self.executions)]
        with (self.scratch / "errors").open("w+") as errors:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stderr=errors, stdout=subprocess.DEVNULL, env=_environment(self.scratch)
            )

    @property
    def executions(self) -> int:
        """How many inputs were tried."""
        return self.progress.counts[0]

    def is_done(self) -> bool:
        """Return whether all is done; what killed or stopped the process is kept."""
        status = self._process.poll()
        if status == 0:
            return True
        if self.executions != self._seen:
            self._seen, self._moved = self.executions, time.monotonic()
        if status is None and time.monotonic() - self._moved < HUNG:
            return False
        if status is None:
            self._process.kill()
            self._process.wait()
        said = (self.scratch / "errors").read_text(errors="replace")[-20_000:]
        if not self.executions:
            raise RuntimeError(f"{self.share.target} does not start:\n{said}")
        reason = "hangs" if status is None else f"the process ended with {status}"
        key = f"{reason} at {hashlib.sha256(self.progress.input).hexdigest()}"
        if keep(self.share.findings, self.share.target, key, self.progress.input, said):
            self.progress.found()
        if self._has_enough():
            return True
        self._start()
        return False

    def _has_enough(self) -> bool:
        share = self.share
        is_late = bool(share.seconds) and time.monotonic() - self.began > self._seconds
        return is_late or (bool(share.executions) and self.executions >= share.executions)

    def line(self) -> str:
        """Tell how far it is."""
        executions, findings, _ = self.progress.counts
        rate = executions / max(time.monotonic() - self.began, 0.001)
        return f"{self.share.target:14} {executions:9} executions {rate:8.0f}/s {findings:3} findings"

    def close(self) -> None:
        """Remove its files."""
        shutil.rmtree(self.scratch, ignore_errors=True)


def _environment(scratch: Path) -> dict[str, str]:
    """Return an environment in which the user's own settings and mods are not seen."""
    empty = {"XDG_CONFIG_HOME": str(scratch / "config"), "XDG_DATA_HOME": str(scratch / "data")}
    return {**os.environ, **empty}


def run(shares: list[Share], jobs: int) -> int:
    """Let so many processes at a time do all shares; returns the number of findings."""
    waiting, running, found = deque(shares), [], 0
    told = time.monotonic()
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(Worker(waiting.popleft()))
        time.sleep(0.1)
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            print(*(worker.line() for worker in running), sep="\n", flush=True)
        for worker in [one for one in running if one.is_done()]:
            print("done:", worker.line(), flush=True)
            found += worker.progress.counts[1]
            worker.close()
            running.remove(worker)
    return found


def main(words: list[str] | None = None) -> int:
    """Run the command; returns its status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="+", choices=[*TARGETS, "all"], metavar="TARGET")
    amount = parser.add_argument_group("how much, for each target")
    amount.add_argument("--seconds", type=int, default=0)
    amount.add_argument("--executions", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--corpus", type=Path, help="keeps inputs that reach new lines")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--plain", action="store_true", help="without coverage")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    options.findings = options.findings.resolve()
    if options.work:
        work(options)
        return 0
    if not options.executions and not options.seconds:
        options.seconds = 60
    names = list(TARGETS) if "all" in options.targets else options.targets
    corpus = options.corpus and options.corpus.resolve()
    amounts = (options.executions, options.seconds, corpus, options.findings, options.plain)
    found = run([Share(name, options.seed, *amounts) for name in names], options.jobs)
    print(f"{found} findings in {options.findings}" if found else "no findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
