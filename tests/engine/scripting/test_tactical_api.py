"""Who is near, who is friend and foe, what a ray meets: as a script sees it."""

import numpy as np
import pytest

from engine.ecs.components import Field
from engine.game.space import _needs_of
from engine.space.layout import Part
from tests.engine.conftest import find

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[teams]
neutral = ["farmers"]
allied = [["heroes", "guards"]]
hostile = [["wolves", "farmers"]]
[prefab.wolf]
tag = "Wolf"
team = "wolves"
[[entity]]
tag = "Probe"
team = "heroes"
position = [0.0, 0.0]
collider = { circle = 0.5 }
body = { kind = "static" }
script = "probe.rhai"
[[entity]]
tag = "Guard"
team = "guards"
position = [3.0, 0.0]
[[entity]]
tag = "Farmer"
team = "farmers"
position = [1.0, 0.0]
[[entity]]
tag = "Friend"
team = "heroes"
position = [0.0, 2.0]
health = { value = 5 }
[[entity]]
prefab = "wolf"
position = [0.0, 6.0]
[[entity]]
prefab = "wolf"
position = [6.0, 0.0]
[[entity]]
prefab = "wolf"
position = [0.0, -4.0]
health = { value = 10 }
[[entity]]
tag = "Wall"
position = [-5.0, 0.0]
collider = { box = [1.0, 8.0] }
[[entity]]
tag = "Gate"
position = [-2.0, 0.0]
collider = { box = [1.0, 1.0], sensor = true }
[[entity]]
tag = "Coin"
position = [30.0, 30.0]
"""
PROBE, GUARD, FARMER, FRIEND, WOLF_UP, WOLF_RIGHT, WOLF_DOWN, WALL, GATE, COIN = range(1, 11)


def printed(folder, body, ticks=0, before=""):
    game = folder.game(SCENE, probe=f"{before}fn on_spawn() {{\n{body}\n}}", ticks=ticks)
    assert [failure.diagnostic for failure in game.error_reports] == []
    return game.drain_log()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("get_nearest_enemy(entity_id)", f"{WOLF_DOWN}"),
        ("get_nearest_enemy(entity_id, 4)", f"{WOLF_DOWN}"),  # a radius counts to its end
        ("get_nearest_enemy(entity_id, 3.9) == ()", "true"),
        (f"get_nearest_enemy({GUARD})", f"{WOLF_RIGHT}"),  # 3 m away; the neutral farmer is nearer
        (f"get_nearest_enemy({FARMER})", f"{WOLF_DOWN}"),  # said to be hostile
        (f"get_nearest_enemy({WOLF_RIGHT})", f"{GUARD}"),
        (f"get_nearest_enemy({COIN}) == ()", "true"),  # in no team
        (f"set_health({WOLF_DOWN}); get_nearest_enemy(entity_id)", f"{WOLF_UP}"),  # ties: lower index
        (f'set_team({WOLF_DOWN}, "heroes"); get_nearest_enemy(entity_id)', f"{WOLF_UP}"),
        (f'set_team({FRIEND}, "wolves"); get_nearest_enemy(entity_id)', f"{FRIEND}"),
        (f'set_team({FRIEND}, "bandits"); get_nearest_enemy(entity_id)', f"{FRIEND}"),
        (f'set_team({FRIEND}, ""); get_nearest_enemy(entity_id)', f"{WOLF_DOWN}"),
        (f"destroy_entity({WOLF_DOWN}); get_nearest_enemy(entity_id)", f"{WOLF_DOWN}"),  # seen until it goes
        ("get_allies_in_radius(entity_id, 10)", f"[{FRIEND}, {GUARD}]"),
        ("get_allies_in_radius(entity_id, 2)", f"[{FRIEND}]"),
        ("get_allies_in_radius(entity_id, 1)", "[]"),
        (f"get_allies_in_radius({WOLF_UP}, 100)", f"[{WOLF_RIGHT}, {WOLF_DOWN}]"),
        (f"get_allies_in_radius({COIN}, 100)", "[]"),
        (f"get_allies_in_radius({FARMER}, 100)", "[]"),
        ("get_team(entity_id)", "heroes"),
        (f"get_team({COIN})", ""),
        (f'set_team({GUARD}, "wolves"); get_team({GUARD})', "wolves"),
        ("raycast((0, 0), (-1, 0), 4.4) == ()", "true"),  # the caller and sensors are skipped
        (
            "raycast((0, 0), (-3, 0), 10)",
            f'#{{"distance": 4.5, "entity": {WALL}, "normal": (1.0, 0.0), "point": (-4.5, 0.0)}}',
        ),
        ("raycast([0, 0], [-1, 0], 4.5).entity", f"{WALL}"),
        ("raycast((-9.0, 0.0, 7.0), (1, 0), 7).distance", "3.5"),
        ("raycast((-5.0, 0.0), (1, 0), 9) == ()", "true"),  # out of the middle of what it begins in
        ("raycast((-5.2, 0.0), (1, 0), 9).distance", "0.0"),
        ("raycast((0, 0), (0, 1), 0) == ()", "true"),
        ("raycast((-9, 0), (1e300, 0), 1e300).entity", f"{WALL}"),
        (f"line_of_sight(entity_id, {FRIEND})", "true"),
        ("line_of_sight(entity_id, (-9, 0))", "false"),
        ("line_of_sight((-9, 0), entity_id)", "false"),
        ("line_of_sight((-9, 0), (0, 0.1))", "false"),
        (f"line_of_sight(entity_id, {WALL})", "true"),  # both ends are ignored
        ("line_of_sight((-5, 0), (-5, 0))", "true"),
        ("line_of_sight((-9, 0), (-9, 99))", "true"),
        ("overlap_circle((-3, 0), 1.6)", f"[{WALL}, {GATE}]"),
        ("overlap_circle((0, 0), 0)", f"[{PROBE}]"),
        ("overlap_circle((50, 50), 3)", "[]"),
        ('find_entities_by_tag("Wolf")', f"[{WOLF_UP}, {WOLF_RIGHT}, {WOLF_DOWN}]"),
        ('find_entities_by_tag("Bear")', "[]"),
        ('find_entities_by_tag("")', "[]"),
    ],
)
def test_value(folder, expression, expected):
    *first, last = expression.split("; ")
    body = "".join(f"{part}; " for part in first) + f"print({last});"
    if "set_health" in body:
        game = folder.game(SCENE, probe=f"fn on_update() {{ print({last}); }}")
        game.world.set(WOLF_DOWN, Field.HEALTH_VALUE, 0.0)
        game.step()
        assert game.drain_log() == [expected]
    else:
        assert printed(folder, body) == [expected]


def test_until_physics_everyone_sees_the_places_of_perception(folder):
    body = f"""
    fn on_update() {{
        if tick == 1 {{
            set_position(entity_id, (0, 5));
            set_position({WOLF_DOWN}, (50, 50));
            set_position({WALL}, (60, 0));
        }}
        print(get_nearest_enemy(entity_id));
        print(raycast((0, 0), (-1, 0), 10).distance);
        print(line_of_sight(entity_id, (0, 5)));
    }}
    """
    game = folder.game(SCENE, probe=body, ticks=2)
    assert game.error_reports == []
    assert game.drain_log() == [f"{WOLF_DOWN}", "4.5", "true"] * 2
    game.step()
    assert game.drain_log()[0] == f"{WOLF_UP}"  # 1 m from its new place
    assert "property" in game.error_reports[0].diagnostic  # the wall is gone: there is no hit


def test_events_see_where_physics_left_things(folder):
    scene = SCENE.replace('tag = "Guard"\n', 'tag = "Guard"\nvelocity = [60.0, 0.0]\n')
    scene += """
