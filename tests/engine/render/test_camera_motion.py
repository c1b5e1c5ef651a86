"""How the camera goes after its target, and how the screen shakes."""

import math

import pytest

from engine.render.camera import CameraSettings, place_viewport
from engine.render.camera_control import LONGEST_SHAKE, MOST_SHAKES, CameraControl
from engine.render.camera_motion import SHAKE_PART, CameraMotion, Shake, shake_offset, shaken
from engine.scene.tables import Camera as CameraTable

pytestmark = pytest.mark.unit

WORLD = (100.0, 60.0)
VIEWPORT = place_viewport((640, 320))  # 20 m by 10 m at 32 pixels a metre


def seen(motion, settings, target, time, viewport=VIEWPORT):
    camera = motion.next(settings, target, WORLD, viewport, time)
    return camera.x, camera.y


def test_it_is_at_its_target_at_once_unless_it_is_smooth():
    motion, settings = CameraMotion(), CameraSettings(follow=1, offset=(2.0, -1.0))
    assert seen(motion, settings, (40.0, 20.0), 0.0) == (42.0, 19.0)
    assert seen(motion, settings, (50.0, 20.0), 0.1) == (52.0, 19.0)


def test_half_of_the_way_in_the_time_of_smooth_in_frames_of_any_length():
    for frames in (1, 7, 60):
        motion, settings = CameraMotion(), CameraSettings(follow=1, smooth=0.5)
        assert seen(motion, settings, (20.0, 20.0), 1.0) == (20.0, 20.0), "the first picture is a cut"
        for frame in range(1, frames + 1):
            x, y = seen(motion, settings, (40.0, 20.0), 1.0 + 0.5 * frame / frames)
        assert (x, y) == pytest.approx((30.0, 20.0))
    assert seen(motion, settings, (40.0, 20.0), 0.2) == (40.0, 20.0), "time went back: a cut"
    assert seen(motion, settings, (50.0, 20.0), 0.2) == (40.0, 20.0), "no time, no way"


def test_the_zoom_is_as_smooth():
    motion = CameraMotion()
    seen(motion, CameraSettings(follow=1, smooth=1.0), (50.0, 30.0), 0.0)
    near = CameraSettings(follow=1, smooth=1.0, pixels_per_metre=128.0)
    assert motion.next(near, (50.0, 30.0), WORLD, VIEWPORT, 1.0).pixels_per_metre == pytest.approx(64.0)


def test_in_the_dead_zone_the_target_moves_alone():
    motion, settings = CameraMotion(), CameraSettings(follow=1, dead_zone=(4.0, 2.0))
    assert seen(motion, settings, (40.0, 20.0), 0.0) == (40.0, 20.0)
    assert seen(motion, settings, (41.9, 19.1), 0.1) == (40.0, 20.0)
    assert seen(motion, settings, (45.0, 18.0), 0.2) == (43.0, 19.0)


def test_bounds_hold_and_do_not_wind_up():
    motion, settings = CameraMotion(), CameraSettings(follow=1, bounds=((0.0, 0.0), (40.0, 20.0)), smooth=1.0)
    assert seen(motion, settings, (90.0, 50.0), 0.0) == (30.0, 15.0)
    x, _ = seen(motion, settings, (20.0, 15.0), 1.0)
    assert x == pytest.approx(25.0), "it turns back from where it is"


def test_it_stays_where_the_target_was_lost():
    motion = CameraMotion()
    assert seen(motion, CameraSettings(follow=7), (40.0, 20.0), 0.0) == (40.0, 20.0)
    for gone in (7, 0):
        assert seen(motion, CameraSettings(follow=gone), None, 0.1) == (40.0, 20.0)


def test_without_a_target_it_looks_at_its_position_or_at_everything():
    motion = CameraMotion()
    assert seen(motion, CameraSettings(position=(30.0, 30.0)), None, 0.0) == (30.0, 30.0)
    assert seen(motion, CameraSettings(follow=0, position=(30.0, 30.0)), None, 0.0) == (30.0, 30.0)
    everything = CameraMotion().next(CameraSettings(), None, WORLD, VIEWPORT, 0.0)
    assert (everything.x, everything.y, everything.pixels_per_metre) == (50.0, 30.0, 320 / 60)


def test_a_virtual_resolution_shows_the_same_in_more_pixels():
    large = place_viewport((1280, 640), (640, 320))
    small, big = (
        CameraMotion().next(CameraSettings(follow=1), (40.0, 20.0), WORLD, viewport, 0.0)
        for viewport in (VIEWPORT, large)
    )
    assert (small.x, small.half_width) == (big.x, big.half_width)
    assert (big.width, big.pixels_per_metre) == (1280, 64.0)


def test_a_shake_falls_to_nothing_and_several_add_up():
    shake = Shake(10.0, 2.0, 0.5)
    assert [shake.strength(time) for time in (9.9, 10.0, 10.25, 10.5, 11.0)] == [0.0, 2.0, 0.5, 0.0, 0.0]
    assert shake_offset([], 10.0) == shake_offset([shake], 12.0) == (0.0, 0.0)
    offsets = [shake_offset([shake, shake], 10.0 + step / 240) for step in range(120)]
    assert 0.2 * SHAKE_PART < max(math.hypot(*offset) for offset in offsets) < 4.0 * 1.5 * SHAKE_PART
    assert offsets == [shake_offset([shake, shake], 10.0 + step / 240) for step in range(120)]


def test_a_shaken_camera_is_moved_by_parts_of_its_height():
    camera = CameraMotion().next(CameraSettings(follow=1), (40.0, 20.0), WORLD, VIEWPORT, 0.0)
    shake = Shake(0.0, 1.0, 1.0)
    x, y = shake_offset([shake], 0.25)
    moved = shaken(camera, [shake], 0.25)
    assert (moved.x - camera.x, moved.y - camera.y) == pytest.approx((10.0 * x, 10.0 * y))


def test_what_a_game_tells_its_camera():
    control = CameraControl(CameraTable(follow="Player", zoom=2.0, smooth=0.25), 16.0)
    settings = control.settings({"Player": 5}.__getitem__, {5, 9}.__contains__)
    assert settings == CameraSettings(follow=5, pixels_per_metre=32.0, smooth=0.25)
    control.follow, control.zoom = 9, 0.5
    settings = control.settings({"Player": 5}.__getitem__, {5, 9}.__contains__)
    assert settings == CameraSettings(follow=9, pixels_per_metre=8.0, smooth=0.25)
    assert control.settings({"Player": 5}.__getitem__, {5}.__contains__).follow == 0, "it is gone"
    assert CameraControl(CameraTable(), 16.0).settings({}.__getitem__, {5}.__contains__).follow is None


def test_shakes_are_bounded_and_end():
    control = CameraControl(CameraTable(), 16.0)
    control.shake(0.0, 0.0, 1.0)
    control.shake(0.0, 1.0, 0.0)
    assert list(control.shakes(0.0)) == []
    for _ in range(100):
        control.shake(0.0, 1e300, 1e300)
    assert list(control.shakes(0.0)) == [Shake(0.0, 10.0, LONGEST_SHAKE)] * MOST_SHAKES
    assert list(control.shakes(LONGEST_SHAKE)) == []


@pytest.mark.parametrize("factor", [0.0, -1.0, math.nan, math.inf])
def test_a_zoom_that_shows_nothing_is_refused(factor):
    control = CameraControl(CameraTable(), 32.0)
    with pytest.raises(ValueError, match="finite number above 0"):
        control.zoom = factor
    assert control.zoom == 1.0
