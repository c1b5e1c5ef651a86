"""When callbacks are called, in which order, with what, and for whom not."""

import pytest

from engine.ecs.components import Field

pytestmark = pytest.mark.integration

TOUCHING = """
[scene]
gravity = [0.0, 0.0]
[[trigger]]
name = "zone"
shape = { box = [2.0, 2.0] }
position = [20.0, 0.0]
[[entity]]
tag = "A"
position = [0.0, 0.0]
collider = { circle = 0.5 }
velocity = [0.0, 0.0]
script = "b.rhai"
[[entity]]
tag = "B"
position = [0.8, 0.0]
collider = { circle = 0.5 }
velocity = [0.0, 0.0]
script = "a.rhai"
"""
TELL = """
fn on_collision(other) {{ print(`{0} ${{entity_id}} meets ${{other}}`); }}
fn on_collision_end(other) {{ print(`{0} ${{entity_id}} leaves ${{other}}`); }}
"""


def messages(game):
    return [failure.message for failure in game.error_reports]


class TestCollisions:
    def test_both_sides_are_told_by_script_path_then_entity(self, folder):
        game = folder.game(TOUCHING, a=TELL.format("a"), b=TELL.format("b"), ticks=1)
        assert game.drain_log() == ["a 2 meets 1", "b 1 meets 2"]

    def test_begin_and_end_are_told_once(self, folder):
        game = folder.game(TOUCHING, a=TELL.format("a"), b=TELL.format("b"), ticks=20)
        log = game.drain_log()
        assert [line for line in log if "meets" in line] == ["a 2 meets 1", "b 1 meets 2"]
        game.world.set(1, Field.TRANSFORM_X, -50.0)
        for _ in range(3):
            game.step()
        log += game.drain_log()
        assert [line for line in log if "leaves" in line] == ["a 2 leaves 1", "b 1 leaves 2"]

    def test_fewer_parameters(self, folder):
        quiet = 'fn on_collision() { print("met"); }'
        game = folder.game(TOUCHING, a=quiet, b=TELL.format("b"), ticks=1)
        assert game.drain_log() == ["met", "b 1 meets 2"]

    def test_of_two_overloads_the_one_with_more_parameters_is_called(self, folder):
        both = 'fn on_collision() { print("none"); }\nfn on_collision(other) { print("one"); }'
        game = folder.game(TOUCHING, a=both, b="", ticks=1)
        assert game.drain_log() == ["one"]

    def test_an_entity_destroyed_earlier_in_the_tick_gets_no_callback(self, folder):
        first = "fn on_collision(other) { destroy_entity(other); print(`gone ${other}`); }"
        game = folder.game(TOUCHING, a=first, b=TELL.format("b"), ticks=3)
        assert game.drain_log() == ["gone 1"]
        assert game.entity_count == 1

    def test_an_entity_destroyed_in_on_update_meets_nobody(self, folder):
        first = "fn on_update() { if tick == 0 { destroy_entity(1); } }"
        game = folder.game(TOUCHING, a=first + TELL.format("a"), b=TELL.format("b"), ticks=2)
        assert not [line for line in game.drain_log() if line.startswith("b")]

    def test_events_are_ordered_by_kind_before_script(self, folder):
        scene = TOUCHING.replace("position = [20.0, 0.0]", "position = [0.4, 0.0]")
        tell = TELL + "fn on_trigger(name, other) {{ print(`{0} ${{entity_id}} in ${{name}} ${{other}}`); }}"
        game = folder.game(scene, a=tell.format("a"), b=tell.format("b"), ticks=1)
        log = game.drain_log()
        assert [line.split()[2] for line in log] == ["meets", "meets", "in", "in"]
        assert [line.split()[0] for line in log] == ["a", "b", "a", "b"]


