"""Which proxies take notice of each other."""

from __future__ import annotations

from engine.physics.layout import FIXED, Array, Word
from lang.jit import kernel


@kernel
def may_meet(words: Array, a: int, b: int) -> bool:
    """Return whether two proxies take notice of each other."""
    if words[a, Word.FLAGS] & words[b, Word.FLAGS] & FIXED:
        return False
    if words[a, Word.FAMILY] == words[b, Word.FAMILY]:
        return False
    seen = words[a, Word.LAYER] & words[b, Word.MASK]
    return bool(seen != 0 and words[b, Word.LAYER] & words[a, Word.MASK] != 0)
