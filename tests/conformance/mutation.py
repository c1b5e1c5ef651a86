"""Kit scripts with a few words swapped, dropped or repeated: what no author would write.

    python tests/conformance/mutation.py SEED COUNT

evaluates COUNT of them and fails if anything but an outcome comes back.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import harness  # noqa: E402

from lang.evaluate import Evaluator, Outcome  # noqa: E402
from lang.limits import MIB, Limits  # noqa: E402

LIMITS = Limits(operations=200_000, memory=32 * MIB, seconds=60.0)
LONGEST = 1500
WORD = re.compile(r'\s+|\w+|"[^"]*"|.', re.DOTALL)
ODD_VALUES = (
    *("-1", "0", "9223372036854775807", "-9223372036854775808", "1000000", "3.5", '"x"', "'c'"),
    *("()", "[]", "#{}", "0..3", "|x| x", "blob(3)"),
)


class Mutator:
    """Makes scripts from those of the kit; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.scripts = [case.script for case in harness.cases() if len(case.script) <= LONGEST]
        self.words = [word for script in self.scripts for word in WORD.findall(script) if word.strip()]
        called = {word for script in self.scripts for word in re.findall(r"\.(\w+)\(", script)}
        self.methods = sorted(called)

    def script(self) -> str:
        """Return the next one."""
        words = WORD.findall(self.random.choice(self.scripts))
        for _ in range(self.random.randint(1, 4)):
            if words:
                self._change(words)
        return "".join(words)

    def _change(self, words: list[str]) -> None:
        at = self.random.randrange(len(words))
        choice = self.random.random()
        if choice < 0.2:
            words[at] = self.random.choice(self.words)
        elif choice < 0.3:
            del words[at]
        elif choice < 0.4:
            words.insert(at, self.random.choice(self.words))
        elif choice < 0.7:
            self._replace(words, set(self.methods), self.methods)
        elif choice < 0.9:
            self._replace(words, {word for word in words if word.isdigit()}, ODD_VALUES)
        else:
            other = WORD.findall(self.random.choice(self.scripts))
            first = self.random.randrange(max(len(other), 1))
            words[at:at] = other[first : first + self.random.randint(1, 12)]

    def _replace(self, words: list[str], old: set[str], new: tuple[str, ...] | list[str]) -> None:
        places = [at for at, word in enumerate(words) if word in old]
        if places:
            words[self.random.choice(places)] = self.random.choice(new)


def check(seed: int, count: int) -> None:
    """Evaluate `count` scripts; raises whatever the evaluator lets through."""
    mutator = Mutator(seed)
    evaluator = Evaluator(limits=LIMITS)
    for _ in range(count):
        script = mutator.script()
        try:
            outcome = evaluator.evaluate(script)
            assert isinstance(outcome, Outcome)
        except BaseException:
            print(script, file=sys.stderr)
            raise


if __name__ == "__main__":
    check(int(sys.argv[1]), int(sys.argv[2]))
    print("fine")
