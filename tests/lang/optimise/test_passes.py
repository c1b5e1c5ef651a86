"""What each pass makes of a script, and that it leaves alone what it must."""

import pytest

from lang.bytecode.ops import COST_SHIFT, Op
from lang.optimise.passes import ALL_PASSES, NO_PASSES, Pass

pytestmark = pytest.mark.unit


@pytest.fixture
def instructions(compiled):
    """Return the (opcode, cost) of each instruction of a function, or of the top level."""

    def instructions(text, passes=ALL_PASSES, name=""):
        program = compiled(text, passes=frozenset(passes))
        info = next(info for info in program.infos if info.name == name and not info.built_in)
        return [
            (Op(word & 0xFF), word >> COST_SHIFT) for word in program.code[info.first : info.end].tolist()
        ]

    return instructions


def test_without_passes_every_instruction_costs_one(instructions):
    text = "let x = 1; while x < 10 { x += 2; } switch x { 1 => 2, 3..5 => x * 2, _ => -x }"
    assert {cost for _, cost in instructions(text, NO_PASSES)} == {1}


def test_operations_on_constants_are_folded(instructions):
    assert instructions("let x = 2 * 3 + 4; x", {Pass.FOLD})[0] == (Op.LOAD, 5)
    assert instructions("let x = 1 < 2; x", {Pass.FOLD})[0] == (Op.LOAD, 3)
    assert instructions("let x = -7 / 2; x", {Pass.FOLD})[0] == (Op.LOAD, 3)


@pytest.mark.parametrize(
    "text",
    ["9223372036854775807 + 1", "1 / 0", "5 % 0", "1 << 64", '"a" + "b"', "1.0 < 2.0", "2 ** 3", "1 + 2.5"],
)
def test_what_may_fail_or_takes_memory_is_left_to_run_time(instructions, text):
    assert instructions(f"let x = {text}; x", {Pass.FOLD}) == instructions(f"let x = {text}; x", NO_PASSES)


def test_a_decided_branch_vanishes_and_its_cost_stays(instructions):
    ops = instructions("fn f(a) { if false { a += 1; } else { a += 2; } a }", {Pass.BRANCHES}, "f")
    assert ops == [(Op.LOAD, 3), (Op.ADD_TO, 1), (Op.RETURN, 1)]
    ops = instructions("fn f(a) { while true { a += 1; } }", {Pass.BRANCHES}, "f")
    assert ops[:3] == [(Op.LOAD, 3), (Op.ADD_TO, 1), (Op.JUMP, 1)]


def test_a_comparison_and_its_jump_are_one(instructions):
    ops = instructions("fn f(a) { if a < 3 { 1 } else { 2 } }", {Pass.FUSE}, "f")
    assert ops[0] == (Op.UNLESS_LT_K, 3)
    ops = instructions("fn f(a, b) { if a != b { 1 } else { 2 } }", {Pass.FUSE}, "f")
    assert ops[0] == (Op.UNLESS_NE, 2)


def test_a_comparison_whose_value_is_used_stays(instructions):
    ops = [
        op for op, _ in instructions("fn f(a, b) { let c = a < b; if c { 1 } else { c } }", {Pass.FUSE}, "f")
    ]
    assert ops[:2] == [Op.LT, Op.COPY] or ops[:2] == [Op.LT, Op.JUMP_FALSE]


def test_a_variable_stays_where_it_is_read_again(instructions):
    ops = [op for op, _ in instructions("fn f(a) { let one = 1; a += one; [a, one] }", {Pass.FUSE}, "f")]
    assert ops[0] == Op.LOAD


def test_jumps_to_jumps_and_returns_are_shortened(instructions):
    text = "fn f(a) { loop { if a { if a { 1 } else { 2 } } else { return 3; } } }"
    plain = [op for op, _ in instructions(text, NO_PASSES, "f")]
    threaded = instructions(text, {Pass.THREAD}, "f")
    assert len(threaded) == len(plain)
    assert (Op.JUMP, 2) in threaded


def test_code_behind_a_return_is_left_out(instructions):
    text = "fn f() { return 1; let x = 2; x + 3 }"
    assert len(instructions(text, {Pass.BRANCHES}, "f")) < len(instructions(text, NO_PASSES, "f"))


def test_a_limit_within_a_fused_instruction_strikes_where_the_plain_one_would(compiled):
    text = "let a = 5;\nlet c =\n a\n +\n 1;\nc"
    program = compiled(text)
    parts = [places for pc, places in program.parts.items() if program.places[pc] >= 0]
    assert [[program.source.place(at)[0] for at in places] for places in parts] == [[5, 4]]


def test_a_variable_that_never_changes_is_its_constant(instructions):
    text = "fn f(a) { let two = 2; let four = two * 2; if four == 4 { a } else { -a } }"
    assert instructions(text, {Pass.FOLD, Pass.BRANCHES}, "f") == [
        (Op.LOAD, 1),
        (Op.LOAD, 2),
        (Op.RETURN, 4),
        (Op.RETURN, 1),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "x += 1;",
        "x = 3;",
        "x.bump();",
        "x[3] = true;",
        "x.set_bit(1, true);",
        "set_bit(x, 1, true);",
        "|| x;",
        "f!();",
    ],
)
def test_a_variable_that_may_change_is_none(instructions, change):
    body = f"let x = 2; if f() {{ }} {change} if f() {{ }} x * 3"
    text = f"fn f() {{ true }} fn bump() {{ this += 1; }} fn g() {{ {body} }}"
    assert Op.MUL in [op for op, _ in instructions(text, {Pass.FOLD}, "g")]


def test_a_register_that_is_given_back_is_forgotten(run):
    text = "let a = 0; { let inner = 12; } let b = 5; try { } catch (e) { } let c = (); [a, b, b, c, a]"
    assert run(text) == [0, 5, 5, None, 0]


def test_folding_makes_a_script_no_larger_than_it_may_be(run):
    assert run("let a = 9223372036854775807; let b = a - 1; let c = b + 1; c == a") is True
