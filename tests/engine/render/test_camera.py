"""Placing the camera, and positions between world and screen."""

import pytest

from engine.render.camera import Camera, enlarged_window, fitting_window, place_camera, place_viewport

pytestmark = pytest.mark.unit

SIZE = (100.0, 60.0)
WORLD = ((0.0, 0.0), SIZE)
VIEW = (640, 320)  # 20 m by 10 m at 32 pixels a metre


def middle(target, size=SIZE):
    camera = place_camera(target, ((0.0, 0.0), size), 32.0, VIEW)
    return camera.x, camera.y


def test_without_a_target_all_of_the_world_is_shown():
    assert place_camera(None, WORLD, 32.0, VIEW) == Camera(50.0, 30.0, 320 / 60, 640, 320)
    assert place_camera(None, ((0.0, 0.0), (10.0, 5.0)), 32.0, VIEW) == Camera(5.0, 2.5, 32.0, 640, 320)


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


def test_bounds_may_lie_anywhere():
    bounds = ((-50.0, 10.0), (-20.0, 12.0))
    camera = place_camera((-100.0, 0.0), bounds, 32.0, VIEW)
    assert (camera.x, camera.y) == (-40.0, 11.0)
    assert place_camera(None, bounds, 32.0, VIEW).pixels_per_metre == pytest.approx(640 / 30)


@pytest.mark.parametrize(
    ("window", "virtual", "scaling", "rectangle", "scale"),
    [
        ((800, 600), None, "fit", (0, 0, 800, 600), 1.0),
        ((800, 600), (320, 180), "fit", (0, 75, 800, 450), 2.5),
        ((600, 800), (320, 180), "fit", (0, 231, 600, 338), 1.875),
        ((800, 600), (320, 180), "integer", (80, 120, 640, 360), 2.0),
        ((200, 200), (320, 180), "integer", (0, 44, 200, 112), 0.625),
        ((800, 600), (320, 180), "stretch", (0, 0, 800, 600), 600 / 180),
        ((0, 0), (320, 180), "fit", (0, 0, 1, 1), 1 / 320),
    ],
)
def test_the_picture_lies_in_the_middle_of_the_window(window, virtual, scaling, rectangle, scale):
    found = place_viewport(window, virtual, scaling)
    assert (found.x, found.y, found.width, found.height) == rectangle
    assert found.scale == pytest.approx(scale)
    if virtual is not None:
        assert found.picture == tuple(max(1, round(side * scale)) for side in virtual)


def test_a_stretched_picture_and_a_fine_screen_map_positions():
    stretched = place_viewport((800, 300), (400, 300), "stretch")
    assert stretched.picture == (800, 600)
    assert stretched.to_picture(200.0, 150.0) == (200.0, 300.0)
    fine = place_viewport((800, 600), (320, 180), "integer", 2.0)
    assert (fine.x, fine.y, fine.width, fine.height, fine.scale) == (0.0, 75.0, 800.0, 450.0, 5.0)
    assert fine.to_picture(0.0, 75.0) == (0.0, 0.0)
    assert fine.to_picture(800.0, 525.0) == (1600.0, 900.0)
    assert place_viewport((800, 600), pixel_ratio=2.0).to_picture(400.0, 300.0) == (800.0, 600.0)


def test_a_window_for_a_virtual_resolution_is_a_whole_multiple():
    assert enlarged_window((320, 180), (1920, 1080)) == (960, 540)
    assert enlarged_window((320, 180), (700, 500)) == (640, 360)
    assert enlarged_window((1280, 720), (1920, 1080)) == (1280, 720)
