"""The Python of a page does what the page says."""

import re
import textwrap
from pathlib import Path

import pytest

from engine.scripting.compiling import check_script

pytestmark = pytest.mark.integration

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SCRIPT = re.compile(r"^( *)```rhai\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+\.\w+)(?:#[^)]*)?\)")
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


@pytest.mark.parametrize(("page", "least"), [("scripting-advanced.md", 7), ("../README.md", 1)])
def test_the_scripts_of_a_page_are_free_of_errors_and_warnings(page, least):
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = [textwrap.dedent(match[2]) for match in _SCRIPT.finditer(text)]
    assert len(blocks) >= least
    for block in blocks:
        assert [found.text for found in check_script(block, page)] == []


def test_each_decision_has_a_number_of_its_own_and_says_it():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert len(set(numbers)) == len(pages) > 0
    for number, page in zip(numbers, pages, strict=True):
        assert page.read_text(encoding="utf-8").startswith(f"# {number}. "), page.name


def test_every_link_of_a_page_leads_to_a_file():
    for page in [*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]:
        for link in _LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def run(lines, first, names, page):
    """Run some lines at their place in the page."""
    exec(compile("\n" * (first - 1) + "\n".join(lines), page, "exec"), names)