class TestTriggers:
    def test_enter_and_exit_of_a_volume(self, folder):
        walk = """
            fn on_update() { if tick < 2 { set_position(entity_id, (20.0, 0.0)); }
                             if tick == 2 { set_position(entity_id, (40.0, 0.0)); } }
            fn on_trigger(name, other) { print(`${tick} in ${name} ${other}`); }
            fn on_trigger_exit(name, other) { print(`${tick} out ${name} ${other}`); }
        """
        game = folder.game(TOUCHING, a=walk, b="", ticks=4)
        assert messages(game) == []
        assert game.drain_log() == ["0 in zone ", "2 out zone "]

    def test_a_sensor_tells_both_sides_its_tag(self, folder):
        scene = """
            [scene]
            gravity = [0.0, 0.0]
            [[entity]]
            tag = "Pad"
            collider = { circle = 1.0, sensor = true }
            script = "a.rhai"
            [[entity]]
            tag = "Ball"
            collider = { circle = 0.5 }
            velocity = [0.0, 0.0]
            script = "b.rhai"
        """
        tell = "fn on_trigger(name, other) {{ print(`{0} ${{name}} ${{other}}`); }}"
        game = folder.game(scene, a=tell.format("a"), b=tell.format("b"), ticks=2)
        assert game.drain_log() == ["a Pad 2", "b Pad 1"]
        assert messages(game) == []

    def test_one_parameter_is_the_name(self, folder):
        walk = """
            fn on_update() { set_position(entity_id, (20.0, 0.0)); }
            fn on_trigger(name) { print(name); }
        """
        assert folder.game(TOUCHING, a=walk, b="", ticks=3).drain_log() == ["zone"]


class TestBirth:
    SPAWNER = """
        [[entity]]
        tag = "Spawner"
        script = "s.rhai"
        [prefab.child]
        tag = "Child"
        scripts = ["y.rhai", "x.rhai"]
    """
    CHILD = """
        print(`{0} top ${{entity_id}} at ${{tick}}`);
        fn on_spawn() {{ print(`{0} spawn ${{entity_id}}`); }}
        fn on_update() {{ if tick < 2 {{ print(`{0} update ${{entity_id}} at ${{tick}}`); }} }}
        fn on_destroy() {{ print(`{0} destroy ${{entity_id}}`); }}
    """

    def test_top_levels_then_on_spawn_in_the_stage_commands(self, folder):
        spawner = """
            fn on_update() { if tick == 0 {
                spawn_entity("child", (0, 0)); print("spawned"); spawn_entity("child", (1, 0));
            } }
        """
        game = folder.game(
            self.SPAWNER, s=spawner, x=self.CHILD.format("x"), y=self.CHILD.format("y"), ticks=1
        )
        assert messages(game) == []
        assert game.drain_log() == [
            "spawned",
            "x top 2 at 0",
            "x top 3 at 0",
            "y top 2 at 0",
            "y top 3 at 0",
            "x spawn 2",
            "x spawn 3",
            "y spawn 2",
            "y spawn 3",
        ]
        game.step()
        assert game.drain_log() == [f"{s} update {e} at 1" for s in "xy" for e in (2, 3)]

    def test_the_scenes_entities_are_born_before_tick_0(self, folder):
        scene = '[[entity]]\nscripts = ["x.rhai", "y.rhai"]\n[[entity]]\nscript = "x.rhai"\n'
        game = folder.game(scene, x=self.CHILD.format("x"), y=self.CHILD.format("y"))
        assert game.drain_log() == [
            "x top 1 at 0",
            "x top 2 at 0",
            "y top 1 at 0",
            "x spawn 1",
            "x spawn 2",
            "y spawn 1",
        ]

    def test_the_top_level_runs_once_and_has_the_api(self, folder):
        top = "let n = 0;\nlet place = get_position(entity_id);\nn += 1;\nset_position(entity_id, (5, 5));\n"
        game = folder.game('[[entity]]\nscript = "a.rhai"', a=top + "fn on_update() { n += 10; }", ticks=3)
        assert game.scripts.state(1, "a.rhai") == {"n": 31, "place": (0.0, 0.0, 0.0)}
        assert game.drain_log() == []

    def test_every_script_of_an_entity_has_its_own_state(self, folder):
        scene = '[[entity]]\nscripts = ["x.rhai", "y.rhai"]\n'
        game = folder.game(
            scene,
            x="let n = 1; fn on_update() { n += 1; }",
            y="let n = 10; fn on_update() { n += 10; }",
            ticks=3,
        )
        assert (game.scripts.state(1, "x.rhai"), game.scripts.state(1, "y.rhai")) == ({"n": 4}, {"n": 40})

    def test_what_on_spawn_queues_waits_for_the_next_tick(self, folder):
        spawner = 'fn on_update() { if tick == 0 { spawn_entity("child", (0, 0)); } }'
        child = 'fn on_spawn() { print(`${tick}`); if tick < 3 { spawn_entity("child", (0, 0)); } }'
        game = folder.game(self.SPAWNER, s=spawner, x=child, y="", ticks=6)
        assert game.drain_log() == ["0", "1", "2", "3"]

    def test_on_spawn_of_a_script_whose_top_level_failed_is_not_called(self, folder):
        game = folder.game(
            '[[entity]]\nscript = "a.rhai"', a='[][0];\nfn on_spawn() { print("no"); }', ticks=2
        )
        assert game.drain_log() == []
        assert len(game.error_reports) == 1


