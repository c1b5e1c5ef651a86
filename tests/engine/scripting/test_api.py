"""What each function of the API does, as a script sees it."""

import math

import numpy as np
import pytest

from engine.ecs.components import Field

pytestmark = pytest.mark.integration

# The world of `folder.printed`: the Probe at (1, 2, 3), turned by 0.25; Targets at (4, 6) and (9, 9).


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("get_position(entity_id)", "(1.0, 2.0, 3.0)"),
        ("get_rotation(entity_id)", "0.25"),
        ("get_velocity(entity_id)", "(0.0, 0.0)"),
        ('get_velocity(find_entity_by_tag("Target"))', "(0.0, 0.0)"),  # it has none
        ("get_velocity(3)", "(1.5, -2.0)"),
        ("get_tag(entity_id)", "Probe"),
        ('get_tag(spawn_entity("coin", (0, 0)))', "Coin"),
        ('find_entity_by_tag("Target")', "2"),  # the first by index
        ('find_entity_by_tag("Nobody") == ()', "true"),
        ('find_entity_by_tag("") == ()', "true"),
        ("distance(entity_id, 2)", "5.0"),
        ("distance(entity_id, (4.0, 6.0))", "5.0"),
        ("distance((4.0, 6.0, 99.0), (1.0, 2.0))", "5.0"),  # planar
        ("distance([4, 6], [1, 2.0])", "5.0"),
        ("distance(2, entity_id)", "5.0"),
        ("(0.0, 0.0).distance((3.0, 4.0))", "5.0"),
        ("entity_id.get_position().x", "1.0"),
        ("is_alive(entity_id)", "true"),
        ("is_alive(99)", "false"),
        ("is_alive(-1)", "false"),
        ("is_alive(0)", "false"),
        ('is_action_down("left")', "false"),
        ("tick", "0"),
        ("delta_time * 60.0", "1.0"),
        ("type_of(entity_id)", "i64"),
        ('play_sound("coin")', "1"),
        ('play_sound("a"); play_sound("b", (1, 2), 0.5)', "2"),
        ('play_sound("a", (), 0.5, 1.2)', "1"),
    ],
)
def test_value(folder, expression, expected):
    *first, last = expression.split("; ")
    body = "".join(f"{part}; " for part in first) + f"print({last});"
    assert folder.printed(body) == [expected]


@pytest.mark.parametrize(
    ("call", "place"),
    [
        ("set_position(entity_id, (5.0, 6.0))", (5.0, 6.0, 3.0)),  # z stays
        ("set_position(entity_id, (5.0, 6.0, 7.0))", (5.0, 6.0, 7.0)),
        ("set_position(entity_id, [5, 6.5])", (5.0, 6.5, 3.0)),
        ("set_position(entity_id, [5, 6, 7])", (5.0, 6.0, 7.0)),
        ("entity_id.set_position((5.0, 6.0))", (5.0, 6.0, 3.0)),
        ("move_towards(entity_id, (4.0, 6.0), 2.5)", (2.5, 4.0, 3.0)),
        ("move_towards(entity_id, [4, 6, 50], 5)", (4.0, 6.0, 3.0)),
        ("move_towards(entity_id, (4.0, 6.0), 99)", (4.0, 6.0, 3.0)),
        ("move_towards(entity_id, (4.0, 6.0), 0)", (1.0, 2.0, 3.0)),
        ("move_towards(entity_id, (1.0, 2.0), 0)", (1.0, 2.0, 3.0)),
    ],
)
def test_where_the_probe_stands_then(folder, call, place):
    game = folder.probe(f"{call};")
    fields = (Field.TRANSFORM_X, Field.TRANSFORM_Y, Field.TRANSFORM_Z)
    assert tuple(game.world.get(1, field) for field in fields) == place
    assert game.error_reports == []


@pytest.mark.parametrize(("step", "reached"), [("5.0", "true"), ("4.999", "false"), ("0", "false")])
def test_move_towards_tells_whether_it_is_there(folder, step, reached):
    assert folder.printed(f"print(move_towards(entity_id, (4.0, 6.0), {step}));") == [reached]


def test_move_towards_from_one_end_of_the_numbers_to_the_other_stays_a_number(folder):
    game = folder.probe(
        "set_position(entity_id, (-1.7e308, 1.7e308));"
        "move_towards(entity_id, (1.7e308, -1.7e308), 1.0);"
        "print(get_position(entity_id).x < 0.0);"
    )
    assert game.drain_log() == ["true"]
    assert math.isfinite(game.world.get(1, Field.TRANSFORM_X))


def test_a_velocity_moves_the_entity_in_physics(folder):
    game = folder.probe("set_velocity(entity_id, (60.0, -30.0)); print(get_velocity(entity_id));", ticks=1)
    assert game.drain_log() == ["(60.0, -30.0)"]
    assert game.world.get(1, Field.TRANSFORM_X) == pytest.approx(2.0)
    assert game.world.get(1, Field.TRANSFORM_Y) == pytest.approx(1.5)


def test_a_position_set_keeps_the_velocity(folder):
    game = folder.probe("set_velocity(entity_id, (60.0, 0.0)); set_position(entity_id, (8.0, 8.0));", ticks=1)
    assert game.world.get(1, Field.TRANSFORM_X) == pytest.approx(9.0)


