"""A callback that fails has done nothing to the world: components, births, deaths, sounds, random draws."""

import pytest

from engine.ecs.components import Field

pytestmark = pytest.mark.security

SCENE = """
[scene]
gravity = [0.0, 0.0]
[limits]
operations = {operations}
[prefab.shot]
tag = "Shot"
velocity = [1.0, 0.0]
script = "shot.rhai"
[[entity]]
tag = "Other"
position = [5.0, 5.0]
velocity = [0.0, 0.0]
text = {{ content = "before" }}
[[entity]]
tag = "Actor"
position = [1.0, 1.0]
script = "actor.rhai"
"""
ACTOR = """
let count = 0;
let list = [1, 2];
fn on_update() {{
    let other = find_entity_by_tag("Other");
    count += 1;
    list.push(count);
    set_position(other, (9.0, 9.0, 3.0));
    set_velocity(other, (2.0, 2.0));
    set_text(other, `after ${{random(1, 100)}}`);
    let shot = spawn_entity("shot", (2.0, 2.0));
    let second = spawn_entity("shot", (3.0, 3.0));
    set_position(shot, (4.0, 4.0));
    destroy_entity(second);
    destroy_entity(other);
    play_sound("bang");
    list[0] = random();
    {end}
}}
"""
SHOT = "let born = tick;\nfn on_update() { }"
FAILURES = {
    "throw": "throw 1;",
    "stale entity": "get_position(1 << 40);",
    "bad index": "list[100];",
    "refused": "set_position(entity_id, (1.0, 0.0 / 0.0));",
    "endless": "loop { }",
    "too deep": "fn f() { f() } f();",
}


def state_of(game):
    world = game.world
    found = {
        field.name: [world.get(e, field) for e in world.entities().tolist() if has(world, e, field)]
        for field in Field
        if not field.passing
    }
    return found, world.entities().tolist(), len(world.commands)


def has(world, entity, field):
    return world.has_component(entity, field.component)


@pytest.fixture
def actor(folder):
    def actor(end, operations=10_000):
        helper = ""
        if "fn f" in end:
            helper, end = "fn f() { f() }\n", "f();"
        files = {"actor": helper + ACTOR.format(end=end), "shot": SHOT}
        return folder.game(SCENE.format(operations=operations), **files)

    return actor


@pytest.mark.parametrize("name", FAILURES)
def test_nothing_is_left_of_it(actor, name):
    game = actor(FAILURES[name])
    before = state_of(game)
    sounds = game.scripts.effects.take()
    assert not len(sounds)
    game.scripts.begin_tick(0, 1 / 60)
    entity = game.scripts.first_with_tag("Actor")
    state = game.scripts.state(entity, "actor.rhai")
    generators = game.scripts.machine.instances.copy()[7::8].tolist()
    game.scripts.dispatch_all("on_update")
    assert len(game.error_reports) == 1
    assert state_of(game) == before
    assert game.scripts.state(entity, "actor.rhai") == state
    assert game.scripts.machine.instances.copy()[7::8].tolist() == generators
    assert not len(game.scripts.effects.take())
    game.step()
    assert game.entity_count == 2


def test_whatever_operation_is_the_last(actor):
    reference = None
    for operations in range(1, 140):
        game = actor("", operations)
        if reference is None:
            reference = state_of(game)[0]
        game.scripts.begin_tick(0, 1 / 60)
        game.scripts.dispatch_all("on_update")
        if not game.error_reports:
            break
        if operations > 20:  # below that the top level failed already
            assert state_of(game)[0] == reference, operations
    assert not game.error_reports, "with enough operations it ends well"
    assert len(game.world.commands) == 4


def test_a_system_over_all_entities_is_whole_or_not_at_all(folder):
    scene = """
[scene]
[[entity]]
tag = "A"
position = [1.0, 1.0]
[[entity]]
tag = "B"
position = [2.0, 2.0]
[[system]]
script = "all.rhai"
with = ["tag"]
"""
    text = "fn run_all(entities) { for e in entities { set_position(e, (7, 7)); } throw 1; }"
    game = folder.game(scene, all=text)
    game.step()
    assert len(game.error_reports) == 1
    places = [game.world.get(e, Field.TRANSFORM_X) for e in game.world.entities().tolist()]
    assert places == [1.0, 2.0]
