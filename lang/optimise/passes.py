"""Which passes there are."""

from __future__ import annotations

from enum import StrEnum, unique


@unique
class Pass(StrEnum):
    """A pass of the optimiser. None of them changes what a script does, costs, or where a limit strikes."""

    FOLD = "fold"  # operations on constants, and constants in place of variables that never change
    BRANCHES = "branches"  # jumps on constants, and code that nothing reaches
    FUSE = "fuse"  # several instructions become one
    THREAD = "thread"  # a jump to a jump goes where that one leads
    AHEAD = "ahead"  # an instruction does the ones after it, too, where they are simple


ALL_PASSES = frozenset(Pass)
NO_PASSES: frozenset[Pass] = frozenset()
