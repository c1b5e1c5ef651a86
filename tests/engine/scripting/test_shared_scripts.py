"""The scripts that come with the engine, each in a small scene that shows what it does."""

import pytest

from engine.ecs.components import Field
from engine.errors import SceneError
from engine.scene.file_names import SHARED_FOLDER
from engine.scripting.entity_lists import FIRST
from engine.tools.check import check_paths

pytestmark = pytest.mark.integration

HEAD = """
include = ["astraweave:scripts/components.toml"]
[scene]
size = [40.0, 24.0]
gravity = [0.0, 0.0]
[status.poison]
damage = 5.0
[status.slow]
slow = 0.5
[prefab.shot]
velocity = [0.0, 0.0]
missile = { damage = 7.0, effect = "slow" }
script = "astraweave:scripts/missile.rhai"
"""
PLAYER = """
[[entity]]
tag = "Player"
team = "heroes"
position = [{x}, {y}]
health = {{ value = 100 }}
velocity = [0.0, 0.0]
collider = {{ circle = 0.4 }}
body = {{ kind = "dynamic", fixed_rotation = true }}
"""
WALL = """
[[entity]]
position = [{x}, {y}]
collider = {{ box = [1.0, 6.0] }}
"""


class Scene:
    """A game made of pieces, whose entities are known by their tags."""

    def __init__(self, folder, pieces, **scripts):
        self.game = folder.game(HEAD + pieces, **scripts)
        self.world = self.game.world

    def tagged(self, tag):
        return self.game.scripts.first_with_tag(tag)

    def place(self, tag):
        entity = self.tagged(tag)
        return self.world.get(entity, Field.TRANSFORM_X), self.world.get(entity, Field.TRANSFORM_Y)

    def health(self, tag):
        return self.world.get(self.tagged(tag), Field.HEALTH_VALUE)

    def put(self, tag, x, y):
        self.world.set(self.tagged(tag), Field.TRANSFORM_X, x)
        self.world.set(self.tagged(tag), Field.TRANSFORM_Y, y)

    def items(self, tag, item):
        """How many of an item somebody carries."""
        rows = self.game.scripts.items.entries().tolist()
        key = self.world.strings.find(item)
        return sum(row[FIRST] for row in rows if row[:2] == [self.tagged(tag), key])

    def mind(self, tag="Imp"):
        """The state of the script behaviour.rhai of an entity."""
        return self.game.scripts.state(self.tagged(tag), "astraweave:scripts/behaviour.rhai")

    def run(self, ticks):
        for _ in range(ticks):
            self.game.step()
        assert [failure.diagnostic for failure in self.game.error_reports] == []

    def run_until(self, holds, ticks=600):
        """Run until something holds; returns after how many ticks."""
        for done in range(ticks):
            if holds():
                return done
            self.run(1)
        pytest.fail("it never came to that")


def test_all_of_them_check_without_a_word():
    report = check_paths([SHARED_FOLDER / "scripts"])
    assert report.findings == ()
    assert report.files == 8


PATROL = """
let waypoint_index = 0;
let waypoints = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
fn on_update() {
    let pos = get_position(entity_id);
    let target = waypoints[waypoint_index];
    if distance(pos, target) < 1.0 {
        waypoint_index = (waypoint_index + 1) % waypoints.len();
    } else {
        move_towards(entity_id, target, delta_time * 5.0);
    }
}
"""
COIN = """
fn on_collision(other_entity) {
    if get_tag(other_entity) == "Player" {
        add_to_inventory(other_entity, "Coin", 1);
        play_sound("coin_pickup.wav");
        destroy_entity(entity_id);
    }
}
"""


