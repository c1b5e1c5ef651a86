"""Plugins: functions in Python that scripts call, and vetoes of damage, spawn and destroy."""

import pytest

from engine.ecs.world import World
from engine.game import Game
from engine.scripting.access_errors import BadPlugin, InsideTick
from engine.scripting.compiling import script_natives
from engine.scripting.host_functions import Entity
from engine.scripting.plugins import PluginHost
from lang.heap.convert import Vector

pytestmark = pytest.mark.integration

SCENE = """
[scene]
gravity = [0.0, 0.0]
[prefab.late]
tag = "Late"
script = "late.rhai"
[[entity]]
tag = "A"
health = { value = 100 }
script = "a.rhai"
[[entity]]
tag = "B"
health = { value = 50 }
"""


class Weather:
    """Functions of many types."""

    def __init__(self):
        self.asked = []
        self.world = None

    def register(self, host):
        self.world = host.world

        @host.function
        def wind_at(place: Vector, strength: float = 1.0) -> Vector:
            """The wind at a place.

            In metres a second.
            """
            return Vector((place[1] * strength, -place[0] * strength))

        @host.function(name="describe")
        def _(value, deep: bool = False):
            return {"value": value, "type": type(value).__name__, "deep": deep}

        @host.function
        def health_of(entity: Entity) -> float:
            return host.world.get(entity, "health.value")

        @host.function(changes=True)
        def hurt(entity: Entity, amount: float) -> None:
            host.world.set(entity, "health.value", amount)

        @host.function
        def fail(kind: str):
            self.fail(kind)

        @host.function
        def summon(x: float) -> int:
            return host.world.queue_spawn(["transform"], {"transform.x": x})

    def fail(self, kind):
        if kind == "despawn":
            self.world.despawn(2)
        if kind == "emit":
            self.world.emit(1, "on_update")
        if kind == "object":
            return object()
        raise ValueError(kind)


@pytest.fixture
def run(folder):
    """Run statements in the `on_spawn` of entity 1 with plugins; returns the game."""

    def run(body, *plugins, scene=SCENE, late="", more=""):
        folder.write("scene.toml", scene)
        folder.write("a.rhai", f"{more}fn on_spawn() {{\n{body}\n}}")
        folder.write("late.rhai", late)
        return Game.load(folder.path / "scene.toml", plugins=plugins or (Weather(),))

    return run


