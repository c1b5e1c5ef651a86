"""Cover and threat: as a script sees them, against the formulas of the page of functions."""

import math

import pytest

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[[entity]]
tag = "Probe"
team = "a"
position = [0.0, 0.0]
collider = {{ {shape} }}
health = {{ value = 50, max = 200 }}
script = "probe.rhai"
[[entity]]
tag = "Enemy"
team = "b"
position = [10.0, 0.0]
collider = {{ circle = 0.5 }}
health = {{ value = 80, max = 300 }}
[[entity]]
tag = "Wall"
position = {wall}
collider = {{ box = [0.5, 20.0] }}
[[entity]]
tag = "Ghost"
position = [0.0, 30.0]
"""
PROBE, ENEMY, WALL, GHOST = 1, 2, 3, 4
FAR, BETWEEN = "[0.0, 90.0]", "[5.0, 0.0]"


def printed(folder, body, wall=FAR, shape="box = [1.0, 2.0]", more=""):
    scene = SCENE.format(shape=shape, wall=wall) + more
    game = folder.game(scene, probe=f"fn on_spawn() {{ {body} }}")
    assert [failure.diagnostic for failure in game.error_reports] == []
    return game.drain_log()


@pytest.mark.parametrize(
    ("wall", "shape", "score"),
    [
        (FAR, "box = [1.0, 2.0]", 0.0),
        (BETWEEN, "box = [1.0, 2.0]", 1.0),
        (BETWEEN, "circle = 1.0", 1.0),
        ("[5.0, 10.0]", "box = [1.0, 2.0]", 0.5),  # the upper half
        ("[5.0, -10.0]", "circle = 1.0", 0.5),
        ("[5.0, 10.25]", "capsule = [1.0, 2.0]", 0.25),  # a shadow from 0.5 on, as wide as twice its distance
        ("[-5.0, 0.0]", "box = [1.0, 2.0]", 0.0),  # behind it
    ],
)
def test_cover_is_the_hidden_part_of_the_breadth(folder, wall, shape, score):
    (found,) = printed(folder, f"print(cover_score(entity_id, {ENEMY}));", wall, shape)
    assert float(found) == score


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (f"cover_score({GHOST}, (9, 30))", 0.0),  # a point without a collider
        (f"cover_score({GHOST}, entity_id)", 0.0),
        ("cover_score(entity_id, entity_id)", 0.0),
        ("cover_score(entity_id, get_position(entity_id))", 0.0),
        ("cover_score(entity_id, (12.0, 0.0))", 1.0),  # the enemy stands between
        (f"cover_score({GHOST}, (0, 190))", 1.0),  # through the far wall
    ],
)
def test_cover_at_the_edges(folder, call, expected):
    assert [float(value) for value in printed(folder, f"print({call});")] == [expected]


def level(danger, own):
    return danger / (danger + own)


@pytest.mark.parametrize(
    ("before", "wall", "expected"),
    [
        ("", FAR, level(0.8 * 0.5, 0.5)),
        ("", BETWEEN, 0.0),
        ("set_health(entity_id, 200);", FAR, level(0.4, 2.0)),
        ("set_health(entity_id, 0);", FAR, 1.0),
        (f"set_health({ENEMY}, 200);", FAR, level(1.0, 0.5)),
        (f"set_health({ENEMY}, 0);", FAR, 0.0),
        (f'set_team({ENEMY}, "a");', FAR, 0.0),
    ],
)
def test_the_level_follows_the_formula(folder, before, wall, expected):
    (found,) = printed(folder, f"{before} print(threat_level(entity_id));", wall)
    assert float(found) == pytest.approx(expected, rel=1e-12)


def test_more_and_nearer_enemies_are_more_danger_and_far_ones_none(folder):
    one = '[[entity]]\nteam = "b"\nposition = [{x}, 0.0]\n'
    enemies = ("", one.format(x=-25.0), one.format(x=-15.0), one.format(x=-5.0), 40 * one.format(x=-5.0))
    levels = [float(printed(folder, "print(threat_level(entity_id));", more=more)[0]) for more in enemies]
    assert levels[0] == levels[1]
    assert levels == sorted(levels)
    assert levels[3] == pytest.approx(level(0.4 + 0.75, 0.5))
    assert levels[4] == pytest.approx(level(16 * 0.75, 0.5)), "the nearest 16 count"


def test_from_the_end_of_the_world(folder):
    found = printed(
        folder,
        "print(cover_score(entity_id, (1.7e308, 1.7e308))); print(threat_level(entity_id));",
    )
    assert [float(value) for value in found] == [0.0, pytest.approx(level(0.4, 0.5))]


def test_a_crowd_sees_the_same_in_every_run(folder):
    crowd = (
        '[[entity]]\ncount = 400\nteam = "b"\nspread = { box = [40.0, 40.0] }\ncollider = { circle = 0.3 }\n'
    )
    body = "print(threat_level(entity_id)); print(cover_score(entity_id, (15.0, 15.0)));"
    first = printed(folder, body, more=crowd)
    assert first == printed(folder, body, more=crowd)
    assert all(0.0 <= float(value) <= 1.0 and math.isfinite(float(value)) for value in first)