def test_the_patrol_as_it_stands_goes_round(folder):
    scene = Scene(
        folder, '[[entity]]\ntag = "Guard"\nposition = [0.0, 0.0]\nscript = "patrol.rhai"', patrol=PATROL
    )
    seen = []
    for _ in range(480):
        scene.run(1)
        seen.append(scene.game.scripts.state(scene.tagged("Guard"), "patrol.rhai")["waypoint_index"])
    assert list(dict.fromkeys(seen)) == [1, 2, 3, 0]
    assert seen[-1] == 1  # once around


@pytest.mark.parametrize("script", ["coin.rhai", "astraweave:scripts/pickup_coin.rhai"])
def test_the_coin_is_taken_by_the_player_alone(folder, script):
    scene = Scene(
        folder,
        f"""
[[entity]]
tag = "Coin"
position = [5.0, 5.0]
collider = {{ circle = 0.3 }}
script = "{script}"
[[entity]]
tag = "Rat"
position = [5.6, 5.0]
collider = {{ circle = 0.4 }}
body = {{ kind = "dynamic" }}
"""
        + PLAYER.format(x=2.0, y=5.0),
        coin=COIN,
    )
    scene.run(5)
    assert scene.tagged("Coin")
    scene.put("Player", 4.5, 5.0)
    scene.run(2)
    assert not scene.tagged("Coin")
    assert scene.items("Player", "Coin") == 1


def test_a_patrol_walks_its_own_rectangle(folder):
    scene = Scene(
        folder,
        """
[[entity]]
tag = "Guard"
position = [3.0, 4.0]
patrol = { size = [6.0, 2.0], speed = 6.0 }
script = "astraweave:scripts/enemy_patrol.rhai"
""",
    )
    corners = [(9.0, 4.0), (9.0, 6.0), (3.0, 6.0), (3.0, 4.0)]
    for corner in corners:
        scene.run_until(lambda corner=corner: scene.place("Guard") == pytest.approx(corner), 62)


def test_an_item_goes_into_the_inventory_and_tells_the_player(folder):
    scene = Scene(
        folder,
        """
[[entity]]
tag = "Arrows"
position = [5.0, 5.0]
collider = { circle = 0.3, sensor = true }
pickup = { item = "Arrow", count = 12 }
script = "astraweave:scripts/pickup_item.rhai"
"""
        + PLAYER.format(x=2.0, y=5.0)
        + 'script = "player.rhai"',
        player="fn on_message(name, data) { print(`${name}: ${data.item} × ${data.count}`); }",
    )
    scene.put("Player", 4.8, 5.0)
    scene.run(2)
    assert not scene.tagged("Arrows")
    assert scene.game.drain_log() == ["picked_up: Arrow × 12"]


DOOR = """
[[entity]]
tag = "Gate"
position = [10.0, 5.0]
collider = {{ box = [1.0, 3.0] }}
[[entity]]
position = [10.0, 5.0]
collider = {{ box = [5.0, 3.0], sensor = true }}
door = {{ leaf = "Gate", key = "{key}" }}
script = "astraweave:scripts/door_trigger.rhai"
"""


def test_a_door_opens_for_the_player_and_shuts_behind(folder):
    scene = Scene(folder, DOOR.format(key="") + PLAYER.format(x=2.0, y=5.0))
    scene.run(5)
    scene.put("Player", 8.0, 5.0)
    scene.run(60)
    assert scene.place("Gate") == (10.0, 8.0)
    scene.put("Player", 2.0, 5.0)
    scene.run(60)
    assert scene.place("Gate") == (10.0, 5.0)


def test_a_locked_door_takes_the_key_once(folder):
    player = PLAYER.format(x=8.0, y=5.0) + 'script = "player.rhai"'
    script = """fn on_timer(name) { add_to_inventory(entity_id, "Gate key"); }
        fn on_spawn() { start_timer("find", 1.0); }"""
    scene = Scene(folder, DOOR.format(key="Gate key") + player, player=script)
    scene.run(100)
    assert scene.place("Gate") == (10.0, 5.0)
    for _ in range(2):
        scene.put("Player", 2.0, 5.0)
        scene.run(60)
        scene.put("Player", 8.0, 5.0)
        scene.run(60)
        assert scene.place("Gate") == (10.0, 8.0)
        assert scene.items("Player", "Gate key") == 0


