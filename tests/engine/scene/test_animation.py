"""Clips and animators of a scene file: each wrong value is one error with its place."""

import pytest

from engine.errors import SceneError

pytestmark = pytest.mark.unit

GOOD = """
[clip.wait]
play = "loop"
frames = [0, 1]
[clip.open]
events = [{ time = 0.5, name = "creak" }]
[[clip.open.tracks]]
property = "position"
keys = [{ time = 0, value = [0, 0], ease = "out_back" }, { time = 1, value = [0, 5] }]
[animator.guard]
states = [{ name = "idle", clip = "wait" }, { name = "go", clip = "open", speed = 2.0 }]
parameters = ["fear"]
triggers = ["start"]
transitions = [{ from = "*", to = "go", when = { trigger = "start" }, blend = 0.2 }]
[prefab.door]
animation = { clip = "open" }
[[entity]]
prefab = "door"
animation = { animator = "guard" }
"""


def test_a_good_file(folder):
    scene = folder.load(GOOD)
    assert scene.clips["wait"].length == 0.2
    assert scene.clips["open"].length == 1.0
    assert scene.animators["guard"].settable == ("fear", "start")
    assert scene.entities[0].parts.animation.animator == "guard"  # it takes the place of the prefab's clip
    assert scene.entities[0].parts.animation.clip is None


@pytest.mark.parametrize(
    ("old", "new", "table", "key", "words"),
    [
        ('play = "loop"', 'play = "lop"', "clip.wait", "play", '"loop", "once", "pingpong"'),
        ("frames = [0, 1]", "frames = [-1]", "clip.wait", "frames[0]", "from 0"),
        ("frames = [0, 1]", "", "clip.wait", "", "or a `duration`"),
        ("frames = [0, 1]", "frames = [0]\nfps = 0", "clip.wait", "fps", "> 0"),
        (
            "frames = [0, 1]",
            "frames = [0]\nimage = 'a.png'",
            "clip.wait",
            "grid",
            "`grid` together with `image`",
        ),
        ("frames = [0, 1]", "frames = [4]\ngrid = [2, 2]", "clip.wait", "grid", "frames below 4"),
        (
            "frames = [0, 1]",
            "frames = [0]\ngrid = [2, 2]\nimage = 'a.png'",
            "clip.wait",
            "image",
            "no such file",
        ),
        ("frames = [0, 1]", "frame = [0]", "clip.wait", "frame", "did you mean `frames`"),
        ('"position"', '"positon"', "clip.open", "tracks[0].property", "did you mean `position`"),
        (
            "value = [0, 0]",
            "value = 3",
            "clip.open",
            "tracks[0]",
            "of `keys[0]` to be a list of two",
        ),
        ("value = [0, 0]", "value = 'x'", "clip.open", "tracks[0].keys[0].value", "not a colour"),
        ("value = [0, 0]", "value = [0, 0, 0]", "clip.open", "tracks[0].keys[0].value", "two numbers"),
        (
            "value = [0, 0]",
            "value = [0, nan]",
            "clip.open",
            "tracks[0].keys[0].value",
            "beyond",
        ),
        ('"out_back"', '"out_bak"', "clip.open", "tracks[0].keys[0].ease", "did you mean `out_back`"),
        ("time = 1,", "time = 0,", "clip.open", "tracks[0]", "the time of `keys[1]`"),
        ("time = 0.5", "time = 1.5", "clip.open", "", "events at 1 seconds at most"),
        ('clip = "wait"', 'clip = "wat"', "animator.guard", "states[0].clip", "did you mean `wait`"),
        ('name = "go"', 'name = "idle"', "animator.guard", "", "a name of its own for each state"),
        ('from = "*"', 'from = "gone"', "animator.guard", "transitions[0].from", "`idle`, `go`, `*`"),
        ('to = "go"', 'to = "*"', "animator.guard", "transitions[0].to", 'unknown state "*"'),
        ('trigger = "start"', 'trigger = "fear"', "animator.guard", "transitions[0].when.trigger", "`start`"),
        ('trigger = "start"', "", "animator.guard", "transitions[0].when", "something to wait for"),
        (
            'trigger = "start"',
            "above = 1",
            "animator.guard",
            "transitions[0].when.parameter",
            "`parameter` together",
        ),
        (
            'trigger = "start"',
            'parameter = "feer", above = 1',
            "animator.guard",
            "transitions[0].when.parameter",
            "did you mean `fear`",
        ),
        (
            'parameters = ["fear"]',
            'parameters = ["a", "b", "c", "d", "e", "f", "g", "fear"]',
            "animator.guard",
            "",
            "at most 8 parameters and triggers",
        ),
        ('{ animator = "guard" }', '{ animator = "gard" }', "entity 1", "animation.animator", "`guard`"),
        ('{ clip = "open" }', '{ clip = "opn" }', "prefab.door", "animation.clip", "did you mean `open`"),
        (
            '{ animator = "guard" }',
            '{ animator = "guard", clip = "open" }',
            "entity 1",
            "animation",
            "one of `clip` and `animator`",
        ),
    ],
)
def test_a_fault_has_its_place(folder, old, new, table, key, words):
    assert GOOD.count(old) == 1
    with pytest.raises(SceneError) as fault:
        folder.load(GOOD.replace(old, new))
    assert (fault.value.table, fault.value.key) == (table, key)
    assert words in str(fault.value)
    assert fault.value.line > 0


def test_a_colour_track_takes_colours(folder):
    text = '[clip.a]\ntracks = [{ property = "color", keys = [{ time = 1, value = VALUE }] }]'
    assert folder.load(text.replace("VALUE", '"#f00"')).clips["a"].length == 1.0
    for bad in ("1.0", '"red"', "[1, 2]"):
        with pytest.raises(SceneError, match="colour"):
            folder.load(text.replace("VALUE", bad))


def test_a_rotation_takes_one_number_and_a_scale_one_or_two(folder):
    text = '[clip.a]\ntracks = [{ property = "NAME", keys = [{ time = 1, value = VALUE }] }]'
    assert folder.load(text.replace("NAME", "scale").replace("VALUE", "2")).clips["a"].tracks[0].keys[
        0
    ].value.numbers == (2.0, 2.0)
    folder.load(text.replace("NAME", "scale").replace("VALUE", "[2, 1]"))
    with pytest.raises(SceneError, match="number of radians"):
        folder.load(text.replace("NAME", "rotation").replace("VALUE", "[2, 1]"))


def test_two_tracks_of_one_property(folder):
    track = '{ property = "scale", keys = [{ time = 1, value = 2 }] }'
    with pytest.raises(SceneError, match="one track of each property"):
        folder.load(f"[clip.a]\ntracks = [{track}, {track}]")
