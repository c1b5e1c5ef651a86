"""What physics keeps between steps beside columns, as one row of words.

The number of contacts and, above POLYGON_SHIFT, that of polygons; the contacts; the polygons; the joints.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.geometry.outlines import MOST_CORNERS, POLYGON_WORDS, Polygon
from engine.physics.joint_table import JOINT_STATE_WORDS
from engine.physics.layout import F64, I64, PERSISTENT_WORDS

POLYGON_SHIFT = 32


class PhysicsState(NamedTuple):
    """The parts of a state; views of its words."""

    contacts: I64  # [n, PERSISTENT_WORDS]
    polygons: F64  # [n, POLYGON_WORDS]
    joints: I64  # [n, JOINT_STATE_WORDS]


def joined(state: PhysicsState) -> I64:
    """Return the words of a state."""
    counts = np.array([len(state.contacts) | len(state.polygons) << POLYGON_SHIFT], np.int64)
    pool = np.ascontiguousarray(state.polygons).view(np.int64)
    return np.concatenate([counts, state.contacts.ravel(), pool.ravel(), state.joints.ravel()])


def parted(words: I64) -> PhysicsState:
    """Return the parts of the words of a state.

    Raises:
        ValueError: they are those of none, or a polygon is none that kernels may read.
    """
    first = int(words[0]) if words.ndim == 1 and words.size else -1
    count, polygons = first & (1 << POLYGON_SHIFT) - 1, first >> POLYGON_SHIFT
    pool_at = 1 + PERSISTENT_WORDS * count
    joints_at = pool_at + POLYGON_WORDS * polygons
    if first < 0 or joints_at > words.size or (words.size - joints_at) % JOINT_STATE_WORDS:
        raise ValueError("these words are no state of physics")
    pool = words[pool_at:joints_at].view(np.float64).reshape(polygons, POLYGON_WORDS)
    corners = pool[:, Polygon.COUNT]
    if not (np.isfinite(pool).all() and ((corners >= 3) & (corners <= MOST_CORNERS)).all()):
        raise ValueError("these words are no state of physics: a polygon is none")
    contacts = words[1:pool_at].reshape(count, PERSISTENT_WORDS)
    return PhysicsState(contacts, pool, words[joints_at:].reshape(-1, JOINT_STATE_WORDS))