def test_a_zone_hurts_who_stands_in_it_and_leaves_its_effect(folder):
    scene = Scene(
        folder,
        """
[[entity]]
position = [8.0, 5.0]
collider = { box = [4.0, 4.0], sensor = true }
zone = { damage = 30.0, effect = "poison" }
script = "astraweave:scripts/damage_zone.rhai"
"""
        + PLAYER.format(x=2.0, y=5.0),
    )
    scene.run(30)
    assert scene.health("Player") == 100.0
    scene.put("Player", 8.0, 5.0)
    scene.run(60)
    assert 62.0 < scene.health("Player") < 70.0  # 30 of the zone and nearly 5 of the poison
    scene.put("Player", 2.0, 5.0)
    scene.run(62)
    left = scene.health("Player")
    scene.run(60)
    assert scene.health("Player") == left  # the poison has ended


def test_an_aggressive_enemy_runs_at_whom_it_sees_and_strikes(folder):
    scene = Scene(
        folder,
        """
[[entity]]
tag = "Imp"
team = "monsters"
position = [10.0, 5.0]
aggro = { damage = 20.0, pause = 0.5 }
script = "astraweave:scripts/enemy_aggro.rhai"
"""
        + WALL.format(x=7.0, y=5.0)
        + PLAYER.format(x=4.0, y=5.0),
    )
    scene.run(30)
    assert scene.place("Imp") == (10.0, 5.0)  # the wall is between
    scene.put("Player", 10.0, 9.0)
    scene.run(120)
    assert scene.place("Imp")[1] > 7.5
    assert scene.health("Player") == pytest.approx(100.0 - 20.0 * 3, abs=20.0)


IMP = """
[[entity]]
tag = "Imp"
team = "monsters"
position = [{x}, {y}]
health = {{ value = 50 }}
collider = {{ circle = 0.4 }}
velocity = [0.0, 0.0]
body = {{ kind = "dynamic", fixed_rotation = true, damping = 6.0 }}
behaviour = {{ {settings} }}
script = "astraweave:scripts/behaviour.rhai"
"""


def test_a_mind_idles_and_patrols_near_home(folder):
    scene = Scene(folder, IMP.format(x=20.0, y=12.0, settings="round = 3.0"))
    states = set()
    for _ in range(1200):
        scene.run(1)
        states.add(scene.mind()["state"])
        x, y = scene.place("Imp")
        assert (x - 20.0) ** 2 + (y - 12.0) ** 2 < 3.2**2
    assert states == {"idle", "patrol"}


def test_a_mind_chases_then_strikes_with_its_effect(folder):
    settings = 'damage = 10.0, effect = "poison", pause = 0.5'
    scene = Scene(folder, IMP.format(x=10.0, y=5.0, settings=settings) + PLAYER.format(x=4.0, y=5.0))
    scene.run_until(lambda: scene.mind()["state"] == "chase", 20)
    scene.run_until(lambda: scene.mind()["state"] == "attack", 200)
    before = scene.health("Player")
    scene.run(60)
    assert scene.health("Player") <= before - 20.0 - 4.0


def test_a_mind_goes_where_it_saw_the_enemy_and_gives_up(folder):
    scene = Scene(folder, IMP.format(x=10.0, y=5.0, settings="round = 0.0") + PLAYER.format(x=4.0, y=5.0))
    scene.run_until(lambda: scene.mind()["state"] == "chase", 20)
    scene.put("Player", 38.0, 20.0)
    scene.run_until(lambda: scene.place("Imp")[0] < 4.5, 300)
    scene.run_until(lambda: scene.mind()["state"] == "idle", 300)


