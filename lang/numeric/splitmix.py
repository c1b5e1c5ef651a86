"""The splitmix64 generator: a counter, and 64 random bits from each of its states.

All is reckoned without a sign: where signed numbers leave 64 bits, LLVM may do what it likes, and does.
Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators (2014).
"""

from __future__ import annotations

import numpy as np

from lang.jit import kernel

UNIT_53 = 1.0 / 9007199254740992.0

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@kernel
def next_state(state: int) -> int:
    """Return the state of the counter after this one."""
    return int(np.int64(np.uint64(state) + _GOLDEN))


@kernel
def mixed(state: int) -> int:
    """Return the 64 random bits that belong to a state of the counter."""
    bits = np.uint64(state)
    bits = (bits ^ (bits >> _30)) * _MIX_1
    bits = (bits ^ (bits >> _27)) * _MIX_2
    return int(np.int64(bits ^ (bits >> _31)))


@kernel
def unit_of(bits: int) -> float:
    """Return a float in [0, 1) made of the upper 53 of 64 bits."""
    return float((bits >> 11) & 0x1FFFFFFFFFFFFF) * UNIT_53
