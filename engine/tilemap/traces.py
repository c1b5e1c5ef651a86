"""The ways that scripts found last, kept to be shown; no part of the state.

They lie behind the tables of `WorldSlot.TILES`: how many legs were ever kept, then a ring of MOST_LEGS rows
of LEG_WORDS: tick, x and y of both ends in metres (bits of floats).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.tilemap.layout import TABLES, TileWord
from lang.jit import I64, float_bits, kernel

LEG_WORDS = 5
MOST_LEGS = 512
TRACE_WORDS = 1 + LEG_WORDS * MOST_LEGS
SHOWN_TICKS = 60


@kernel
def keep_leg(tiles: I64, tick: int, x: float, y: float, to_x: float, to_y: float) -> None:
    """Keep one leg of a way, in the place of the oldest."""
    first = TileWord.FIRST_CELL + TABLES * tiles[TileWord.COLUMNS] * tiles[TileWord.ROWS]
    at = first + 1 + LEG_WORDS * (tiles[first] % MOST_LEGS)
    tiles[first] += 1
    tiles[at] = tick
    tiles[at + 1] = float_bits(x)
    tiles[at + 2] = float_bits(y)
    tiles[at + 3] = float_bits(to_x)
    tiles[at + 4] = float_bits(to_y)


def legs(tiles: I64, tick: int) -> npt.NDArray[np.float64]:
    """Return the legs [n, 4] of the last second before a tick: x, y of both ends in metres."""
    kept = tiles[-TRACE_WORDS:]
    rows = kept[1:].reshape(MOST_LEGS, LEG_WORDS)[: min(int(kept[0]), MOST_LEGS)]
    return rows[rows[:, 0] > tick - SHOWN_TICKS, 1:].copy().view(np.float64)
