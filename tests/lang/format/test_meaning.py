"""A formatted script means the same, keeps its comments, and formatting it again changes nothing.

`format_text` refuses to answer anything else (`FormatFault`), so these tests ask for an answer; that the
refusal works is tested with a broken layout. `FORMAT_EXAMPLES=500` runs that many random programs, and takes
all scripts of the project.
"""

import os
import sys
from pathlib import Path
from random import Random

import pytest

from lang.errors import CompileError
from lang.format import FormatFault, format_text, formatter
from lang.format.formatter import meaning
from lang.format.layout import LAYOUTS
from lang.source import Source
from lang.syntax.scanner import scan_with_ends

sys.path.insert(0, str(Path(__file__).parents[1] / "differential"))
from generator import Generator

EXAMPLES = int(os.environ.get("FORMAT_EXAMPLES", "40"))
pytestmark = pytest.mark.integration


def is_script(text):
    try:
        meaning(Source(text), vectors=True)
    except CompileError:
        return False
    return True


def test_scripts_of_the_project(scripts):
    chosen = scripts[:: max(1, 320 // EXAMPLES)]
    formatted = [format_text(text, name) for name, text in chosen if is_script(text)]
    assert len(formatted) > len(chosen) * 0.8


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_random_programs(seed):
    lines = Generator(Random(seed), 8).program()
    for text in ("\n".join(lines), " ".join(lines)):
        if is_script(text):
            format_text(text)


NOISE = [" /* c */ ", "\n", "\n\n\n", " // c\n", "\n// c\n", "\n\n/* c\n   x */", "/* c */\n", "\r\n"]


def noisy(text, random, rate):
    """Return a script with comments and line ends between its tokens."""
    tokens, ends = scan_with_ends(Source(text))
    out, previous = [], 0
    for token, end in zip(tokens, ends, strict=True):
        out.append(text[previous : token.at])
        if random.random() < rate and token.type not in ("T_MID", "T_TAIL"):
            out.append(random.choice(NOISE))
        out.append(text[token.at : end])
        previous = end
    return "".join(out) + text[previous:]


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_comments_and_line_ends_anywhere(scripts, rate):
    random = Random(7)
    done = 0
    for name, text in scripts[:: max(1, 800 // EXAMPLES)]:
        if is_script(text) and is_script(changed := noisy(text, random, rate)):
            format_text(changed, name)
            done += 1
    assert done > EXAMPLES


def test_a_layout_that_changes_the_meaning_is_refused(monkeypatch):
    monkeypatch.setitem(LAYOUTS, "paren", lambda layout, tree: layout.tree(tree.children[1]))
    assert format_text("(1+2)") == "1 + 2\n"
    with pytest.raises(FormatFault, match="stays as it is"):
        format_text("(1+2)*3")


def test_a_layout_that_loses_a_comment_is_refused(monkeypatch):
    monkeypatch.setattr(formatter.Layout, "comments_behind", lambda self, comments: [])
    with pytest.raises(FormatFault):
        format_text("f(); // gone\ng();")


def test_a_layout_that_never_settles_is_refused(monkeypatch):
    monkeypatch.setattr(formatter, "_laid_out", lambda source, width: source.text + "\n")
    with pytest.raises(FormatFault):
        format_text("1")
