"""The tutorial, done as it says: after each step the game has no errors, and its tests pass.

Its code blocks begin with the name of a file. A script is the whole file, "this line" takes the place of the
line that begins alike, "at the end" is added. Tables of a scene that are there are replaced.
"""

import re
from pathlib import Path

import pytest

from engine.game import Game
from engine.tools.check import check_paths
from engine.tools.new import make_game
from engine.tools.testing.running import run_tests

pytestmark = pytest.mark.integration

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scripting-tutorial.md"
STEPS = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
BLOCK = re.compile(
    r"^```(?:rhai|toml)\n(?://|#) ([\w./]+)(?:: ([\w ]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
TICKS = 120


def blocks_of(step):
    found = BLOCK.findall(step)
    assert len(found) == len(re.findall(r"^```(?:rhai|toml)$", step, re.MULTILINE)), "each names its file"
    return found


def apply(folder, file, how, text):
    path = folder / file
    if path.suffix == ".toml":
        path.write_text(with_tables(path.read_text(), text))
    elif how == "this line":
        start = " ".join(text.split()[:2])
        lines = path.read_text().splitlines()
        (number,) = (number for number, line in enumerate(lines) if line.startswith(start))
        lines[number] = text.rstrip("\n")
        path.write_text("\n".join(lines) + "\n")
    elif how == "at the end":
        path.write_text(path.read_text() + "\n" + text)
    else:
        assert not how
        path.write_text(text)


def with_tables(scene, text):
    """Return a scene with the tables of a block, which empty lines part."""
    old = scene.split("\n\n")
    for table in text.strip("\n").split("\n\n"):
        same = [number for number, one in enumerate(old) if key_of(one) == key_of(table)]
        is_known = bool(same) and key_of(table)[1:] != ("",)
        if is_known:
            old[same[0]] = table
        else:
            old.append(table)
    return "\n\n".join(old) + "\n"


def key_of(table):
    """Return what tells a table from others: its head, and of a row of many the tag."""
    lines = [line.partition("#")[0].strip() for line in table.splitlines() if not line.startswith("#")]
    head, *rest = lines or [""]
    if not head.startswith("[["):
        return (head,)
    return head, next((line for line in rest if line.startswith("tag ")), "")


def test_every_step_runs_and_does_what_it_promises(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    list(make_game("star_catcher"))
    game = tmp_path / "star_catcher"
    assert len(STEPS) == 7
    for number, step in enumerate(STEPS, 1):
        tests = []
        for file, how, text in blocks_of(step):
            apply(game, file, how, text)
            tests += [file] if file.startswith("tests/") else []
        assert tests or number == 1
        assert [found.text for found in check_paths([game]).findings] == [], f"step {number}"
        run_without_errors(game)
        for file in tests:
            report = run_tests(game / file)
            assert [one.text for one in report.tests if not one.passed] == [], f"step {number}"
    whole = run_tests(game)
    assert [one.text for one in whole.tests if not one.passed] == []
    assert whole.passed >= 10


def run_without_errors(folder):
    game = Game.load(folder / "scene.toml")
    for _ in range(TICKS):
        game.set_actions([1, 0, 1, 0])
        game.step()
    assert [failure.diagnostic for failure in game.error_reports] == []
