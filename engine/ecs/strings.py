"""The world's strings: id → UTF-8 bytes, each content once, id 0 the empty string.

Columns hold ids only. Compiled code reaches the table as `words_in(table, WorldSlot.STRINGS)`, the
bytes of a string as `bytes_at(string_address(strings, id), string_length(strings, id))`, and answers
"full" when there is no room; Python grows it up to a limit. Ids stay valid until `collect` frees
those that no column names; the state hash uses contents, never ids.
"""

# mypy: disable-error-code="no-any-return"
# Numba, not mypy, knows the types of what kernels read from arrays.

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.ecs.layout import (
    FULL,
    NONE,
    STRING_COUNTER_COUNT,
    STRING_TABLE_WORDS,
    StringCounter,
    StringSlot,
)
from engine.errors import StringTableFull
from lang.jit import bytes_at, entry, kernel, words_in, wrapping_mul

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]

ROW_BYTES = 64
"""What a row of the table counts as, beside the bytes of its string."""
FIRST_STRINGS = 256
FIRST_BYTES = 4096
DEFAULT_LIMIT = 16 * 1024 * 1024
"""Bytes of all strings of a world together, unless the game says otherwise."""

FNV_OFFSET = 0xCBF29CE484222325 - (1 << 64)
FNV_PRIME = 0x100000001B3


@kernel
def string_length(strings: Any, string: int) -> int:
    """Return the bytes of a string, or -1 for an id that is not in use."""
    if string < 0 or string >= words_in(strings, StringSlot.COUNTERS)[StringCounter.STRINGS]:
        return NONE
    return words_in(strings, StringSlot.LENGTH)[string]


@kernel
def string_address(strings: Any, string: int) -> int:
    """Return the address of the bytes of a string that is in use."""
    return strings[StringSlot.BYTES] + words_in(strings, StringSlot.START)[string]


@kernel
def string_hash(strings: Any, string: int) -> int:
    """Return the 64-bit hash of a string's content."""
    return words_in(strings, StringSlot.HASH)[string]


@kernel
def hash_bytes(text: Any, length: int) -> int:
    """Return the FNV-1a hash of the first bytes of `text`."""
    value = FNV_OFFSET
    for i in range(length):
        value = wrapping_mul(value ^ np.int64(text[i]), FNV_PRIME)
    return value


def content_hash(text: str) -> int:
    """Return what `string_hash` is for a string of this content, without storing it."""
    value = FNV_OFFSET % (1 << 64)
    for byte in text.encode():
        value = (value ^ byte) * FNV_PRIME % (1 << 64)
    return value - (1 << 64) if value >= 1 << 63 else value


@kernel
def _equals(strings: Any, string: int, text: Any, length: int) -> bool:
    if words_in(strings, StringSlot.LENGTH)[string] != length:
        return False
    known = bytes_at(string_address(strings, string), length)
    for i in range(length):
        if known[i] != text[i]:
            return False
    return True


@kernel
def _find_bucket(strings: Any, text: Any, length: int, content: int) -> int:
    """Return the bucket that holds the text, or the free one where it belongs."""
    buckets = words_in(strings, StringSlot.BUCKETS)
    hashes = words_in(strings, StringSlot.HASH)
    mask = buckets.size - 1
    at = (content ^ (content >> 32)) & mask
    while buckets[at] != 0:
        string = buckets[at] - 1
        if hashes[string] == content and _equals(strings, string, text, length):
            break
        at = (at + 1) & mask
    return at


@kernel
def find_string(strings: Any, text: Any, length: int) -> int:
    """Return the id of the first `length` bytes of `text` (uint8 view), or -1 when it is not known."""
    at = _find_bucket(strings, text, length, hash_bytes(text, length))
    return words_in(strings, StringSlot.BUCKETS)[at] - 1


@kernel
def intern_string(strings: Any, text: Any, length: int, owner: int) -> int:
    """Return the id of the first `length` bytes of `text`, storing them for a party if need be; -1: full."""
    content = hash_bytes(text, length)
    at = _find_bucket(strings, text, length, content)
    buckets = words_in(strings, StringSlot.BUCKETS)
    if buckets[at] != 0:
        return buckets[at] - 1
    counters = words_in(strings, StringSlot.COUNTERS)
    used = counters[StringCounter.BYTES]
    fresh = counters[StringCounter.FREE] == 0
    full = fresh and counters[StringCounter.STRINGS] >= strings[StringSlot.START + 1]
    if full or used + length > strings[StringSlot.BYTES + 1]:
        return FULL
    string = _take_id(strings)
    pool = bytes_at(strings[StringSlot.BYTES], strings[StringSlot.BYTES + 1])
    for i in range(length):
        pool[used + i] = text[i]
    words_in(strings, StringSlot.START)[string] = used
    words_in(strings, StringSlot.LENGTH)[string] = length
    words_in(strings, StringSlot.HASH)[string] = content
    words_in(strings, StringSlot.OWNER)[string] = owner
    words_in(strings, StringSlot.HELD)[owner] += length + ROW_BYTES
    buckets[at] = string + 1
    counters[StringCounter.BYTES] = used + length
    counters[StringCounter.LIVE] += 1
    return string


