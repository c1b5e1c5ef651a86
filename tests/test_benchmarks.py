"""The tables that a run of all benchmarks writes, the comparison with stored ratios, the twins."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from benchmarks.compiling import LONG, SHORT, script
from benchmarks.measure import Benchmark, Ratio, Row, Skipped
from benchmarks.page import BEGIN, END, HEADING, PAGE, line, mean_line, write_page
from benchmarks.peers import PROGRAMS, native_rhai, same
from benchmarks.plot import plot
from benchmarks.plot import store as store_plots
from benchmarks.ratios import store, stored, worse
from benchmarks.suite import chosen, names, run
from engine.cli import main

pytestmark = pytest.mark.unit

A = Row(
    name="peers/a",
    value=2.0,
    unit="ms",
    ratios=(Ratio("Lua 5.4", 0.5), Ratio("LuaJIT", 1.5), Ratio("Rhai", 0.25)),
)
B = Row(name="peers/b", value=3.0, unit="ms", ratios=(Ratio("Lua 5.4", 2.0), Ratio("LuaJIT", 6.0)))
LONG_ROW = Row(name="compile/1000", value=30.0, unit="ms", ratios=(Ratio("a line of 50", 1.0),))
ROWS = [A, B, LONG_ROW, Row(name="patrol/1000", value=0.125, unit="ms")]


def test_the_tables_are_replaced_and_the_text_around_them_kept(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_page(ROWS, page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    assert "| benchmark | time | Lua 5.4 | LuaJIT | CPython | Rhai |" in text
    assert "| peers/a | 2 ms | 0.50 | 1.50 |  | 0.25 |" in text
    assert "| geometric mean |  | 1.00 | 3.00 |  | 0.25 |" in text
    assert "| patrol/1000 | 0.125 ms |  |" in text
    assert "| compile/1000 | 30 ms | 1.00 × a line of 50 |" in text


def test_the_page_has_a_place_for_the_tables():
    text = PAGE.read_text()
    assert text.index(BEGIN) < text.index(END)


def test_lines_fit_a_terminal_and_columns_stand_below_their_heads():
    lines = [HEADING, *map(line, ROWS), mean_line(ROWS)]
    assert all(len(text) <= 80 for text in lines)
    assert line(A).index("1.50 ×") + len("1.50 ×") == HEADING.index("LuaJIT") + len("LuaJIT")
    assert mean_line(ROWS).index("3.00 ×") == line(A).index("1.50 ×")


def test_a_benchmark_that_cannot_run_here_is_left_out_with_its_reason():
    def without_display():
        raise Skipped("there is no display")

    lines = []
    rows = run([Benchmark("sprites/frame", without_display), Benchmark("peers/a", lambda: A)], lines.append)
    assert rows == [A]
    assert lines[1] == "sprites/frame: skipped: there is no display"


def test_benchmarks_are_chosen_by_the_beginning_of_their_names():
    assert [one.name for one in chosen(["peers/fi", "patrol/1000"])] == [
        "peers/fib",
        "peers/fields",
        "patrol/1000",
        "patrol/10000",
        "patrol/100000",
    ]
    assert len(chosen([])) == len(names())


def test_every_peer_has_its_twins_and_every_stored_ratio_its_peer():
    programs = {file.stem for file in PROGRAMS.glob("*.rhai")}
    for ending in ("lua", "py"):
        assert {file.stem for file in PROGRAMS.glob(f"*.{ending}")} == programs
    assert set(native_rhai()) <= programs
    assert set(stored()) <= set(names())
    assert {name for name in names() if name.startswith("peers/")} <= set(stored())


def test_results_differ_by_rounding_only():
    assert same(3, 3.0)
    assert same(0.1 + 0.2, 0.3)
    assert not same(3, 4)
    assert not same(3.0, 3.1)


def test_scripts_to_compile_have_the_lines_they_say():
    assert len(script(SHORT).splitlines()) == SHORT
    assert len(script(LONG).splitlines()) == LONG


def test_only_ratios_that_stay_worse_are_told(tmp_path):
    file = tmp_path / "ratios.toml"
    store(ROWS, file)
    assert stored(file) == {"peers/a": 0.5, "peers/b": 2.0, "compile/1000": 1.0}
    assert worse(ROWS, [], file) == []

    def slower(row, ratio):
        return Row(name=row.name, value=1.0, unit="ms", ratios=(Ratio("Lua 5.4", ratio),))

    now = [slower(A, 0.57), slower(B, 2.4)]
    assert worse(now, [Benchmark("peers/b", lambda: slower(B, 2.1))], file) == []
    assert worse(now, [Benchmark("peers/b", lambda: slower(B, 2.5))], file) == [
        "peers/b: 2.40 × Lua 5.4, was 2.00"
    ]
    assert worse([slower(Row(name="new", value=1.0, unit="ms"), 9.0)], [], file) == []


def test_storing_some_keeps_the_others(tmp_path):
    file = tmp_path / "ratios.toml"
    store([A, B], file)
    store([Row(name="peers/b", value=1.0, unit="ms", ratios=(Ratio("Lua 5.4", 1.0),))], file)
    assert stored(file) == {"peers/a": 0.5, "peers/b": 1.0}


def test_the_command_fails_when_a_ratio_is_worse(monkeypatch):
    monkeypatch.setattr("benchmarks.suite.chosen", lambda _names: [Benchmark("peers/a", lambda: A)])
    monkeypatch.setattr("engine.warm_up.warm_up_with_bar", lambda: None)
    monkeypatch.setattr("benchmarks.ratios.worse", lambda _rows, _benchmarks: ["peers/a: 9.00"])
    result = CliRunner().invoke(main, ["bench", "peers/a", "--compare"])
    assert result.exit_code == 1
    assert "worse: peers/a: 9.00" in result.output
    assert CliRunner().invoke(main, ["bench", "peers/a"]).exit_code == 0


POINTS = ((1_000.0, 0.2), (10_000.0, 2.0), (100_000.0, 40.0))
SVG = "{http://www.w3.org/2000/svg}"


def test_a_plot_places_its_points_by_their_logarithms():
    root = ET.fromstring(plot(POINTS, "a < b", "size", "cost"))
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in root.iter(f"{SVG}circle")]
    assert dots[1][0] - dots[0][0] == pytest.approx(dots[2][0] - dots[1][0], abs=0.2)
    rise = dots[0][1] - dots[1][1]
    assert rise == pytest.approx((dots[0][1] - dots[2][1]) / 2.301, abs=0.2)
    reference = next(line for line in root.iter(f"{SVG}polyline") if line.get("stroke-dasharray"))
    assert float(reference.get("points").split(",")[-1]) == pytest.approx(dots[0][1] - 2 * rise, abs=0.2)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a < b", "size", "cost", "1,000", "100,000", "0.1", "100"} <= set(texts)


def test_rows_with_points_are_plotted(tmp_path):
    row = Row(name="ecs/scaling", value=1.04, unit="", points=POINTS)
    store_plots([A, row], tmp_path / "images")
    assert [file.name for file in (tmp_path / "images").iterdir()] == ["ecs-scaling.svg"]
    assert "power of 1.04" in (tmp_path / "images" / "ecs-scaling.svg").read_text(encoding="utf-8")


def test_the_page_shows_every_plot():
    shown = PAGE.read_text(encoding="utf-8")
    assert "images/ecs-scaling.svg" in shown
    assert (PAGE.parent / "images" / "ecs-scaling.svg").is_file()
