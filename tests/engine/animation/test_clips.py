"""Clips: the kernel against its slow twin, ends, events, and the rest that is never lost."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.animation.easing import Ease
from engine.animation.layout import Happening
from engine.ecs.components import Component, Field, ShapeKind
from engine.ecs.query import Query
from engine.errors import MissingComponent, NoSuchEntity, UnknownAnimation
from engine.scene.values import Color
from tests.engine.animation.conftest import TICK, Stage
from tests.engine.animation.reference import Player, pose_of

pytestmark = pytest.mark.unit

UP = {
    "tracks": [{"property": "position", "keys": [{"time": 0, "value": [0, 0]}, {"time": 1, "value": [0, 6]}]}]
}
SPIN = {"play": "loop", "frames": [3, 1, 2], "fps": 20}
BOB = {
    "play": "loop",
    "tracks": [
        {
            "property": "position",
            "keys": [
                {"time": 0.0, "value": [0, 0], "ease": "in_out_sine"},
                {"time": 0.7, "value": [0.1, 1.3], "ease": "out_elastic"},
                {"time": 1.1, "value": [0, 0]},
            ],
        }
    ],
}


@st.composite
def clips(draw):
    """Raw clips with every kind of track."""
    tracks = []
    small = st.floats(-5, 5)
    values = {
        "position": st.lists(small, min_size=2, max_size=2),
        "rotation": small,
        "scale": small | st.lists(small, min_size=2, max_size=2),
        "color": st.integers(0, 0xFFFFFFFF).map(lambda word: f"#{word:08x}"),
    }
    for name in draw(st.sets(st.sampled_from(sorted(values)))):
        times = sorted(draw(st.sets(st.integers(0, 90), min_size=1, max_size=4)))
        keys = [
            {
                "time": time / 60 + 0.003,
                "value": draw(values[name]),
                "ease": draw(st.sampled_from([one.name.lower() for one in Ease])),
            }
            for time in times
        ]
        tracks.append({"property": name, "keys": keys})
    length = draw(st.integers(1, 90)) / 60
    events = draw(st.lists(st.floats(0, length), max_size=3))
    return {
        "play": draw(st.sampled_from(["once", "loop", "pingpong"])),
        "tracks": tracks,
        "frames": draw(st.lists(st.integers(0, 9), max_size=5)),
        "duration": length,
        "events": [{"time": time, "name": f"event {number}"} for number, time in enumerate(events)],
    }


@settings(max_examples=60, deadline=None)
@given(raw=clips(), speed=st.sampled_from([0.0, 0.5, 1.0, 3.0]), ticks=st.integers(1, 150))
def test_a_clip_shows_what_its_slow_twin_shows(raw, speed, ticks):
    stage = Stage({"clip": raw})
    clip = stage.clips["clip"]
    entity = stage.spawn(
        {"clip": "clip", "speed": speed},
        {Field.TRANSFORM_ROTATION: 0.5, Field.TRANSFORM_SCALE_X: 2.0, Field.SPRITE_COLOR: 0x80C0FFFF},
    )
    told = [name if kind == Happening.EVENT else "END" for kind, name in stage.step(ticks)]
    twin = Player(clip)
    for _ in range(ticks):
        twin.tick(TICK * speed)
    assert sorted(told) == sorted(twin.seen)
    pose = pose_of(clip, twin.place())
    x, y = stage.place(entity)
    assert (x, y) == pytest.approx((10 + pose["position"][0], 20 + pose["position"][1]), abs=1e-9)
    assert stage.get(entity, Field.TRANSFORM_ROTATION) == pytest.approx(0.5 + pose["rotation"], abs=1e-9)
    scale = stage.get(entity, Field.TRANSFORM_SCALE_X, Field.TRANSFORM_SCALE_Y)
    assert scale == pytest.approx((2 * pose["scale"][0], pose["scale"][1]), abs=1e-9)
    channels = Color(stage.get(entity, Field.SPRITE_COLOR)).channels()
    wanted = [own * tint / 255 for own, tint in zip((0x80, 0xC0, 0xFF, 0xFF), pose["color"], strict=True)]
    assert channels == pytest.approx(wanted, abs=1.01)  # a half may round either way
    if clip.frames:
        assert stage.get(entity, Field.SPRITE_FRAME) == twin.frame()


def test_frames_follow_each_other_at_their_pace(stage):
    made = stage({"spin": SPIN})
    entity = made.spawn({"clip": "spin"})
    shown = []
    for _ in range(18):
        made.step()
        shown.append(made.get(entity, Field.SPRITE_FRAME))
    assert shown == [3] * 3 + [1] * 3 + [2] * 3 + [3] * 3 + [1] * 3 + [2] * 3


def test_a_clip_brings_its_image(stage, tmp_path):
    made = stage({"spin": SPIN | {"image": "coin.png", "grid": [2, 2]}})
    entity = made.spawn({"clip": "spin"})
    made.step()
    fields = (Field.SPRITE_IMAGE, Field.SPRITE_COLUMNS, Field.SPRITE_ROWS)
    assert made.get(entity, *fields) == ("coin.png", 2, 2)


def test_a_loop_leaves_no_trace_of_itself(stage):
    made = stage({"bob": BOB, "rest": {"duration": 1.0}})
    at = {Field.TRANSFORM_X: 0.1, Field.TRANSFORM_Y: 1e-17}
    entity = made.spawn({"clip": "bob"}, at)
    made.step(5000)
    assert made.place(entity) != (0.1, 1e-17)
    made.animation.play(entity, "rest")
    made.step()
    assert made.place(entity) == (0.1, 1e-17)
    assert made.get(entity, Field.ANIMATION_POSED) == 0


def test_who_moves_an_animated_entity_moves_its_rest(stage):
    made = stage({"up": UP})
    entity = made.spawn({"clip": "up"})
    for _ in range(30):
        made.step()
        made.world.set(entity, Field.TRANSFORM_X, made.get(entity, Field.TRANSFORM_X) + 1.0)
    made.step(40)
    assert made.place(entity) == pytest.approx((40.0, 26.0))


def test_a_colour_and_a_scale_that_are_set_are_the_new_rest(stage):
    keys = [{"time": 0, "value": "#808080"}, {"time": 1, "value": "#808080"}]
    half = [{"time": 0, "value": 0.5}, {"time": 1, "value": 0.5}]
    tracks = [{"property": "color", "keys": keys}, {"property": "scale", "keys": half}]
    made = stage({"dark": {"tracks": tracks}})
    entity = made.spawn({"clip": "dark"})
    made.step(2)
    assert made.get(entity, Field.SPRITE_COLOR, Field.TRANSFORM_SCALE_X) == (0x808080FF, 0.5)
    made.world.set(entity, Field.SPRITE_COLOR, 0xFF0000FF)
    made.world.set(entity, Field.TRANSFORM_SCALE_X, 4.0)
    made.step()
    assert made.get(entity, Field.SPRITE_COLOR, Field.TRANSFORM_SCALE_X) == (0x800000FF, 2.0)


def test_a_door_turns_around_its_hinge(stage):
    turn = [{"time": 0, "value": 0.0}, {"time": 1, "value": math.pi / 2}]
    made = stage({"open": {"pivot": [0.0, -2.0], "tracks": [{"property": "rotation", "keys": turn}]}})
    entity = made.spawn({"clip": "open"})
    made.step(61)
    assert made.place(entity) == pytest.approx((8.0, 18.0))
    assert made.get(entity, Field.TRANSFORM_ROTATION) == pytest.approx(math.pi / 2)


def test_a_pose_blends_into_the_next_clip_and_out_of_it(stage):
    made = stage({"up": UP, "rest": {"duration": 1.0}})
    entity = made.spawn({"clip": "up"})
    made.step(70)
    assert made.place(entity) == (10.0, 26.0)
    made.animation.play(entity, "rest", blend=0.5)
    heights = []
    for _ in range(32):
        made.step()
        heights.append(made.place(entity)[1])
    assert heights[0] == 26.0
    assert heights[15] == pytest.approx(23.0)
    assert heights[-1] == 20.0
    assert heights == sorted(heights, reverse=True)


def test_an_end_is_told_once_and_playing_again_begins_again(stage):
    made = stage({"up": UP})
    entity = made.spawn()
    assert made.animation.playing(entity) == ""
    made.animation.play(entity, "up")
    assert made.step(100) == [(Happening.END, "up")]
    made.animation.play(entity, "up")
    made.step(30)
    made.animation.play(entity, "up")  # still running: it goes on
    assert made.step(31) == [(Happening.END, "up")]
    assert made.animation.playing(entity) == "up"


def test_happenings_are_sorted_by_kind_and_entity(stage):
    steps = {
        "play": "loop",
        "duration": 0.5,
        "events": [{"time": 0.0, "name": "b"}, {"time": 0.0, "name": "a"}],
    }
    made = stage({"steps": steps, "short": {"duration": 0.001}})
    one, other = made.spawn({"clip": "short"}), made.spawn({"clip": "steps"}, sprite=False)
    last = made.spawn({"clip": "steps"})
    made.step()
    indices = [made.world.index_of(entity) for entity in (other, other, last, last)]
    assert made.animation.happenings[:, 1].tolist() == indices
    assert made.step() == [(Happening.END, "short")]
    assert made.animation.happenings[0, 1] == made.world.index_of(one)


def test_more_entities_than_one_room_of_happenings_holds(stage):
    made = stage({"steps": {"play": "loop", "duration": 0.01, "events": [{"time": 0.0, "name": "go"}]}})
    for _ in range(600):
        made.spawn({"clip": "steps"})
    assert made.step() == [(Happening.EVENT, "go")] * 600
    assert (made.animation.happenings[:, 1] == sorted(made.animation.happenings[:, 1])).all()


def test_a_clip_far_faster_than_ticks_stays_within_its_bounds(stage):
    made = stage({"spin": SPIN | {"fps": 1000.0}})
    entity = made.spawn({"clip": "spin", "speed": 1e9})
    made.step(50)
    assert made.get(entity, Field.SPRITE_FRAME) in {1, 2, 3}
    assert 0.0 <= made.get(entity, Field.ANIMATION_TIME) < 0.003


def test_what_python_asks_for_wrongly(stage):
    made = stage({"rise": UP})
    entity, plain = made.spawn(), made.world.spawn([Component.TRANSFORM])
    with pytest.raises(UnknownAnimation, match="`rises`; did you mean `rise`"):
        made.animation.play(entity, "rises")
    with pytest.raises(MissingComponent):
        made.animation.play(plain, "rise")
    with pytest.raises(NoSuchEntity):
        made.animation.play(99, "rise")
    with pytest.raises(ValueError, match="blend"):
        made.animation.play(entity, "rise", blend=-1.0)


def test_writes_are_known_as_changes(stage):
    made = stage({"up": UP, "spin": SPIN})
    entity, turning = made.spawn({"clip": "up"}), made.spawn({"clip": "spin"})
    made.step()
    moved, shown = (Query(made.world, (), changed=(one,)) for one in (Component.TRANSFORM, Component.SPRITE))
    moved.catch_up()
    shown.catch_up()
    made.step(5)
    assert moved.entities().tolist() == [entity]
    assert shown.entities().tolist() == [turning]


def test_a_sprite_is_not_needed(stage):
    made = stage({"spin": SPIN, "up": UP})
    entity = made.spawn({"clip": "up"}, {Field.SPRITE_SHAPE: ShapeKind.BOX})
    bare = made.spawn({"clip": "spin"}, sprite=False)
    made.step(10)
    assert made.place(entity)[1] > 20.0
    assert made.place(bare) == (10.0, 20.0)


def test_a_child_is_animated_in_the_frame_of_its_parent(stage):
    made = stage({"up": UP, "bob": BOB})
    parent = made.spawn({}, {Field.TRANSFORM_ROTATION: math.pi / 2})
    child = made.spawn({"clip": "up"}, {Field.TRANSFORM_X: 11.0})
    made.world.hierarchy.set_parent(child, parent)
    made.step(70)
    made.world.hierarchy.place()
    assert made.place(child) == pytest.approx((11.0 - 6.0, 20.0))
    made.world.set(parent, Field.TRANSFORM_Y, 50.0)
    made.world.hierarchy.place()
    made.world.set(child, Field.TRANSFORM_X, made.place(child)[0] - 1.0)  # put elsewhere: its rest goes along
    made.step(2)
    made.animation.play(child, "bob")
    made.step(1000)
    made.animation.play(child, "up")
    made.step(70)
    made.world.hierarchy.place()
    assert made.place(child) == pytest.approx((11.0 - 7.0, 50.0))


@pytest.mark.parametrize("word", [-(2**63), -5, 7, 2**40, 2**63 - 1])
def test_whatever_a_save_or_a_script_wrote_into_the_columns_is_borne(stage, word):
    animator = {"states": [{"name": "s", "clip": "spin"}]}
    made = stage({"up": UP, "spin": SPIN}, {"a": animator})
    one, other = made.spawn({"clip": "spin"}), made.spawn({"animator": "a"})
    for field in (
        Field.ANIMATION_CLIP,
        Field.ANIMATION_REQUEST,
        Field.ANIMATION_FLAGS,
        Field.ANIMATION_POSED,
    ):
        made.world.set(one, field, word)
        made.step(2)
    for field in (Field.ANIMATOR_STATE, Field.ANIMATOR_NUMBER, Field.ANIMATION_CLIP):
        made.world.set(other, field, word)
        made.step(2)
    for entity, value in ((one, math.nan), (one, math.inf), (other, -math.inf), (other, 1e300)):
        made.world.set(entity, Field.ANIMATION_CLIP, 1)
        for field in (Field.ANIMATION_TIME, Field.ANIMATION_SPEED, Field.ANIMATION_BLEND_LEFT):
            made.world.set(entity, field, value)
            made.step(2)
        assert made.get(entity, Field.SPRITE_FRAME) in {0, 1, 2, 3}