@kernel
def _take_id(strings: Any) -> int:
    counters = words_in(strings, StringSlot.COUNTERS)
    free = counters[StringCounter.FREE]
    if free > 0:
        counters[StringCounter.FREE] = free - 1
        return words_in(strings, StringSlot.FREE)[free - 1]
    string = counters[StringCounter.STRINGS]
    counters[StringCounter.STRINGS] = string + 1
    return string


@entry("int64(int64[::1], uint8[::1], int64)")
def intern_text(strings: Any, text: Any, length: int) -> int:
    """Return the id of a text, storing it for the game if need be; -1: full."""
    return intern_string(strings, text, length, 0)


@entry("int64(int64[::1], uint8[::1], int64)")
def find_text(strings: Any, text: Any, length: int) -> int:
    """Return the id of a text, or -1."""
    return find_string(strings, text, length)


@entry("int64(int64[::1])")
def fill_buckets(strings: Any) -> int:
    """Enter every string in use into the (empty) buckets; return how many there are."""
    buckets = words_in(strings, StringSlot.BUCKETS)
    lengths = words_in(strings, StringSlot.LENGTH)
    hashes = words_in(strings, StringSlot.HASH)
    mask = buckets.size - 1
    entered = 0
    for string in range(words_in(strings, StringSlot.COUNTERS)[StringCounter.STRINGS]):
        if lengths[string] >= 0:
            at = (hashes[string] ^ (hashes[string] >> 32)) & mask
            while buckets[at] != 0:
                at = (at + 1) & mask
            buckets[at] = string + 1
            entered += 1
    return entered


@entry("int64(int64[::1], boolean[::1], uint8[::1])")
def pack_texts(strings: Any, keep: Any, packed: Any) -> int:
    """Move the bytes of some strings together into another array; returns how many these are."""
    start = words_in(strings, StringSlot.START)
    end = 0
    for string in range(keep.size):
        if keep[string]:
            length = string_length(strings, string)
            text = bytes_at(string_address(strings, string), length)
            for k in range(length):
                packed[end + k] = text[k]
            start[string] = end
            end += length
    return end


class StringArrays(NamedTuple):
    """The arrays of a `StringTable`."""

    counters: I64
    bytes: U8
    start: I64
    length: I64
    hash: I64
    free: I64
    buckets: I64
    owner: I64
    held: I64

    def copies(self) -> StringArrays:
        """Return copies of all."""
        others = (self.start, self.length, self.hash, self.free, self.buckets, self.owner, self.held)
        return StringArrays(self.counters.copy(), self.bytes.copy(), *(array.copy() for array in others))


