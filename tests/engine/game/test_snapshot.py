"""Snapshots of whole games in memory: a game that returns to one goes on as it did, however often."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.ecs.components import Component, Field
from engine.ecs.image import Regions, delta_room, take_back
from engine.ecs.layout import PUBLISHED, WorldSlot
from engine.errors import SnapshotRefused
from engine.game import Game
from engine.game.snapshot import GameState
from engine.scripting.access_errors import InsideTick
from tests.engine.saves.test_games import BOX, SCENE, SPARK, WIND

pytestmark = pytest.mark.integration

STATE = {
    WorldSlot.GAME,
    WorldSlot.INPUT,
    WorldSlot.EVENTS,
    WorldSlot.MAIL,
    WorldSlot.TIMERS,
    WorldSlot.GLOBALS,
    WorldSlot.GLOBAL_DATA,
    WorldSlot.SAVED,
    WorldSlot.SAVED_DATA,
    WorldSlot.SEQUENCES,
    WorldSlot.ITEM_HEADS,
    WorldSlot.ITEMS,
    WorldSlot.STATUS_HEADS,
    WorldSlot.STATUS_ROWS,
    WorldSlot.EFFECTS,
}
NO_STATE = {
    WorldSlot.SCRIPTS: "numbers of prefabs",
    WorldSlot.PARTICLES: "names of effects",
    WorldSlot.ANIMATION: "clips and animators",
    WorldSlot.STATUS_EFFECTS: "what a scene declares",
    WorldSlot.REFLECTION: "what scripts see of components",
    WorldSlot.TILES: "the map",
    WorldSlot.SPACE: "taken anew when a script asks",
    WorldSlot.TELEPORTED: "taken before contacts are read",
    WorldSlot.PHYSICS: "nothing",
}
ONE = '[[entity]]\nscript = "a.rhai"\n'
FAILING = BOX.replace("counter += 1;", "counter += 1; if random(0, 90) == 0 { counter / 0 }")


@pytest.fixture
def game(folder):
    return folder.game(SCENE, box=FAILING, spark=SPARK, wind=WIND)


def play(game, ticks):
    """Do ticks with keys by number of the tick; returns the hashes."""
    hashes = []
    for _ in range(ticks):
        game.set_actions(np.array([game.tick // 7 % 2]))
        game.step()
        hashes.append(game.state_hash())
    return hashes


def test_random_returns_lead_to_the_same_hashes(game):
    """Sparks are born and die, boxes fail, strings, events, timers and contacts come and go."""
    expected = [game.state_hash(), *play(game, 160)]
    assert len(set(expected)) == 161
    assert game.script_errors()
    fresh = Game(game.scene)
    kept = {0: fresh.snapshot()}
    rng = random.Random(3)
    for _ in range(25):
        tick = rng.choice(list(kept))
        fresh.restore(kept[tick])
        assert (fresh.tick, fresh.state_hash()) == (tick, expected[tick])
        ticks = rng.randint(0, min(40, 160 - tick))
        assert play(fresh, ticks) == expected[tick + 1 : tick + 1 + ticks]
        kept[fresh.tick] = fresh.snapshot()
    assert max(kept) > 100
    fresh.close()


def test_failures_are_those_of_the_moment(game):
    start = game.snapshot()
    play(game, 160)
    late, texts = game.snapshot(), game.script_errors()
    assert texts
    game.restore(start)
    assert game.script_errors() == []
    game.restore(late)
    assert game.script_errors() == texts


def test_what_was_held_and_paused_comes_back_after_the_arrays_have_grown(folder):
    text = "fn on_update() { for i in 0..40 { spawn_entity(`spark`, (i, 1)); } if tick == 12 { pause(); } }"
    game = folder.game(SCENE, box=text, spark="", wind=WIND)
    game.set_actions(np.array([1]))
    game.step()
    start, row, flow = game.snapshot(), game.input.row.copy(), game.flow.state.copy()
    for _ in range(12):
        game.set_actions(np.array([0]))
        game.step()
    assert not np.array_equal(game.input.row, row)
    assert not np.array_equal(game.flow.state, flow)
    game.restore(start)
    assert np.array_equal(game.input.row, row)
    assert np.array_equal(game.flow.state, flow)


def test_a_return_after_the_arrays_have_grown_and_strings_were_collected(folder):
    text = """fn on_update() {
        if tick % 2 == 0 { spawn_entity("spark", (1.0, 1.0)); }
        set_text(entity_id, `${tick}`);
    }"""
    scene = SCENE.replace("count = 8", "count = 300")
    game = folder.game(scene, box=text, spark="let a = []; fn on_update() { a.push(`x${tick}`); }", wind=WIND)
    start = game.snapshot()
    first = play(game, 8)
    assert len(game.world) > 1500
    for _ in range(2):
        game.restore(start)
        assert play(game, 8) == first


def test_what_scripts_find_between_two_ticks_is_the_same_after_a_return(folder):
    scene = """
        [[screen]]
        name = "menu"
        [[screen.item]]
        button = "Look"
        on_click = "call look"
        [[entity]]
        tag = "Probe"
        team = "a"
        script = "a.rhai"
        [[entity]]
        tag = "Enemy"
        team = "b"
        position = [3.0, 0.0]
    """
    text = """
        let found = [];
        fn on_update() { set_position(find_entity_by_tag("Enemy"), (3.0 + tick, 0.0)); }
        fn on_button(name) {
            let enemy = get_nearest_enemy(entity_id, 6.5);
            found.push([tick, enemy]);
            screen_shake(1.0);
        }
    """
    game = folder.game(scene, a=text, ticks=2)
    game.flow.open("menu")
    start = game.snapshot()

    def look():
        game.press_button(1)
        return game.state_hash()

    first = look()
    assert game.scripts.state(1, "a.rhai")["found"] == [[1, 2]]
    play_on = game.step
    for _ in range(6):
        play_on()
    game.restore(start)
    assert look() == first
    assert len(game.shakes) == 1


class TestScriptsSavedMeanwhile:
    def test_state_comes_back_by_name(self, folder):
        scene = '[[entity]]\ncount = 3\nscript = "a.rhai"\n'
        game = folder.game(scene, a="let n = 0; let gone = 1; fn on_update() { n += 1; }", ticks=5)
        start = game.snapshot()
        for _ in range(4):
            game.step()
        folder.write(
            "a.rhai", "let fresh = 7; let n = 0; fn on_update() { n += 10; } fn on_reload() { fresh += 1; }"
        )
        assert game.reload("a.rhai")
        game.restore(start)
        assert [game.scripts.state(one, "a.rhai") for one in (1, 2, 3)] == [{"fresh": 8, "n": 5}] * 3
        game.step()
        assert game.scripts.state(1, "a.rhai")["n"] == 15

    def test_what_failed_then_runs_again(self, folder):
        game = folder.game(ONE, a="let n = 4; fn on_update() { n / 0; }", ticks=2)
        start = game.snapshot()
        folder.write("a.rhai", "let n = 4; fn on_update() { n += 1; }")
        assert game.reload("a.rhai")
        game.restore(start)
        game.step()
        assert game.script_errors() == []
        assert game.scripts.state(1, "a.rhai") == {"n": 5}

    def test_those_that_waited_for_a_version_get_it(self, folder):
        game = folder.game('[[entity]]\ncount = 2\nscript = "a.rhai"\n', a="let n = ;", ticks=1)
        start = game.snapshot()
        folder.write("a.rhai", "let n = 1; fn on_update() { n += 1; }")
        assert game.reload("a.rhai")
        game.restore(start)
        game.step()
        assert [game.scripts.state(one, "a.rhai") for one in (1, 2)] == [{"n": 2}] * 2


def test_what_is_refused(game, folder):
    snapshot = game.snapshot()
    other = folder.game(SCENE, box=BOX, spark=SPARK, wind=WIND)
    with pytest.raises(SnapshotRefused, match="another game"):
        other.restore(snapshot)
    for inside in (other.snapshot, lambda: other.restore(snapshot)):
        other.add_system("simulation", "rewinder", inside)
        with pytest.raises(InsideTick, match="snapshot"):
            other.step()
        other.remove_system("rewinder")
    game.world.define_prefab([Component.TRANSFORM])
    with pytest.raises(SnapshotRefused, match="other prefabs"):
        game.restore(snapshot)
    game.world.declare("late", [("x", "float", 0.0)])
    with pytest.raises(SnapshotRefused, match="other components"):
        game.restore(snapshot)


def test_particles_are_gone_and_the_camera_follows_whom_it_did(folder):
    scene = """
        [effect.dust]
        rate = 50.0
        [[entity]]
        emitter = { effect = "dust" }
        script = "a.rhai"
    """
    game = folder.game(scene, a="fn on_update() { if tick == 3 { camera_follow(entity_id); } }")
    game.particles.is_shown = True
    start = game.snapshot()
    for _ in range(9):
        game.step()
    assert game.particles.count
    assert game.camera_control.follow == 1
    game.restore(start)
    assert game.particles.count == 0
    assert game.camera_control.follow is None


def test_all_that_rooms_publish_is_state_or_known_not_to_be(game):
    """Whoever publishes another array has to say here which of the two it is, and hold it in `GameState`."""
    published = {slot for slot in PUBLISHED if slot in game.world.storage.arrays}
    assert published <= STATE | NO_STATE.keys()
    regions = game.state.regions()
    held = {array.ctypes.data for array in regions.arrays}
    for slot in published & STATE:
        assert game.world.storage.arrays[slot].ctypes.data in held, slot
    assert isinstance(game.state, GameState)


def test_queries_and_columns_of_python_see_the_return(game):
    boxes = game.world.entities()
    start = game.snapshot()
    game.world.set(int(boxes[1]), Field.TRANSFORM_X, 77.0)
    game.world.despawn(int(boxes[2]))
    game.restore(start)
    assert game.world.get(int(boxes[1]), Field.TRANSFORM_X) != 77.0
    assert game.world.exists(int(boxes[2]))


class TestImages:
    @given(
        st.lists(st.integers(0, 70), min_size=1, max_size=4),
        st.lists(st.tuples(st.integers(0, 300), st.integers(-5, 5)), max_size=60),
        st.randoms(use_true_random=False),
    )
    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_a_delta_leads_back(self, sizes, writes, rng):
        kinds = [rng.choice([np.int64, np.float64, np.uint8]) for _ in sizes]
        arrays = [np.zeros(size, kind) for size, kind in zip(sizes, kinds, strict=True)]
        regions = Regions(arrays)
        before = regions.image()
        image, room = before.copy(), np.zeros(delta_room(before.size), np.int64)
        for at, value in writes:
            array = arrays[at % len(arrays)]
            if array.size:
                array[at % array.size] = value % 200
        delta = regions.move_on(image, room).copy()
        assert np.array_equal(image, regions.image())
        take_back(image, delta)
        assert np.array_equal(image, before)
        regions.put(image)
        assert not any(array.any() for array in arrays)
        regions.put(regions.image())
        assert regions.are(arrays)
        assert not regions.are([*arrays[:-1], arrays[-1].copy()])


def test_suspended_functions_go_on_from_where_they_were(folder):
    text = """
        let trace = [];
        fn on_spawn() { start(Fn("intro")); }
        fn intro() {
            for i in 0..9 { wait(0.1 + random() * 0.1); trace.push(tick); wait_until(|| tick % 3 == 0); }
        }
        fn on_update() { if tick == 20 { start(Fn("intro")); } }
    """
    game = folder.game('[[entity]]\ncount = 3\nscript = "a.rhai"\n', a=text)
    expected, kept = {}, {}
    for _ in range(70):
        if game.tick in (0, 7, 33):
            kept[game.tick] = game.snapshot()
        expected |= {game.tick + 1: play(game, 1)}
    assert game.script_errors() == []
    for tick in (33, 0, 7, 33):
        game.restore(kept[tick])
        for _ in range(tick, 70):
            assert play(game, 1) == expected[game.tick]
