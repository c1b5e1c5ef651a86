"""Pushes overlapping solids apart and takes away the speed with which they approach.

Contacts are solved one after the other in their fixed order, each with the places that the ones before it
left. No friction, no bounce, no turning.
"""

from __future__ import annotations

from engine.physics.layout import (
    LINEAR_SLOP,
    PUSH_TOLERANCE,
    SHARED_PUSH,
    SOLVER_ITERATIONS,
    Array,
    Contact,
    Depth,
    Value,
)
from engine.physics.narrow_phase import separate
from lang.jit import entry, kernel


@kernel
def _push_apart(values: Array, words: Array, a: int, b: int) -> bool:
    """Push two proxies apart, what is movable of them; returns whether anything was pushed."""
    mass_a, mass_b = values[a, Value.INVERSE_MASS], values[b, Value.INVERSE_MASS]
    gap, x, y = separate(values, words, a, b)
    if gap >= -LINEAR_SLOP - PUSH_TOLERANCE or mass_a + mass_b == 0.0:
        return False
    part = SHARED_PUSH if mass_a > 0.0 and mass_b > 0.0 else 1.0
    push = part * (-gap - LINEAR_SLOP) / (mass_a + mass_b)
    values[a, Value.X] -= x * push * mass_a
    values[a, Value.Y] -= y * push * mass_a
    values[b, Value.X] += x * push * mass_b
    values[b, Value.Y] += y * push * mass_b
    approach = (values[a, Value.VX] - values[b, Value.VX]) * x + (
        values[a, Value.VY] - values[b, Value.VY]
    ) * y
    if approach > 0.0:
        impulse = approach / (mass_a + mass_b)
        values[a, Value.VX] -= x * impulse * mass_a
        values[a, Value.VY] -= y * impulse * mass_a
        values[b, Value.VX] += x * impulse * mass_b
        values[b, Value.VY] += y * impulse * mass_b
    return True


@entry("void(float64[:,::1], int64[:,::1], int64[:,::1], int64, uint8[::1])")
def solve(values: Array, words: Array, contacts: Array, count: int, moved: Array) -> None:
    """Push the movable sides of ``count`` contacts apart, but for LINEAR_SLOP; two of them share the way.

    A contact is looked at again only after one of its sides has moved: otherwise nothing could change.

    Args:
        moved: scratch, a byte for each row of ``values``: 1 + the iteration that moved it last.
    """
    moved[: values.shape[0]] = 0
    for iteration in range(SOLVER_ITERATIONS):
        since = max(iteration, 1)
        pushed = False
        for at in range(count):
            a, b = contacts[at, Contact.FIRST_PROXY], contacts[at, Contact.SECOND_PROXY]
            is_due = moved[a] >= since or moved[b] >= since
            if iteration == 0 and contacts[at, Contact.DEPTH] == Depth.DEEP:
                is_due = True
            if is_due and contacts[at, Contact.SENSOR] == 0 and _push_apart(values, words, a, b):
                pushed = True
                moved[a] = moved[b] = iteration + 1
        if not pushed:
            return
