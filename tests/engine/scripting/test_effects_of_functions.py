"""What every function of the API does, for a thousand entities that call it in one tick.

Each row is the body of a function: it calls, looks at what came of it, and says so by `expect`. What scripts
cannot see (sounds, pictures, requests) is a record that Python takes: `LEFT` says how many a call leaves.
"""

import numpy as np
import pytest

from engine.scripting.layout import Effect
from engine.scripting.registry import FUNCTIONS, functions_by_name
from tests.engine.scripting.api_world import api_game, call

pytestmark = pytest.mark.integration

COUNT = 1000
SCENE = f"""
[[entity]]
prefab = "actor"
tag = "Actor"
position = [0.0, 20.0]
spread = {{ box = [300.0, 30.0] }}
count = {COUNT}
script = "effects.rhai"
[[entity]]
prefab = "grunt"
tag = "Grunt"
position = [5.0, 0.5]
collider = {{ circle = 0.4 }}
"""
OPENING = """
let home = get_position(entity_id);
fn expect(holds) { if !holds { throw "it does not hold"; } }
fn on_message(name, data, sender) { if data == [entity_id, 2] && sender == entity_id { print(name); } }
fn on_timer(name) { print(name); }
fn later(e) { if e == entity_id { print("later"); } }
fn grunt() { find_entity_by_tag("Grunt") }
"""
EFFECTS = {
    "get_position": "let p = get_position(entity_id); set_position(entity_id, (p.x + 1.0, p.y));"
    "expect(get_position(entity_id).x == p.x + 1.0 && p.z == 0.0);",
    "set_position": "set_position(entity_id, (3, 4, 5)); set_position(entity_id, [1, 2]);"
    "expect(get_position(entity_id) == (1.0, 2.0, 5.0));",
    "move_towards": "set_position(entity_id, (0, 0)); expect(!move_towards(entity_id, (3, 4), 2.5));"
    "expect(distance(entity_id, (1.5, 2.0)) < 1e-9); expect(move_towards(entity_id, (3, 4), 2.5));",
    "distance": "set_position(entity_id, (3, 4)); expect(distance(entity_id, (0, 0, 9)) == 5.0);"
    "expect(distance((0, 0), entity_id) == 5.0);",
    "get_velocity": "set_velocity(entity_id, (1.5, 2)); expect(get_velocity(entity_id) == (1.5, 2.0));"
    'expect(get_velocity(spawn_entity("coin", (0, 0))) == (0.0, 0.0));',
    "set_velocity": "set_velocity(entity_id, [2, 3]); expect(get_velocity(entity_id) == (2.0, 3.0));",
    "apply_impulse": "set_velocity(entity_id, (0, 0)); apply_impulse(entity_id, (0.5, 0));"
    "let v = get_velocity(entity_id).x; apply_impulse(entity_id, (0.5, 0));"
    "expect(v > 0.0 && get_velocity(entity_id) == (2.0 * v, 0.0));",
    "get_rotation": "set_rotation(entity_id, 7); expect(get_rotation(entity_id) == 7.0);",
    "set_rotation": "set_rotation(entity_id, -0.5); expect(get_rotation(entity_id) == -0.5);",
    "face_direction": "face_direction(entity_id, (0, 5));"
    "expect((get_rotation(entity_id) - PI() / 2.0).abs() < 1e-12);",
    "set_scale": 'set_scale(entity_id, (2, 3)); expect(get_component(entity_id, "transform").scale_y == 3.0);'
    'set_scale(entity_id, 1); expect(get_component(entity_id, "transform").scale_x == 1.0);',
    "teleport": "set_velocity(entity_id, (9, 9)); teleport(entity_id, (7, 8));"
    "expect(get_position(entity_id).y == 8.0 && get_velocity(entity_id) == (0.0, 0.0));",
    "move_and_slide": "let x = get_position(entity_id).x; let v = move_and_slide(entity_id, (0, 0));"
    "expect(v == (0.0, 0.0) && get_position(entity_id).x == x);",
    "get_nearest_enemy": "expect(get_nearest_enemy(entity_id) == grunt());"
    "expect(get_nearest_enemy(entity_id, 0.001) == ());",
    "get_allies_in_radius": "expect(get_allies_in_radius(entity_id, 0) == []);"
    "let near = get_allies_in_radius(entity_id, 12); expect(!near.contains(entity_id));",
    "raycast": "let hit = raycast((5, 3.9), (0, -1), 9);"
    "expect(hit.distance > 0.0 && hit.normal == (0.0, 1.0));"
    "expect(raycast((-900, -900), (-1, 0), 5) == ());",
    "line_of_sight": "expect(!line_of_sight((3.5, 2), (6.5, 2)));"
    "expect(line_of_sight((-99, -9), (-98, -9)));",
    "overlap_circle": "expect(grunt() in overlap_circle((5, 0.5), 0.1));"
    "expect(overlap_circle((-900, -900), 1) == []);",
    "cover_score": "let score = cover_score(entity_id, grunt()); expect(score >= 0.0 && score <= 1.0);",
    "threat_level": "let level = threat_level(entity_id); expect(level >= 0.0 && level < 1.0);",
    "get_team": 'expect(get_team(entity_id) == "heroes");'
    'expect(get_team(spawn_entity("coin", (0, 0))) == "");',
    "set_team": 'set_team(entity_id, "monsters"); expect(get_team(entity_id) == "monsters");'
    'set_team(entity_id, "heroes");',
    "get_tag": 'expect(get_tag(entity_id) == "Actor"); expect(get_tag(spawn_entity("bolt", (0, 0))) == "");',
    "set_tag": 'set_tag(entity_id, "Other"); expect(get_tag(entity_id) == "Other");'
    'set_tag(entity_id, "Actor");',
    "find_entity_by_tag": 'expect(get_tag(find_entity_by_tag("Actor")) == "Actor");'
    'expect(find_entity_by_tag("Nobody") == ());',
    "find_entities_by_tag": f'expect(find_entities_by_tag("Actor").len() == {COUNT});',
    "is_alive": 'expect(is_alive(entity_id) && !is_alive(-7)); let e = spawn_entity("grunt", (0, 0));'
    "set_health(e, 0); expect(!is_alive(e));",
    "destroy_entity": 'let e = spawn_entity("coin", (0, 0)); expect(is_alive(e)); destroy_entity(e);'
    "expect(!is_alive(e));",
    "spawn_entity": 'let e = spawn_entity("grunt", (4, 5), #{ tag: "New", health: #{ value: 7 } });'
    'expect(get_tag(e) == "New" && get_health(e) == 7.0 && get_position(e) == (4.0, 5.0, 0.0));',
    "get_component": 'expect(get_component(entity_id, "health").max == 100.0);'
    'expect(get_component(entity_id, "mood") == ());',
    "set_component": 'set_component(entity_id, "health", #{ armor: 30, value: 60 });'
    'expect(get_armor(entity_id) == 30.0 && get_component(entity_id, "health").max == 100.0);',
    "apply_damage": 'set_component(entity_id, "health", #{ armor: 25, value: 80 });'
    "expect(apply_damage(entity_id, 50) == 40.0 && get_health(entity_id) == 40.0);",
    "heal": "set_health(entity_id, 95);expect(heal(entity_id, 20) == 5.0 && get_health(entity_id) == 100.0);",
    "get_health": "set_health(entity_id, 12.5); expect(get_health(entity_id) == 12.5);",
    "set_health": "set_health(entity_id, 500); expect(get_health(entity_id) == 100.0);"
    'let e = spawn_entity("grunt", (0, 0)); set_health(e, -5); expect(get_health(e) == 0.0);',
    "get_armor": 'set_component(entity_id, "health", #{ armor: 40 }); expect(get_armor(entity_id) == 40.0);',
    "apply_status_effect": 'set_position(entity_id, (0, 0)); apply_status_effect(entity_id, "slowed", 2);'
    "move_towards(entity_id, (10, 0), 4); expect(get_position(entity_id).x == 2.0);"
    "clear_status_effects(entity_id);",
    "clear_status_effects": 'apply_status_effect(entity_id, "burning", 2); clear_status_effects(entity_id);'
    'expect(!has_status_effect(entity_id, "burning"));',
    "has_status_effect": 'let e = spawn_entity("grunt", (0, 0)); expect(!has_status_effect(e, "burning"));'
    'apply_status_effect(e, "burning", 1, 2); expect(has_status_effect(e, "burning"));',
    "add_to_inventory": 'let n = get_item_count(entity_id, "Gem");'
    'expect(add_to_inventory(entity_id, "Gem", 3) == n + 3 && add_to_inventory(entity_id, "Gem") == n + 4);',
    "remove_from_inventory": 'add_to_inventory(entity_id, "Nut", 2);'
    'expect(!remove_from_inventory(entity_id, "Nut", 3));'
    'expect(remove_from_inventory(entity_id, "Nut", 2) && get_item_count(entity_id, "Nut") == 0);',
    "has_item": 'add_to_inventory(entity_id, "Key"); expect(has_item(entity_id, "Key"));'
    'expect(!has_item(entity_id, "Key", 2) && !has_item(entity_id, "Lock"));',
    "get_item_count": 'add_to_inventory(entity_id, "Pea", 5); expect(get_item_count(entity_id, "Pea") == 5);',
    "send_message": 'send_message(entity_id, "hello", [entity_id, 2]);',
    "start_timer": 'start_timer("soon", 0);',
    "stop_timer": 'expect(!stop_timer("late")); start_timer("late", 9, true); expect(stop_timer("late"));'
    'expect(!stop_timer("late"));',
    "start": 'start(Fn("later"), [entity_id]);',
    "wait": 'start(|| { wait(0.01); print("waited"); });',
    "wait_until": 'start(|| { wait_until(|| tick > 0); print("so it is"); });',
    "is_running": "expect(!is_running(0)); let one = start(|| wait(9)); expect(is_running(one));"
    "stop_sequence(one);",
    "stop_sequence": "let one = start(|| wait(9)); expect(stop_sequence(one) && !is_running(one));",
    "get_global": 'set_global("last", entity_id); expect(get_global("last") == entity_id);'
    'expect(get_global("nothing") == ());',
    "set_global": 'let a = [1]; set_global("list", a); a.push(2); expect(get_global("list") == [1]);',
    "load_data": 'expect(load_data("nothing") == ());',
    "save_data": 'save_data("best", #{ by: entity_id }); expect(load_data("best").by == entity_id);',
    "play_animation": 'play_animation(entity_id, "walk", 0.1); expect(get_animation(entity_id) == "walk");',
    "get_animation": 'expect(get_animation(entity_id) in ["idle", "walk"]);',
    "set_animation_parameter": 'set_animation_parameter(entity_id, "speed", 2.5);'
    'set_animation_parameter(entity_id, "start", true);',
    "find_path": "let way = find_path((0.5, 1.5), (9.5, 1.5));"
    "expect(way.len() > 1 && way[-1] == (9.5, 1.5));"
    "expect(find_path((0.5, 0.5), (4.5, 1.5)) == ());",
    "set_text": "set_text(entity_id, `${entity_id}`);"
    'expect(get_component(entity_id, "text").content == `${entity_id}`);',
    "screen_shake": "screen_shake(0.1, 0.2);",
    "camera_follow": "camera_follow(entity_id);",
    "camera_zoom": "camera_zoom(1.5);",
    "spawn_particle": 'spawn_particle("sparks", get_position(entity_id));',
    "set_emitter": 'set_emitter(entity_id, true); expect(get_component(entity_id, "emitter").active);'
    "set_emitter(entity_id, false);",
    "play_sound": 'let first = play_sound("coin"); expect(play_sound("hit", (1, 2), 0.5) == first + 1);',
    "stop_sound": 'stop_sound("coin", 0.5);',
    "play_music": 'play_music("theme", 2);',
    "stop_music": "stop_music();",
    "set_bus_volume": 'set_bus_volume("effects", 0.5);',
    "random": "let r = random(); expect(r >= 0.0 && r < 1.0);"
    "let n = random(-2, 2); expect(n >= -2 && n <= 2);",
    "is_action_down": 'expect(is_action_down("left") && !is_action_down("right"));',
    "is_action_pressed": 'expect(is_action_pressed("left") && !is_action_pressed("right"));',
    "is_action_released": 'expect(!is_action_released("left"));',
    "action_value": 'expect(action_value("left") == 1.0 && action_value("move") == 0.0);',
    "mouse_position": "expect(mouse_position().length() >= 0.0);",
    "load_scene": 'load_scene("level_2.toml");',
    "restart": "restart();",
    "pause": "pause();",
    "resume": "resume();",
    "is_paused": "expect(!is_paused());",
    "open_screen": 'open_screen("paused");',
    "close_screen": "close_screen();",
    "quit": "quit();",
}
LEFT = {
    "screen_shake": Effect.SHAKE,
    "camera_follow": Effect.CAMERA_FOLLOW,
    "camera_zoom": Effect.CAMERA_ZOOM,
    "spawn_particle": Effect.PARTICLES,
    "play_sound": Effect.SOUND,
    "stop_sound": Effect.STOP_SOUNDS,
    "play_music": Effect.MUSIC,
    "stop_music": Effect.STOP_MUSIC,
    "set_bus_volume": Effect.VOLUME,
    "load_scene": Effect.LOAD_SCENE,
    "restart": Effect.RESTART,
    "pause": Effect.PAUSE,
    "resume": Effect.RESUME,
    "open_screen": Effect.OPEN_SCREEN,
    "close_screen": Effect.CLOSE_SCREEN,
    "quit": Effect.QUIT,
}
"""What a call leaves for Python."""
TOLD = {
    "send_message": "hello",
    "start_timer": "soon",
    "start": "later",
    "wait": "waited",
    "wait_until": "so it is",
}
"""What a callback of each entity prints at the end of the tick."""