class TestRemoval:
    SCENE = '[[entity]]\ncount = 3\nscript = "a.rhai"\n[prefab.child]\ntag = "Child"\nscript = "a.rhai"\n'

    def test_on_destroy_comes_before_each_removal_in_entity_order(self, folder):
        text = """
            fn on_update() { if tick == 1 && entity_id == 1 { destroy_entity(3); destroy_entity(1); } }
            fn on_destroy() { print(`${entity_id} ${is_alive(entity_id)} ${get_position(entity_id).x}`); }
        """
        game = folder.game(self.SCENE, a=text, ticks=3)
        assert messages(game) == []
        assert game.drain_log() == ["1 false 0.0", "3 false 0.0"]
        assert game.entity_count == 1

    def test_no_other_callback_after_destroy_entity(self, folder):
        text = """
            fn on_update() { print(`u${entity_id}`); if entity_id == 1 { destroy_entity(2); } }
            fn on_destroy() { print(`d${entity_id}`); }
        """
        game = folder.game(self.SCENE, a=text, ticks=2)
        assert game.drain_log() == ["u1", "u3", "d2", "u1", "u3"]
        (first, *_) = messages(game) or [""]
        assert "entity 2 does not exist" in first

    def test_what_on_destroy_queues_waits_for_the_next_tick(self, folder):
        text = """
            fn on_update() { if tick == 0 && entity_id == 1 { destroy_entity(1); } }
            fn on_destroy() { print(`${tick} ${entity_id}`); destroy_entity(entity_id);
                              if entity_id == 1 { destroy_entity(2); spawn_entity("child", (0, 0)); } }
        """
        game = folder.game(self.SCENE, a=text, ticks=1)
        assert (game.drain_log(), game.entity_count) == (["0 1"], 2 + 1)
        game.step()
        assert messages(game) == []
        assert game.drain_log() == ["1 2"]
        assert game.entity_count == 2

    def test_a_disabled_script_is_not_told_of_its_end(self, folder):
        text = "fn on_update() { if entity_id == 1 { [][0] } else { destroy_entity(1); } }\n"
        game = folder.game(self.SCENE, a=text + 'fn on_destroy() { print("told"); }', ticks=1)
        assert game.drain_log() == []
        assert game.entity_count == 2

    def test_a_failing_on_destroy_removes_all_the_same(self, folder):
        text = "fn on_update() { destroy_entity(entity_id); }\nfn on_destroy() { [][entity_id] }"
        game = folder.game(self.SCENE, a=text, ticks=2)
        assert game.entity_count == 0
        assert len(game.error_reports) == 3
        assert game.script_errors() == [], "what is gone does not fail any more"


def test_ids_of_later_lives_are_others(folder):
    scene = '[[entity]]\nscript = "a.rhai"\n[prefab.child]\ntag = "Child"\n'
    text = """
        let first = 0;
        fn on_update() {
            if tick == 0 { first = spawn_entity("child", (0, 0)); }
            if tick == 1 { destroy_entity(first); }
            if tick == 2 { let again = spawn_entity("child", (0, 0));
                           print(again - first == 4294967296);
                           print(is_alive(first)); print(is_alive(again)); }
        }
    """
    assert folder.game(scene, a=text, ticks=4).drain_log() == ["true", "false", "true"]
