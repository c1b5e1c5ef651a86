"""Each fault of a scene file is one error that names the file, the table and the key."""

import sys

import pytest

from engine.errors import SceneError
from engine.scene import load_scene

pytestmark = pytest.mark.unit

# (scene text, table, key, words that the message has)
FAULTS = {
    "unknown table": ("[scnee]", "scnee", "", ["unknown table", "did you mean `scene`?"]),
    "unknown key": ("[scene]\nsise = [1, 2]", "scene", "sise", ["unknown key", "did you mean `size`?"]),
    "unknown key inside": (
        "[prefab.coin]\nsprite = { colour = '#fff' }",
        "prefab.coin",
        "sprite.colour",
        ["unknown key", "did you mean `color`?", "`radius`"],
    ),
    "unknown key of an entity": ("[[entity]]\n[[entity]]\ncunt = 3", "entity 2", "cunt", ["`count`"]),
    "wrong type": ("[scene]\nname = 3", "scene", "name", ["expected text, got a whole number"]),
    "wrong type of a whole number": ("[scene]\nseed = 1.5", "scene", "seed", ["a whole number"]),
    "true is no number": ("[scene]\nseed = true", "scene", "seed", ["true or false"]),
    "list too short": ("[[entity]]\nposition = [1]", "entity 1", "position", ["a list of 2 or 3"]),
    "list too long": ("[scene]\nsize = [1, 2, 3]", "scene", "size", ["length 2", "a list of 2"]),
    "wrong item": ("[[entity]]\nposition = [1, 'a']", "entity 1", "position[1]", ["expected a number"]),
    "not a number": ("[[entity]]\nposition = [nan, 1]", "entity 1", "position[0]", ["expected a number"]),
    "infinite": ("[[entity]]\nvelocity = [0, inf]", "entity 1", "velocity[1]", ["expected a number"]),
    "negative size": ("[scene]\nsize = [-1, 2]", "scene", "size[0]", ["a number above 0"]),
    "zero count": ("[[entity]]\ncount = 0", "entity 1", "count", ["a whole number from 1 to 1_000_000"]),
    "huge count": ("[[entity]]\ncount = 10_000_000_000", "entity 1", "count", ["<= 1_000_000"]),
    "too many entities": (
        "[limits]\nentities = 10\n[[entity]]\ncount = 6\n[[entity]]\ncount = 5",
        "entity 2",
        "count",
        ["more than 10 entities", "[limits]"],
    ),
    "no limit": ("[limits]\noperations = 0", "limits", "operations", [">= 1"]),
    "bad colour": ("[scene]\nbackground = '#12345'", "scene", "background", ["#12345", "#rrggbb"]),
    "colour of another type": ("[scene]\nbackground = 12", "scene", "background", ["12 is not a colour"]),
    "unknown shape": (
        "[[entity]]\nsprite = { shape = 'cirle' }",
        "entity 1",
        "sprite.shape",
        ['unknown value "cirle"', '"triangle"', "did you mean `circle`?"],
    ),
    "two shapes": ("[[entity]]\ncollider = { circle = 1, box = [1, 1] }", "entity 1", "collider", ["one of"]),
    "no shape": ("[[entity]]\ncollider = { sensor = true }", "entity 1", "collider", ["exactly one of"]),
    "no convex polygon": (
        "[[entity]]\ncollider = { polygon = [[0, 0], [1, 0], [1, 1], [0.5, 0.2]] }",
        "entity 1",
        "collider",
        ["convex"],
    ),
    "too many corners": (
        f"[[entity]]\ncollider = {{ polygon = {[[i, i * i] for i in range(9)]} }}",
        "entity 1",
        "collider.polygon",
        ["length <= 8"],
    ),
    "a round circle": (
        "[[entity]]\ncollider = { circle = 1, radius = 0.1 }",
        "entity 1",
        "collider.radius",
        ["`radius` with `box` or `polygon`"],
    ),
    "bouncing too well": (
        "[[entity]]\ncollider = { circle = 1, restitution = 2 }",
        "entity 1",
        "collider.restitution",
        ["<= 1"],
    ),
    "no mass": ("[[entity]]\nbody = { mass = 0 }", "entity 1", "body.mass", ["above 0"]),
    "joint of nobody": (
        "[[entity]]\ntag = 'Lamp'\nbody = {}\n[[joint]]\nkind = 'hinge'\nfirst = 'Lmap'",
        "joint 1",
        "first",
        ['no entity with a body has the tag "Lmap"', "did you mean `Lamp`?"],
    ),
    "joint with itself": (
        "[[entity]]\ntag = 'A'\nbody = {}\n[[joint]]\nkind = 'weld'\nfirst = 'A'\nsecond = 'A'",
        "joint 1",
        "second",
        ["two different"],
    ),
    "limits of a weld": (
        "[[joint]]\nkind = 'weld'\nfirst = 'A'\nlimits = [0, 1]",
        "joint 1",
        "",
        ["for a hinge only"],
    ),
    "reversed limits": (
        "[[joint]]\nkind = 'hinge'\nfirst = 'A'\nlimits = [1, 0]",
        "joint 1",
        "limits",
        ["least of `limits` first"],
    ),
    "anchor of a distance": (
        "[[joint]]\nkind = 'distance'\nfirst = 'A'\nanchor = [1, 0]",
        "joint 1",
        "",
        ["first_anchor"],
    ),
    "length of a hinge": (
        "[[joint]]\nkind = 'hinge'\nfirst = 'A'\nlength = 2",
        "joint 1",
        "anchor",
        ["`anchor` alone"],
    ),
    "no value of a bar": (
        "[[hud]]\nbar = { value = 'A.health.value', max = 'x' }",
        "hud 1",
        "bar.max",
        ["Tag.component.field, such as Player.health.value, not `x`"],
    ),
    "two sizes": ("[[entity]]\nsprite = { radius = 1, size = [1, 1] }", "entity 1", "sprite", ["not both"]),
    "not a table": ("[[entity]]\ncollider = 3", "entity 1", "collider", ["expected a table", "`circle`"]),
    "more health than the most": (
        "[[entity]]\nhealth = { value = 5, max = 3 }",
        "entity 1",
        "health.value",
        ["`value` to be at most `max`"],
    ),
    "missing key": ("[[trigger]]\nname = 'a'\nposition = [1, 1]", "trigger 1", "shape", ["missing"]),
    "same trigger twice": (
        "[[trigger]]\nname = 'a'\nposition = [1, 1]\nshape = { circle = 1 }\n" * 2,
        "trigger 2",
        "name",
        ['another trigger has the name "a"'],
    ),
    "entity is not a list": ("[entity]\ntag = 'a'", "entity", "", ["write [[entity]]"]),
    "prefab is a list": ("[[prefab]]\ntag = 'a'", "prefab", "", ["expected a table"]),
    "prefab is a value": ("[prefab]\ncoin = 3", "prefab.coin", "", ["expected a table"]),
    "scene is a value": ("scene = 3", "scene", "", ["expected a table"]),
    "prefab places copies": ("[prefab.coin]\ncount = 2", "prefab.coin", "count", ["unknown key"]),
    "unknown prefab": (
        "[prefab.coin]\n[[entity]]\nprefab = 'cion'",
        "entity 1",
        "prefab",
        ['unknown prefab "cion"', "did you mean `coin`?"],
    ),
    "prefab of another type": ("[[entity]]\nprefab = 3", "entity 1", "prefab", ["expected text"]),
    "unknown key name": (
        "[input]\nleft = ['A', 'LEFFT']",
        "input",
        "left",
        ['unknown key name "LEFFT"', "`LEFT`"],
    ),
    "keys of another type": ("[input]\nleft = [3]", "input", "left[0]", ["expected text"]),
    "unknown stage": (
        "[[system]]\nscript = 'good.rhai'\nstage = 'phisics'",
        "system 1",
        "stage",
        ["physics"],
    ),
    "no component": ("[[system]]\nscript='good.rhai'\nwith=['script']", "system 1", "with[0]", ["allowed"]),
    "unknown component": (
        "[[system]]\nscript = 'good.rhai'\nwith = ['velocty']",
        "system 1",
        "with[0]",
        ["did you mean `velocity`?"],
    ),
    "script and scripts": (
        "[[entity]]\nscript = 'good.rhai'\nscripts = ['good.rhai']",
        "entity 1",
        "",
        ["one of `script` and `scripts`"],
    ),
    "one script twice": (
        "[[entity]]\nscripts = ['good.rhai', 'good.rhai']",
        "entity 1",
        "scripts",
        ["each script once"],
    ),
    "missing script": (
        "[[entity]]\nscript = 'goood.rhai'",
        "entity 1",
        "script",
        ['no such file: "goood.rhai"', "did you mean `good.rhai`?"],
    ),
    "missing script of a list": (
        "[prefab.a]\nscripts = ['good.rhai', 'b.rhai']",
        "prefab.a",
        "scripts[1]",
        ["b.rhai"],
    ),
    "missing script of a system": ("[[system]]\nscript = 'b.rhai'", "system 1", "script", ["no such file"]),
    "camera bounds the wrong way": (
        "[camera]\nbounds = [[5, 5], [4, 9]]",
        "camera",
        "bounds",
        ["lower left corner of `bounds` first"],
    ),
    "no window size": ("[window]\nsize = [0, 5]", "window", "size[0]", ["a whole number from 1"]),
    "unknown scaling": ("[window]\nscaling = 'fill'", "window", "scaling", ['"integer"']),
    "no size of a background": (
        "[[background]]\nimage = 'a.png'",
        "background 1",
        "size",
        ["either `size` or"],
    ),
    "a background of two sizes": (
        "[[background]]\nimage = 'a.png'\nsize = [1, 1]\ncover = true",
        "background 1",
        "size",
        ["either `size` or"],
    ),
    "a cover that drifts": (
        "[[background]]\nimage = 'a.png'\ncover = true\ndrift = [1, 0]",
        "background 1",
        "size",
        ["factor, repeat, offset, drift"],
    ),
    "a factor below 0": (
        "[[background]]\nimage = 'a.png'\nsize = [1, 1]\nfactor = [0, -1]",
        "background 1",
        "factor[1]",
        ["0"],
    ),
    "no such image of a background": (
        "[[background]]\nimage = 'a.png'\ncover = true",
        "background 1",
        "image",
        ["no such file"],
    ),
    "nothing in a hud": ("[[hud]]\nanchor = 'top'", "hud 1", "", ["exactly one of"]),
    "two things in a hud": ("[[hud]]\ntext = 'a'\nimage = 'a.png'", "hud 1", "", ["exactly one of"]),
    "no such image in a hud": (
        "[[hud]]\ntext = ''\n[[hud]]\nimage = 'a.png'",
        "hud 2",
        "image",
        ["no such"],
    ),
    "open brace": ("[[hud]]\ntext = 'a {Player.health.value'", "hud 1", "text", ["closing brace"]),
    "no path": ("[[hud]]\ntext = '{Player.health}'", "hud 1", "text", ["Tag.component.field"]),
    "no name in braces": ("[[hud]]\ntext = '{}'", "hud 1", "text", ["Tag.component.field"]),
    "odd form": ("[[hud]]\ntext = '{Player.health.value:99999d}'", "hud 1", "text", [":.0f"]),
    "conversion": ("[[hud]]\ntext = '{Player.health.value!r}'", "hud 1", "text", [":.0f"]),
    "unknown component in a hud": (
        "[[hud]]\ntext = '{Player.helth.value}'",
        "hud 1",
        "text",
        ["`Player.helth.value`", "helth", "did you mean `health`?"],
    ),
    "unknown field in a bar": (
        "[[hud]]\nbar = { value = 'Player.health.value', max = 'Player.health.most' }",
        "hud 1",
        "bar.max",
        ["most"],
    ),
    "no path in a bar": (
        "[[hud]]\nbar = { value = 'health' }",
        "hud 1",
        "bar.value",
        ["Tag.component.field"],
    ),
    "no such image": (
        "[[entity]]\nsprite = { image = 'a.png' }",
        "entity 1",
        "sprite.image",
        ["no such file"],
    ),
    "not an image": (
        "[[entity]]\nsprite = { image = 'scene.toml' }",
        "entity 1",
        "sprite.image",
        ["an image", "end in .png"],
    ),
    "image out of the folder": (
        "[[entity]]\nsprite = { image = '../a.png' }",
        "entity 1",
        "sprite.image",
        ["leads out"],
    ),
    "frame that is not there": (
        "[[entity]]\nsprite = { frames = [2, 2], frame = 4 }",
        "entity 1",
        "sprite.frame",
        ["`frame` to be less"],
    ),
    "no frames": (
        "[[entity]]\nsprite = { frames = [0, 2] }",
        "entity 1",
        "sprite.frames[0]",
        ["a whole number from 1"],
    ),
    "anchor outside": (
        "[[entity]]\nsprite = { anchor = [0, 1.5] }",
        "entity 1",
        "sprite.anchor[1]",
        ["a number from 0 to 1"],
    ),
    "not a script": ("[[entity]]\nscript = 'scene.toml'", "entity 1", "script", ["end in .rhai"]),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_table_and_key(folder, case):
    text, table, key, words = FAULTS[case]
    folder.script("good.rhai")
    with pytest.raises(SceneError) as caught:
        folder.load(text)
    error = caught.value
    assert (error.table, error.key) == (table, key), str(error)
    assert error.file == str(folder.path / "scene.toml")
    for word in [*words, error.file]:
        assert word in str(error)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [("[scene]\nname = \n", 2, "not TOML"), ("[scene", 1, "not TOML"), ("a = 1\na = 2", 2, "not TOML")],
)
def test_text_that_is_not_toml_is_refused_with_its_line(folder, text, line, word):
    with pytest.raises(SceneError, match=word) as caught:
        folder.load(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[scene]\nname = 'a'\n\nsise = 3", 4),
        ("[[entity]]\ntag = 'a'\n[[entity]]\ntag = 'b'\nsprite = { shape = 'x' }", 5),
        ("[prefab.coin]\ntag = 'a'\n[prefab.coin.sprite]\nshape = 'x'", 4),
        ("[prefab.coin]\ntag = 'a'\n[prefab.coin.child.lid]\n# a\nhealth = 3", 5),
        ("[prefab.a]\n[[entity]]\n[[entity]]\nprefab = 'a'\n[entity.child.lid]\nbody.mass = 0", 6),
        ("[[entity]]\nchild.a.tag = 'x'\nchild.b.tag = 3", 3),
        ("include = 3\n[scene]", 1),
        ("[[trigger]]\nname = 'a'\nposition = [1, 1]", 1),
        ("scene = 3", 0),
        ("[input]\njump = ['J']\nleft = ['LEFFT']", 3),
    ],
)
def test_a_fault_has_the_line_of_its_key_or_table(folder, text, line):
    with pytest.raises(SceneError) as caught:
        folder.load(text)
    assert caught.value.line == line
    assert (f"scene.toml:{line}: " if line else "scene.toml: ") in str(caught.value)


