import time

import pytest

from engine.errors import DuplicateSystem, UnknownStage
from engine.loop.schedule import STAGE_NAMES, Schedule, Stage, stage_named

pytestmark = pytest.mark.unit


def test_stages_are_those_of_the_documents_in_order():
    assert STAGE_NAMES == (
        "input",
        "perception",
        "ai_planning",
        "simulation",
        "physics",
        "events",
        "commands",
        "animation",
        "particles",
        "audio",
        "present",
    )


def test_systems_run_by_stage_and_then_in_the_order_they_were_added():
    ran: list[str] = []
    schedule = Schedule()
    for stage, name in [("present", "d"), ("physics", "b"), (Stage.INPUT, "a"), ("physics", "c")]:
        schedule.add(stage, name, lambda name=name: ran.append(name))
    schedule.run_tick()
    assert ran == ["a", "b", "c", "d"]
    assert [system.name for system in schedule] == ran


def test_an_unknown_stage_is_an_error_with_a_hint():
    with pytest.raises(UnknownStage, match="did you mean `physics`") as caught:
        stage_named("phisics")
    assert caught.value.known == STAGE_NAMES
    with pytest.raises(UnknownStage):
        Schedule().add("", "x", lambda: None)


def test_names_of_systems_are_unique_until_removed():
    schedule = Schedule()
    schedule.add("input", "keys", lambda: None)
    with pytest.raises(DuplicateSystem, match="in stage `input`"):
        schedule.add("events", "keys", lambda: None)
    schedule.remove("keys")
    schedule.remove("keys")
    schedule.add("events", "keys", lambda: None)
    assert [system.stage for system in schedule] == [Stage.EVENTS]


def test_times_are_kept_for_the_last_ticks():
    schedule = Schedule(ticks_kept=4)
    schedule.add("physics", "sleep", lambda: time.sleep(0.001 if schedule.ticks_run == 5 else 0))
    for _ in range(6):
        schedule.run_tick()
    times = schedule.milliseconds()
    assert times.shape == (4, len(Stage))
    assert times[3, Stage.PHYSICS] >= 1.0
    assert times[:, Stage.AUDIO].tolist() == [0.0] * 4
    assert schedule.milliseconds(skip=5).shape == (1, len(Stage))
    assert schedule.milliseconds(skip=60).shape == (0, len(Stage))


def test_an_error_says_which_system_raised_it():
    schedule = Schedule()
    schedule.add("physics", "divide", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError) as caught:
        schedule.run_tick()
    assert caught.value.__notes__ == ["in system `divide` of stage `physics`"]
    assert schedule.ticks_run == 0


def test_systems_may_add_and_remove_systems():
    ran: list[str] = []
    schedule = Schedule()

    def once() -> None:
        ran.append("once")
        schedule.remove("once")
        schedule.add("physics", "later", lambda: ran.append("later"))

    schedule.add("physics", "once", once)
    schedule.run_tick()
    assert ran == ["once"]
    schedule.run_tick()
    assert ran == ["once", "later"]
