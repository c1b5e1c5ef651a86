"""State machines: each kind of condition, order, triggers, blends."""

import pytest

from engine.animation.layout import Happening
from engine.ecs.components import Field

pytestmark = pytest.mark.unit

CLIPS = {
    "stand": {"play": "loop", "frames": [0]},
    "walk": {"play": "loop", "frames": [1, 2]},
    "hit": {"frames": [3, 4], "fps": 20},
}
STATES = [
    {"name": "idle", "clip": "stand"},
    {"name": "moving", "clip": "walk", "speed": 2.0},
    {"name": "hitting", "clip": "hit"},
]


def machine(stage, *transitions, **more):
    animator = {"states": STATES, "transitions": list(transitions)} | more
    made = stage(CLIPS, {"guard": animator})
    return made, made.spawn({"animator": "guard"})


def states(made, entity, ticks):
    seen = []
    for _ in range(ticks):
        made.step()
        seen.append(made.animation.playing(entity))
    return seen


def test_it_begins_in_its_first_state(stage):
    made, entity = machine(stage)
    assert states(made, entity, 3) == ["idle"] * 3
    assert made.get(entity, Field.SPRITE_FRAME) == 0


def test_speed_is_what_the_entity_moved(stage):
    made, entity = machine(
        stage,
        {"from": "idle", "to": "moving", "when": {"speed_above": 2.0}},
        {"from": "moving", "to": "idle", "when": {"speed_below": 1.0}},
    )
    seen = []
    for step in (0.0, 0.05, 0.02, 0.01, 0.05):  # metres a tick: 0, 3, 1.2, 0.6, 3 metres a second
        made.world.set(entity, Field.TRANSFORM_PREVIOUS_X, made.get(entity, Field.TRANSFORM_X))
        made.world.set(entity, Field.TRANSFORM_X, made.get(entity, Field.TRANSFORM_X) + step)
        seen += states(made, entity, 1)
    assert seen == ["idle", "moving", "moving", "idle", "moving"]


def test_an_end_leads_on_and_has_the_name_of_the_state(stage):
    made, entity = machine(stage, {"from": "hitting", "to": "idle", "when": {"end": True}})
    made.animation.play(entity, "hitting")
    assert made.step(6) == []
    assert made.animation.playing(entity) == "hitting"
    assert made.step() == [(Happening.END, "hitting")]
    assert made.animation.playing(entity) == "idle"


def test_a_loop_ends_each_time_it_comes_round(stage):
    made, entity = machine(
        stage,
        {"from": "moving", "to": "idle", "when": {"end": True}},
        {"from": "idle", "to": "moving", "when": {"speed_below": 1.0}},
    )
    assert states(made, entity, 10) == ["moving"] * 6 + ["idle"] + ["moving"] * 3  # 0.2 s at twice the pace


def test_triggers_are_used_up_and_parameters_stay(stage):
    made, entity = machine(
        stage,
        {"from": "*", "to": "hitting", "when": {"trigger": "hit"}},
        {"from": "idle", "to": "moving", "when": {"parameter": "fear", "above": 0.5, "below": 0.9}},
        {"from": "moving", "to": "idle", "when": {"parameter": "fear", "equals": 2}},
        parameters=["anger", "fear"],
        triggers=["hit"],
    )
    fear, hit = Field.ANIMATOR_PARAMETER_1, Field.ANIMATOR_PARAMETER_2
    seen = []
    for value in (0.5, 0.95, 0.7, 1.0, 2.0):
        made.world.set(entity, fear, value)
        seen += states(made, entity, 1)
    assert seen == ["idle", "idle", "moving", "moving", "idle"]
    made.world.set(entity, hit, 1.0)
    assert states(made, entity, 1) == ["hitting"]
    assert made.get(entity, hit, fear) == (0.0, 2.0)
    made.world.set(entity, hit, 1.0)  # it is there already: the trigger waits
    assert states(made, entity, 1) == ["hitting"]
    assert made.get(entity, hit) == 1.0


def test_the_first_transition_that_holds_is_taken_one_in_a_tick(stage):
    always = {"speed_below": 1.0}
    made, entity = machine(
        stage,
        {"from": "idle", "to": "moving", "when": always | {"parameter": "no", "above": 0}},
        {"from": "idle", "to": "hitting", "when": always},
        {"from": "idle", "to": "moving", "when": always},
        {"from": "hitting", "to": "moving", "when": always},
        parameters=["no"],
    )
    assert states(made, entity, 3) == ["hitting", "moving", "moving"]


def test_a_new_state_shows_its_first_frame_for_as_long_as_any(stage):
    made, entity = machine(stage, {"from": "idle", "to": "hitting", "when": {"speed_below": 1.0}})
    frames = []
    for _ in range(7):
        made.step()
        frames.append(made.get(entity, Field.SPRITE_FRAME))
    assert frames == [3, 3, 3, 4, 4, 4, 4]


def test_a_transition_blends(stage):
    up = [{"time": 0, "value": [0, 3]}, {"time": 1, "value": [0, 3]}]
    clips = {
        "low": {"play": "loop", "duration": 1.0},
        "high": {"tracks": [{"property": "position", "keys": up}]},
    }
    states_ = [{"name": "a", "clip": "low"}, {"name": "b", "clip": "high"}]
    go = {"from": "a", "to": "b", "when": {"speed_below": 1.0}, "blend": 0.1}
    made = stage(clips, {"m": {"states": states_, "transitions": [go]}})
    entity = made.spawn({"animator": "m"})
    heights = []
    for _ in range(8):
        made.step()
        heights.append(made.place(entity)[1])
    assert heights == pytest.approx([20, 20.5, 21, 21.5, 22, 22.5, 23, 23])
