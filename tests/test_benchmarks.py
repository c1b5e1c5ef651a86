"""The page that a run of all benchmarks writes."""

from __future__ import annotations

import pytest

from benchmarks.measure import Row
from benchmarks.page import BEGIN, END, PAGE, write_page
from benchmarks.suite import chosen, names

pytestmark = pytest.mark.unit

ROWS = [
    Row(name="peers/a", value=2.0, unit="ms", peer="Lua 5.4", ratio=0.5),
    Row(name="peers/b", value=3.0, unit="ms", peer="Lua 5.4", ratio=2.0),
    Row(name="patrol/1000", value=0.125, unit="ms"),
]


def test_the_table_is_replaced_and_the_text_around_it_kept(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_page(ROWS, page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    assert "| peers/b | 3 ms | 2.00 × Lua 5.4 |" in text
    assert "| geometric mean | | 1.00 × Lua 5.4 |" in text
    assert "| patrol/1000 | 0.125 ms |  |" in text


def test_the_page_has_a_place_for_the_table():
    text = PAGE.read_text()
    assert text.index(BEGIN) < text.index(END)


def test_benchmarks_are_chosen_by_the_beginning_of_their_names():
    assert [one.name for one in chosen(["peers/fi", "patrol/1000"])] == [
        "peers/fib",
        "patrol/1000",
        "patrol/10000",
    ]
    assert len(chosen([])) == len(names())
