"""Placing the camera, and positions between world and screen."""

import pytest

from engine.render.camera import Camera, fitting_window, place_camera

pytestmark = pytest.mark.unit

SIZE = (100.0, 60.0)
VIEW = (640, 320)  # 20 m by 10 m at 32 pixels a metre


def middle(target, size=SIZE):
    camera = place_camera(target, size, 32.0, VIEW)
    return camera.x, camera.y


def test_without_a_target_all_of_the_world_is_shown():
    assert place_camera(None, SIZE, 32.0, VIEW) == Camera(50.0, 30.0, 320 / 60, 640, 320)
    assert place_camera(None, (10.0, 5.0), 32.0, VIEW) == Camera(5.0, 2.5, 32.0, 640, 320)


@pytest.mark.parametrize(
    ("size", "screen", "expected"),
    [
        ((40.0, 24.0), (1920, 1080), (1280, 768)),
        ((40.0, 24.0), (1280, 720), (1280, 720)),
        ((5.0, 500.0), (1920, 1080), (960, 800)),
    ],
)
def test_a_window_fits_the_world_and_the_screen(size, screen, expected):
    assert fitting_window(size, 32.0, screen) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [((40.0, 20.0), (40.0, 20.0)), ((1.0, 2.0), (10.0, 5.0)), ((99.0, 80.0), (90.0, 55.0))],
)
def test_a_target_is_followed_within_the_world(target, expected):
    assert middle(target) == expected


def test_a_world_smaller_than_the_view_stays_in_the_middle():
    assert middle((1.0, 50.0), (10.0, 60.0)) == (5.0, 50.0)


def test_screen_and_world_are_inverse():
    camera = Camera(5.0, -3.0, 32.0, 640, 320)
    assert camera.world_to_screen(5.0, -3.0) == (320.0, 160.0)
    assert camera.world_to_screen(6.0, -2.0) == (352.0, 192.0)
    assert camera.screen_to_world(*camera.world_to_screen(1.25, 7.5)) == (1.25, 7.5)
