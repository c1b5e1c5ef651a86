"""The engine against its own figures: reload, start."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Benchmark, Row, WrongResult

if TYPE_CHECKING:
    from engine.game import Game

PATROL = Path(__file__).resolve().parent.parent / "examples" / "patrol"
SAVES = 20


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of the engine."""
    return (
        Benchmark("reload/patrol", lambda: _reload("reload/patrol", 100, longest=False)),
        Benchmark("reload/1000", lambda: _reload("reload/1000", 1_000, longest=False)),
        Benchmark("reload/1000 tick", lambda: _reload("reload/1000 tick", 1_000, longest=True)),
        Benchmark("start/patrol", _start),
    )


def patrol_scene(folder: Path, count: int) -> Path:
    """Write the patrol example with so many entities and return the scene."""
    text = (PATROL / "scene.toml").read_text(encoding="utf-8")
    assert "count = 1000" in text, "the example says its number in one line"
    (folder / "scene.toml").write_text(text.replace("count = 1000", f"count = {count}"), encoding="utf-8")
    (folder / "patrol.rhai").write_bytes((PATROL / "patrol.rhai").read_bytes())
    return folder / "scene.toml"


def _reload(name: str, count: int, *, longest: bool) -> Row:
    """Measure from a save to the end of the tick that runs the new code, or the longest tick meanwhile.

    What is polled between two ticks counts as part of the second one.
    """
    from engine.game import Game

    with tempfile.TemporaryDirectory() as folder:
        game = Game.load(patrol_scene(Path(folder), count))
        game.watch()
        script = Path(folder) / "patrol.rhai"
        text = script.read_text(encoding="utf-8")
        times = [_one_reload(game, script, text, number) for number in range(SAVES)]
        game.close()
    return Row(name=name, value=statistics.median(one[longest] for one in times), unit="ms")


def _one_reload(game: Game, script: Path, text: str, number: int) -> tuple[float, float]:
    """Return the milliseconds from a save to its first tick, and of the longest tick until then."""
    word = f"reloaded {number}"
    before = text.replace("fn on_update() {", f'fn on_update() {{ if entity_id == 1 {{ print("{word}"); }}')
    script.write_text(before, encoding="utf-8")
    start = time.perf_counter()
    longest = 0.0
    while time.perf_counter() - start < 5.0:
        begin = time.perf_counter()
        game.poll_reload()
        game.step()
        now = time.perf_counter()
        longest = max(longest, 1000.0 * (now - begin))
        if any(word in line for line in game.drain_log()):
            return 1000.0 * (now - start), longest
        time.sleep(1.0 / 240.0)
    raise WrongResult("reload", word, "nothing within 5 s")


def _start() -> Row:
    """Measure a whole process that does one tick, with a warm cache."""
    command = [
        sys.executable,
        "-m",
        "astraweave",
        "run",
        str(PATROL / "scene.toml"),
        "--headless",
        "--ticks",
        "1",
    ]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=PATROL.parent.parent)
        times.append(time.perf_counter() - start)
    return Row(name="start/patrol", value=statistics.median(times), unit="s")
