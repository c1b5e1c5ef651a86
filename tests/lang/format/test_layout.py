"""What the one style looks like."""

import pytest

from lang.errors import CompileError
from lang.format import WIDTH, format_text

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "formatted"),
    [
        ("let  x=1", "let x = 1"),
        ("let x=-1+ - 3*(2-y)", "let x = -1 + -3 * (2 - y)"),
        ("x+=0x_ff+1_000+1e5", "x += 0x_ff + 1_000 + 1e5"),
        ("!a&&- b>c", "!a && -b > c"),
        ("for i in 0 .. 10{}", "for i in 0..10 {}"),
        ("let r = 1. ..2.", "let r = 1. ..2."),
        ("- -x; - 0", "- -x;\n- 0"),
        ("fn f( ){}", "fn f() {}"),
        ("private fn  int . twice(a ,)\n{this*2}", "private fn int.twice(a) { this * 2 }"),
        ("f ( 1,2 , )", "f(1, 2)"),
        ('let m=#{a:1,"b c":[ ] , c : #{ }}', 'let m = #{ a: 1, "b c": [], c: #{} }'),
        ("x ?. y ?[ 1 ] . z( )", "x?.y?[1].z()"),
        ("a :: b :: c( 1 )", "a::b::c(1)"),
        ("let v=( 1,2.0 );", "let v = (1, 2.0);"),
        ("let f=|a,b|a+b; let g=||{ }; let h=| |1", "let f = |a, b| a + b;\nlet g = || {};\nlet h = || 1"),
        ("if a{b}else if c{d}else{e}", "if a { b } else if c { d } else { e }"),
        ("if a{b;c}else{d}", "if a {\n    b;\n    c\n} else {\n    d\n}"),
        ("while x{\n}\nloop{break;}", "while x {}\nloop { break; }"),
        ("do{x}until y", "do { x } until y"),
        ("try{a}catch(e){b}", "try { a } catch (e) { b }"),
        ("switch x{1|2=>a,3..5 if y=>{b}_=>c}", "switch x { 1 | 2 => a, 3..5 if y => { b }, _ => c }"),
        ("switch x{\n1=>a,2=>{b},_=>c}", "switch x {\n    1 => a,\n    2 => { b }\n    _ => c,\n}"),
        ("f();;if a{};g()", "f();\nif a {}\ng()"),
        ("`a ${ x+1 } b`+ 'c' +#\"d \" e\"#", "`a ${ x+1 } b` + 'c' + #\"d \" e\"#"),
        ('import "a"  as b;export  let c=1', 'import "a" as b;\nexport let c = 1'),
        ("export c  as d", "export c as d"),
        ("return  ; ", "return;"),
        ("", ""),
    ],
)  # fmt: skip
def test_one_line(text, formatted):
    assert format_text(text) == (formatted + "\n" if formatted else "")


def test_at_most_one_empty_line_stays():
    assert format_text("\n\na;\n\n\n\nb;\nc;\n\n") == "a;\n\nb;\nc;\n"


def test_no_empty_line_at_the_edges_of_a_block():
    assert format_text("if a {\n\n    b;\n\n}") == "if a {\n    b;\n}\n"


def test_comments_stay_where_they_were():
    text = """\
// about the file

/// About f.
fn f(a /* first */, b) { // opens
    // alone
    let x = [
        1, // one
        // about two
        2,
        // last
    ];
    /* block
       of two */
    x // value
}

// end
"""
    assert format_text(text) == text


def test_comments_move_with_their_indentation():
    text = "if a {\n  /*\n   * star\n   */\n  b; // c\n    // d\n}"
    assert format_text(text) == "if a {\n    /*\n     * star\n     */\n    b; // c\n    // d\n}\n"


def test_a_call_that_is_too_long_has_an_argument_a_line():
    name = "a" * 30
    text = f"let x = f({name}, {name}, {name}, {name});"
    assert format_text(text) == "let x = f(\n" + f"    {name},\n" * 4 + ");\n"


def test_the_last_argument_may_be_broken_alone():
    text = "xs.each(|x| {\n    f(x);\n    g(x);\n});\n"
    assert format_text(text) == text
    entry = f"key: {'x' * 50}"
    long = f"make(1, #{{{entry}, b{entry}}});"
    assert format_text(long) == f"make(1, #{{\n    {entry},\n    b{entry},\n}});\n"


def test_operators_begin_the_lines_of_a_long_chain():
    name = "a" * 40
    assert format_text(f"x = {name} * {name} + {name};") == f"x = {name} * {name}\n    + {name};\n"


def test_a_long_condition_puts_its_brace_on_a_line():
    name = "a" * 40
    text = f"if {name} && {name} || {name} {{ b; }}"
    assert format_text(text) == f"if {name} && {name}\n    || {name}\n{{\n    b;\n}}\n"


def test_a_long_row_of_calls_has_a_call_a_line():
    name = "a" * 40
    text = f"xs.{name}(1).{name}(2).{name}(3);"
    assert format_text(text) == f"xs\n    .{name}(1)\n    .{name}(2)\n    .{name}(3);\n"


def test_lists_that_were_broken_stay_broken_and_keep_rows_of_numbers():
    text = "let grid = [\n    1, 2, 3,\n    4, 5, 6,\n];\nlet m = #{\n    a: 1,\n\n    b: 2,\n};\n"
    assert format_text(text) == text
    assert format_text("let a = [1,\n2];") == "let a = [1, 2];\n"


def test_long_rows_of_numbers_are_filled():
    made = format_text(f"let a = {list(range(100, 150))};")
    assert [len(line) <= WIDTH for line in made.splitlines()] == [True] * 5
    assert made.splitlines()[1].startswith("    100, 101, 102,")


def test_a_string_that_goes_on_in_the_next_line_keeps_its_value():
    assert format_text('  f("a\\\n      b")') == 'f("a\\\n    b")\n'
    assert format_text('f(1,"a\\\n  b")') == 'f(1, "a\\\n  b")\n'


def test_raw_and_back_quoted_strings_of_several_lines_stay():
    text = 'if a {\n  f(`x\n y`, #"p\n q"#);\n}'
    assert format_text(text) == 'if a {\n    f(`x\n y`, #"p\n q"#);\n}\n'


def test_line_ends_of_windows_stay():
    assert format_text("a;\r\nif b {\r\nc;d }\r\n") == "a;\r\nif b {\r\n    c;\r\n    d\r\n}\r\n"


def test_what_is_no_script_is_refused():
    with pytest.raises(CompileError):
        format_text("let = 1")
    with pytest.raises(CompileError):
        format_text("(1, 2)", vectors=False)


def test_a_comment_behind_a_point_does_not_make_a_float():
    assert format_text("1\n. /* c */ f()") == "1 /* c */.f()\n"


def test_a_comment_that_is_never_closed_stays_last():
    assert format_text("let a = // one\n1; /* two") == "let a = 1; // one\n/* two\n"