def test_a_mind_calls_its_allies_who_cannot_see_the_enemy(folder):
    blind = IMP.replace('"Imp"', '"Deaf"').format(x=10.0, y=8.0, settings="sight = 0.5, round = 0.0")
    scene = Scene(
        folder, IMP.format(x=10.0, y=5.0, settings="round = 0.0") + blind + PLAYER.format(x=4.0, y=5.0)
    )
    scene.run_until(lambda: scene.mind("Deaf")["state"] == "chase", 40)


def test_a_hurt_mind_flees_into_cover_recovers_and_comes_back(folder):
    scene = Scene(
        folder,
        IMP.format(x=10.0, y=5.0, settings="courage = 0.5, recovery = 20.0, reach = 8.0, damage = 0.0")
        + WALL.format(x=14.0, y=9.0)
        + PLAYER.format(x=4.0, y=5.0),
    )
    scene.run_until(lambda: scene.mind()["state"] == "attack", 60)
    scene.world.set(scene.tagged("Imp"), Field.HEALTH_VALUE, 10.0)
    scene.run_until(lambda: scene.mind()["state"] == "flee", 30)
    scene.run(120)
    assert scene.place("Imp")[0] > 10.0
    scene.run_until(lambda: scene.health("Imp") >= 45.0, 600)
    scene.put("Player", scene.place("Imp")[0] - 3.0, scene.place("Imp")[1])
    scene.run_until(lambda: scene.mind()["state"] == "attack", 200)


def test_a_mind_shoots_with_what_it_has(folder):
    scene = Scene(
        folder,
        IMP.format(x=10.0, y=5.0, settings='shot = "shot", reach = 8.0') + PLAYER.format(x=4.0, y=5.0),
    )
    count = scene.game.entity_count
    scene.run_until(lambda: scene.game.entity_count > count, 60)
    shot = scene.world.entities().tolist()[-1]
    assert scene.world.get(shot, Field.VELOCITY_VX) == pytest.approx(-9.0)
    scene.run_until(lambda: scene.health("Player") == 93.0, 60)
    assert not scene.world.exists(shot)


def test_a_missile_ends_at_walls_and_at_the_end_of_its_range(folder):
    shot = '[[entity]]\ntag = "{tag}"\nprefab = "shot"\nposition = [10.0, {y}]\nvelocity = [-9.0, 0.0]\n'
    scene = Scene(
        folder,
        shot.format(tag="Stopped", y=5.0) + shot.format(tag="Free", y=15.0) + WALL.format(x=7.0, y=5.0),
    )
    assert 14 <= scene.run_until(lambda: not scene.tagged("Stopped"), 60) <= 20
    assert 75 <= scene.run_until(lambda: not scene.tagged("Free"), 200) <= 95


def test_a_shared_name_that_nothing_has_is_told_with_those_alike(folder):
    scene = '[[entity]]\nscript = "astraweave:scripts/enemy_patrole.rhai"'
    with pytest.raises(SceneError) as error:
        folder.game(scene)
    assert "no such file" in str(error.value)
    assert "scripts/enemy_patrol.rhai" in str(error.value)


@pytest.mark.parametrize("name", ["astraweave:../README.md", "astraweave:/etc/passwd.rhai", "astraweave:"])
def test_a_shared_name_does_not_lead_out_of_the_shared_folder(folder, name):
    with pytest.raises(SceneError):
        folder.game(f'[[entity]]\nscript = "{name}"')


def test_images_are_not_shared(folder):
    with pytest.raises(SceneError, match="no such file"):
        folder.game('[[entity]]\nsprite = { image = "astraweave:draw.png" }')


def test_a_shared_script_is_watched_and_reloaded_like_others(folder):
    scene = Scene(folder, '[[entity]]\npatrol = {}\nscript = "astraweave:scripts/enemy_patrol.rhai"')
    assert scene.game.reload("astraweave:scripts/enemy_patrol.rhai")
    scene.run(10)
