"""Many arrays as one row of words: copied out, put back, and compared with an earlier image of them.

An image holds the words of a list of arrays one after the other; arrays of bytes are filled up to whole
words. Nothing but memory is copied, so the time is that of a few megabytes, whatever they mean. Between two
images of the same arrays lies a delta: runs of words that differ, each with where it begins and how long it
is; `take_back` turns the later image into the earlier one with it.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lang.jit import bytes_at, entry, kernel, words_at

I64 = npt.NDArray[np.int64]
Array = npt.NDArray[Any]

WORD = 8
BLOCK = 16
"""Words that are compared at once."""
RUN_HEAD = 2
"""Words of a run before its content: where it begins, how many words it has."""
GAP = 3
"""So many equal words end a run: fewer cost no more than another head."""


def delta_room(words: int) -> int:
    """Return the words that the delta of an image of so many words has at most."""
    return words + RUN_HEAD * (words // (GAP + 1) + words // BLOCK + 2)


class Regions:
    """Where the arrays of a list lie, and where in an image; they are held, so none of it goes.

    Attributes:
        arrays: contiguous, of int64, float64 or uint8. sizes: elements of each.  words: of an image.
    """

    def __init__(self, arrays: Sequence[Array]) -> None:
        self.arrays = tuple(arrays)
        count = [array.nbytes for array in arrays]
        words = np.array([-(-one // WORD) for one in count], np.int64)
        self.sizes = tuple(array.size for array in arrays)
        offsets = np.cumsum(words) - words
        addresses = [array.ctypes.data for array in arrays]
        columns = [np.array(addresses, np.int64), np.array(count, np.int64), offsets]
        self._table: I64 = np.ascontiguousarray(np.stack(columns, axis=1))
        self.words = int(words.sum())

    def are(self, arrays: Sequence[Array]) -> bool:
        """Return whether these are the very arrays."""
        return len(arrays) == len(self.arrays) and all(map(_is, arrays, self.arrays))

    def image(self) -> I64:
        """Return the words of all arrays."""
        found: I64 = np.zeros(self.words, np.int64)
        copy_out(self._table, found)
        return found

    def put(self, image: I64) -> None:
        """Write an image over the arrays."""
        copy_in(self._table, image)

    def move_on(self, image: I64, room: I64) -> I64:
        """Make an earlier image the present one; return the delta with which it can be taken back.

        Args:
            room: `delta_room` words; the delta is a view of them.
        """
        return room[: int(note_changes(self._table, image, room))]


def _is(one: object, other: object) -> bool:
    return one is other


@kernel
def _last_word(address: int, count: int) -> int:
    """Return the bytes behind the last whole word of `count` bytes, as a word."""
    rest = bytes_at(address + count - count % WORD, count % WORD)
    word = 0
    for i in range(rest.size):
        word |= int(rest[i]) << (8 * i)
    return word


@entry("int64(int64[:,::1], int64[::1])")
def copy_out(regions: Any, image: Any) -> int:
    """Copy the arrays of [n, 3] regions (address, bytes, first word in the image); returns their number."""
    for number in range(regions.shape[0]):
        address, count, first = regions[number, 0], regions[number, 1], regions[number, 2]
        words = words_at(address, count // WORD)
        for i in range(words.size):
            image[first + i] = words[i]
        if count % WORD:
            image[first + words.size] = _last_word(address, count)
    return regions.shape[0]


@entry("int64(int64[:,::1], int64[::1])")
def copy_in(regions: Any, image: Any) -> int:
    """Copy an image over the arrays of [n, 3] regions; returns their number."""
    for number in range(regions.shape[0]):
        address, count, first = regions[number, 0], regions[number, 1], regions[number, 2]
        words = words_at(address, count // WORD)
        for i in range(words.size):
            words[i] = image[first + i]
        rest = bytes_at(address + WORD * words.size, count % WORD)
        for i in range(rest.size):
            rest[i] = (image[first + words.size] >> (8 * i)) & 0xFF
    return regions.shape[0]


@entry("int64(int64[:,::1], int64[::1], int64[::1])")
def note_changes(regions: Any, image: Any, delta: Any) -> int:
    """Write what the arrays hold now into an image, and what that held into `delta`; returns its words."""
    end = 0
    for number in range(regions.shape[0]):
        address, count, first = regions[number, 0], regions[number, 1], regions[number, 2]
        words = words_at(address, count // WORD)
        whole = words.size - words.size % BLOCK
        head, last = -1, -GAP - 1  # of the open run: its head in the delta; the last word that differed
        at = 0
        while at < words.size:
            if at < whole:
                differ = np.int64(0)
                for i in range(at, at + BLOCK):
                    differ |= words[i] ^ image[first + i]
                if differ == 0:
                    at += BLOCK
                    continue
            for i in range(at, min(at + BLOCK, words.size)):
                if words[i] == image[first + i]:
                    continue
                if head < 0 or i - last > GAP:
                    head, last = end, i - 1
                    delta[head] = first + i
                    end += RUN_HEAD
                while last < i:
                    last += 1
                    delta[end] = image[first + last]
                    image[first + last] = words[last]
                    end += 1
                delta[head + 1] = end - head - RUN_HEAD
            at += BLOCK
        if count % WORD and image[first + words.size] != _last_word(address, count):
            delta[end], delta[end + 1], delta[end + 2] = first + words.size, 1, image[first + words.size]
            image[first + words.size] = _last_word(address, count)
            end += RUN_HEAD + 1
    return end


@entry("int64(int64[::1], int64[::1])")
def take_back(image: Any, delta: Any) -> int:
    """Turn an image into the earlier one that a delta leads back to; returns the number of runs."""
    at, runs = 0, 0
    while at < delta.size:
        first, count = delta[at], delta[at + 1]
        for i in range(count):
            image[first + i] = delta[at + RUN_HEAD + i]
        at += RUN_HEAD + count
        runs += 1
    return runs
