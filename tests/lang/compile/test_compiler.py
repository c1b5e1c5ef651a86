"""What the compiler makes of a script, and what it refuses."""

import pytest

from lang.bytecode.ops import COST_SHIFT, Op
from lang.errors import CompileError

pytestmark = pytest.mark.unit


@pytest.fixture
def opcodes(compiled):
    """Return the opcodes of a function, or of the top level."""

    def opcodes(text, name="", mode="vectors"):
        program = compiled(text, mode)
        info = next(info for info in program.infos if info.name == name and not info.built_in)
        return [Op(word & 0xFF) for word in program.code[info.first : info.end].tolist()]

    return opcodes


@pytest.fixture
def refusal(compiled):
    """Return the error with which a script is refused."""

    def refusal(text, mode="entity", **options):
        with pytest.raises(CompileError) as caught:
            compiled(text, mode, **options)
        return caught.value

    return refusal


def test_a_tail_value_is_returned_from_its_register(opcodes):
    assert opcodes("fn f(a, b) { a + b }", "f") == [Op.ADD, Op.RETURN]
    assert opcodes("fn f(a) { a }", "f") == [Op.RETURN]


def test_a_constant_operand_is_part_of_the_instruction(opcodes):
    assert opcodes("fn f(a) { a * 2 }", "f") == [Op.MUL_K, Op.RETURN]


def test_a_fused_comparison_costs_what_it_replaces(compiled):
    program = compiled("fn f(a) { if a < 3 { 1 } else { 2 } }")
    info = next(info for info in program.infos if info.name == "f")
    word = int(program.code[info.first])
    assert Op(word & 0xFF) == Op.UNLESS_LT_K
    assert word >> COST_SHIFT == 3


def test_a_loop_over_a_range_makes_no_object(opcodes):
    ops = opcodes("fn f(n) { let s = 0; for i in 0..9 { s += i; } s }", "f")
    assert Op.NEW_RANGE not in ops
    assert ops.count(Op.FOR_NEXT) == 1


def test_every_instruction_of_a_script_has_a_place(compiled):
    program = compiled("let a = [1, 2];\nfn f(x) { x.len() }\nf(a) + 1")
    for info in program.infos:
        if not info.built_in:
            assert min(program.places[info.first : info.end]) >= 0, info.name


def test_a_program_does_not_depend_on_what_was_compiled_before(compiled):
    text = "let f = |x| x + 1; [1, 2].map(f)"
    first = compiled(text)
    compiled("let other = [1.5, 'x']; fn g(a) { `${a}` } g(other)")
    again = compiled(text)
    assert first.code.tolist() == again.code.tolist()
    assert first.pool.tolist() == again.pool.tolist()


def test_state_has_slots_in_the_order_of_the_script(compiled):
    program = compiled("let b = 1; const A = 2; let a = 3; let b = 4; if true { let c = 5; }", "entity")
    assert program.state_names == ("b", "A", "a")
    assert program.constant_names == {"A"}


def test_strict_scripts_have_no_state_but_constants(compiled):
    assert compiled("let b = 1; const A = 2;").state_names == ("A",)


def test_callbacks_are_the_overloads_with_most_parameters(compiled):
    program = compiled(
        "fn on_hit() { 1 } fn on_hit(a, b) { 2 } fn on_hit(a) { 3 } fn int.on_hit(a, b, c) { 4 }"
    )
    info = program.infos[program.callbacks["on_hit"]]
    assert info.parameters == ("a", "b")


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("fn f() { distnce(1, 2) }", "Function not found: distnce", (1, 10)),
        ("fn f() { sin(1, 2) }", "'sin' takes 1 argument, not 2", (1, 10)),
        ("let a = 1;\nfn f(x) { x }\nf()", "'f' takes 1 argument, not 0", (3, 1)),
        ("fn f() { 1 }\nfn f(a, b) { 2 }\nf(1)", "'f' takes 0 or 2 arguments, not 1", (3, 1)),
        ("let entity_id = 1;", "'entity_id' is a constant of every entity script", (1, 5)),
        ("const A = 1;\nfn f() { A += 1; }", "Cannot assign to constant A", (2, 10)),
        ("fn f() { delta_time = 1.0; }", "Cannot assign to constant delta_time", (1, 10)),
    ],
)
def test_entity_scripts_are_refused(refusal, text, message, place):
    error = refusal(text)
    assert message in error.message
    assert (error.line, error.column) == place


def test_a_misspelt_function_gets_a_hint(refusal):
    error = refusal("fn move_it(a) { a }\nfn f() { mvoe_it(1) }")
    assert "did you mean `move_it`?" in error.diagnostic()
    assert "did you mean" not in refusal("fn f() { zzzzzz(1) }").diagnostic()


def test_too_many_parameters_of_a_callback(refusal):
    error = refusal("fn on_update(a) { }", callbacks={"on_update": 0})
    assert "on_update" in error.message


def test_calls_as_methods_are_looked_up_when_they_run(compiled):
    compiled("fn f(m) { m.attack(1, 2) }", "entity")


def test_outside_of_entity_scripts_unknown_functions_fail_when_they_are_called(compiled, run):
    compiled("fn f() { nothing(1) }")
    assert run("fn f() { nothing(1) } 5") == 5


@pytest.mark.security
@pytest.mark.parametrize("part", ["(", "[", "#{a:", "if true {", "-", "!", "|x| ", "{", "fn f() {"])
def test_deeply_nested_text_is_refused(refusal, part):
    error = refusal(part * 20_000, "vectors")
    assert len(error.diagnostic()) < 1000


@pytest.mark.security
@pytest.mark.parametrize(
    "text",
    ["1" + "+1" * 20_000, "x" + ".y" * 20_000, "if a {} " + "else if a {} " * 5_000, "f(" * 300 + ")" * 300],
)
def test_tall_trees_are_compiled_or_refused(compiled, text):
    try:
        compiled(text)
    except CompileError as error:
        assert len(error.diagnostic()) < 1000  # noqa: PT017 - either is fine, a crash is not
