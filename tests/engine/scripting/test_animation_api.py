"""play_animation, set_animation_parameter, get_animation, and the callbacks that tell of animations."""

import pytest

from engine.ecs.components import Field

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[clip.rise]
tracks = [{ property = "position", keys = [{ time = 0, value = [0, 0] }, { time = 0.5, value = [0, 3] }] }]
events = [{ time = 0.25, name = "half" }]
[clip.wave]
play = "loop"
duration = 1.0
[animator.guard]
states = [{ name = "idle", clip = "wave" }, { name = "up", clip = "rise" }]
parameters = ["fear"]
triggers = ["start"]
transitions = [{ from = "idle", to = "up", when = { trigger = "start" } }]
[prefab.lift]
animation = { clip = "rise" }
script = "lift.rhai"
[[entity]]
tag = "Door"
animation = {}
script = "probe.rhai"
[[entity]]
tag = "Guard"
animation = { animator = "guard" }
[[entity]]
tag = "Stone"
"""


def printed(folder, body, *, ticks=0, **scripts):
    scripts = {"lift": ""} | scripts
    game = folder.game(SCENE, probe=body, ticks=ticks, **scripts)
    assert [failure.diagnostic for failure in game.error_reports] == []
    return game.drain_log()


def test_a_clip_is_played_and_told_of(folder):
    body = """
    fn on_spawn() {
        print(get_animation(entity_id) == "");
        play_animation(entity_id, "rise");
        print(get_animation(entity_id));
    }
    fn on_animation_event(name) { print(`${name} at ${tick}`); }
    fn on_animation_end(name) { print(`${name} ended at ${tick}, y = ${get_position(entity_id).y}`); }
    """
    assert printed(folder, body, ticks=40) == ["true", "rise", "half at 15", "rise ended at 30, y = 3.0"]


def test_an_end_may_play_the_next(folder):
    body = """
    fn on_spawn() { play_animation(entity_id, "rise"); }
    fn on_animation_end(name) { play_animation(entity_id, "wave", 0.5); print(get_animation(entity_id)); }
    fn on_update() { if tick == 100 { print(get_position(entity_id)); } }
    """
    assert printed(folder, body, ticks=101) == ["wave", "(0.0, 0.0, 0.0)"]


def test_states_parameters_and_triggers_of_an_animator(folder):
    body = """
    fn on_spawn() {
        set_animation_parameter(2, "fear", 3);
        print(get_animation(2));
        play_animation(2, "up");
        print(get_animation(2));
        play_animation(2, "idle");
        set_animation_parameter(2, "start", true);
    }
    fn on_update() { if tick < 3 { print(get_animation(2)); } }
    """
    assert printed(folder, body, ticks=3) == ["idle", "up", "idle", "up", "up"]


def test_what_is_spawned_plays_from_its_birth_on(folder):
    lift = "fn on_animation_end(name) { print(`${name} ${tick}`); }"
    body = 'fn on_spawn() { let e = spawn_entity("lift", (1, 1)); play_animation(e, "rise"); }'
    assert printed(folder, body, ticks=40, lift=lift) == ["rise 30"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('play_animation(1, "idle")', 'no clip, or state of the entity\'s animator, is called "idle"'),
        ('play_animation(2, "rise")', 'is called "rise"'),
        ('play_animation(1, "never heard of")', 'is called "never heard of"'),
        (
            'set_animation_parameter(2, "feer", 1)',
            'no parameter or trigger of the entity\'s animator is called "feer"',
        ),
    ],
)
def test_a_name_of_another_kind_is_an_error_of_the_script(folder, call, message):
    game = folder.game(SCENE, probe=f"fn on_spawn() {{ {call}; }}", lift="")
    [failure] = game.error_reports
    assert message in failure.diagnostic
    assert game.world.get(1, Field.ANIMATION_REQUEST) == 0


def test_python_plays_what_a_script_may(folder):
    game = folder.game(SCENE, probe="fn on_animation_end(name) { print(name); }", lift="")
    game.animation.play(1, "rise")
    for _ in range(40):
        game.step()
    assert game.drain_log() == ["rise"]
    assert game.animation.playing(1) == "rise"


def test_two_runs_have_the_same_hashes_and_the_animation_is_in_them(folder):
    def hashes(clip):
        game = folder.game(SCENE, probe=f'fn on_spawn() {{ play_animation(entity_id, "{clip}"); }}', lift="")
        found = []
        for _ in range(30):
            game.step()
            found.append(game.state_hash())
        return found

    assert hashes("rise") == hashes("rise")
    assert hashes("rise")[0] != hashes("wave")[0]


def test_an_opened_door_lets_a_body_through(folder):
    scene = (
        SCENE
        + """
    [clip.open]
    [[clip.open.tracks]]
    property = "position"
    keys = [{ time = 0, value = [0, 0] }, { time = 0.2, value = [0, 9] }]
    [[entity]]
    tag = "Gate"
    position = [20.0, 0.0]
    collider = { box = [0.5, 4.0] }
    animation = {}
    script = "gate.rhai"
    [[entity]]
    tag = "Ball"
    position = [16.0, 0.0]
    collider = { circle = 0.5 }
    body = { kind = "dynamic" }
    velocity = [4.0, 0.0]
    """
    )
    gate = 'fn on_collision(other) { print("knock"); play_animation(entity_id, "open"); }'
    game = folder.game(scene, probe="", lift="", gate=gate)
    ball = game.scripts.first_with_tag("Ball")
    for _ in range(100):
        game.world.set(ball, Field.VELOCITY_VX, 4.0)
        game.step()
    assert game.drain_log()[:1] == ["knock"]
    assert game.world.get(ball, Field.TRANSFORM_X) > 21.0
