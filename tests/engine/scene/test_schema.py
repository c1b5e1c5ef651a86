"""The JSON schema that editors use says what the loader does."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

import engine.scene
from engine.scene.schema import scene_schema, schema_text

pytestmark = pytest.mark.unit

FILE = Path(engine.scene.__file__).parent / "scene.schema.json"
EXAMPLES = [
    file
    for file in sorted((Path(__file__).resolve().parents[3] / "examples").rglob("*.toml"))
    if "mods" not in file.parts  # a mod's tables have keys of their own
]


@pytest.fixture(scope="module")
def validator():
    schema = scene_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_file_is_that_of_the_structs():
    found = FILE.read_text(encoding="utf-8")
    assert found == schema_text(), "run: python -m engine.scene.schema > engine/scene/scene.schema.json"
    json.loads(found)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_examples_are_valid(validator, file):
    validator.validate(tomllib.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("[prefab.a.child.b]\nposition = [1, 2]\nhealth.value = 3\nleaf = { mass = 1 }", True),
        ("[component.leaf]\nmass = 1.0\nowner = 'entity'\nway = { type = 'vec2', default = [0, 1] }", True),
        ("include = ['a.toml']\n[input]\nleft = ['A']\nright = 'D'\nmove = { axis = 'PAD_LEFT_X' }", True),
        ("[scene]\nbackground = '#12345'", False),
        ("[prefab.a.child.b]\nposition = [1]", False),
        ("[[entity]]\ncount = 0", False),
        ("[[entity]]\nsprite.shape = 'cirle'", False),
        ("[scene]\nsise = [1, 2]", False),
        ("[scnee]", False),
        ("[[trigger]]\nname = 'a'", False),
    ],
)
def test_the_schema_tells_right_from_wrong(validator, text, is_valid):
    assert validator.is_valid(tomllib.loads(text)) is is_valid


def test_every_key_is_described():
    for name, definition in scene_schema()["$defs"].items():
        assert definition["description"], name
        for key, schema in definition["properties"].items():
            assert schema["description"], f"{name}.{key}"
