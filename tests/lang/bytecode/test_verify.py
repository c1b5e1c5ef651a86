"""Each rule of the verifier refuses a program that breaks just this rule."""

import dataclasses

import numpy as np
import pytest

from lang.bytecode.ops import COST_SHIFT, Op, encode
from lang.bytecode.verify import verify
from lang.errors import VerifyError
from lang.layout import HEADER_SIZE_SHIFT, Kind
from lang.values import Tag
from lang.words import string_words

pytestmark = [pytest.mark.unit, pytest.mark.security]

SCRIPT = """
let state = 1;
fn f(a, b) { try { a + b } catch { state } }
let g = |x| x + state;
for i in 0..3 { state += f(i, 2); print(`${i}`); #{a: 1}.a }
"""


@pytest.fixture
def program(compiled):
    return compiled(SCRIPT, "entity")


@pytest.fixture
def refused(program, natives):
    """Return the sentence with which a changed program is refused."""

    def refused(**changes):
        with pytest.raises(VerifyError) as caught:
            verify(dataclasses.replace(program, **changes), len(natives.entries))
        return str(caught.value)

    return refused


@pytest.fixture
def with_instruction(program, refused):
    """Put an instruction at the start of the top level."""

    def with_instruction(op, *operands, at=0, **parts):
        code = program.code.copy()
        code[program.infos[program.top_level].first + at] = encode(op, *operands, **parts)
        return refused(code=code)

    return with_instruction


def test_a_compiled_program_is_sound(program, natives, prelude):
    verify(program, len(natives.entries))
    verify(prelude, len(natives.entries))


