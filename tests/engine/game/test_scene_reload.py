"""A saved scene in a running game: what it takes over, what it keeps, what waits for a restart."""

import time

import pytest

from engine.ecs.components import Component, Field
from engine.render.view import MessageKind

pytestmark = pytest.mark.integration

SCENE = """
[scene]
name = "First"
gravity = [0.0, 0.0]
[prefab.coin]
tag = "Coin"
health = { value = 10 }
sprite = { shape = "circle", radius = 0.3, color = "#ff0000" }
[[entity]]
tag = "Player"
position = [1.0, 2.0]
health = { value = 100, armor = 5 }
script = "probe.rhai"
[[entity]]
prefab = "coin"
position = [5.0, 5.0]
"""
COUNTER = "let n = 0;\nfn on_update() { n += 1; }\n"


def take(folder, game, text, name="scene.toml", *, until=None):
    """Save a file of the scene and wait until the game has told of it; returns what it said."""
    game.watch()
    folder.write(name, text)
    said = []
    end = time.monotonic() + 5.0
    while not (until(said) if until else said):
        assert time.monotonic() < end, "nobody said anything"
        game.poll_reload()
        messages = game.take_messages()
        said += [one.text for one in messages if one.kind != MessageKind.PRINT]
        time.sleep(0.002)
    return said


@pytest.fixture
def game(folder):
    made = folder.game(SCENE, probe=COUNTER, ticks=3)
    yield made
    made.close()


def entity_with(game, tag):
    return game.scripts.first_with_tag(tag)


def test_what_entities_have_stays_and_what_the_file_says_anew_is_written(folder, game):
    player = entity_with(game, "Player")
    game.world.set(player, Field.HEALTH_VALUE, 37.0)
    game.world.set(player, Field.TRANSFORM_X, 9.0)
    new = (
        SCENE.replace("armor = 5", "armor = 50").replace("[0.0, 0.0]", "[0.0, -5.0]").replace("First", "New")
    )
    assert take(folder, game, new) == ["reloaded scene.toml"]
    assert (game.title, game.physics.gravity) == ("New", (0.0, -5.0))
    assert game.world.get(player, Field.HEALTH_ARMOR) == 50.0
    assert game.world.get(player, Field.HEALTH_VALUE) == 37.0
    assert game.world.get(player, Field.TRANSFORM_X) == 9.0
    game.step()
    assert game.scripts.state(player, "probe.rhai") == {"n": 4}
    take(folder, game, new.replace("position = [1.0, 2.0]", "position = [3.0, 2.0]"))
    assert game.world.get(player, Field.TRANSFORM_X) == 3.0
    assert game.world.get(player, Field.HEALTH_VALUE) == 37.0


def test_prefabs_change_what_is_spawned_later_and_what_the_scene_placed(folder, game):
    coin = entity_with(game, "Coin")
    spawned = game.spawn("coin", (1.0, 1.0))
    game.step()
    take(folder, game, SCENE.replace("value = 10", "value = 20"))
    later = game.spawn("coin", (2.0, 2.0))
    game.step()
    values = [game.world.get(one, Field.HEALTH_VALUE) for one in (coin, spawned, later)]
    assert values == [20.0, 10.0, 20.0]


def test_tables_that_are_new_are_born_and_those_that_are_gone_destroyed(folder, game):
    player, coin = entity_with(game, "Player"), entity_with(game, "Coin")
    other = '[[entity]]\ntag = "New"\nscript = "new.rhai"\nposition = [2.0, 2.0]\n'
    folder.write("new.rhai", "fn on_spawn() { print(`born ${get_tag(entity_id)}`); }")
    first = SCENE.index("[[entity]]")
    take(folder, game, SCENE[:first] + other + SCENE[first:])
    assert game.drain_log() == ["born New"]
    assert (entity_with(game, "Player"), entity_with(game, "Coin")) == (player, coin)
    assert game.world.exists(entity_with(game, "New"))
    take(folder, game, SCENE[: SCENE.rindex("[[entity]]")] + other)
    game.step()
    assert not game.world.exists(coin)
    assert entity_with(game, "Player") == player
    three = other.replace("position", "count = 3\nposition")
    take(folder, game, SCENE[: SCENE.rindex("[[entity]]")] + three)
    game.step()
    assert game.entity_count == 4


def test_components_scripts_and_copies_come_and_go(folder, game):
    player = entity_with(game, "Player")
    folder.write("more.rhai", "let there = true;")
    new = SCENE.replace(
        'script = "probe.rhai"', 'scripts = ["probe.rhai", "more.rhai"]\nvelocity = [1.0, 0.0]'
    )
    take(folder, game, new)
    assert game.world.get(player, Field.VELOCITY_VX) == 1.0
    assert game.scripts.state(player, "more.rhai") == {"there": True}
    assert game.scripts.state(player, "probe.rhai") == {"n": 3}
    take(folder, game, SCENE.replace('health = { value = 100, armor = 5 }\nscript = "probe.rhai"\n', ""))
    assert not game.world.has_component(player, Component.HEALTH)
    assert not game.world.has_component(player, Component.VELOCITY)
    assert game.scripts.state(player, "probe.rhai") == {}
    game.step()


