"""Families in a running game: births and deaths, places through a tick, declared components, physics."""

import pytest

from engine.ecs.components import Component, Field
from engine.errors import UnknownPrefab

pytestmark = pytest.mark.integration

X, Y = Field.TRANSFORM_X, Field.TRANSFORM_Y
SCENE = """
[scene]
gravity = [0.0, 0.0]
[component.leaf]
mass = 1.5
way = [0.0, 2.0]
owner = "entity"
[prefab.turret]
tag = "Turret"
position = [1.0, 0.0]
script = "turret.rhai"
[prefab.turret.child.barrel]
tag = "Barrel"
position = [0.5, 0.0]
script = "turret.rhai"
leaf = { owner = "Driver", way = [3.0, 4.0] }
[prefab.tank]
tag = "Tank"
script = "tank.rhai"
child.gun.prefab = "turret"
[[entity]]
prefab = "tank"
position = [10.0, 5.0]
count = 2
[[entity]]
tag = "Driver"
script = "driver.rhai"
"""
TURRET = """
fn on_spawn() { print(`${get_tag(entity_id)} born at ${get_position(entity_id)}`); }
fn on_destroy() { print(`${get_tag(entity_id)} gone`); }
"""
TANK = TURRET


def scene_of(folder, driver, **scripts):
    return folder.game(SCENE, turret=TURRET, tank=scripts.pop("tank", TANK), driver=driver, **scripts)


def tagged(game, tag):
    world = game.world
    tags = {
        e: world.get(e, Field.TAG_NAME)
        for e in world.entities().tolist()
        if world.has_component(e, Component.TAG)
    }
    return [entity for entity, found in tags.items() if found == tag]


def test_a_scene_gives_birth_to_families(folder):
    game = scene_of(folder, "")
    world = game.world
    assert game.drain_log() == [
        "Tank born at (10.0, 5.0, 0.0)",
        "Tank born at (10.0, 5.0, 0.0)",
        *["Turret born at (11.0, 5.0, 0.0)"] * 2,
        *["Barrel born at (11.5, 5.0, 0.0)"] * 2,
    ]
    tank = tagged(game, "Tank")[1]
    (turret,) = world.hierarchy.children_of(tank)
    (barrel,) = world.hierarchy.children_of(turret)
    assert barrel == tagged(game, "Barrel")[1]
    leaf = world.registry.component("leaf")
    values = [world.get(barrel, field.number) for field in leaf.fields]
    assert values == [1.5, 3.0, 4.0, tagged(game, "Driver")[0]]


def test_a_script_spawns_and_destroys_a_family(folder):
    game = scene_of(folder, """
    let tank = 0;
    fn on_update() {
        if tick == 0 { tank = spawn_entity("tank", (20.0, 7.0)); }
        if tick == 1 { destroy_entity(tank); }
    }
    """)  # fmt: skip
    game.drain_log()
    game.step()
    assert game.drain_log() == [
        "Tank born at (20.0, 7.0, 0.0)",
        "Turret born at (21.0, 7.0, 0.0)",
        "Barrel born at (21.5, 7.0, 0.0)",
    ]
    barrel = tagged(game, "Barrel")[-1]
    owner = game.world.registry.field_named("leaf", "owner").number
    assert game.world.get(barrel, owner) == tagged(game, "Driver")[0]
    game.step()
    assert sorted(game.drain_log()) == ["Barrel gone", "Tank gone", "Turret gone"]
    assert len(game.world) == 7


def test_the_limit_of_entities_counts_the_whole_family(folder):
    game = folder.game(
        SCENE + "[limits]\nentities = 9\n",
        turret="", tank="", driver='fn on_spawn() { spawn_entity("tank", (0, 0)); }',
    )  # fmt: skip
    assert "as many entities as the scene's limits allow" in game.error_reports[0].diagnostic


def test_python_spawns_a_prefab_by_name(folder):
    game = scene_of(folder, "")
    tank = game.spawn("tank", (3.0, 4.0, 1.0))
    (turret,) = game.world.hierarchy.children_of(tank)
    assert [game.world.get(turret, field) for field in (X, Y, Field.TRANSFORM_Z)] == [4.0, 4.0, 1.0]
    assert game.world.is_unborn(turret)
    game.step()
    assert not game.world.is_unborn(turret)
    with pytest.raises(UnknownPrefab, match="did you mean"):
        game.spawn("tnak", (0.0, 0.0))


def test_children_follow_what_scripts_and_physics_do_to_their_parents(folder):
    game = scene_of(
        folder,
        "",
        tank="fn on_update() { set_position(entity_id, (10.0 + tick, 5.0)); }",
    )
    turret = tagged(game, "Turret")[0]
    for tick in range(3):
        game.step()
        assert game.world.get(turret, X) == 11.0 + tick
        assert game.world.get(turret, Field.TRANSFORM_PREVIOUS_X) == 11.0 + max(tick - 1, 0)


CARRIER = """
[scene]
gravity = [0.0, 0.0]
[[entity]]
tag = "Carrier"
velocity = [6.0, 0.0]
body = { kind = "dynamic", can_sleep = false }
collider = { box = [2.0, 2.0] }
[entity.child.shield]
tag = "Shield"
position = [1.0, 0.0]
body = { kind = "kinematic" }
collider = { box = [1.0, 3.0] }
[[entity]]
tag = "Ball"
position = [4.0, 1.4]
body = { kind = "dynamic" }
collider = { circle = 0.2 }
"""


def test_a_family_does_not_touch_itself_and_its_children_touch_others(folder):
    game = folder.game(CARRIER, ticks=20)
    carrier, shield, ball = (tagged(game, tag)[0] for tag in ("Carrier", "Shield", "Ball"))
    world = game.world
    assert world.get(carrier, X) == pytest.approx(2.0)
    assert world.get(shield, X) == world.get(carrier, X) + 1.0
    game.step()
    for _ in range(60):
        game.step()
    assert world.get(ball, X) > 5.0


def test_families_are_part_of_a_repeatable_run(folder):
    driver = """
    fn on_update() {
        let tank = spawn_entity("tank", (random() * 10.0, 0.0));
        if tick % 3 == 0 { destroy_entity(tank); }
        let other = find_entity_by_tag("Turret");
        if other != () { set_position(other, (random(), random())); }
    }
    """
    hashes = []
    for _ in range(2):
        game = scene_of(folder, driver)
        run = []
        for _ in range(20):
            game.step()
            run.append(game.state_hash())
        hashes.append(run)
        assert game.error_reports == []
    assert hashes[0] == hashes[1]
    assert len(set(hashes[0])) == 20
