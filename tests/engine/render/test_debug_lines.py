"""Debug lines: which level shows what, in which colours, and only what may be in sight."""

import numpy as np
import pytest

from engine.physics.debug import PhysicsPicture
from engine.physics.layout import ASLEEP, FIXED, ONE_WAY, SENSOR
from engine.render import debug_lines as module
from engine.render.camera import Camera
from engine.render.debug_lines import LEGEND, LINE_WORDS, DebugLevel, debug_lines

pytestmark = pytest.mark.unit

CAMERA = Camera(10.0, 5.0, 10.0, 400, 200)  # 40 m by 20 m around (10, 5)


def picture(outlines=(), flags=(), contacts=(), velocities=(), cells=()):
    def rows(values):
        return np.array(values, np.float64).reshape(-1, 4)

    flags = np.array(flags, np.int64)
    return PhysicsPicture(
        outlines=rows(outlines),
        entities=np.ones(len(flags), np.int64),
        flags=flags,
        contacts=rows(contacts),
        velocities=rows(velocities),
        cells=rows(cells),
    )


def color_of(line):
    return int.from_bytes(line.view(np.uint8)[16:20].tobytes(), "big")


FULL = picture(
    [[10.0, 5.0, 11.0, 5.0]], [0], [[12.0, 6.0, 0.0, 1.0]], [[9.0, 5.0, 10.0, 0.0]], [[8.0, 4.0, 9.0, 5.0]]
)


def test_each_level_shows_more():
    counts = [len(debug_lines(FULL, level, CAMERA)) for level in DebugLevel]
    assert counts == [0, 1, 1 + 3 + 3, 1 + 3 + 3 + 4]
    assert [level.after for level in DebugLevel] == [*list(DebugLevel)[1:], DebugLevel.NOTHING]
    assert all(LEGEND[level] for level in list(DebugLevel)[1:])


@pytest.mark.parametrize(
    ("flags", "color"),
    [
        (0, module.AWAKE_COLOR),
        (ASLEEP, module.ASLEEP_COLOR),
        (FIXED, module.FIXED_COLOR),
        (FIXED | ONE_WAY, module.ONE_WAY_COLOR),
        (FIXED | SENSOR, module.SENSOR_COLOR),
    ],
)
def test_outlines_have_the_colour_of_their_state(flags, color):
    (line,) = debug_lines(picture([[10.0, 5.0, 11.0, 6.0]], [flags]), DebugLevel.COLLIDERS, CAMERA)
    assert line[:4].tolist() == [0.0, 0.0, 1.0, 1.0], "relative to the middle of the view"
    assert color_of(line) == color


def test_lines_out_of_sight_are_left_out():
    outlines = [
        [31.0, 5.0, 99.0, 5.0],
        [-99.0, 5.0, 99.0, 5.0],
        [10.0, -5.1, 10.0, -9.0],
        [29.0, 14.0, 29.9, 14.9],
    ]
    seen = debug_lines(picture(outlines, [0] * 4), DebugLevel.COLLIDERS, CAMERA)
    assert seen[:, 0].tolist() == [-109.0, 19.0]


def test_arrows_end_where_the_body_will_be_and_a_resting_one_has_no_size():
    lines = debug_lines(
        picture(velocities=[[10.0, 5.0, 20.0, 0.0], [10.0, 5.0, 0.0, 0.0]]), DebugLevel.MOTION, CAMERA
    )
    assert lines.shape == (6, LINE_WORDS)
    assert lines[0, :4].tolist() == [0.0, 0.0, 3.0, 0.0]
    assert lines[1, :4].tolist() == [0.0] * 4
    assert lines[2, :4] == pytest.approx([3.0, 0.0, 2.4, -0.3]), "heads are 6 pixels long"
    assert np.isfinite(lines[:, :4]).all()


def test_marks_of_contacts_have_one_size_in_pixels():
    for scale in (10.0, 100.0):
        camera = Camera(0.0, 0.0, scale, 400, 200)
        lines = debug_lines(picture(contacts=[[0.0, 0.0, 0.0, 1.0]]), DebugLevel.MOTION, camera)
        assert lines[2, :4] * scale == pytest.approx([0.0, 0.0, 0.0, 14.0])
        assert {color_of(line) for line in lines} == {module.CONTACT_COLOR}
