"""Scripts that Python attaches, switches, replaces and reads; events that it emits."""

import pytest

from engine.ecs.world import World
from engine.errors import EngineError, NoSuchEntity, SaveError
from engine.game import Game
from engine.scripting.access_errors import (
    BadScriptValue,
    DuplicateScript,
    InsideTick,
    NoSuchScript,
    NotBorn,
    TooManyArguments,
    UnknownCallback,
    UnknownScript,
    UnknownStateVariable,
)
from lang.heap.convert import FunctionValue, Vector

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[prefab.late]
tag = "Late"
[[entity]]
tag = "A"
health = { value = 100 }
script = "a.rhai"
[[entity]]
tag = "B"
"""
COUNTS = """
let n = 0;
let kept = [];
fn on_spawn() { print(`spawn ${entity_id}`); }
fn on_update() { n += 1; }
"""
TELLS = """
fn on_collision(other) { print(`${entity_id} meets ${other}`); }
fn on_damage(amount, source) { print(`${entity_id} hurt ${amount} ${source}`); }
fn on_message(name, data, sender) { print(`${name}: ${data} ${sender}`); }
fn on_timer(name) { print(`timer ${name}`); }
fn on_update() { print("update"); }
"""


@pytest.fixture
def game(folder):
    """A game of two entities, the first of which counts; `b.rhai` and `broken.rhai` wait to be attached."""
    game = folder.game(SCENE, a=COUNTS, b=TELLS, ticks=0)
    (folder.path / "broken.rhai").write_text("fn on_update() {")
    game.drain_log()
    return game


class TestScripts:
    def test_attaching_runs_top_level_and_on_spawn_at_once(self, game):
        script = game.entity_scripts.attach(2, "a.rhai")
        assert game.drain_log() == ["spawn 2"]
        game.step()
        assert (script.state["n"], game.entity_scripts.get(1, "a.rhai").state["n"]) == (1, 1)
        assert script.enabled
        assert script.last_error is None
        assert script.program is not None

    def test_several_on_one_entity_have_their_own_state(self, game, folder):
        (folder.path / "mod.rhai").write_text("let n = 40; fn on_update() { n += 2; }")
        game.entity_scripts.attach(1, "mod.rhai")
        game.step()
        scripts = game.entity_scripts.of(1)
        assert [(one.path, one.state["n"]) for one in scripts] == [("a.rhai", 1), ("mod.rhai", 42)]
        assert repr(scripts[1]) == "CScript(1, 'mod.rhai')"

    def test_state_is_read_and_written_by_name(self, game):
        script = game.entity_scripts.get(1, "a.rhai")
        given = [1, "text", {"a": (2.5, None)}, Vector((1.0, 2.0)), True]
        script.set("kept", given)
        given.append(5)
        assert script.state["kept"] == [1, "text", {"a": [2.5, None]}, (1.0, 2.0), True]
        game.step()
        assert script.state["n"] == 1

    def test_disabled_ones_are_left_out_and_keep_their_state(self, game):
        script = game.entity_scripts.get(1, "a.rhai")
        game.step()
        script.disable()
        game.step()
        assert (script.enabled, script.state["n"]) == (False, 1)
        assert game.reload("a.rhai")
        assert not script.enabled
        script.enable()
        game.step()
        assert (script.enabled, script.state["n"]) == (True, 2)

    def test_one_that_failed_tells_why_and_can_be_enabled(self, game):
        script = game.entity_scripts.get(1, "a.rhai")
        script.set("n", "text")
        script.set("kept", FunctionValue("gone"))
        game.reload("a.rhai")
        (game.scene.folder / "a.rhai").write_text(COUNTS.replace("n += 1", "n / 0"))
        script.set("n", 1)
        game.reload("a.rhai")
        game.step()
        assert not script.enabled
        assert "Division by zero" in script.last_error.message
        script.enable()
        assert script.enabled
        assert script.last_error is None

    def test_detached_ones_are_gone_with_their_timers(self, game):
        script = game.entity_scripts.attach(2, "a.rhai")
        script.detach()
        game.step()
        assert game.entity_scripts.of(2) == ()
        for access in (
            lambda: script.state,
            lambda: script.program,
            script.detach,
            script.enable,
            lambda: script.set("n", 1),
            lambda: script.replace("b.rhai"),
            lambda: game.entity_scripts.get(2, "a.rhai"),
        ):
            with pytest.raises(NoSuchScript, match=r"entity 2 has no script `a\.rhai`"):
                access()
        assert game.entity_scripts.attach(2, "a.rhai").state["n"] == 0

    def test_replacing_begins_anew_and_changes_nothing_when_it_fails(self, game):
        script = game.entity_scripts.get(1, "a.rhai")
        with pytest.raises(UnknownScript):
            script.replace("gone.rhai")
        other = script.replace("b.rhai")
        game.step()
        assert game.drain_log() == ["update"]
        assert [one.path for one in game.entity_scripts.of(1)] == [other.path] == ["b.rhai"]

    def test_a_file_that_does_not_compile_waits_for_one_that_does(self, game, folder):
        script = game.entity_scripts.attach(2, "broken.rhai")
        assert (script.enabled, script.program, script.state) == (False, None, {})
        assert "broken.rhai" in script.last_error.diagnostic
        (folder.path / "broken.rhai").write_text("let n = 7;")
        assert game.reload("broken.rhai")
        assert script.enabled
        assert script.state == {"n": 7}

    def test_entities_that_go_take_their_scripts_along(self, game):
        script = game.entity_scripts.attach(2, "a.rhai")
        game.world.despawn(2)
        again = game.world.spawn(["tag"])
        game.step()
        assert game.error_reports == []
        assert game.entity_scripts.of(again) == ()
        with pytest.raises(NoSuchScript):
            script.enable()


class TestMisuse:
    @pytest.mark.parametrize(
        ("entity", "path", "error", "text"),
        [
            (9, "a.rhai", NoSuchEntity, "entity 9 does not exist"),
            (1, "a.rhai", DuplicateScript, r"entity 1 has the script `a\.rhai` already"),
            (2, "c.rhai", UnknownScript, r"unknown script `c\.rhai`: no such file"),
            (2, "../a.rhai", UnknownScript, "unknown script"),
            (2, "scene.toml", UnknownScript, "not the name of a script"),
        ],
    )
    def test_attach(self, game, entity, path, error, text):
        with pytest.raises(error, match=text):
            game.entity_scripts.attach(entity, path)
        assert [one.path for one in game.entity_scripts.of(1)] == ["a.rhai"]

    def test_the_unborn(self, game):
        with pytest.raises(NotBorn, match="not born yet"):
            game.entity_scripts.attach(game.spawn("late", (1.0, 1.0)), "a.rhai")

    def test_variables_and_values(self, game):
        script = game.entity_scripts.get(1, "a.rhai")
        with pytest.raises(UnknownStateVariable, match="did you mean `kept`"):
            script.set("kep", 1)
        ring = []
        ring.append(ring)
        values = [object(), {1: 2}, 2**70, ring, FunctionValue("f", 3), [FunctionValue("f", -1, (1,))]]
        for value in [*values, Vector((1.0,)), {"a": [Vector(())]}, [0] * 2**20]:
            with pytest.raises(BadScriptValue, match="`n`: "):
                script.set("n", value)
        assert script.state["n"] == 0

    def test_inside_a_tick(self, game):
        script = game.entity_scripts.get(1, "a.rhai")
        tried = []

        def meddle():
            for what in (
                lambda: game.entity_scripts.attach(2, "b.rhai"),
                script.disable,
                script.detach,
                lambda: script.set("n", 5),
            ):
                with pytest.raises(InsideTick, match="do it between two calls of `step`"):
                    what()
                tried.append(script.state["n"])
            game.world.emit(1, "on_timer", ("x",))

        game.add_system("simulation", "meddle", meddle)
        game.step()
        assert tried == [1] * 4


class TestEmit:
    @pytest.fixture
    def listener(self, game):
        game.entity_scripts.attach(2, "b.rhai")
        return game

    def test_any_callback_in_the_order_of_events(self, listener):
        emit = listener.world.emit
        emit(2, "on_update")
        emit(2, "on_timer", ["late"])
        emit(2, "on_message", ("hello", {"a": [1, (2.0, "b")]}, 1))
        emit(2, "on_damage", (5.0, 1))
        emit(2, "on_damage", (4, None))
        emit(2, "on_collision", (1,))
        listener.step()
        assert listener.drain_log() == [
            *("update", "2 meets 1", "2 hurt 4 ", "2 hurt 5.0 1"),
            *('hello: #{"a": [1, [2.0, "b"]]} 1', "timer late", "update"),
        ]
        assert listener.error_reports == []

    def test_those_left_out_are_unit(self, listener):
        listener.world.emit(2, "on_message", ("only",))
        listener.step()
        assert "only:  " in listener.drain_log()

    def test_values_arrive_as_they_are(self, game, folder):
        (folder.path / "keeps.rhai").write_text("let got = []; fn on_message(n, d) { got.push(d); }")
        script = game.entity_scripts.attach(2, "keeps.rhai")
        values = [1, 2.5, "ä€", True, None, [1, ["x"]], {"k": {"z": 1}}, bytearray(b"\x00\x01\xff")]
        for value in values:
            game.world.emit(2, "on_message", ("m", value))
        game.step()
        assert script.state["got"] == values
        assert list(map(type, script.state["got"])) == list(map(type, values))

    def test_misuse(self, listener):
        emit = listener.world.emit
        with pytest.raises(UnknownCallback, match="did you mean `on_collision`"):
            emit(2, "on_colision")
        with pytest.raises(NoSuchEntity):
            emit(77, "on_update")
        with pytest.raises(TooManyArguments, match="`on_timer` takes 1 argument at most, not 2"):
            emit(2, "on_timer", (1, 2))
        with pytest.raises(BadScriptValue, match="argument 2 of `on_message`: a script cannot hold a object"):
            emit(2, "on_message", ("m", object()))
        assert len(listener.scripts.events) == 0

    def test_a_world_without_scripts_says_so(self):
        with pytest.raises(EngineError, match="this world has no scripts"):
            World().emit(1, "on_update")

    def test_what_was_emitted_is_saved(self, listener, folder):
        listener.world.emit(2, "on_message", ("m", [1, "x"], 1))
        hash_before = listener.state_hash()
        listener.save(folder.path / "x.save")
        listener.step()
        listener.drain_log()
        listener.load_save(folder.path / "x.save")
        assert listener.state_hash() == hash_before
        listener.step()
        assert 'm: [1, "x"] 1' in listener.drain_log()

    def test_a_save_brings_the_scripts_that_were_attached(self, listener, folder):
        listener.entity_scripts.get(1, "a.rhai").disable()
        listener.step()
        listener.save(folder.path / "x.save")
        other = Game.load(folder.path / "scene.toml")
        other.load_save(folder.path / "x.save")
        assert other.state_hash() == listener.state_hash()
        assert [one.path for one in other.entity_scripts.of(2)] == ["b.rhai"]
        assert not other.entity_scripts.get(1, "a.rhai").enabled

    def test_a_save_drops_those_that_came_later(self, game, folder):
        game.save(folder.path / "x.save")
        before = game.state_hash()
        game.entity_scripts.attach(1, "b.rhai")
        game.load_save(folder.path / "x.save")
        assert game.state_hash() == before
        assert [one.path for one in game.entity_scripts.of(1)] == ["a.rhai"]

    def test_a_save_whose_script_is_gone_is_refused(self, listener, folder):
        listener.save(folder.path / "x.save")
        (folder.path / "b.rhai").unlink()
        with pytest.raises(SaveError, match=r"unknown script `b\.rhai`"):
            Game.load(folder.path / "scene.toml").load_save(folder.path / "x.save")
