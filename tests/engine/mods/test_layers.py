"""Mods add to a scene and change it; what they name is theirs, or else the game's."""

import pytest

from engine.errors import SceneError
from engine.game.game import Game
from engine.scene import load_scene

pytestmark = pytest.mark.integration

BAT = """
[prefab.bat]
tag = "Bat"
script = "scripts/bat.rhai"
[[entity]]
prefab = "bat"
position = [2, 2]
[[entity]]
prefab = "coin"
position = [3, 2]
"""


def refused(file):
    with pytest.raises(SceneError) as info:
        load_scene(file)
    return str(info.value)


def test_a_mod_adds_a_prefab_with_a_script_of_its_own(cave):
    cave.mod("bats", BAT)
    cave.file("mods/bats/scripts/bat.rhai", "let n = 0; fn on_update() { n += 10; }")
    game = Game.load(cave.scene("bats"))
    game.step()
    assert game.scene.script_names() == ("mods/bats/scripts/bat.rhai", "scripts/coin.rhai")
    bat = game.scripts.first_with_tag("Bat")
    assert game.scripts.state(bat, "mods/bats/scripts/bat.rhai") == {"n": 10}
    assert game.entity_count == 3


def test_a_mod_changes_a_prefab_key_by_key(cave):
    cave.mod("gold", "[prefab.coin]\nhealth = { value = 7 }\n")
    health = load_scene(cave.scene("gold")).prefabs["coin"].parts.health
    assert (health.value, health.max) == (7, 9)


def test_a_mod_adds_behaviour_to_the_prefab_of_another(cave):
    cave.mod("gold", '[prefab.coin]\nadd_scripts = ["glow.rhai"]\n')
    cave.file("mods/gold/glow.rhai", "let g = 0; fn on_update() { g += 2; }")
    game = Game.load(cave.scene("gold"))
    game.step()
    coin = game.scripts.first_with_tag("Coin")
    assert game.scripts.state(coin, "mods/gold/glow.rhai") == {"g": 2}
    assert game.scripts.state(coin, "scripts/coin.rhai") == {"n": 1}


def test_scripts_of_the_game_hear_of_everything_before_those_of_mods(cave):
    tells = """
    print("TOP NAME");
    fn on_spawn() { print("spawn NAME"); apply_damage(entity_id, 1); }
    fn on_update() { print("update NAME"); }
    fn on_damage(amount, source) { print("damage NAME"); }
    """
    for mod in ("gold", "bats"):
        cave.mod(mod, '[prefab.coin]\nadd_scripts = ["glow.rhai"]\n', 'permissions = ["combat"]')
        cave.file(f"mods/{mod}/glow.rhai", tells.replace("NAME", mod))
    cave.file("scripts/coin.rhai", tells.replace("NAME", "game"))
    game = Game.load(cave.scene("gold", "bats"))
    game.step()
    lines = game.drain_log()
    assert [line for line in lines if "damage" not in line] == [
        f"{kind} {name}" for kind in ("TOP", "spawn", "update") for name in ("game", "gold", "bats")
    ]
    assert [line.split()[1] for line in lines if "damage" in line] == [
        name for name in ("game", "gold", "bats") for _ in range(3)
    ]


def test_added_scripts_come_after_those_of_the_prefab_above(cave):
    cave.mod("gold", '[prefab.rich]\nprefab = "coin"\nadd_scripts = ["glow.rhai"]\n')
    cave.file("mods/gold/glow.rhai", "")
    rich = load_scene(cave.scene("gold")).prefabs["rich"]
    assert rich.parts.scripts == ("scripts/coin.rhai", "mods/gold/glow.rhai")


def test_a_later_mod_lies_over_an_earlier_one(cave):
    cave.mod("one", "[prefab.coin]\nhealth = { value = 1, armor = 3 }\n")
    cave.mod("two", "[prefab.coin]\nhealth = { value = 2 }\n")
    parts = load_scene(cave.scene("one", "two")).prefabs["coin"].parts
    assert (parts.health.value, parts.health.armor) == (2, 3)
    parts = load_scene(cave.scene("two", "one")).prefabs["coin"].parts
    assert (parts.health.value, parts.health.armor) == (1, 3)


