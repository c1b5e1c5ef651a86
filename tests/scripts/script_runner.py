"""Runs the scripts of this folder and compares what they do with what their lines expect.

`// expect: text` on a line: that line prints the text. `// expect fault: text` on a line: the run ends
there with that message. On top may stand `// mode: entity` (default: vectors) and
`// limits: operations=100 call_depth=8`.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.errors import CompileError, ScriptError
from lang.evaluation import NATIVES
from lang.layout import M, Status
from lang.limits import Limits
from lang.machine import Machine
from lang.prelude import prelude_program
from lang.source import Source
from lang.stdlib.registry import NativeTable
from lang.stdlib.table import standard_natives
from lang.vm.collect import collect_garbage

FOLDER = Path(__file__).parent
MODES: dict[str, dict[str, Any]] = {
    "strict": {},
    "vectors": {"vectors": True},
    "eval": {"vectors": True, "eval": True},
    "entity": {"vectors": True, "entity": True, "context": ("entity_id", "delta_time", "tick")},
}


def natives_with_evaluation() -> NativeTable:
    """Return the table of natives that scripts of all modes need."""
    table = standard_natives()
    table.extend(NATIVES)
    return table


POISON = 0x5AD5AD5AD5AD5AD5
_EXPECT = re.compile(r"// expect: ?(.*)$")
_FAULT = re.compile(r"// expect (?:fault|error): (.*)$")
_HEAD = re.compile(r"^// (mode|limits): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What a run did: prints, and the fault with its line (None: it ended well)."""

    printed: tuple[str, ...]
    fault: tuple[int | None, str] | None


def script_files() -> list[Path]:
    """Return all scripts, in order."""
    return sorted(FOLDER.rglob("*.rhai"))


def expected(text: str) -> Outcome:
    """Return what a script's comments expect."""
    printed = []
    fault = None
    for number, line in enumerate(text.splitlines(), 1):
        if match := _EXPECT.search(line):
            printed.append(match[1])
        elif match := _FAULT.search(line):
            assert fault is None, "a run has one fault"
            fault = (number, match[1])
    return Outcome(tuple(printed), fault)


def heads(text: str) -> tuple[str, Limits]:
    """Return the mode and the limits that a script asks for."""
    found = dict(_HEAD.findall(text))
    limits = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", found.get("limits", ""))}
    return found.get("mode", "vectors"), Limits(**{"operations": 200_000, **limits})


class Runner:
    """Runs scripts in one machine."""

    def __init__(self, natives: Any, prelude: Any, machine: Machine | None = None) -> None:
        self.natives = natives
        self.prelude = prelude
        self.machine = machine or Machine(natives)

    def compile(self, text: str, mode: str) -> Any:
        """Return a script's program."""
        return compile_source(Source(text), Options(self.natives, **MODES[mode]), self.prelude)

    def run(self, text: str) -> Outcome:
        """Run a script."""
        mode, limits = heads(text)
        printed: list[str] = []
        self.machine.on_print = printed.append
        self.machine.set_limits(limits)
        try:
            program = self.compile(text, mode)
        except CompileError as error:
            return Outcome((), (error.line, error.message))
        instance = self.machine.create(program)
        try:
            self.machine.run_top_level(instance)
        except ScriptError as error:
            return Outcome(tuple(printed), (error.line, error.message))
        finally:
            self.machine.destroy(instance)
        return Outcome(tuple(printed), None)


class CollectingMachine(Machine):
    """Collects before every instruction and spoils what is not live: a forgotten root shows at once."""

    collections = 0

    def start_fuel(self, operations: int) -> None:
        """Give the run no operation, so that the first instruction already asks."""
        super().start_fuel(operations)
        self.words[M.FUEL] = 0
        self.words[M.RESERVE] = operations

    def _next_slice(self) -> Any:
        fault = super()._next_slice()
        if fault is None:
            cost = int(self.program.code[self.word(M.PC)]) >> 56
            total = self.word(M.FUEL) + self.word(M.RESERVE)
            self.words[M.FUEL] = cost
            self.words[M.RESERVE] = total - cost
            self.collect()
        return fault

    def collect(self) -> None:
        """Collect, and fill the free part of the heap with nonsense."""
        while collect_garbage(self.address) != Status.OK:
            self.grow_arena()
        self.collections += 1
        self.memory.heap[self.word(M.HEAP_TOP) :] = POISON


class CrampedMachine(CollectingMachine):
    """Has no free word at any instruction: each allocation collects and moves the heap elsewhere."""

    def collect(self) -> None:
        """Pretend that the heap ends where it is filled to; the memory behind it is spoilt."""
        capacity = self.memory.heap
        capacity[self.word(M.HEAP_TOP) :] = POISON
        self.words[M.HEAP_WORDS] = self.word(M.HEAP_TOP)
        self.collections += 1


def main() -> None:
    """Run every script and report those that differ, for runs with other flags of the compiler."""
    natives = natives_with_evaluation()
    runner = Runner(natives, prelude_program(natives))
    different = [
        path.name
        for path in script_files()
        if runner.run(text := path.read_text(encoding="utf-8")) != expected(text)
    ]
    print(len(script_files()), "scripts,", "different:", *different)


if __name__ == "__main__":
    main()
