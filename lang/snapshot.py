"""Snapshots: the state of an instance as bytes, and the checks before such bytes become state again.

A snapshot holds the compact heap as it lies: its references count from the heap's own beginning. It fits
one program, known by the hash of all that its references may mean. Kernels trust what lies on a heap, so
bytes from elsewhere are checked to the last word; those that this process made itself need no check.
"""

from __future__ import annotations

import hashlib
import struct
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from lang.bytecode.program import Program
from lang.bytecode.verify_constants import pool_objects
from lang.errors import SnapshotError
from lang.jit import I64
from lang.layout import (
    CELL_WORDS,
    CONTAINER_WORDS,
    ENTRY_WORDS,
    FN_HEAD_WORDS,
    HEADER_SIZE_SHIFT,
    ITERATOR_WORDS,
    NO_OFFSET,
    RANGE_WORDS,
    STRING_HEAD_WORDS,
    Kind,
)
from lang.suspended import SuspendedRules
from lang.values import USER_TAG_SHIFT, Tag

MAGIC = b"rhai-state\x00\x01"
DIGEST_BYTES = 32
_HEAD = struct.Struct(f"<{len(MAGIC)}s{DIGEST_BYTES}s{DIGEST_BYTES}sqqq")
LAST_CODE_POINT = 0x10FFFF
OBJECTS = {
    Tag.STRING: Kind.STRING,
    Tag.RANGE: Kind.RANGE,
    Tag.RANGE_INCLUSIVE: Kind.RANGE,
    Tag.ITERATOR: Kind.ITERATOR,
    Tag.VEC2: Kind.VECTOR,
    Tag.VEC3: Kind.VECTOR,
    Tag.FN: Kind.FN,
    Tag.ARRAY: Kind.ARRAY,
    Tag.MAP: Kind.MAP,
    Tag.BLOB: Kind.BLOB,
    Tag.SEQUENCE: Kind.ARRAY,
}
SIZES = {
    Kind.RANGE: {RANGE_WORDS},
    Kind.ITERATOR: {ITERATOR_WORDS},
    Kind.VECTOR: {3, 4},
    Kind.ARRAY: {CONTAINER_WORDS},
    Kind.MAP: {CONTAINER_WORDS},
    Kind.BLOB: {CONTAINER_WORDS},
    Kind.CELL: {CELL_WORDS},
}
KINDS = frozenset(int(kind) for kind in Kind if kind != Kind.FORWARDED)
STORAGES = {Kind.ARRAY: Kind.VALUES, Kind.MAP: Kind.ENTRIES, Kind.BLOB: Kind.BYTES}


class Snapshot(bytes):
    """A snapshot that this process made; bytes that were elsewhere are checked when they return."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Be pickled as plain bytes: who reads them cannot know who made them."""
        return bytes, (bytes(self),)


class State(NamedTuple):
    """What a snapshot holds: the generator's state, and the words of the heap, state slots first."""

    random: int
    slots: int
    words: I64


