"""Which file each instance is of, against the files: through births, deaths, restoring and saves."""

import pytest

from engine.game.game import Game
from engine.scripting import instances
from lang.layout import INSTANCE_WORDS, InstanceWord

pytestmark = pytest.mark.integration

SCENE = """
[scene]
seed = 4
[mods]
load = ["m"]
[prefab.kid]
script = "kid.rhai"
[[system]]
script = "system.rhai"
stage = "simulation"
"""
MAIN = """
let n = 0;
fn on_update() {
    n += 1;
    if random(0, 2) == 0 { spawn_entity("kid", (random(0, 9), random(0, 9))); }
    if random(0, 40) == 0 { destroy_entity(entity_id); }
}
"""
KID = """
let list = [];
fn on_spawn() { list.push(tick); }
fn on_update() { list.push(tick); if random(0, 9) == 0 { destroy_entity(entity_id); } }
"""
MOD = "let kept = []; fn on_update() { kept.push(`${tick}`); }"


def game_of(folder):
    (folder / "mods" / "m").mkdir(parents=True)
    names = [f"main{number}.rhai" for number in range(4)]
    files = dict.fromkeys(names, MAIN) | {"kid.rhai": KID, "system.rhai": "fn run(entity) { }"}
    files |= {"mods/m/a.rhai": MOD, "mods/m/mod.toml": 'id = "m"\nversion = "1"\n'}
    entities = [f'[[entity]]\nscript = "{name}"\ncount = 5\n' for name in names]
    files["mods/m/content.toml"] = '[[entity]]\nscript = "a.rhai"\ncount = 3\n'
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "scene.toml").write_text(SCENE + "".join(entities), "utf-8")
    return Game.load(folder / "scene.toml")


def check(game):
    scripts = game.scripts
    used = [0] * len(scripts.budgets.parties)
    for file in scripts.files.values():
        own = file.instances()
        assert (scripts.file_of[own] == file.number).all()
        party = scripts.budgets.party_of(file.path)
        assert (scripts.parties_of(own) == party).all()
        capacities = scripts.machine.instances[INSTANCE_WORDS * own + InstanceWord.CAPACITY]
        used[party] += int(capacities.sum())
    assert scripts.memory_used() == used


def test_it_is_what_the_files_say(tmp_path):
    game = game_of(tmp_path)
    assert len(game.scripts.budgets.parties) == 2
    for _ in range(10):
        game.step()
        check(game)
    assert not game.error_reports
    assert game.entity_count > 23
    taken = game.snapshot()
    game.save(tmp_path / "one.save")
    for _ in range(20):
        game.step()
    check(game)
    game.restore(taken)
    check(game)
    for _ in range(20):
        game.step()
    other = Game.load(tmp_path / "scene.toml")
    other.load_save(tmp_path / "one.save")
    check(other)
    for _ in range(20):
        other.step()
    check(other)
    assert other.state_hash() == game.state_hash()


def test_to_ask_all_files_is_the_same_as_to_ask_all_instances(tmp_path, monkeypatch):
    hashes = []
    for few in (0, instances.FEW_FILES):
        monkeypatch.setattr(instances, "FEW_FILES", few)
        game = game_of(tmp_path / str(few))
        for _ in range(40):
            game.step()
        assert not game.error_reports
        hashes.append(game.state_hash())
    assert hashes[0] == hashes[1]
