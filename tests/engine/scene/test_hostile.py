"""Whatever a scene file holds, reading it gives a scene or a SceneError."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SceneError
from engine.scene import load_scene
from engine.scene.includes import SceneTables
from engine.scene.loader import _Reader
from engine.scene.scene_file import TABLES

pytestmark = pytest.mark.security

WORDS = """name size seed background follow position zoom left shape box circle tag team rotation scale
velocity sprite radius color layer collider sensor
collides_with body kind gravity_scale health value max armor text
content script scripts prefab count spread stage with without operations call_depth coin
child leaf type default mass"""
KEYS = st.sampled_from(WORDS.split())
TEXTS = [
    "circle",
    "box",
    "dynamic",
    "#fff",
    "coin",
    "a.rhai",
    "../a.rhai",
    "A",
    "simulation",
    "velocity",
    "entity",
    "vec2",
    "leaf",
    "scene.toml",
]
LEAVES = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=8),
    st.sampled_from(TEXTS),
    st.dates(),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
TABLE = st.dictionaries(KEYS, VALUES, max_size=5)
SCENES = st.dictionaries(
    st.sampled_from([*TABLES, "include"]),
    TABLE | st.lists(TABLE, max_size=3) | st.dictionaries(KEYS, TABLE, max_size=3) | VALUES,
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(raw=SCENES)
def test_any_tables_give_a_scene_or_a_scene_error(raw, tmp_path_factory):
    file = tmp_path_factory.getbasetemp() / "scene.toml"
    assert str(file) in outcome(file, raw)


def outcome(file, raw):
    """Return what a person is told: the scene's file, or the error."""
    try:
        return str(_Reader(SceneTables(file, raw)).description(None).file)
    except SceneError as error:
        return str(error)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files there")
def test_what_has_no_end_is_not_read():
    with pytest.raises(SceneError, match="no file but a device"):
        load_scene(Path("/dev/zero"))


@pytest.mark.parametrize("name", ["", "more.txt"])
def test_an_included_file_has_a_name_of_its_kind(folder, name):
    with pytest.raises(SceneError, match=r"path is empty|included files end in \.toml"):
        folder.load(f'include = ["{name}"]')
