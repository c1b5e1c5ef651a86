"""The verifier's part for constants: the objects of the pool, and the values that refer to them."""

from __future__ import annotations

import numpy as np

from lang.bytecode.program import Program
from lang.errors import VerifyError
from lang.layout import FN_HEAD_WORDS, HEADER_SIZE_SHIFT, RANGE_WORDS, STRING_HEAD_WORDS, UNITS, Kind
from lang.values import Tag

BYTES_MASK = 0xFFFFFFFF
LAST_CODE_POINT = 0x10FFFF
OBJECTS = {
    Tag.STRING: Kind.STRING,
    Tag.RANGE: Kind.RANGE,
    Tag.RANGE_INCLUSIVE: Kind.RANGE,
    Tag.FN: Kind.FN,
}


def verify_constants(program: Program) -> frozenset[int]:
    """Check the constant heap and the constants; returns the references of the strings.

    Raises:
        VerifyError: an object is malformed, or a constant refers to none of its kind.
    """
    if program.constants.size % 2:
        raise VerifyError("a constant is a tag and a payload")
    objects = pool_objects(program)
    strings = frozenset(~at for at, kind in objects.items() if kind == Kind.STRING)
    for at, kind in objects.items():
        if kind == Kind.FN:
            _pointer(program, at, strings)
    for number, (tag, payload) in enumerate(program.constants.reshape(-1, 2).tolist()):
        if tag in OBJECTS:
            sound = payload < 0 and objects.get(~payload) == OBJECTS[Tag(tag)]
        elif tag == Tag.BOOL:
            sound = payload in {0, 1}
        elif tag == Tag.CHAR:
            sound = 0 <= payload <= LAST_CODE_POINT
        else:
            sound = tag in {Tag.UNIT, Tag.INT, Tag.FLOAT}
        if not sound:
            raise VerifyError(f"constant {number} is not sound")
    return strings


def pool_objects(program: Program) -> dict[int, Kind]:
    """Return the kinds of the pool's objects by offset.

    Raises:
        VerifyError: an object is malformed.
    """
    objects: dict[int, Kind] = {}
    at = 0
    while at < program.pool.size:
        header = int(program.pool[at])
        size = header >> HEADER_SIZE_SHIFT
        kind = header & 0xFF
        if size < 1 or at + size > program.pool.size:
            raise VerifyError(f"the constant object at {at} reaches out of the pool")
        if kind == Kind.STRING:
            _string(program, at, size)
        elif (kind, size) not in {(Kind.RANGE, RANGE_WORDS), (Kind.FN, FN_HEAD_WORDS)}:
            raise VerifyError(f"the constant object at {at} is of no kind that a pool holds")
        objects[at] = Kind(kind)
        at += size
    return objects


def _string(program: Program, at: int, size: int) -> None:
    counts = int(program.pool[at + 1]) if size >= STRING_HEAD_WORDS else -1
    length = counts & BYTES_MASK
    if counts < 0 or size != STRING_HEAD_WORDS + (length + 7) // 8:
        raise VerifyError(f"the string at {at} is not as long as it says")
    data = np.ascontiguousarray(program.pool[at + STRING_HEAD_WORDS : at + size]).tobytes()[:length]
    try:
        characters = len(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise VerifyError(f"the string at {at} is not UTF-8") from None
    if characters != counts >> 32:
        raise VerifyError(f"the string at {at} has not as many characters as it says")


def _pointer(program: Program, at: int, strings: frozenset[int]) -> None:
    index, name, captures = program.pool[at + 1 : at + FN_HEAD_WORDS].tolist()
    if not -UNITS <= index < 0 or name not in strings or captures != 0:
        raise VerifyError(f"the function pointer at {at} names no function")
