"""What a fuzzing target is, and what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.mutation import Mutation, words_changed

CORPUS = Path(__file__).parent / "corpus"
ROOT = Path(__file__).resolve().parents[2]

Try = Callable[[bytes], None]
"""Gives an input to the product; raises only when that shows a bug."""


@dataclass(frozen=True)
class Target:
    """One kind of input.

    Attributes:
        make: gets a folder of its own to write in, and returns what tries an input.
        seeds: returns sound inputs, besides those in the folder `corpus`.
        watched: the packages and modules whose coverage tells which inputs are new.
        quick: how many changed inputs the test suite tries.
    """

    name: str
    make: Callable[[Path], Try]
    seeds: Callable[[], Iterable[bytes]]
    watched: tuple[str, ...]
    mutate: Mutation = words_changed
    quick: int = 100

    def corpus(self) -> list[bytes]:
        """Return all inputs that are known, the kept ones first."""
        folder = CORPUS / self.name
        kept = sorted(folder.iterdir()) if folder.is_dir() else []
        return [*(path.read_bytes() for path in kept), *self.seeds()]


class Bug(AssertionError):
    """The product did what it must never do."""


def text_of(data: bytes) -> str:
    """Return an input as a text; what is no UTF-8 comes as lone surrogates, as a host might hand it over."""
    return data.decode("utf-8", "surrogateescape")


def told(error: Exception) -> None:
    """Require that an error says something."""
    if not str(error).strip():
        raise Bug(f"{type(error).__name__} without a message")
