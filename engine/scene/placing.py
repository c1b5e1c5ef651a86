"""Where the copies of an entity stand: the same places for the same seed, on every machine.

The generator is a few lines of whole-number arithmetic, so that no library can change the places; and
only `+ - *` and comparisons touch the floats, whose results are exact everywhere.
"""

from __future__ import annotations

from engine.scene.components import Shape

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15


def mixed(word: int) -> int:
    """Scramble 64 bits. Source: Steele, Lea, Flood, SplitMix64 (2014)."""
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    word = (word ^ word >> 27) * 0x94D049BB133111EB & _MASK
    return word ^ word >> 31


class PlaceGenerator:
    """Numbers in [0, 1) that depend on the scene's seed and a stream number alone."""

    def __init__(self, seed: int, stream: int) -> None:
        self._state = mixed(seed & _MASK) ^ mixed((stream + 1) * _GOLDEN & _MASK)

    def next(self) -> float:
        """Return the next number; its 53 bits are exact."""
        self._state = self._state + _GOLDEN & _MASK
        return (mixed(self._state) >> 11) * 2.0**-53

    def in_shape(self, shape: Shape) -> tuple[float, float]:
        """Return an offset: in a box from its lower left corner, in a circle from its centre."""
        if shape.box is not None:
            return self.next() * shape.box[0], self.next() * shape.box[1]
        assert shape.circle is not None, "a shape is a box or a circle"
        while True:
            x, y = self.next() * 2.0 - 1.0, self.next() * 2.0 - 1.0
            if x * x + y * y <= 1.0:
                return x * shape.circle, y * shape.circle