class TestFunctions:
    def test_values_go_both_ways(self, run):
        game = run("""
            print(wind_at((1.0, 2.0)));
            print(wind_at((1.0, 2.0), 3));
            print(describe([1, (2.0, 3.0), #{a: "x"}, ()]));
            print(describe(5, true).deep);
            print(health_of(2) + 0.5);
            let e = [2]; print(e[0].health_of());
        """)
        assert game.error_reports == []
        assert game.drain_log() == [
            *("(2.0, -1.0)", "(6.0, -3.0)"),
            '#{"deep": false, "type": "list", "value": [1, (2.0, 3.0), #{"a": "x"}, ()]}',
            *("true", "50.5", "50.0"),
        ]

    def test_a_function_may_write_and_queue(self, run):
        game = run("hurt(2, 7); print(get_health(2)); print(is_alive(summon(2.5)));")
        game.step()
        assert game.drain_log() == ["7.0", "true"]
        assert game.entity_count == 3

    def test_what_it_queued_is_cancelled_when_the_callback_fails(self, run):
        game = run("summon(1.0); summon(2.0); 1 / 0")
        game.step()
        assert game.entity_count == 2

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            ("wind_at(5)", "argument 1 ('place'): i64 (expecting vec2 or vec3)"),
            ("wind_at((1.0, 2.0), 0.0 / 0.0)", "`strength` is NaN or infinite"),
            ("health_of(99)", "entity 99 does not exist"),
            ("health_of(1.5)", "argument 1 ('entity'): f64 (expecting Entity)"),
            ('fail("why")', "plugin `Weather`: ValueError: why (test_plugins.py:"),
            ('fail("despawn")', "StructureLocked"),
            ('fail("emit")', "cannot emit an event while a script runs"),
        ],
    )
    def test_what_goes_wrong_is_one_error_of_the_script(self, run, call, message):
        game = run(f"print(1);\n{call};\nprint(2);")
        (failure,) = game.error_reports
        assert message in failure.message
        assert failure.line == 3
        assert "a.rhai:3" in failure.diagnostic
        for _ in range(3):
            game.step()
        assert len(game.error_reports) == 1
        assert game.drain_log() == ["1"]

    def test_a_script_can_catch_it(self, run):
        game = run('try { fail("x") } catch (e) { print(e.message) }')
        assert "ValueError: x" in game.drain_log()[0]

    def test_a_result_that_no_script_can_hold(self, run):
        class Bad:
            def register(self, host):
                host.function(object, name="bad")
                host.function(lambda: [0] * 10**5, name="large")

        game = run("try { bad() } catch (e) { print(e.message) } large()", Bad())
        assert "a script cannot hold a object" in game.drain_log()[0]
        assert "Size of array" in game.error_reports[0].message

    def test_calls_are_checked_at_compile_time(self, run):
        for call, message in (
            ("wind_at()", "`wind_at(place[, strength])`"),
            ("wind_att((1, 2))", "wind_at"),
        ):
            game = run(call)
            assert message in game.error_reports[0].diagnostic
        run("wind_at((1.0, 2.0));", type("None_", (), {"register": lambda _self, _host: None})())

    def test_one_that_changes_is_refused_in_the_trial_run_of_a_reload(self, run, folder):
        game = run("", more="let n = 1;\n")
        folder.write("a.rhai", "let n = 1;\nlet m = hurt(2, 3.0);\nlet k = health_of(2);")
        game.reload("a.rhai")
        assert game.scripts.state(1, "a.rhai").get("n") == 1
        assert game.world.get(2, "health.value") == 50.0
        assert any("cannot be changed here" in line for line in game.log.take_warnings())

    def test_a_tick_inside_a_tick_is_refused(self, run):
        class Steps:
            def register(self, host):
                host.function(lambda: self.game and self.game.step(), name="step_on")

        plugin = Steps()
        game = run("", plugin, more="fn on_update() { step_on(); }")
        plugin.game = game
        game.step()
        assert "cannot do a tick inside a tick" in game.error_reports[0].message
        assert game.tick == 1
        game.add_system("input", "again", game.step)
        with pytest.raises(InsideTick):
            game.step()


class TestRegistering:
    def test_help_and_signature(self):
        host = PluginHost(World(), plugins=[Weather()])
        host.natives()
        wind = host.functions["wind_at"]
        assert wind.help == "The wind at a place."
        assert wind.signature == "wind_at(place: Vector, strength: f64) → Vector"
        assert host.functions["describe"].signature == "describe(value: any, deep: bool) → any"
        assert host.functions["health_of"].signature == "health_of(entity: Entity) → f64"

    @pytest.mark.parametrize(
        ("function", "name", "message"),
        [
            (lambda: 1, "", "`<lambda>` is no name of a function"),
            (lambda: 1, "get_position", "`get_position` is the name of another function"),
            (lambda: 1, "on_update", "`on_update` is the name of another function or callback"),
            (lambda *rest: 1, "many", "must name all of its parameters"),
            (lambda *, key: 1, "keyed", "no keyword arguments: key"),
        ],
    )
    def test_functions_that_cannot_be(self, run, function, name, message):
        class Wrong:
            def register(self, host):
                host.function(name=name)(function) if name else host.function(function)

        with pytest.raises(BadPlugin, match=message.replace("`", ".")) as error:
            run("", Wrong())
        assert error.value.plugin == "Wrong"

    def test_one_that_fails(self, run):
        class Broken:
            def register(self, host):
                raise OSError("no network")

        with pytest.raises(BadPlugin, match="plugin `Broken`: register failed: OSError: no network"):
            run("", Broken())

    def test_two_of_one_name(self, run):
        with pytest.raises(BadPlugin, match="`wind_at` is the name of another"):
            run("", Weather(), Weather())

    def test_other_games_are_as_before(self, run):
        before = len(script_natives().entries)
        run("wind_at((1.0, 1.0));")
        assert len(script_natives().entries) == before
        assert script_natives().find("wind_at") is None


class Guard:
    """Vetoes what it is told to, and keeps what it was asked."""

    def __init__(self, asked, answer=True, error=None):
        self.asked, self.answer, self.error = asked, answer, error

    def register(self, host):
        host.veto_damage(self.veto)
        host.veto_spawn(self.veto)
        host.veto_destroy(self.veto)

    def veto(self, *question):
        self.asked.append(question)
        if self.error is not None:
            raise self.error
        return self.answer