[[entity]]
tag = "Bullet"
position = [20.0, 5.0]
velocity = [60.0, 0.0]
collider = { circle = 0.5 }
body = { kind = "dynamic" }
script = "bullet.rhai"
[[entity]]
position = [21.5, 5.0]
collider = { box = [1.0, 1.0] }
"""
    seen = "print(get_allies_in_radius(1, 3.5).len()); print(get_allies_in_radius(1, 4.5).len());"
    bullet = f"fn on_update() {{ {seen} }} fn on_collision(other) {{ {seen} }}"
    game = folder.game(scene, probe="", bullet=bullet, ticks=1)
    assert game.error_reports == []
    assert game.drain_log() == ["2", "2", "1", "2"]


def test_a_pointer_by_name_gets_an_index_when_it_asks(folder):
    body = 'let near = Fn("get_nearest" + "_enemy"); print(near.call(entity_id));'
    game = folder.game(SCENE, probe=f"fn on_spawn() {{ {body} }} fn on_update() {{ {body} }}", ticks=2)
    assert [failure.diagnostic for failure in game.error_reports] == []
    assert game.drain_log() == [f"{WOLF_DOWN}"] * 3


def test_only_what_scripts_call_is_taken(folder):
    game = folder.game(SCENE, probe="fn on_update() { print(get_nearest_enemy(entity_id)); }")
    program = game.scripts.files["probe.rhai"].program
    assert _needs_of(program) == Part.POINTS
    folder.write("probe.rhai", "fn on_update() { print(line_of_sight(entity_id, (0, 1))); }")
    assert game.reload("probe.rhai")
    assert _needs_of(game.scripts.files["probe.rhai"].program) == Part.POINTS | Part.COLLIDERS
    game.step()
    assert game.drain_log() == ["true"]


def test_the_spawned_and_the_removed_are_found_from_the_next_index_on(folder):
    body = f"""
    fn on_update() {{
        if tick == 0 {{ spawn_entity("wolf", (0, 1)); destroy_entity({WOLF_DOWN}); }}
        print(get_nearest_enemy(entity_id));
    }}
    """
    game = folder.game(SCENE, probe=body, ticks=2)
    assert game.error_reports == []
    newcomer = game.scripts.first_with_tag("Wolf")
    log = game.drain_log()
    assert log[0] == f"{WOLF_DOWN}"
    assert log[1] != log[0]
    x, y = (game.world.get(int(log[1]), field) for field in (Field.TRANSFORM_X, Field.TRANSFORM_Y))
    assert (x, y) == (0.0, 1.0)
    assert newcomer


def test_a_callback_that_fails_takes_its_team_back(folder):
    game = folder.game(SCENE, probe=f'fn on_update() {{ set_team({GUARD}, "wolves"); throw 1; }}', ticks=1)
    assert game.world.get(GUARD, Field.TEAM_NAME) == "guards"


BODY = """
[scene]
gravity = [0.0, 0.0]
[[entity]]
script = "probe.rhai"
collider = { box = [2.0, 3.0], density = 2.0 }
body = {}
[[entity]]
position = [9.0, 0.0]
collider = { circle = 1.0 }
body = { kind = "static" }
"""


def test_an_impulse_changes_the_velocity_by_its_part_of_the_mass(folder):
    script = "fn on_spawn() { apply_impulse(entity_id, (24, -6)); print(get_velocity(entity_id)); }"
    game = folder.game(BODY, probe=script)
    assert game.error_reports == []
    assert game.drain_log() == ["(2.0, -0.5)"]


def test_far_searches_cost_operations(folder):
    scene = (
        "[limits]\noperations = 500\n"
        + SCENE
        + '[[entity]]\nposition = [9.0, 9.0]\nteam = "heroes"\ncount = 9000\n'
    )
    game = folder.game(scene, probe="fn on_update() { get_allies_in_radius(entity_id, 100); }", ticks=1)
    assert "operations" in game.error_reports[0].diagnostic


@pytest.mark.parametrize("seed", range(3))
def test_many_entities_against_brute_force(folder, seed):
    random = np.random.default_rng(seed)
    lines, places, teams = [], [], []
    for x, y in random.integers(0, 30, (120, 2)).tolist():
        places.append((x, y))
        teams.append(["red", "blue", "green", "neutral", ""][random.integers(5)])
        lines.append(f'[[entity]]\nposition = [{x}.0, {y}.0]\nteam = "{teams[-1]}"\n')
    scene = '[[entity]]\nscript = "probe.rhai"\nposition = [99.0, 99.0]\n' + "".join(lines)
    game = folder.game(
        "[limits]\noperations = 1_000_000\n" + scene,
        probe="""
        fn on_spawn() {
            for e in 2..122 { print(get_nearest_enemy(e)); print(get_allies_in_radius(e, 6)); }
        }
        """,
    )
    assert game.error_reports == []
    log = iter(game.drain_log())
    for i, (x, y) in enumerate(places):
        gaps = [(px - x) ** 2 + (py - y) ** 2 for px, py in places]
        order = sorted(range(len(places)), key=lambda j: (gaps[j], j))
        sides = {teams[i], "neutral", ""}
        enemies = [j for j in order if teams[j] not in sides] if not {teams[i]} & {"neutral", ""} else []
        assert next(log) == (str(enemies[0] + 2) if enemies else "")
        allies = [j + 2 for j in order if j != i and teams[i] and teams[j] == teams[i] and gaps[j] <= 36]
        assert next(log) == str(allies)


def test_find_by_tag_still_agrees(folder):
    game = folder.game(SCENE, probe="")
    assert find(game, "Wolf") == WOLF_UP