def test_nesting_without_end_is_refused(folder):
    with pytest.raises(SceneError, match=r"nested|unknown table"):
        folder.load("a = " + "[" * 5000 + "]" * 5000)


def test_a_rule_of_several_keys_does_not_list_all_that_a_table_may_have(folder):
    with pytest.raises(SceneError) as caught:
        folder.load("[[hud]]")
    assert (caught.value.key, caught.value.allowed) == ("", "")


def test_a_missing_file_is_named_with_a_near_one(folder):
    folder.write("")
    with pytest.raises(SceneError, match="no such file") as caught:
        load_scene(folder.path / "scen.toml")
    assert caught.value.hint == "did you mean `scene.toml`?"


def test_a_folder_and_bytes_that_are_not_text_are_refused(folder):
    with pytest.raises(SceneError, match="folder"):
        load_scene(folder.path)
    file = folder.write("")
    file.write_bytes(b"name = '\xff'")
    with pytest.raises(SceneError, match="UTF-8"):
        load_scene(file)


@pytest.mark.security
@pytest.mark.parametrize(
    "name",
    [
        "../outside.rhai",
        "a/../../outside.rhai",
        "/etc/passwd",
        "C:/outside.rhai",
        "a\\\\b.rhai",
        "./good.rhai",
        "a//b.rhai",
    ],
)
def test_a_script_path_cannot_leave_the_folder_of_the_scene(folder, name):
    folder.script("good.rhai")
    (folder.path.parent / "outside.rhai").write_text("")
    with pytest.raises(SceneError) as caught:
        folder.load(f'[[entity]]\nscript = "{name}"')
    assert caught.value.key == "script"


@pytest.mark.security
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_cannot_lead_out_of_the_folder_of_the_scene(folder):
    outside = folder.path.parent / "outside.rhai"
    outside.write_text("")
    (folder.path / "link.rhai").symlink_to(outside)
    with pytest.raises(SceneError, match="leads out"):
        folder.load('[[entity]]\nscript = "link.rhai"')
