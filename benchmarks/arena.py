"""The arena's enemies by the thousand, and a script that finds ways and fights, against plain Python.

The scene is made from `examples/arena`: its prefabs, its scripts and its map, sixteen times side by side,
with two sides that fight each other. The twin in Python has the same mind, missiles and crowds, and
leaves out animation, messages and rigid bodies.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.arena_twin import TwinArena, find_path
from benchmarks.measure import Benchmark, Ratio, Row, WrongResult, milliseconds

if TYPE_CHECKING:
    from engine.game import Game

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "arena"
COUNT = 1_000
ACROSS = 4  # arenas side by side, and above each other
COLUMNS, ROWS = 28, 15  # of an arena without its walls
WARM_UP, TICKS = 240, 240
PEER = "python"
KINDS = ("grunt", "spitter", "wraith", "brute")
HUNTERS = 200
HUNTER = """
fn on_update() {
    let enemy = get_nearest_enemy(entity_id);
    if enemy == () { return; }
    if distance(entity_id, enemy) < 1.2 && line_of_sight(entity_id, enemy) {
        apply_damage(enemy, 0.01);
    } else {
        let way = find_path(get_position(entity_id), get_position(enemy));
        if way != () { move_towards(entity_id, way[0], delta_time * 3.0); }
    }
}
"""


def benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks of the arena."""
    return (Benchmark(f"arena/{COUNT}", _arena), Benchmark("arena/call", _call))


def large_map() -> dict[str, object]:
    """Return the map of the arena with its inside repeated, as Tiled's JSON."""
    found = json.loads((EXAMPLE / "maps" / "arena.tmj").read_text(encoding="utf-8"))
    layer, width = found["layers"][0], found["width"]
    inside = [layer["data"][row * width + 1 : row * width + 1 + COLUMNS] for row in range(2, 2 + ROWS)]
    wall = layer["data"][0]
    rows = [[wall, *line * ACROSS, wall] for _ in range(ACROSS) for line in inside]
    border = [wall] * (COLUMNS * ACROSS + 2)
    cells = [border, *rows, border]
    layer |= {"data": list(chain.from_iterable(cells)), "width": len(border), "height": len(cells)}
    return found | {"width": len(border), "height": len(cells)}


def thousand_scene(folder: Path, count: int = COUNT) -> Path:
    """Write a scene of so many enemies of two sides into a folder that is not there; returns it.

    Nobody dies, so that all ticks are alike; a tenth is hurt from the start, and flees.
    """
    shutil.copytree(EXAMPLE, folder)
    (folder / "maps" / "arena.tmj").write_text(json.dumps(large_map()), encoding="utf-8")
    text = (folder / "scene.toml").read_text(encoding="utf-8")
    text = text[: text.index("# --- the arena ---")].replace(
        "size = [30.0, 18.0]", f"size = [{COLUMNS * ACROSS + 2}.0, {ROWS * ACROSS + 2}.0]"
    )
    text += "[limits]\noperations = 100_000\n"
    for number in range(4 * len(KINDS) * 10):
        kind, side, is_hurt = KINDS[number % 4], ("horde", "hero")[number // 4 % 2], number % 10 == 0
        text += f"""
[[entity]]
prefab = "{kind}"
team = "{side}"
position = [2.0, 2.0]
count = {count // (4 * len(KINDS) * 10) + (number < count % (4 * len(KINDS) * 10))}
spread = {{ box = [{COLUMNS * ACROSS - 2}.0, {ROWS * ACROSS - 2}.0] }}
health = {{ value = {20_000 if is_hurt else 100_000}, max = 100_000 }}
behaviour = {{ sight = 10.0 }}
"""
    text += _DIRECTOR
    (folder / "scene.toml").write_text(text, encoding="utf-8")
    return folder / "scene.toml"


_DIRECTOR = """
[[entity]]
tag = "Director"
tally = {}
"""


def _arena() -> Row:
    """Measure whole ticks; every second one of each is ours, the others are the twin's."""
    from engine.game import Game

    name = f"arena/{COUNT}"
    with tempfile.TemporaryDirectory() as folder:
        game = Game.load(thousand_scene(Path(folder) / "arena"))
        twin = TwinArena(game)
        ours, theirs = [], []
        for tick in range(WARM_UP + TICKS):
            mine, other = milliseconds(game.step), milliseconds(twin.step) if tick % 8 == 0 else None
            if tick >= WARM_UP:
                ours.append(mine)
                theirs += [] if other is None else [other]
        _check(name, game)
        game.close()
    value = statistics.median(ours)
    return Row(name=name, value=value, unit="ms", ratios=(Ratio(PEER, value / statistics.median(theirs)),))


def _check(name: str, game: Game) -> None:
    """All states of mind must have been taken, and nobody may have died or failed."""
    from engine.ecs.query import Query

    minds = Query(game.world, ["behaviour"]).entities().tolist()
    states = {game.scripts.state(one, "astraweave:scripts/behaviour.rhai")["state"] for one in minds}
    if game.error_reports or len(minds) != COUNT or not {"chase", "attack", "flee"} <= states:
        raise WrongResult(name, f"{COUNT} fighters in all states and no error", (len(minds), states))


def _call() -> Row:
    """Measure one call of a script that looks for an enemy, and its way to it, in every call."""
    from engine.game import Game

    name = "arena/call"
    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder) / "arena"
        shutil.copytree(EXAMPLE, scene)
        (scene / "hunter.rhai").write_text(HUNTER, encoding="utf-8")
        text = (scene / "scene.toml").read_text(encoding="utf-8")
        text = text[: text.index("# --- the arena ---")]
        for side, corner in (("horde", 2.0), ("hero", 15.0)):
            text += f"""
[[entity]]
team = "{side}"
position = [{corner}, 2.0]
count = {HUNTERS // 2}
spread = {{ box = [12.0, 13.0] }}
health = {{ value = 1000 }}
script = "hunter.rhai"
"""
        (scene / "scene.toml").write_text(text, encoding="utf-8")
        game = Game.load(scene / "scene.toml")
        twin = TwinArena(game)
        theirs = []
        for tick in range(180):
            game.step()
            if tick >= 60 and tick % 20 == 0:
                theirs.append(milliseconds(lambda: twin.hunt(find_path)) * 1000.0 / HUNTERS)
        if game.error_reports or game.entity_count < HUNTERS:
            raise WrongResult(name, "no error", game.error_reports)
        value = 1000.0 * game.timings.summary()["script"]["median"] / HUNTERS
        game.close()
    return Row(name=name, value=value, unit="us", ratios=(Ratio(PEER, value / statistics.median(theirs)),))