def test_a_script_imports_files_of_its_own_mod_only(cave):
    cave.mod("bats", BAT)
    cave.file("mods/bats/scripts/wing.rhai", "fn beat() { 10 }")
    importing = 'import "{}" as wing; let n = wing::beat(); '
    bat = "mods/bats/scripts/bat.rhai"
    cave.file(bat, importing.format("wing"))
    game = Game.load(cave.scene("bats"))
    assert game.scripts.state(game.scripts.first_with_tag("Bat"), bat)["n"] == 10
    cave.file("secret.rhai", "fn beat() { 99 }")
    for path in ("secret", "../../secret", "/secret", "mods/bats/scripts/wing"):
        cave.file(bat, importing.format(path))
        game = Game.load(cave.scene("bats"))
        assert [failure.file for failure in game.error_reports] == [bat], path


def test_the_game_imports_nothing_of_a_mod(cave):
    cave.mod("bats", BAT)
    cave.file("mods/bats/scripts/bat.rhai", "")
    cave.file("scripts/coin.rhai", 'import "mods/bats/scripts/bat" as bat;')
    game = Game.load(cave.scene("bats"))
    assert "belongs to a mod" in game.error_reports[0].diagnostic


def test_faults_name_the_file_and_the_line_in_the_mod(cave):
    cave.mod("bats", '[prefab.bat]\ntag = "Bat"\nhealth = { value = "many" }\n')
    assert "bats/content.toml:3: [prefab.bat]: health.value" in refused(cave.scene("bats"))
    cave.mod("bats", "[[entity]]\n\n[[entity]]\nposition = 3\n")
    assert "bats/content.toml:4: [entity 2]: position" in refused(cave.scene("bats"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[scene]\nseed = 3", "a mod has no such table"),
        ("[limits]\noperations = 3", "a mod has no such table"),
        ("prefab = 3", "expected a table"),
        ("entity = 3", "expected a list of tables"),
        ("[prefab]\nbat = 3", "expected a table"),
        ("[prefab.coin]\nadd_scripts = 3", "expected a list of text"),
        ('[prefab.coin]\nadd_scripts = ["none.rhai"]', "no such file"),
        ('[prefab.coin]\nscript = "../../../x.rhai"', "leads out"),
        ('[prefab.bat]\nsprite = { image = "/etc/passwd.png" }', "not relative"),
        ("[prefab.bat", "not TOML"),
    ],
)
@pytest.mark.security
def test_what_a_mod_may_not_hold_is_told(cave, content, message):
    cave.mod("bats", content)
    text = refused(cave.scene("bats"))
    assert message in text
    assert "bats/content.toml" in text


@pytest.mark.security
def test_files_of_a_mod_cannot_be_links_out_of_it(cave, tmp_path):
    cave.mod("bats", '[prefab.coin]\nscript = "link.rhai"')
    outside = tmp_path / "outside.rhai"
    outside.write_text("", "utf-8")
    (cave.folder / "mods/bats/link.rhai").symlink_to(outside)
    assert "no such file" in refused(cave.scene("bats"))


def test_a_component_of_a_mod_is_new(cave):
    cave.mod("one", "[component.shiny]\nlevel = 1\n[prefab.coin]\nshiny = { level = 4 }\n")
    cave.mod("two", "[component.shiny]\nlevel = 2\n")
    assert load_scene(cave.scene("one")).prefabs["coin"].declared["shiny"]["level"] == 4
    assert "is declared in" in refused(cave.scene("one", "two"))


def test_a_file_that_does_not_compile_is_reported_with_its_mod(cave):
    cave.mod("bats", BAT)
    cave.file("mods/bats/scripts/bat.rhai", "fn on_update( {")
    game = Game.load(cave.scene("bats"))
    assert "mods/bats/scripts/bat.rhai" in game.error_reports[0].diagnostic


def test_a_script_of_the_engine_that_a_mod_uses_counts_as_the_mods(cave):
    permissions = 'permissions = ["inventory", "sound", "entities", "picture"]'
    cave.mod("bats", '[prefab.coin]\nscript = "astraweave:scripts/pickup_coin.rhai"\n', permissions)
    game = Game.load(cave.scene("bats"))
    assert game.scene.script_names() == ("mods/bats/astraweave:scripts/pickup_coin.rhai",)
    assert not game.error_reports