def test_every_function_has_a_row():
    assert set(EFFECTS) == set(functions_by_name())
    for name, body in EFFECTS.items():
        assert f"{name}(" in body
        assert "expect(" in body or name in LEFT or name in TOLD or name == "set_animation_parameter"


@pytest.fixture(scope="module")
def game(tmp_path_factory):
    """A game of a thousand entities with one script, which has a function for each row."""
    text = OPENING + "".join(
        f"fn effect_{name}() {{ {body} set_position(entity_id, home); }}\n" for name, body in EFFECTS.items()
    )
    made = api_game(tmp_path_factory.mktemp("effects"), SCENE, effects=text)
    made.step()
    assert [failure.diagnostic for failure in made.error_reports] == []
    yield made
    made.close()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_thousand_entities_call_it_in_one_tick(game, function):
    living = set(game.world.entities().tolist())
    game.set_actions([1, 0, 0, 0, 0, 0])
    errors = call(game, "effects.rhai", f"effect_{function.name}", times=COUNT)
    assert [error.diagnostic() for error in errors[:1]] == []
    left = game.scripts.effects.take()
    if function.name in LEFT:
        assert len(left) >= COUNT
        assert set(left[:, 0].tolist()) == {int(LEFT[function.name])}
    else:
        assert len(left) == 0
    game.set_actions([0, 0, 0, 0, 0, 0])
    game.step()
    game.step()
    told = [TOLD[function.name]] * COUNT if function.name in TOLD else []
    assert game.drain_log() == told
    assert [failure.diagnostic for failure in game.error_reports] == []
    game.world.despawn_many(np.array(sorted(set(game.world.entities().tolist()) - living), np.int64))
