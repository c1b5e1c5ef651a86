import re
from pathlib import Path

import pytest

from lang.bytecode.ahead import AHEAD
from lang.bytecode.ops import OPERAND_KINDS, OPERAND_SHIFTS, Op, encode, jump_position
from lang.bytecode.reference import FAMILIES, KINDS, reference_page
from lang.vm.table import KERNELS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]
LOOP = (ROOT / "lang" / "vm" / "loop.py").read_text(encoding="utf-8")


def test_every_operand_has_a_kind_and_fits_the_word():
    for op in Op:
        assert len(op.operands) <= len(OPERAND_SHIFTS), op
        assert set(op.operands) <= set(OPERAND_KINDS), op
        assert 1 <= op.cost < 128, op
        assert op >> 4 < len(FAMILIES), op


def test_every_kind_is_explained():
    assert set(KINDS) == set(OPERAND_KINDS.values())


def test_the_machine_knows_every_opcode():
    in_loop = {Op[name] for name in re.findall(r"op == Op\.([A-Z_]+)", LOOP)}
    assert in_loop | set(KERNELS) == set(Op)


def test_what_the_loop_may_leave_unfinished_has_a_kernel():
    always_finished = {
        *(Op.LOAD, Op.MOVE, Op.JUMP),
        *(Op.JUMP_UNIT, Op.JUMP_NOT_UNIT, Op.JUMP_CONTAINER),
        *(Op.REF_REGISTER, Op.FOLD),
        Op.CALL_NATIVE,  # by the native's own address
        *(set(AHEAD) - {Op.UPDATE_AHEAD, Op.SWITCH_AHEAD, Op.COPY_AHEAD}),
    }
    assert set(Op) - set(KERNELS) == always_finished


def test_the_committed_page_is_the_generated_one():
    page = (ROOT / "docs" / "bytecode.md").read_text(encoding="utf-8")
    assert page == reference_page(), "run: python -m lang.bytecode.reference > docs/bytecode.md"


def test_words_hold_their_parts():
    word = encode(Op.ADD, 1, 0xFFFF, 3)
    assert (word & 0xFF, word >> 8 & 0xFFFF, word >> 24 & 0xFFFF, word >> 40 & 0xFFFF) == (0x10, 1, 0xFFFF, 3)
    assert word >> 56 == Op.ADD.cost
    assert encode(Op.JUMP, -2) >> 8 & 0xFFFF == 0xFFFE
    assert jump_position(Op.FOR_NEXT) == 2
    assert jump_position(Op.ADD) is None
