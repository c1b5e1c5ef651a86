"""What the overlays say: pure text, so that it can be tested without a window."""

from __future__ import annotations

from collections.abc import Sequence

TICKS_A_SECOND = 60


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Return lines of a name on the left and a value on the right, in columns."""
    left = max((len(name) for name, _ in rows), default=0)
    right = max((len(value) for _, value in rows), default=0)
    return "\n".join(f"{name:<{left}}  {value:>{right}}" for name, value in rows)


def rewind_text(taken: int, left: int) -> str:
    """Return what the sign of a rewind says: ticks taken back, and those that still can be."""
    rest = f"{left / TICKS_A_SECOND:.1f} s left" if left else "nothing before this is kept"
    return f"Rewinding   ·   {taken / TICKS_A_SECOND:.1f} s back   ·   {rest}"