def test_destroyed_at_once_for_is_alive_but_seen_until_commands(folder):
    game = folder.game(
        probe="""
        fn on_update() {
            if tick == 0 {
                destroy_entity(2);
                destroy_entity(2);
                print(is_alive(2));
                print(get_tag(2));
                print(find_entity_by_tag("Target"));
            } else if tick == 1 {
                print(find_entity_by_tag("Target"));
                print(is_alive(2));
                get_tag(2);
            }
        }""",
        ticks=3,
    )
    assert game.drain_log() == ["false", "Target", "2", "3", "false"]
    assert [failure.message for failure in game.error_reports] == [
        "get_tag: `e`: entity 2 does not exist (any more)"
    ]
    assert game.entity_count == 2


def test_a_spawned_entity_is_valid_at_once_and_joins_queries_after_commands(folder):
    game = folder.game(
        probe="""
        fn on_update() {
            if tick == 0 {
                let coin = spawn_entity("coin", (5, 6.0, 7.0));
                print(get_position(coin));
                print(is_alive(coin));
                print(find_entity_by_tag("Coin") == ());
                set_position(coin, (8.0, 9.0));
            } else {
                print(get_position(find_entity_by_tag("Coin")));
            }
        }""",
        ticks=2,
    )
    assert game.error_reports == []
    assert game.drain_log() == ["(5.0, 6.0, 7.0)", "true", "true", "(8.0, 9.0, 7.0)"]


def test_a_spawned_entity_is_drawn_where_it_was_born(folder):
    game = folder.game(probe='fn on_update() { if tick == 0 { spawn_entity("coin", (5, 6)); } }', ticks=1)
    coin = game.scripts.first_with_tag("Coin")
    pairs = [
        (Field.TRANSFORM_X, Field.TRANSFORM_PREVIOUS_X),
        (Field.TRANSFORM_Y, Field.TRANSFORM_PREVIOUS_Y),
        (Field.TRANSFORM_ROTATION, Field.TRANSFORM_PREVIOUS_ROTATION),
    ]
    for now, before in pairs:
        assert game.world.get(coin, now) == game.world.get(coin, before) != 0.0


def test_spawned_and_destroyed_in_one_callback_was_never_there(folder):
    game = folder.probe('destroy_entity(spawn_entity("coin", (0, 0)));', ticks=2)
    assert (game.entity_count, game.error_reports) == (3, [])


def test_a_text_says_what_it_was_told(folder):
    game = folder.probe('set_text(entity_id, "Grüße, 世界");')
    assert game.world.get(1, Field.TEXT_CONTENT) == "Grüße, 世界"


def test_the_camera_does_what_scripts_say_and_is_no_part_of_the_state(folder):
    game = folder.probe("screen_shake(2); screen_shake(0.5, 3.0); camera_follow(2); camera_zoom(1.5);")
    assert [failure.diagnostic for failure in game.error_reports] == []
    shakes = [(shake.intensity, shake.seconds) for shake in game.shakes]
    assert shakes == [(2.0, 0.3), (0.5, 3.0)]
    assert (game.camera.follow, game.camera.pixels_per_metre) == (2, 48.0)
    assert game.state_hash() == folder.probe("let nothing = 0;").state_hash()


def test_more_shakes_than_anyone_can_see(folder):
    game = folder.probe("for i in 0..3000 { screen_shake(1); }")
    assert game.error_reports == []
    assert len(game.shakes) == 16


def test_keys_are_seen_in_the_tick_they_were_set_for(folder):
    game = folder.game(
        probe='fn on_update() { print(`${is_action_down("left")} ${is_action_down("jump")}`); }'
    )
    for left, jump in [(1, 0), (1, 1), (0, 1)]:
        game.set_actions(np.array([left, jump]))
        game.step()
    assert game.drain_log() == ["true false", "true true", "false true"]


class TestRandom:
    def test_within_bounds_both_included(self, folder):
        drawn = folder.printed(
            "let seen = [0, 0, 0]; for i in 0..300 { seen[random(-1, 1) + 1] += 1; } print(seen);"
            "let low = 1.0; let high = 0.0;"
            "for i in 0..300 { let r = random(); if r < low { low = r; } if r > high { high = r; } }"
            "print(low >= 0.0 && low < 0.05 && high < 1.0 && high > 0.95);"
        )
        counts = [int(part) for part in drawn[0].strip("[]").split(",")]
        assert min(counts) > 60
        assert drawn[1] == "true"

    def test_an_interval_of_one_and_the_widest(self, folder):
        assert folder.printed(
            "print(random(5, 5));"
            "let most = 9223372036854775807;"
            "let a = random(-most - 1, most); let b = random(-most, most);"
            "print(a != b);"
        ) == ["5", "true"]

    def test_every_instance_and_every_seed_has_its_own_numbers(self, folder):
        scene = '[scene]\nseed = {}\n[[entity]]\ncount = 3\nscript = "draw.rhai"\n'
        draw = "fn on_spawn() { print(random(0, 1000000000)); }"
        first = folder.game(scene.format(1), draw=draw).drain_log()
        again = folder.game(scene.format(1)).drain_log()
        other = folder.game(scene.format(2)).drain_log()
        assert first == again
        assert len({*first, *other}) == 6


def test_an_entity_that_the_camera_followed_may_go(folder):
    game = folder.probe("camera_follow(2); destroy_entity(2);", ticks=3)
    assert not game.world.exists(2)
    assert game.camera.follow == 0
