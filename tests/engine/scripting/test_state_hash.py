"""The hash of a game's state: the same for equal states, another for any difference."""

import pytest

pytestmark = pytest.mark.integration

ONE = '[[entity]]\nscript = "a.rhai"\n'


def hash_of(folder, script, ticks=1):
    game = folder.game(ONE, a=script, ticks=ticks)
    assert [failure.diagnostic for failure in game.error_reports] == []
    first = game.state_hash()
    assert game.state_hash() == first, "hashing leaves no trace"
    game.step()
    assert [failure.diagnostic for failure in game.error_reports] == []
    return first


CELL = """
let f = ();
fn on_spawn() {{
    let held = {0};
    let other = {1};
    f = || {2};
}}
fn on_update() {{ f.call(); }}
"""


class TestClosures:
    def test_a_captured_value_counts(self, folder):
        first = hash_of(folder, CELL.format(1, 0, "held"))
        assert hash_of(folder, CELL.format(1, 0, "held")) == first
        assert hash_of(folder, CELL.format(2, 0, "held")) != first

    def test_a_change_through_a_closure_counts(self, folder):
        texts = [CELL.format(1, 0, f"{{ held += {step}; held }}") for step in (0, 1)]
        for ticks in (0, 1, 5):
            still, counting = (hash_of(folder, text, ticks) for text in texts)
            assert (still == counting) == (ticks == 0)

    def test_what_a_captured_container_holds_counts(self, folder):
        text = CELL.format('[1, #{ a: "x" }]', 0, "held")
        assert hash_of(folder, text) != hash_of(folder, text.replace('"x"', '"y"'))

    def test_one_cell_twice_differs_from_two_equal_cells(self, folder):
        text = """
            let f = (); let g = ();
            fn on_spawn() {{ let a = 1; let b = 1; f = || a; g = || {0}; }}
        """
        assert hash_of(folder, text.format("a")) != hash_of(folder, text.format("b"))

    def test_cycles_end(self, folder):
        text = """
            let f = (); let n = 0;
            fn on_spawn() {
                let a = (); let b = ();
                let first = || { a; b };
                let second = || { b; a };
                a = [first, second];
                b = #{ f: first, g: a };
                f = [a, b];
            }
            fn on_update() { n += 1; }
        """
        assert hash_of(folder, text) == hash_of(folder, text)

    def test_pointers_that_share_grow_no_faster_than_their_number(self, folder):
        text = """
            let f = ();
            fn add(x) { 1 }
            fn on_spawn() { f = Fn("add"); for i in 0..40 { f = f.curry(f).curry(f); } }
        """
        assert hash_of(folder, text) == hash_of(folder, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "2"),
        ("1", "1.0"),
        ("0.0", "-0.0"),
        ('"a"', '"b"'),
        ('"a"', "'a'"),
        ('""', "()"),
        ("[]", "#{}"),
        ("[1, 2]", "[2, 1]"),
        ("[[1], 2]", "[1, [2]]"),
        ("[[], [1]]", "[[1], []]"),
        ("#{a: 1}", "#{b: 1}"),
        ("#{a: 1}", "#{a: 2}"),
        ("(1.0, 2.0)", "(1.0, 2.0, 0.0)"),
        ("(1.0, 2.0)", "(2.0, 1.0)"),
        ("0..5", "0..=5"),
        ("blob(3, 1)", "blob(3, 2)"),
        ("true", "1"),
        ('Fn("a")', 'Fn("b")'),
        ('Fn("a")', '"a"'),
    ],
)
def test_different_values_have_different_hashes(folder, one, other):
    assert hash_of(folder, f"let v = {one};") != hash_of(folder, f"let v = {other};")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.0 / 0.0", "-(0.0 / 0.0)"),
        ("(0.0 / 0.0, 1.0)", "(-(0.0 / 0.0), 1.0)"),
        ("#{a: 1, b: 2}", "#{b: 2, a: 1}"),
        ('"long text, long text, long text, long text, long text, long text, and more"', None),
    ],
)
def test_equal_values_have_equal_hashes(folder, one, other):
    if other is None:  # built up at run time instead of a constant
        other = "one" and f'{one[:20]}" + "{one[20:]}'
    assert hash_of(folder, f"let v = {one};") == hash_of(folder, f"let v = {other};")


def test_garbage_does_not_count(folder):
    clean = hash_of(folder, "let n = [1]; fn on_update() { n = [2]; }", ticks=20)
    dirty = hash_of(
        folder, 'let n = [1]; fn on_update() { let x = ["rubbish", [1, 2, 3]]; n = [x.len()]; }', ticks=20
    )
    assert clean == dirty


def test_one_long_string_in_many_places_is_hashed_once(folder):
    text = """
        let s = "x";
        for i in 0..14 { s += s; }
        let many = [];
        for i in 0..400 { many.push(s); }
    """
    assert hash_of(folder, text) == hash_of(folder, text)
