"""The Python of a page does what the page says."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHOWN = re.compile(r"^(?P<code>\S.*?)  # => (?P<value>.*)$")


@pytest.mark.parametrize(("page", "least"), [("embedding.md", 25), ("engine-python.md", 15)])
def test_the_blocks_of_a_page_come_to_what_they_show(page, least, monkeypatch):
    monkeypatch.chdir(DOCS.parent)
    text = (DOCS / page).read_text(encoding="utf-8")
    names = {}
    shown = 0
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        pending = []
        for number, code in enumerate([*match[1].splitlines(), ""], line):
            found = _SHOWN.match(code)
            if not found:
                pending.append(code)
                continue
            run(pending, line, names, page)
            pending = [""] * (number - line + 1)
            value = eval(compile(found["code"], f"{page}:{number}", "eval"), names)
            assert repr(value) == found["value"], f"{page}:{number}"
            shown += 1
        run(pending, line, names, page)
    assert shown > least


def run(lines, first, names, page):
    """Run some lines at their place in the page."""
    exec(compile("\n" * (first - 1) + "\n".join(lines), page, "exec"), names)
