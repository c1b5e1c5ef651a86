"""What `astraweave doctor` asks the window."""

import pytest

from engine.app.diagnosis import find_open_gl, find_sound_driver

pytestmark = pytest.mark.window


def test_open_gl_has_names(display):
    found = find_open_gl()
    assert all(found)
    assert float(found.version[:3]) >= 3.3


def test_a_sound_driver_is_a_name_or_none(display):
    name = find_sound_driver()
    assert name is None or (name and not name.endswith("Driver"))