def test_a_broken_scene_changes_nothing_until_it_is_mended(folder, game):
    before = game.scene
    (fault,) = take(folder, game, SCENE.replace("armor = 5", "armour = 5"))
    assert "scene.toml:12: [entity 1]: health.armour" in fault
    assert game.script_errors()[0].startswith(fault)
    assert game.scene is before
    game.step()
    assert take(folder, game, SCENE) == ["reloaded scene.toml"]
    assert game.script_errors() == []
    (fault,) = take(folder, game, SCENE + "[[entity]\n")
    assert "not TOML" in fault


def test_what_is_missing_may_come_later(folder, game):
    text = SCENE + '[[entity]]\ntag = "Late"\nscript = "late.rhai"\n'
    (fault,) = take(folder, game, text)
    assert "late.rhai" in fault
    assert take(folder, game, "fn on_spawn() { }", "late.rhai") == ["reloaded scene.toml"]
    assert game.script_errors() == []
    assert entity_with(game, "Late")


def test_what_a_running_game_cannot_take_is_told_once(folder, game):
    later = SCENE.replace('name = "First"', 'name = "First"\nseed = 4').replace(
        "[prefab.coin]", '[window]\nsize = [640, 480]\n[input]\njump = "SPACE"\n[prefab.coin]'
    )
    said = take(folder, game, later, until=lambda said: len(said) == 2)
    assert said == [
        "reloaded scene.toml",
        "scene.toml: restart to apply [scene] seed, [window] size, [input]: the actions",
    ]
    assert game.actions == {}
    game.step()
    said = take(folder, game, later + '[component.leaf]\nweight = 1.0\n[[entity]]\ntag = "Not yet"\n')
    assert said == [
        "scene.toml: restart to apply [component.leaf]; nothing else of this save is taken before"
    ]
    assert not entity_with(game, "Not yet")


NAMES = """
[scene]
gravity = [0.0, 0.0]
[status.burning]
damage = 60.0
[clip.walk]
frames = [0, 1]
fps = 30.0
image = "walk.png"
grid = [2, 1]
[[trigger]]
name = "exit"
shape = { box = [2.0, 2.0] }
position = [0.0, 0.0]
[[system]]
script = "probe.rhai"
[[entity]]
tag = "Me"
position = [0.0, 0.0]
velocity = [0.0, 0.0]
collider = { circle = 0.5 }
health = { value = 100.0 }
sprite = { image = "walk.png" }
animation = { clip = "walk" }
script = "me.rhai"
"""
ME = """
fn on_spawn() { apply_status_effect(entity_id, "burning", 100.0); }
fn on_trigger(name, other) { print("in " + name); }
fn on_trigger_exit(name, other) { print("out " + name); }
"""


def test_names_keep_their_numbers(folder):
    from PIL import Image

    Image.new("RGBA", (8, 4)).save(folder.path / "walk.png")
    folder.write("me.rhai", ME)
    game = folder.game(NAMES, probe="let runs = 0; fn run_all(e) { runs += 1; }", ticks=1)
    me = entity_with(game, "Me")
    assert game.drain_log() == ["in exit"]
    new = NAMES.replace("[status.burning]\ndamage = 60.0", "[status.wet]\n[status.burning]\ndamage = 6.0")
    new = new.replace(
        "[clip.walk]", '[clip.new]\nimage = "walk.png"\ngrid = [2, 1]\nframes = [1]\n[clip.walk]'
    )
    new = new.replace(
        "[[trigger]]",
        '[[trigger]]\nname = "other"\nposition = [50.0, 0.0]\nshape = { circle = 1.0 }\n[[trigger]]',
    )
    new = new.replace("[[system]]", '[[system]]\nscript = "me.rhai"\n[[system]]')
    assert take(folder, game, new) == ["reloaded scene.toml"]
    health = game.world.get(me, Field.HEALTH_VALUE)
    game.step()
    assert game.world.get(me, Field.HEALTH_VALUE) == pytest.approx(health - 0.1)
    assert game.animation.playing(me) == "walk"
    assert game.drain_log() == []
    machine, file = game.scripts.machine, game.scripts.files["probe.rhai"]
    (instance,) = file.system_instances.values()
    assert machine.state(instance) == {"runs": 2}
    take(folder, game, NAMES.replace('name = "exit"', 'name = "way out"').replace("[[system]]", "[[system]]"))
    game.step()
    assert sorted(game.drain_log()) == ["in way out", "out exit"]
    game.state_hash()
    game.close()


def test_shares_of_mods_change_at_once_but_for_voices(folder):
    mod = folder.path / "mods" / "bats"
    mod.mkdir(parents=True)
    (mod / "mod.toml").write_text('id = "bats"\nversion = "1"', "utf-8")
    mods = SCENE + '[limits]\nparticles = 1000\n[mods]\nload = ["bats"]\n'
    with_bats = folder.game(mods, probe=COUNTER)

    def is_told(said):
        return bool(said) and "restart to apply" in said[-1]

    text = mods.replace("= 1000", "= 500\nvoices = 9") + "shares = { bats = 0.2 }\n"
    told = take(folder, with_bats, text, until=is_told)
    assert [share.limit for share in with_bats.particles.shares] == [400, 100]
    assert with_bats.scripts.budgets.parties[1].operations == 400_000
    assert told[-1] == "scene.toml: restart to apply [limits] voices, [mods] shares of voices"
    take(folder, with_bats, SCENE, until=is_told)
    assert [share.limit for share in with_bats.particles.shares] == [80_000, 20_000]
