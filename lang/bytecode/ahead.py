"""Instructions that do the ones behind them, too: what stands behind which.

Such an instruction takes the place of a plain one. If what follows is simple (the types that are
common, no limit near), it does that as well and skips it. Otherwise it does what the plain one does,
and the next instructions run as they stand. So nothing but time tells the difference: operations are
counted, limits strike and faults happen where they would without it.
"""

from __future__ import annotations

from typing import NamedTuple

from lang.bytecode.ops import Op

CASES_HEAD = 2
"""Constants before the cases of SWITCH_AHEAD, all ints: the plain instruction, and the lowest case. A case
is what it costs beyond the plain instruction, from bit 32 on, and the distance of a jump."""


class Ahead(NamedTuple):
    """The plain instruction, and what has to follow it."""

    plain: Op
    followers: tuple[frozenset[Op], ...]


UPDATES = frozenset({Op.ADD_TO, Op.SUB})
NATIVE_CALLS = frozenset({Op.CALL_NATIVE, Op.CALL_ON})
ONE_CALL = Ahead(Op.MOVE, (NATIVE_CALLS,))
LOOP = Ahead(Op.JUMP, ())

AHEAD: dict[Op, Ahead] = {
    Op.TO_FLOAT_AHEAD: ONE_CALL,
    Op.SQRT_AHEAD: ONE_CALL,
    Op.ABS_AHEAD: ONE_CALL,
    Op.LEN_AHEAD: ONE_CALL,
    Op.PUSH_AHEAD: Ahead(Op.MOVE, (NATIVE_CALLS, frozenset({Op.JUMP_CONTAINER}), frozenset({Op.MOVE}))),
    Op.METHOD_AHEAD: Ahead(Op.REF_REGISTER, (frozenset({Op.CALL_METHOD_OF}),)),
    Op.UPDATE_AHEAD: Ahead(Op.GET_PROPERTY_REF, (UPDATES, frozenset({Op.SET_PROPERTY}))),
    Op.COPY_AHEAD: Ahead(Op.COPY, (frozenset({Op.MOVE}),)),
    Op.SWITCH_AHEAD: Ahead(Op.UNLESS_SAME_K, ()),
    Op.LOOP_LT: LOOP,
    Op.LOOP_LE: LOOP,
    Op.LOOP_LT_K: LOOP,
    Op.LOOP_LE_K: LOOP,
    Op.LOOP_GT_K: LOOP,
    Op.LOOP_GE_K: LOOP,
}
