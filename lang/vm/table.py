"""Which kernel does which opcode when the loop does not finish it."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.jit import Native
from lang.vm import arithmetic, callbacks, calls, comparison, containers, iteration, locks, moves
from lang.vm.fault import raise_fault

KERNELS: dict[Op, Native] = {
    Op.COPY: moves.copy,
    Op.GET_STATE: moves.get_state,
    Op.GET_STATE_REF: moves.get_state,
    Op.SET_STATE: moves.get_state,
    Op.GET_CONTEXT: moves.get_context,
    Op.GET_SHARED: locks.shared_value,
    Op.SET_SHARED: locks.shared_value,
    Op.LOCK: locks.lock,
    Op.LOCK_STATE: locks.lock_state,
    Op.UNLOCK_STATE: locks.lock_state,
    Op.JUMP_DEFINED: moves.jump_defined,
    Op.SHARE: moves.share,
    Op.GET_THIS: moves.this_value,
    Op.SET_THIS: moves.this_value,
    Op.FREEZE: moves.freeze,
    Op.REF_THIS: moves.reference_to_this,
    Op.REF_STATE: moves.make_reference,
    Op.REF_INDEX: moves.make_reference,
    Op.REF_PROPERTY: moves.make_reference,
    **dict.fromkeys(
        (
            *(Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.MOD, Op.ADD_K, Op.SUB_K, Op.MUL_K),
            *(Op.DIV_K, Op.MOD_K, Op.ADD_TO, Op.ADD_TO_K),
        ),
        arithmetic.arithmetic,
    ),
    Op.POW: arithmetic.raise_to_power,
    Op.NEGATE: arithmetic.unary,
    Op.PLUS: arithmetic.unary,
    Op.NOT: arithmetic.unary,
    **dict.fromkeys(
        (Op.BIT_AND, Op.BIT_OR, Op.BIT_XOR, Op.SHIFT_LEFT, Op.SHIFT_RIGHT), arithmetic.bit_operation
    ),
    **dict.fromkeys((Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE), comparison.comparison),
    **dict.fromkeys(
        (
            *(Op.UNLESS_EQ, Op.UNLESS_NE, Op.UNLESS_LT, Op.UNLESS_LE, Op.UNLESS_GT, Op.UNLESS_GE),
            *(Op.UNLESS_EQ_K, Op.UNLESS_NE_K, Op.UNLESS_LT_K, Op.UNLESS_LE_K, Op.UNLESS_GT_K),
            Op.UNLESS_GE_K,
        ),
        comparison.compare_and_jump,
    ),
    Op.UNLESS_SAME_K: comparison.unless_same,
    Op.SAME_LITERAL: comparison.switch_case,
    Op.IN_RANGE: comparison.switch_case,
    Op.CONTAINS: comparison.membership,
    Op.CHECK_BOOL: raise_fault,
    Op.JUMP_FALSE: raise_fault,
    Op.JUMP_TRUE: raise_fault,
    Op.FAULT: raise_fault,
    Op.THROW: raise_fault,
    Op.CALL: calls.call,
    Op.CALL_BUILT_IN: calls.call,
    Op.CALL_BUILT_IN_ON: calls.call_built_in_on,
    Op.CALL_ON: calls.call_on_map,
    Op.CALL_POINTER: calls.call_pointer_value,
    Op.CALL_METHOD_OF: calls.call_method_of,
    Op.CALL_BACK: calls.call_back,
    Op.RETURN: calls.return_entry,
    Op.RETURN_BUILT_IN: calls.return_built_in,
    Op.CLOSURE: calls.closure,
    Op.NEW_ARRAY: containers.new_array,
    Op.NEW_MAP: containers.new_map,
    Op.NEW_VECTOR: containers.new_vector,
    Op.NEW_RANGE: containers.new_range,
    Op.NEW_RANGE_INCLUSIVE: containers.new_range,
    Op.GET_INDEX: containers.get_index,
    Op.GET_INDEX_REF: containers.get_index,
    Op.SET_INDEX: containers.set_index,
    Op.GET_PROPERTY: containers.get_property,
    Op.GET_PROPERTY_REF: containers.get_property,
    Op.SET_PROPERTY: containers.set_property,
    Op.JOIN: containers.join,
    Op.FOR_BEGIN: iteration.for_begin,
    Op.FOR_NEXT: iteration.for_next,
    Op.EACH: callbacks.each,
    Op.MERGE: callbacks.merge,
    Op.UPDATE_AHEAD: containers.get_property,
}
