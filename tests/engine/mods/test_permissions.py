"""A mod calls what changes the world only by the groups that it asks for, by whatever way."""

import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.errors import SceneError
from engine.game.game import Game
from engine.scene import load_scene

pytestmark = [pytest.mark.integration, pytest.mark.security]

CONTENT = """
[prefab.bat]
tag = "Bat"
health = { value = 5, max = 9 }
script = "bat.rhai"
[[entity]]
prefab = "bat"
"""
BAT = "mods/bats/bat.rhai"


def game_with(cave, script, permissions=""):
    cave.mod("bats", CONTENT, f"permissions = [{permissions}]")
    cave.file(BAT, script)
    game = Game.load(cave.scene("bats"))
    game.step()
    return game


def test_what_only_reads_is_free(cave):
    script = """
    let found = [];
    fn beat() { wait(0.1); }
    fn on_spawn() { found = [get_health(entity_id), get_tag(entity_id), random() < 1.0]; start(beat); }
    """
    game = game_with(cave, script)
    assert not game.error_reports
    assert game.scripts.state(game.scripts.first_with_tag("Bat"), BAT)["found"] == [5.0, "Bat", True]


def test_what_changes_needs_a_permission_told_when_it_is_compiled(cave):
    game = game_with(cave, "fn on_update() {\n  heal(entity_id, 1);\n}")
    report = game.error_reports[0]
    assert (report.file, report.line, report.column, report.kind) == (BAT, 2, 3, "Parsing")
    assert report.message.startswith(
        "`heal` needs the permission `combat`, which mod.toml of bats does not ask for"
    )


def test_with_the_permission_it_runs(cave):
    game = game_with(cave, "fn on_update() { heal(entity_id, 1); }", '"combat"')
    assert not game.error_reports
    assert game.world.get(game.scripts.first_with_tag("Bat"), "health.value") == 6.0


@pytest.mark.parametrize(
    "script",
    [
        'fn on_update() { Fn("heal").call(entity_id, 1); }',
        'fn on_update() { let name = "he"; name += "al"; Fn(name).call(entity_id, 1); }',
        'fn on_update() { call(Fn("heal"), entity_id, 1); }',
        'fn on_update() { [entity_id].map(Fn("destroy_entity")); }',
        "fn on_update() { let e = entity_id; e.heal(1); }",
        'fn on_update() { let m = #{ f: Fn("heal") }; m.f(entity_id, 1); }',
        'fn on_update() { let f = Fn("heal").curry(entity_id); f.call(1); }',
    ],
)
def test_no_way_leads_around_it(cave, script):
    game = game_with(cave, script)
    assert [report.file for report in game.error_reports] == [BAT]
    assert game.world.get(game.scripts.first_with_tag("Bat"), "health.value") == 5.0


def test_the_game_itself_needs_none(cave):
    cave.file("scripts/coin.rhai", 'fn on_update() { Fn("heal").call(entity_id, 1); }')
    game = game_with(cave, "")
    assert not game.error_reports
    assert game.world.get(game.scripts.first_with_tag("Coin"), "health.value") == 6.0


def test_a_function_of_its_own_may_have_the_name(cave):
    game = game_with(cave, "let n = 0; fn heal(e, a) { a } fn on_update() { n = heal(entity_id, 3); }")
    assert not game.error_reports
    assert game.scripts.state(game.scripts.first_with_tag("Bat"), BAT) == {"n": 3}


def test_a_changed_permission_counts_though_the_program_was_kept(cave):
    script = "fn on_update() { heal(entity_id, 1); }"
    assert not game_with(cave, script, '"combat"').error_reports
    assert game_with(cave, script).error_reports
    assert not game_with(cave, script, '"combat"').error_reports


def test_an_unknown_permission_is_told(cave):
    cave.mod("bats", CONTENT, 'permissions = ["combatt"]')
    cave.file(BAT, "")
    with pytest.raises(SceneError, match=r"there is no permission `combatt`[\s\S]*did you mean `combat`"):
        load_scene(cave.scene("bats"))


def test_check_knows_the_permissions_of_a_mod(cave):
    cave.mod("bats", CONTENT)
    cave.file(BAT, "fn on_update() { heal(entity_id, 1); }")
    result = CliRunner().invoke(main, ["check", str(cave.folder / BAT)])
    assert result.exit_code == 1
    assert "needs the permission `combat`" in result.output
