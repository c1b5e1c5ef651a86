"""The arena with its two example mods: they load, fight, are told apart from the game, and can be shared."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.ecs.components import Field
from engine.ecs.query import Query
from engine.game import Game
from engine.game.session import GameSession
from engine.scene import load_scene
from engine.tools.check import check_paths
from tests.examples.arena_player import Bot

pytestmark = pytest.mark.integration

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "arena"
SCENE = FOLDER / "modded.toml"
POINTS = 15


@pytest.fixture(scope="module")
def modded():
    return load_scene(SCENE)


def tagged(game, tag):
    return game.scripts.first_with_tag(tag)


def errors(game):
    return [error.diagnostic for error in game.error_reports]


def bats(game):
    """How many there are: nobody else has this many points."""
    return sum(int((rows["foe.points"] == POINTS).sum()) for rows in Query(game.world, ["foe"]))


def test_the_scene_is_the_games_with_what_its_mods_add(modded):
    plain = load_scene(FOLDER / "scene.toml")
    assert [mod.file.id for mod in modded.mods] == ["golden", "bats"]
    assert set(modded.prefabs) - set(plain.prefabs) == {"bat", "roost"}
    assert set(modded.statuses) - set(plain.statuses) == {"bleeding"}
    assert len(modded.entities) == len(plain.entities) + 1
    assert modded.entities[: len(plain.entities)] == plain.entities
    assert not set(modded.script_names()) < set(plain.script_names())


def test_a_brute_is_of_gold_and_otherwise_as_it_was(modded):
    plain = load_scene(FOLDER / "scene.toml").prefabs["brute"]
    gold = modded.prefabs["brute"]
    assert gold.parts.sprite.image == "mods/golden/golden_brute.png"
    assert gold.parts.sprite.frames == plain.parts.sprite.frames
    assert (gold.parts.health.value, gold.parts.health.armor) == (150, plain.parts.health.armor)
    assert gold.declared["foe"] == {**plain.declared["foe"], "points": 150, "color": "burst_gold"}
    assert gold.parts.scripts == (*plain.parts.scripts, "mods/golden/scripts/hoard.rhai")


def test_a_golden_brute_drops_shells_when_it_is_shot():
    game = Game.load(SCENE)
    game.spawn("brute", (8.0, 9.0))
    items = Query(game.world, ["pickup"])
    for _ in range(2):
        shot = game.spawn("bolt", (6.0, 9.0))
        game.world.set(shot, "missile.damage", 100.0)
        game.world.set(shot, Field.VELOCITY_VX, 17.0)
        for _ in range(12):
            game.step()
    assert len(items) == 2
    assert errors(game) == []


def test_bats_come_with_the_second_wave_bite_and_are_counted():
    games = GameSession(SCENE)
    game = games.game
    game.scripts.set_state(tagged(game, "Director"), "scripts/waves.rhai", "wave", 1)
    game.world.set(tagged(game, "Gate"), Field.TRANSFORM_X, 27.8)
    hero = tagged(game, "Player")
    game.world.set(hero, Field.TRANSFORM_X, 6.0)
    game.world.set(hero, Field.TRANSFORM_Y, 9.0)
    for _ in range(400):
        game.step()
        if game.world.get(hero, Field.HEALTH_VALUE) < 100.0:
            break
    assert game.world.get(tagged(game, "Director"), "tally.left") == 9 + bats(game)
    assert bats(game) > 0
    assert game.world.get(hero, Field.HEALTH_VALUE) < 100.0
    before = game.world.get(hero, Field.HEALTH_VALUE)
    game.world.set(hero, Field.TRANSFORM_X, 15.0)  # away from all teeth: the wound goes on bleeding
    for _ in range(10):
        game.step()
    assert game.world.get(hero, Field.HEALTH_VALUE) == pytest.approx(before - 10 * 2.5 / 60, abs=0.01)
    assert errors(game) == []


def test_a_bot_plays_on_without_a_script_that_fails():
    games, bot, most = GameSession(SCENE), Bot(), 0
    games.game.scripts.set_state(tagged(games.game, "Director"), "scripts/waves.rhai", "wave", 2)
    waves = set()
    for tick in range(2000):
        games.step(bot.row(games.game))
        if tick % 8 == 0:
            most = max(most, bats(games.game))
            waves.add(games.game.world.get(tagged(games.game, "Director"), "tally.wave"))
            assert errors(games.game) == []
    assert most >= 2
    assert len(waves) >= 2
    assert games.game.log.take_warnings() == []


def test_the_tables_of_a_mod_are_checked_with_the_scene_that_loads_it(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "arena")
    content = tmp_path / "arena" / "mods" / "bats" / "content.toml"
    content.write_text(content.read_text("utf-8").replace("frames = [3, 1]", "frmes = [3, 1]"), "utf-8")
    found = [one for one in check_paths([tmp_path]).findings if one.kind == "SceneError"]
    assert [one.file for one in found] == [str(tmp_path / "arena" / "modded.toml")]
    assert "bats/content.toml:5: [prefab.bat]: sprite.frmes" in found[0].message


@pytest.mark.parametrize("mod_id", ["bats", "golden"])
def test_a_mod_is_packed_installed_and_loaded_from_there(mod_id, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.tools.mods.user_mods_folder", lambda: tmp_path / "installed")
    archive = tmp_path / "x.mod.zip"
    done = CliRunner().invoke(main, ["mod", "pack", str(FOLDER / "mods" / mod_id), "--out", str(archive)])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(main, ["mod", "install", str(archive), "--yes"])
    assert done.exit_code == 0, done.output
    installed = {one.relative_to(tmp_path / "installed") for one in tmp_path.glob("installed/**/*.*")}
    packed = {one.relative_to(FOLDER / "mods") for one in (FOLDER / "mods" / mod_id).rglob("*.*")}
    assert packed <= installed