class StringTable:
    """Interned strings in flat arrays.

    Invariants: buckets are a power of two and at least twice the ids; byte ranges never overlap;
    `table` keeps its address for life.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self.table: I64 = np.zeros(STRING_TABLE_WORDS, np.int64)
        self.counters: I64 = np.zeros(STRING_COUNTER_COUNT, np.int64)
        self.bytes: U8 = np.zeros(min(FIRST_BYTES, max(limit, 1)), np.uint8)
        self.start: I64 = np.zeros(FIRST_STRINGS, np.int64)
        self.length: I64 = np.full(FIRST_STRINGS, NONE, np.int64)
        self.hash: I64 = np.zeros(FIRST_STRINGS, np.int64)
        self.free: I64 = np.zeros(FIRST_STRINGS, np.int64)
        self.buckets: I64 = np.zeros(2 * FIRST_STRINGS, np.int64)
        self.owner: I64 = np.zeros(FIRST_STRINGS, np.int64)
        self.held: I64 = np.zeros(1, np.int64)
        self.refresh()
        empty = self.intern("")
        assert empty == 0, "id 0 is the empty string"

    def __len__(self) -> int:
        return int(self.counters[StringCounter.LIVE])

    def refresh(self) -> None:
        """Write the addresses of all arrays into `table`; needed after one was replaced."""
        arrays: tuple[tuple[StringSlot, I64 | U8], ...] = (
            (StringSlot.COUNTERS, self.counters),
            (StringSlot.BYTES, self.bytes),
            (StringSlot.START, self.start),
            (StringSlot.LENGTH, self.length),
            (StringSlot.HASH, self.hash),
            (StringSlot.BUCKETS, self.buckets),
            (StringSlot.FREE, self.free),
            (StringSlot.OWNER, self.owner),
            (StringSlot.HELD, self.held),
        )
        for slot, array in arrays:
            self.table[slot] = array.ctypes.data
            self.table[slot + 1] = array.size

    @property
    def arrays(self) -> StringArrays:
        """All arrays, as they are."""
        ids = (self.start, self.length, self.hash, self.free, self.buckets, self.owner)
        return StringArrays(self.counters, self.bytes, *ids, self.held)

    def hold(self, arrays: StringArrays) -> None:
        """Work on these arrays from now on."""
        self.counters, self.bytes, self.start, self.length, self.hash, self.free, self.buckets = arrays[:7]
        self.owner, self.held = arrays[7:]
        self.refresh()

    def share(self, parties: int) -> None:
        """Let so many parties have strings of their own; those that are there are the game's."""
        self.held = np.zeros(parties, np.int64)
        self.own(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def own(self, strings: I64, owners: I64) -> None:
        """Let strings (ids) count as those of parties from now on."""
        self.owner[strings] = owners
        used = np.flatnonzero(self.length >= 0)
        self.held[:] = 0
        np.add.at(self.held, self.owner[used], self.length[used] + ROW_BYTES)
        self.refresh()

    def intern(self, text: str) -> int:
        """Return the id of a text, storing it if need be.

        Raises:
            StringTableFull: it does not fit into the limit.
        """
        data = np.frombuffer(text.encode(), np.uint8)
        view = data.copy() if data.size else np.zeros(1, np.uint8)
        while (string := int(intern_text(self.table, view, data.size))) == FULL:
            self.make_room(data.size)
        return string

    def find(self, text: str) -> int:
        """Return the id of a text, or -1 when no string has this content."""
        data = np.frombuffer(text.encode(), np.uint8)
        return int(find_text(self.table, data.copy() if data.size else np.zeros(1, np.uint8), data.size))

    def text(self, string: int) -> str:
        """Return the text of an id.

        Raises:
            ValueError: the id is not in use.
        """
        if not 0 <= string < self.counters[StringCounter.STRINGS] or self.length[string] < 0:
            message = f"string id {string} is not in use"
            raise ValueError(message)
        start = int(self.start[string])
        return self.bytes[start : start + int(self.length[string])].tobytes().decode()

    def hashes(self, strings: I64) -> I64:
        """Return the hashes of the contents of ids, which are the same in every run."""
        return self.hash[strings]

    def make_room(self, length: int) -> None:
        """Grow so that one more string of `length` bytes fits.

        Raises:
            StringTableFull: the limit forbids it. Collect first, or give up.
        """
        needed = int(self.counters[StringCounter.BYTES]) + length
        if needed > self.limit:
            raise StringTableFull(needed, self.limit)
        if needed > self.bytes.size:
            grown = np.zeros(min(max(2 * self.bytes.size, needed), self.limit), np.uint8)
            grown[: self.bytes.size] = self.bytes
            self.bytes = grown
        if self.counters[StringCounter.STRINGS] == self.start.size and not self.counters[StringCounter.FREE]:
            self._double_ids()
        self.refresh()

    def _double_ids(self) -> None:
        size = self.start.size
        self.start = np.concatenate([self.start, np.zeros(size, np.int64)])
        self.length = np.concatenate([self.length, np.full(size, NONE, np.int64)])
        self.hash = np.concatenate([self.hash, np.zeros(size, np.int64)])
        self.free = np.concatenate([self.free, np.zeros(size, np.int64)])
        self.owner = np.concatenate([self.owner, np.zeros(size, np.int64)])
        self.buckets = np.zeros(4 * size, np.int64)
        self.refresh()
        fill_buckets(self.table)

    def collect(self, used: I64) -> int:
        """Free every string that `used` (ids, in any order, repeated or not) does not name.

        Ids in use keep their numbers; their bytes are moved together. Returns the bytes freed.
        """
        count = int(self.counters[StringCounter.STRINGS])
        keep = np.zeros(count, np.bool_)
        keep[used] = True
        keep[0] = True
        keep &= self.length[:count] >= 0
        packed = np.zeros(self.bytes.size, np.uint8)
        end = int(pack_texts(self.table, keep, packed))
        freed = int(self.counters[StringCounter.BYTES]) - end
        unused = np.flatnonzero(~keep)[::-1]
        self.length[unused] = NONE
        self.free[: unused.size] = unused
        self.bytes = packed
        self.buckets = np.zeros(self.buckets.size, np.int64)
        self.counters[StringCounter.BYTES] = end
        self.counters[StringCounter.FREE] = unused.size
        self.own(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self.counters[StringCounter.LIVE] = fill_buckets(self.table)
        return freed
