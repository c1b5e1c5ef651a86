"""The mixing step of the splitmix64 generator: 64 random bits from a counter.

Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators (2014).
"""

from __future__ import annotations

from lang.jit import kernel

GOLDEN = -7046029254386353131  # 0x9E3779B97F4A7C15 as a signed int: what the counter grows by
UNIT_53 = 1.0 / 9007199254740992.0

_MIX_1 = -4658895280553007687  # 0xBF58476D1CE4E5B9
_MIX_2 = -7723592293110705685  # 0x94D049BB133111EB


@kernel
def mixed(state: int) -> int:
    """Return the 64 random bits that belong to a state of the counter."""
    state = (state ^ ((state >> 30) & 0x3FFFFFFFF)) * _MIX_1
    state = (state ^ ((state >> 27) & 0x1FFFFFFFFF)) * _MIX_2
    return state ^ ((state >> 31) & 0x1FFFFFFFF)


@kernel
def unit_of(bits: int) -> float:
    """Return a float in [0, 1) made of the upper 53 of 64 bits."""
    return float((bits >> 11) & 0x1FFFFFFFFFFFFF) * UNIT_53
