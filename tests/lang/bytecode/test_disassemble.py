import pytest

from lang.bytecode.disassemble import disassemble

pytestmark = pytest.mark.unit

SCRIPT = """let hp = 10;
const NAME = "é";
fn hurt(n) {
    try { hp -= n; } catch (e) { print(e); }
    if hp < 0 { "dead".len() } else { tick }
}
let f = |x| x + NAME.len();
"""


@pytest.fixture
def listing(compiled):
    return disassemble(compiled(SCRIPT, "entity"))


def test_lines_fit_80_columns(listing):
    assert max(map(len, listing.splitlines())) <= 80
    assert listing.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "hurt(n)  ;",
        "top level()",
        "set_state        r1, $hp",
        "; 4: try { hp -= n; }",
        ", print, 1",
        "get_context      r",
        "tick",
        r'"\xe9"',
        "const NAME",
        "what was caught in r",
        "the prelude is not shown",
    ],
)
def test_what_stands_in_a_listing(listing, text):
    assert text in listing


def test_jumps_name_lines_that_are_marked(listing):
    targets = {line.split("-> ")[1].split()[0] for line in listing.splitlines() if ", -> " in line}
    marked = {
        line.split()[0].lstrip(">") or line.split()[1]
        for line in listing.splitlines()
        if line.startswith(" >")
    }
    assert targets
    assert targets <= marked


def test_every_instruction_is_listed(compiled):
    program = compiled(SCRIPT, "entity")
    listing = disassemble(program, built_in=True)
    numbers = [
        line[2:7].strip() for line in listing.split("\nstate")[0].splitlines() if line[:2] in {"  ", " >"}
    ]
    assert numbers == [str(pc) for pc in range(program.code.size)]