@pytest.mark.parametrize(
    ("op", "operands"),
    [
        (Op.LOAD, (60_000, 0)),
        (Op.MOVE, (0, 60_000)),
        (Op.ADD, (0, 0, 60_000)),
        (Op.CALL_NATIVE, (60_000, 0, 0)),
        (Op.NEW_ARRAY, (0, 0, 60_000)),
        (Op.NEW_MAP, (0, 0, 60_000)),
        (Op.JOIN, (0, 1, 60_000)),
        (Op.CALL_POINTER, (0, 60_000)),
        (Op.CALL_METHOD_OF, (0, 0, 60_000)),
        (Op.FAULT, (31, 0, 255)),
    ],
)
def test_registers_beyond_the_functions(program, refused, op, operands):
    """Whatever the table says about an operand, its register must be one of the function's."""
    names = [
        number for number in range(program.constants.size // 2) if program.constants[2 * number] == Tag.STRING
    ]
    operands = tuple(names[0] if op.operands[i] == "constant" else value for i, value in enumerate(operands))
    code = program.code.copy()
    code[program.infos[program.top_level].first] = encode(op, *operands)
    assert "register" in refused(code=code)


def test_the_last_of_an_iterators_registers(program, with_instruction):
    last = program.infos[program.top_level].registers - 1
    assert "register" in with_instruction(Op.FOR_BEGIN, last)
    assert "register" in with_instruction(Op.FOR_BEGIN, last - 1)


def test_the_last_argument_of_a_native(program, with_instruction):
    last = program.infos[program.top_level].registers - 1
    assert "register" in with_instruction(Op.CALL_NATIVE, last, 0, 1)


@pytest.mark.parametrize(
    ("op", "operands", "word"),
    [
        (Op.LOAD, (0, 60_000), "literal 60000"),
        (Op.ADD_K, (0, 0, 60_000), "right_constant"),
        (Op.GET_PROPERTY, (0, 0, 60_000), "constant 60000"),
        (Op.GET_STATE, (0, 60_000), "state"),
        (Op.CALL_NATIVE, (0, 60_000, 0), "native"),
        (Op.CALL, (0, 60_000), "function"),
        (Op.GET_CONTEXT, (0, 3), "context"),
        (Op.FAULT, (1, 0), "fault"),
        (Op.FAULT, (71, 0), "fault"),
        (Op.JUMP, (-2000,), "jump"),
        (Op.JUMP, (30_000,), "jump"),
        (Op.UNLESS_LT, (0, 0, 30_000), "jump"),
    ],
)
def test_operands_out_of_range(with_instruction, op, operands, word):
    assert word in with_instruction(op, *operands)


def test_a_name_that_is_no_string(program, with_instruction):
    number = next(n for n in range(program.constants.size // 2) if program.constants[2 * n] == Tag.INT)
    assert "no string" in with_instruction(Op.SET_PROPERTY, 0, number, 0)


def test_closures_get_their_captures(program, with_instruction):
    plain = next(n for n, info in enumerate(program.infos) if info.name == "f")
    assert "captures" in with_instruction(Op.CLOSURE, 0, plain, 1)


def test_unknown_opcodes_and_costs(program, refused):
    code = program.code.copy()
    code[-1] = code[-1] & ~0xFF | 0xEE
    assert "no opcode" in refused(code=code)
    code[-1] = -(2**63) | int(Op.RETURN)
    assert "cost" in refused(code=code)


def test_code_that_runs_off_its_function(program, refused):
    for info in program.infos:
        code = program.code.copy()
        code[info.end - 1] = encode(Op.SHARE, 0)
        assert "runs off" in refused(code=code), info.name


def test_handlers_stay_inside(program, refused):
    handler = program.handlers[-1]
    for change in ({"target": 0}, {"end": 60_000}, {"register": 60_000}, {"first": 60_000}):
        assert "handler" in refused(handlers=(handler._replace(**change),)) or "register" in change


def test_function_rows_say_what_descriptions_say(program, refused):
    for word in range(4):
        functions = program.functions.copy()
        functions[word] += 1
        assert "its row" in refused(functions=functions)
    info = program.infos[-1]
    many = (*program.infos[:-1], info._replace(registers=5000))
    functions = program.functions.copy()
    functions[-3] = 2 * 5000
    assert "5000 registers" in refused(infos=many, functions=functions)


def test_methods_are_functions_with_names(program, refused):
    for word, value in ((0, 5), (0, -2), (1, 9), (2, 300), (3, 999), (3, -1)):
        methods = program.methods.copy()
        methods[word] = value
        assert "method" in refused(methods=methods)


def test_tables_have_whole_rows(program, refused):
    assert "ends within a row" in refused(methods=program.methods[:-1])
    assert "ends within a row" in refused(functions=program.functions[:-1])


def test_constants_refer_to_objects_of_their_kind(program, refused):
    strings = [n for n in range(program.constants.size // 2) if program.constants[2 * n] == Tag.STRING]
    for payload in (0, 3, ~1, -(10**9)):
        constants = program.constants.copy()
        constants[2 * strings[0] + 1] = payload
        assert "not sound" in refused(constants=constants)
    for tag in (Tag.RANGE, Tag.FN, Tag.ARRAY, Tag.CELL, Tag.REF_REGISTER, 99):
        constants = program.constants.copy()
        constants[2 * strings[0]] = tag
        assert "not sound" in refused(constants=constants)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([Kind.STRING | 100 << HEADER_SIZE_SHIFT, 0], "out of the pool"),
        ([0], "out of the pool"),
        ([Kind.ARRAY | 4 << HEADER_SIZE_SHIFT, 0, -1, 0], "no kind"),
        ([Kind.STRING | 2 << HEADER_SIZE_SHIFT, 8], "not as long"),
        ([Kind.STRING | 3 << HEADER_SIZE_SHIFT, 2 | 2 << 32, 0xA9], "not UTF-8"),
        ([*string_words("é")[:1], 2 | 2 << 32, 0xA9C3], "characters"),
        ([Kind.FN | 4 << HEADER_SIZE_SHIFT, 5, -1, 0], "names no function"),
    ],
)
def test_objects_of_the_pool(program, refused, words, sentence):
    assert sentence in refused(pool=np.concatenate([program.pool, np.array(words, np.int64)]))


def test_what_stands_behind_an_instruction_that_looks_ahead(program, with_instruction):
    assert "not followed" in with_instruction(Op.PUSH_AHEAD, 1, 0)
    assert "jump out" in with_instruction(Op.LOOP_LT, 0, 0, -1)
    number = next(n for n in range(program.constants.size // 2) if program.constants[2 * n] == Tag.STRING)
    assert "not followed" in with_instruction(Op.UPDATE_AHEAD, 0, 0, number)


def test_the_state_of_a_loop_over_callbacks(program, with_instruction):
    last = program.infos[program.top_level].registers - 1
    for op in (Op.EACH, Op.FOLD, Op.MERGE):
        assert "register" in with_instruction(op, last - 2, 0, 0)
        assert "register" in with_instruction(op, 0, last - 2, 0)
        assert "outside of the prelude" in with_instruction(op, 0, 0, 0)


def test_a_jump_back_costs_something(program, with_instruction):
    assert "costs nothing" in with_instruction(Op.JUMP, -1, cost=0)


def test_parts_of_an_instruction(program, refused):
    pc = program.infos[program.top_level].first
    cost = int(program.code[pc]) >> COST_SHIFT
    assert "parts" in refused(parts={pc: (0,) * (cost + 1)})
    assert "parts" in refused(parts={program.code.size: (0,)})


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "outside of their table"),
        ([-1], "outside of their table"),
        ([1, 0], "outside of their table"),
        ([2, 3, 1, 0, 1], "no rising runs"),
        ([1, 0, 0], "no rising runs"),
        ([1, 0, 200], "holds a value"),
        ([0], "is read and holds no value"),
    ],
)
def test_registers_that_hold_values(program, refused, words, sentence):
    live = program.live.copy()
    live[:] = program.roots.size
    assert sentence in refused(live=live, roots=np.append(program.roots, words).astype(np.int64))


def test_a_row_of_registers_for_every_instruction(program, refused):
    assert "row of registers" in refused(live=program.live[1:])


def test_this_is_no_value(program, with_instruction):
    assert "`this`" in with_instruction(Op.EQ, 1, 0, 0)