DOES = """
    print(apply_damage(2, 10));
    print(spawn_entity("late", (1, 2)));
    print(spawn_entity("late", [1.0, 2.0, 3.0], #{tag: #{name: "T"}}));
    print(destroy_entity(2));
"""


class TestVetoes:
    def test_what_is_vetoed_does_not_happen(self, run):
        asked = []
        game = run(DOES, Guard(asked))
        game.step()
        assert game.error_reports == []
        assert game.drain_log() == ["0.0", "", "", "false"]
        assert asked == [(2, 10.0, 1), ("late", (1.0, 2.0), 1), ("late", (1.0, 2.0, 3.0), 1), (2, 1)]
        assert (game.entity_count, game.world.get(2, "health.value")) == (2, 50.0)

    def test_what_is_let_pass_happens_as_ever(self, run):
        game = run(DOES, Guard([], answer=False))
        plain = run(DOES, type("Nothing", (), {"register": lambda _self, _host: None})())
        for one in (game, plain):
            one.step()
        log = game.drain_log()
        assert (log[0], log[3]) == ("10.0", "")
        assert log == plain.drain_log()
        assert game.entity_count == plain.entity_count == 3

    def test_they_are_asked_in_order_until_one_vetoes(self, run):
        order = []
        first, second, third = (
            type(name, (Guard,), {"veto": lambda self, *_: order.append(type(self).__name__) or self.answer})
            for name in ("First", "Second", "Third")
        )
        run("apply_damage(2, 1);", first(order, False), second(order, True), third(order, True))
        assert order == ["First", "Second"]

    @pytest.mark.parametrize(
        "call",
        [
            "apply_damage(99, 1)",
            'apply_damage("x", 1)',
            "apply_damage(2, -1)",
            "apply_damage(2, 0.0 / 0.0)",
            'spawn_entity("none", (1, 1))',
            'spawn_entity("late", 5)',
            'spawn_entity("late", [1])',
            "destroy_entity(0)",
            "destroy_entity(true)",
        ],
    )
    def test_bad_calls_are_refused_as_ever_and_nobody_is_asked(self, run, call):
        asked = []
        vetoed = run(call, Guard(asked)).error_reports[0].message
        plain = run(call, Weather()).error_reports[0].message
        assert (asked, vetoed) == ([], plain)

    def test_one_that_fails_fails_the_call(self, run):
        game = run("destroy_entity(2);", Guard([], error=KeyError("gone")))
        game.step()
        (failure,) = game.error_reports
        assert "`Guard`, asked about destroy_entity: KeyError: 'gone' (test_plugins.py:" in failure.message
        assert game.entity_count == 2

    def test_it_is_the_same_in_every_run(self, run):
        hashes = []
        for _ in range(2):
            game = run(DOES, Guard([], answer=False), Weather())
            for _ in range(3):
                game.step()
            hashes.append(game.state_hash())
        assert hashes[0] == hashes[1]

    def test_they_are_asked_about_what_status_effects_take(self, run):
        scene = SCENE + "[status.burning]\ndamage = 60.0\nslow = 0.5\n[status.salve]\nhealing = 60.0\n"
        body = """for e in [1, 2] {
            apply_status_effect(e, "burning", 1.0, e);
            apply_status_effect(e, "salve", 1.0);
        }"""
        asked = []
        guard = Guard(asked)
        game = run(body, guard, scene=scene)
        game.step()
        assert asked == [(1, 1.0, 1), (2, 2.0, 1)]
        assert game.world.get(2, "health.value") == 50.0
        guard.answer = False
        game.step()
        assert [game.world.get(entity, "health.value") for entity in (1, 2)] == [100.0, 49.0]
        game.world.set(2, "health.value", 0.0)
        asked.clear()
        game.step()
        assert asked == [(1, 1.0, 1)]

    def test_one_that_fails_about_a_status_effect_ends_the_tick(self, run):
        scene = SCENE + "[status.burning]\ndamage = 60.0\n"
        game = run('apply_status_effect(2, "burning", 1.0);', Guard([], error=KeyError("gone")), scene=scene)
        with pytest.raises(KeyError) as raised:
            game.step()
        assert "in plugin `Guard`, asked about a status effect" in raised.value.__notes__
