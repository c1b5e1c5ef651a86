"""Systems and observers in Python in a running game, beside scripts."""

import pytest

from engine.ecs.query import Query
from engine.errors import DuplicateSystem, ObserverFailed, UnknownStage, WorldChanged
from engine.game import Game
from engine.loop.schedule import STAGE_NAMES

pytestmark = pytest.mark.integration

SCENE = """
[prefab.egg]
tag = "Egg"
[[entity]]
tag = "Hen"
position = [1.0, 2.0]
script = "hen.rhai"
"""
HEN = """
fn on_update() { if tick == 1 { spawn_entity("egg", (3, 4)); } if tick == 2 { destroy_entity(entity_id); } }
fn on_destroy() { print("cluck"); }
"""


@pytest.fixture
def game(tmp_path):
    (tmp_path / "scene.toml").write_text(SCENE)
    (tmp_path / "hen.rhai").write_text(HEN)
    return Game.load(tmp_path / "scene.toml")


def test_systems_run_in_their_stages_after_what_is_there(game):
    ran = []
    seen = Query(game.world, ["tag"], changed=["transform"])
    for stage in reversed(STAGE_NAMES):
        game.add_system(stage, f"note {stage}", lambda stage=stage: ran.append(stage))
    game.add_system("simulation", "again", lambda: ran.append("again"))
    game.step()
    assert ran == [*STAGE_NAMES[:4], "again", *STAGE_NAMES[4:]]
    game.remove_system("again")
    game.step()
    assert ran.count("again") == 1
    assert len(seen) == 2


def test_an_unknown_stage_and_a_name_that_is_taken_are_errors(game):
    with pytest.raises(
        UnknownStage, match=r"unknown stage `phisics`; did you mean `physics`\? \(stages: input, "
    ):
        game.add_system("phisics", "push", lambda: None)
    game.add_system("physics", "push", lambda: None)
    with pytest.raises(DuplicateSystem, match="`push` is registered already, in stage `physics`"):
        game.add_system("events", "push", lambda: None)
    with pytest.raises(DuplicateSystem):
        game.add_system("events", "on_update", lambda: None)


def test_what_a_system_queues_is_born_in_the_same_tick(game):
    made, told = [], []
    hens = Query(game.world, ["tag"])

    def lay() -> None:
        for rows in hens:
            chicks = game.world.queue_spawn_many(["transform", "tag"], rows.count, {"tag.name": "Chick"})
            made.extend(chicks.tolist())

    game.add_system("simulation", "lay", lay)
    game.world.observers.on_spawn("count", lambda ids: told.append(ids.tolist()))
    game.step()
    assert told == [made]
    assert len(hens) == 2


def test_a_system_that_changes_structure_in_a_loop_is_refused_and_named(game):
    def hurry() -> None:
        for _ in Query(game.world, ["tag"]):
            game.world.spawn(["tag"])

    game.add_system("ai_planning", "hurry", hurry)
    with pytest.raises(WorldChanged) as caught:
        game.step()
    assert caught.value.__notes__ == ["in system `hurry` of stage `ai_planning`"]


def test_observers_hear_of_what_scripts_make_and_remove(game):
    told = []
    world = game.world
    world.observers.on_add(
        "tag", "born", lambda ids: told.append(("born", world.get(int(ids[0]), "transform.x")))
    )
    world.observers.on_remove("tag", "gone", lambda ids: told.append(("gone", game.drain_log())))
    game.step()
    assert told == []
    game.step()
    assert told == [("born", 3.0)]
    game.step()
    assert told == [("born", 3.0), ("gone", ["cluck"])]  # `on_destroy` comes before
    assert game.error_reports == []


def test_an_observer_that_fails_in_a_tick_names_itself_and_the_system(game):
    game.world.observers.on_add("tag", "score", lambda ids: {}["missing"])
    game.step()
    with pytest.raises(
        ObserverFailed, match="observer `score` failed in on_add of `tag`: KeyError: 'missing'"
    ) as caught:
        game.step()
    assert caught.value.__notes__ == ["in system `commands` of stage `commands`"]


def test_observers_and_queries_for_news_leave_the_state_alone(game, tmp_path):
    other = Game.load(tmp_path / "scene.toml")
    news = Query(other.world, [], changed=["transform"])
    other.world.observers.on_spawn("watch", lambda ids: None)
    other.add_system("present", "look", news.catch_up)
    for _ in range(5):
        game.step()
        other.step()
        assert game.state_hash() == other.state_hash()
