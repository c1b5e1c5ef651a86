"""Strings as arguments of callbacks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.ecs.world import World
from lang.jit import I64
from lang.values import Tag


def names_as_words(world: World, names: I64) -> tuple[I64, npt.NDArray[np.uint8]]:
    """Return strings of a world, by their ids [n], as arguments [n, 3], and the bytes that these point to."""
    numbers: dict[int, int] = {}
    which = [numbers.setdefault(name, len(numbers)) for name in names.tolist()]
    found, texts = texts_as_words([world.strings.text(name) for name in numbers])
    return found[which], texts


def texts_as_words(texts: Sequence[str]) -> tuple[I64, npt.NDArray[np.uint8]]:
    """Return strings as arguments [n, 3] and the bytes that these point to, which must live as long."""
    data = [text.encode() for text in texts]
    joined = np.frombuffer(b"".join(data) or b"\0", np.uint8).copy()
    words = np.zeros((len(texts), 3), np.int64)
    words[:, 0] = int(Tag.STRING)
    words[:, 1] = np.cumsum([0, *map(len, data)])[:-1] + joined.ctypes.data
    words[:, 2] = [len(raw) | len(text) << 32 for raw, text in zip(data, texts, strict=True)]
    return words, joined
