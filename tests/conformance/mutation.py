"""Kit scripts with a few words or bytes swapped, dropped or repeated: what no author would write."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import harness  # noqa: E402

from lang.limits import MIB, Limits  # noqa: E402

LIMITS = Limits(operations=200_000, memory=32 * MIB, seconds=60.0)
LONGEST = 1500
SHARE_OF_BYTES = 0.25
WORD = re.compile(r'\s+|\w+|"[^"]*"|.', re.DOTALL)
ODD_VALUES = (
    *("-1", "0", "9223372036854775807", "-9223372036854775808", "1000000", "3.5", '"x"', "'c'"),
    *("()", "[]", "#{}", "0..3", "|x| x", "blob(3)"),
)


class Mutator:
    """Makes scripts from those of the kit; the same seed and number give the same one."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.scripts = [case.script for case in harness.cases() if len(case.script) <= LONGEST]
        self.words = [word for script in self.scripts for word in WORD.findall(script) if word.strip()]
        called = {word for script in self.scripts for word in re.findall(r"\.(\w+)\(", script)}
        self.methods = sorted(called)

    def numbered(self, first: int, end: int) -> Iterator[tuple[int, str]]:
        """Yield the scripts of these numbers."""
        for number in range(first, end):
            self.random.seed(f"{self.seed} {number}")
            yield number, self.script()

    def script(self) -> str:
        """Return the next one."""
        if self.random.random() < SHARE_OF_BYTES:
            return self._other_bytes(self.random.choice(self.scripts).encode())
        words = WORD.findall(self.random.choice(self.scripts))
        for _ in range(self.random.randint(1, 4)):
            if words:
                self._change(words)
        return "".join(words)

    def _other_bytes(self, text: bytes) -> str:
        """Change bytes; what is no UTF-8 then comes as lone surrogates, as a host might hand it over."""
        data = bytearray(text)
        for _ in range(self.random.randint(1, 6)):
            at = self.random.randrange(len(data) + 1)
            choice = self.random.random()
            if choice < 0.3:
                del data[at : at + self.random.randint(1, 4)]
            elif choice < 0.6:
                data[at:at] = data[at : at + self.random.randint(1, 20)]
            elif choice < 0.8 and at < len(data):
                data[at] ^= 1 << self.random.randrange(8)
            else:
                data.insert(at, self.random.randrange(256))
        return data.decode("utf-8", self.random.choice(("replace", "surrogateescape")))

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