def program_hash(program: Program) -> bytes:
    """Return a hash of all of a program that its state may refer to."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for array in (program.code, program.constants, program.pool, program.functions, program.methods):
        digest.update(struct.pack("<q", array.size) + array.tobytes())
    digest.update("\0".join(program.state_names).encode())
    return digest.digest()


def encode(program: Program, state: State) -> Snapshot:
    """Return the snapshot of a state."""
    content = state.words.tobytes()
    head = _HEAD.pack(
        MAGIC, program_hash(program), _checksum(state, content), state.random, state.slots, state.words.size
    )
    return Snapshot(head + content)


def _checksum(state: State, content: bytes) -> bytes:
    numbers = struct.pack("<qq", state.random, state.slots)
    return hashlib.blake2b(numbers + content, digest_size=DIGEST_BYTES).digest()


def decode(program: Program, data: bytes) -> State:
    """Return the state that a snapshot holds.

    Raises:
        SnapshotError: it is damaged, of another program, or nothing that a machine could have written.
    """
    if not data.startswith(MAGIC) or len(data) < _HEAD.size:
        raise SnapshotError("these bytes are no snapshot, or one of another version")
    _, of_program, checksum, random, slots, count = _HEAD.unpack_from(data)
    content = bytes(data[_HEAD.size :])
    state = State(random, slots, np.frombuffer(content[: len(content) // 8 * 8], np.int64))
    if len(content) != 8 * count or checksum != _checksum(state, content):
        raise SnapshotError("this snapshot is damaged")
    if of_program != program_hash(program) or slots != len(program.state_names):
        raise SnapshotError("this snapshot is of another program")
    if not isinstance(data, Snapshot):
        _Checker(program, state).check()
    return state


def check_parcel(words: I64) -> None:
    """Check words from elsewhere before they are taken for a parcel (`lang.vm.parcels`).

    Raises:
        SnapshotError: they are no value that could have been sent.
    """
    _Checker(None, State(0, 1, words)).check()


class _Checker:
    """The rules of a compact heap; each method raises on the first breach.

    Without a program, nothing may refer to constants or functions of one.
    """

    def __init__(self, program: Program | None, state: State) -> None:
        self.infos = program.infos if program else ()
        self.constants = pool_objects(program) if program else {}
        self.pool: list[int] = program.pool.tolist() if program else []
        self.words: list[int] = state.words.tolist()
        self.first = 2 * state.slots
        self.objects: dict[int, Kind] = {}
        self.storages: set[int] = set()
        self.held: dict[int, list[int]] = {}  # containers and pointers → those that they hold
        self.suspended = SuspendedRules(self, program) if program else None
        self.hidden: set[int] = set()  # arrays that are no values: functions that wait

    def check(self) -> None:
        """Check all objects and all values."""
        if self.first > len(self.words):
            raise SnapshotError("this snapshot has no room for its variables")
        self._headers()
        hidden_at = self._find_suspended()
        for at in range(0, self.first, 2):
            if self.words[at] != Tag.UNDEFINED and at != hidden_at:
                self.check_value(at)
        for at, kind in self.objects.items():
            self._object(at, kind)
        if self.suspended is not None:
            self.suspended.check_all()
        unclaimed = {at for at, kind in self.objects.items() if kind in STORAGES.values()} - self.storages
        if unclaimed:
            raise self.fail(unclaimed.pop(), "belongs to no container")
        self._refuse_cycles()

    def _find_suspended(self) -> int:
        if self.suspended is None:
            return -1
        self.suspended.find()
        self.hidden = self.suspended.arrays
        return 2 * self.suspended.slot

    def fail(self, at: int, sentence: str) -> SnapshotError:
        """Return the error that tells of a breach."""
        return SnapshotError(f"this snapshot is not sound: word {at} {sentence}")

    def _headers(self) -> None:
        at = self.first
        while at < len(self.words):
            header = self.words[at]
            size, kind = header >> HEADER_SIZE_SHIFT, header & 0xFF
            if kind not in KINDS or header != kind | size << HEADER_SIZE_SHIFT:
                raise self.fail(at, "is no header")
            if size < 1 or at + size > len(self.words) or size not in SIZES.get(Kind(kind), {size}):
                raise self.fail(at, "tells a size that cannot be")
            self.objects[at] = Kind(kind)
            at += size

    def _size(self, at: int) -> int:
        return self.words[at] >> HEADER_SIZE_SHIFT

    def _object(self, at: int, kind: Kind) -> None:
        match kind:
            case Kind.STRING:
                self._string(at)
            case Kind.ARRAY | Kind.MAP | Kind.BLOB:
                self._container(at, kind)
            case Kind.CELL:
                self.check_value(at + 1, at)
            case Kind.FN:
                self._pointer(at)

    def _string(self, at: int) -> None:
        size = self._size(at)
        counts = self.words[at + 1] if size >= STRING_HEAD_WORDS else -1
        length = counts & 0xFFFFFFFF
        if counts < 0 or size != STRING_HEAD_WORDS + (length + 7) // 8:
            raise self.fail(at, "is a string that is not as long as it says")
        words = self.words[at + STRING_HEAD_WORDS : at + size]
        data = struct.pack(f"<{len(words)}q", *words)
        try:
            characters = len(data[:length].decode())
        except UnicodeDecodeError:
            raise self.fail(at, "is a string that is not UTF-8") from None
        if characters != counts >> 32 or any(data[length:]):
            raise self.fail(at, "is a string that is not as long as it says")

    def _container(self, at: int, kind: Kind) -> None:
        length, storage, capacity = self.words[at + 1 : at + CONTAINER_WORDS]
        width = {Kind.ARRAY: 2 * length, Kind.MAP: ENTRY_WORDS * length, Kind.BLOB: (length + 7) // 8}[kind]
        if length == 0 and storage == NO_OFFSET and capacity == 0:
            return
        is_sound = self.objects.get(storage) == STORAGES[kind] and self._size(storage) == 1 + width
        if length < 1 or capacity != length or not is_sound or storage in self.storages:
            raise self.fail(at, "is a container whose storage is not its own")
        self.storages.add(storage)
        if kind == Kind.ARRAY and at in self.hidden:
            return
        if kind == Kind.ARRAY:
            for number in range(length):
                self.check_value(storage + 1 + 2 * number, at)
        elif kind == Kind.MAP:
            self._entries(at, storage + 1, length)

    def _entries(self, at: int, first: int, length: int) -> None:
        keys = []
        for key in range(first, first + ENTRY_WORDS * length, ENTRY_WORDS):
            if self._kind_of(self.words[key]) != Kind.STRING:
                raise self.fail(key, "is no key")
            keys.append(self.bytes_of(self.words[key]))
            self.check_value(key + 1, at)
        if any(before >= after for before, after in pairwise(keys)):
            raise self.fail(at, "is a map whose keys are not in order")

    def bytes_of(self, reference: int) -> bytes:
        """Return the bytes of a string."""
        heap, at = (self.words, reference) if reference >= 0 else (self.pool, ~reference)
        length = heap[at + 1] & 0xFFFFFFFF
        words = heap[at + STRING_HEAD_WORDS : at + (heap[at] >> HEADER_SIZE_SHIFT)]
        return struct.pack(f"<{len(words)}q", *words)[:length]

    def _pointer(self, at: int) -> None:
        size = self._size(at)
        if size < FN_HEAD_WORDS:
            raise self.fail(at, "is a pointer without a head")
        index, name, captures = self.words[at + 1 : at + FN_HEAD_WORDS]
        shared = 0
        if index >= 0:
            if index >= len(self.infos) or name != NO_OFFSET:
                raise self.fail(at, "is a pointer to no function")
            shared = self.infos[index].captures
        elif self._kind_of(name) != Kind.STRING:
            raise self.fail(at, "is a pointer without a name")
        if size != FN_HEAD_WORDS + 2 * captures or captures < shared:
            raise self.fail(at, "is a pointer that does not carry what it says")
        for number in range(captures):
            self.check_value(at + FN_HEAD_WORDS + 2 * number, at, may_be_shared=number < shared)

    def _kind_of(self, reference: int) -> Kind | None:
        return self.objects.get(reference) if reference >= 0 else self.constants.get(~reference)

    def check_value(self, at: int, holder: int = -1, *, may_be_shared: bool = False) -> None:
        """Check a value, that something on the heap holds or a state variable does."""
        word, payload = self.words[at], self.words[at + 1]
        kind = word & 0xFF
        if word < 0 or (word & (1 << USER_TAG_SHIFT) - 1) != kind:
            raise self.fail(at, "is no tag")
        if kind in OBJECTS:
            self._reference(at, Tag(kind), payload, holder)
        elif kind == Tag.CELL:
            if not may_be_shared or self.objects.get(payload) != Kind.CELL:
                raise self.fail(at, "is a shared variable where none can be")
        else:
            sound = {Tag.UNIT: payload == 0, Tag.BOOL: payload in (0, 1), Tag.INT: True, Tag.FLOAT: True}
            sound[Tag.CHAR] = 0 <= payload <= LAST_CODE_POINT
            if not sound.get(kind, False):  # type: ignore[call-overload]
                raise self.fail(at, "is no value")

    def _reference(self, at: int, tag: Tag, payload: int, holder: int) -> None:
        if self._kind_of(payload) != OBJECTS[tag] or payload in self.hidden:
            raise self.fail(at, "refers to nothing of its kind")
        if tag in (Tag.VEC2, Tag.VEC3) and (payload < 0 or self._size(payload) != 3 + (tag == Tag.VEC3)):
            raise self.fail(at, "is a vector of another size")
        if holder >= 0 and payload >= 0 and tag >= Tag.FN:
            self.held.setdefault(holder, []).append(payload)

    def _refuse_cycles(self) -> None:
        """A container holds itself by way of a shared variable only: all else would be copied for ever."""
        done: set[int] = set()
        for start, kind in self.objects.items():
            path: dict[int, list[int]] = {}
            if kind != Kind.CELL and start not in done:
                path[start] = list(self.held.get(start, ()))
            while path:
                at = next(reversed(path))
                if not path[at]:
                    done.add(at)
                    del path[at]
                    continue
                inner = path[at].pop()
                if inner in path:
                    raise self.fail(inner, "holds itself")
                if inner not in done:
                    path[inner] = list(self.held.get(inner, ()))
