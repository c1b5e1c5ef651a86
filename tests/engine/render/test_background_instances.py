"""Backgrounds: where copies lie as the camera goes, that they leave no gap, and what is out of sight."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.render.background_instances import MOST_COPIES, background_rows
from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.shapes import INSTANCE_WORDS, InstanceWord
from engine.scene.background import Background
from engine.scene.file_names import FileNames
from engine.scene.values import Color

pytestmark = pytest.mark.unit

X, Y, WIDE, HIGH = InstanceWord.X, InstanceWord.Y, InstanceWord.HALF_WIDTH, InstanceWord.HALF_HEIGHT
MIDDLE = (20.0, 10.0)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    Image.new("RGBA", (64, 16)).save(folder / "hills.png")
    return Images(FileNames(folder), print)


def camera(x=20.0, y=10.0, zoom=16.0, width=320, height=160):
    return Camera(x=x, y=y, pixels_per_metre=zoom, width=width, height=height)


def rows(images, view, time=0.0, **keys):
    keys = {"image": "hills.png", "size": (4.0, 1.0), "repeat": "none"} | keys
    return background_rows(Background(**keys), images, view, MIDDLE, time)


@pytest.mark.parametrize(("factor", "x"), [(0.0, 1.0), (0.25, 0.5), (1.0, -1.0), (2.0, -3.0)])
def test_it_makes_a_part_of_the_cameras_way(images, factor, x):
    [row] = rows(images, camera(x=22.0), factor=(factor, 0.0), offset=(1.0, -2.0))
    assert row[[X, Y]].tolist() == [x, -2.0]


def test_it_drifts_by_itself(images):
    [row] = rows(images, camera(), time=2.0, drift=(0.5, -0.25))
    assert row[[X, Y]].tolist() == [1.0, -0.5]


def test_what_is_out_of_sight_is_not_drawn(images):
    for offset in [(12.5, 0.0), (-12.5, 0.0), (0.0, 6.0), (0.0, -6.0), (1e308, 0.0)]:
        assert rows(images, camera(), offset=offset).shape == (0, INSTANCE_WORDS)
    assert len(rows(images, camera(), offset=(11.5, 5.0))) == 1
    assert len(rows(images, camera(x=1e308), factor=(10.0, 1.0), repeat="x")) == 0, "no number"


@given(
    st.floats(-1e4, 1e4),
    st.floats(0.0, 3.0),
    st.floats(1.0, 200.0),
    st.floats(0.01, 50.0),
    st.floats(0.0, 1e4),
)
def test_copies_close_up_and_fill_the_view(images, x, factor, zoom, side, time):
    view = camera(x=x, zoom=zoom)
    found = rows(images, view, time, size=(side, 2.0), factor=(factor, 0.0), drift=(-0.7, 0.0), repeat="x")
    low, high = found[:, X] - found[:, WIDE], found[:, X] + found[:, WIDE]
    assert low[0] <= -view.half_width
    assert high[-1] >= view.half_width
    assert (high[:-1] >= low[1:]).all(), "no gap"
    assert len(found) <= MOST_COPIES + 1
    if len(found) < MOST_COPIES / 2:
        place = found[:, X] - (x - MIDDLE[0]) * -factor + 0.7 * time
        assert np.abs(place / side - np.rint(place / side)).max() < 1e-4 * (1.0 + 1e4 / side)


def test_both_directions(images):
    found = rows(images, camera(), repeat="both", color=Color(0x10203040))
    assert len(found) == 5 * 11
    assert len({tuple(place) for place in found[:, [X, Y]].tolist()}) == len(found)
    assert found.view(np.uint8)[0, 4 * InstanceWord.COLOR :][:4].tolist() == [0x10, 0x20, 0x30, 0x40]


@pytest.mark.parametrize(("width", "height"), [(320, 160), (100, 400), (640, 160)])
def test_a_cover_fills_every_view_and_keeps_its_proportions(images, width, height):
    view = camera(width=width, height=height, zoom=7.0)
    [row] = background_rows(Background(image="hills.png", cover=True), images, view, MIDDLE, 5.0)
    assert row[WIDE] >= view.half_width - 1e-5
    assert row[HIGH] >= view.half_height - 1e-5
    assert row[WIDE] / row[HIGH] == pytest.approx(4.0)
    assert row[WIDE] == pytest.approx(view.half_width) or row[HIGH] == pytest.approx(view.half_height)
