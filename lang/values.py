"""What a value is: a tag word and a 64-bit payload, held in two parallel columns.

Tag word: the low 8 bits are the `Tag`; bits 31..62 hold the user tag that Rhai lets any value carry, in
a form without a sign: a tag word is never negative, so that one comparison tells its kind. Bits 8..30 are
0, but for a state variable that is locked (`lang.vm.locks`).
A fast path compares the whole word with a `Tag`, so a value with a user tag takes the slow path.
Payload: the int, the bits of the float, 0 or 1, the code point, or for all others a heap reference:
an offset (in words) into the instance's heap, or `~offset` into the program's constant pool.
"""

from __future__ import annotations

from enum import IntEnum, unique

TAG_MASK = 0xFF
READ_ONLY = 1 << 8
"""In the tag word of a reference: what it refers to is a constant, or a part of one."""
TO_ASSIGN, TO_CALL = 1, 2
"""Flags of GET_THIS: a part of `this` is going to be assigned, or a method to change it."""
LOCK_SHIFT = 8
LOCK_MASK = (1 << 23) - 1
USER_TAG_SHIFT = 31


@unique
class Tag(IntEnum):
    """The kind of a value; those from `CELL` on never reach a script."""

    UNIT = 0
    BOOL = 1
    INT = 2
    FLOAT = 3
    CHAR = 4
    STRING = 5
    RANGE = 6
    RANGE_INCLUSIVE = 7
    ITERATOR = 8
    VEC2 = 9
    VEC3 = 10
    FN = 11
    ARRAY = 12
    MAP = 13
    BLOB = 14
    SEQUENCE = 15  # an iterator over the elements of an array of its own
    CELL = 16  # payload: offset of a shared cell
    REF_REGISTER = 17  # payload: absolute register
    REF_STATE = 18  # payload: state slot
    REF_ELEMENT = 19  # payload: offset of an array or map, bits 31.. of the tag word: its entry
    UNBOUND = 20  # `this` of a function that was not called as a method
    COUNTING = 22  # payload: the next int of a running `for` loop
    PARCEL = 23  # of an argument of a batch: a value from elsewhere, see `lang.vm.parcels`
    UNDEFINED = 21  # a state variable or constant whose statement has not run
    CODE = 24  # payload: the instruction at which a suspended frame goes on, see `lang.vm.suspension`


LAST_CONTAINER = Tag.BLOB

TYPE_NAMES = {
    Tag.UNIT: "()",
    Tag.BOOL: "bool",
    Tag.INT: "i64",
    Tag.FLOAT: "f64",
    Tag.CHAR: "char",
    Tag.STRING: "string",
    Tag.RANGE: "range",
    Tag.RANGE_INCLUSIVE: "range=",
    Tag.ITERATOR: "range",
    Tag.SEQUENCE: "range",
    Tag.VEC2: "vec2",
    Tag.VEC3: "vec3",
    Tag.FN: "Fn",
    Tag.ARRAY: "array",
    Tag.MAP: "map",
    Tag.BLOB: "blob",
}


def packed_user_tag(value: int) -> int:
    """Return the bits of a tag word for a user tag of 32 bits: its sign is the lowest of them."""
    return ((value << 1) ^ (value >> 31)) << USER_TAG_SHIFT


def user_tag(word: int) -> int:
    """Return the user tag of a tag word."""
    packed = word >> USER_TAG_SHIFT
    return (packed >> 1) ^ -(packed & 1)
