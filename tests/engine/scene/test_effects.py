"""Effects and emitters in scene files: their short and long forms, and every fault of them."""

import pytest

from engine.errors import SceneError
from engine.scene.curves import Curve, Gradient, Range

pytestmark = pytest.mark.unit

# (keys of an effect, key of the fault, words that the message has)
FAULTS = {
    "nothing born": ("life = 1", "", ["`rate`, `burst` or `bursts`"]),
    "unknown key": ("rate = 1\nspeeed = 2", "speeed", ["unknown key", "did you mean `speed`?"]),
    "two bursts": ("burst = 3\nbursts = [[0, 3]]", "", ["one of `burst` and `bursts`"]),
    "no count": ("bursts = [[0.5]]", "bursts[0]", ["length 2"]),
    "negative life": ("rate = 1\nlife = [-1, 1]", "life", ["`life` above 0"]),
    "reversed range": ("rate = 1\nlife = [2, 1]", "life", ["the least first", "[least, most]"]),
    "long range": ("rate = 1\nspeed = [1, 2, 3]", "speed", ["two numbers, not 3"]),
    "no range": ("rate = 1\nspeed = 'fast'", "speed", ["'fast' is not a number"]),
    "true is no number": ("rate = 1\nspeed = true", "speed", ["true is not a number"]),
    "infinite": ("rate = 1\nspeed = [0, inf]", "speed", ["inf is beyond"]),
    "not a number": ("rate = 1\nsize = [1, nan]", "size", ["nan is beyond"]),
    "negative size": ("rate = 1\nsize = [1, -1]", "size", ["no number below 0"]),
    "no stops": ("rate = 1\nsize = []", "size", ["1 to 64 stops"]),
    "half a stop": ("rate = 1\nsize = [[0, 1], [1]]", "size", ["[part of the life, value]"]),
    "times fall": ("rate = 1\nsize = [[0.5, 1], [0.2, 1]]", "size", ["rise from 0 to 1"]),
    "times beyond": ("rate = 1\nsize = [[0, 1], [2, 1]]", "size", ["rise from 0 to 1"]),
    "no colour": ("rate = 1\ncolor = ['#fff', 'red']", "color", ['"red" is not a colour', "#rrggbb"]),
    "two areas": ("rate = 1\narea = { circle = 1, box = [1, 1] }", "area", ["exactly one of"]),
    "ring inside out": ("rate = 1\narea = { ring = [2, 1] }", "area.ring", ["inner radius"]),
    "outward of a box": ("rate = 1\noutward = true\narea = { box = [1, 1] }", "area", ["circle or a ring"]),
    "endless repeat": ("rate = 1\nrepeat = true", "duration", ["`duration`"]),
    "negative scale": ("rate = 1\nscale = -1", "scale", ["`scale`"]),
    "also unknown": ("rate = 1\nalso = ['smok']", "also[0]", ['no other effect is called "smok"']),
    "also itself": ("rate = 1\nalso = ['smoke']", "also[0]", ["no other effect"]),
    "too many of them": ("rate = 1\nalso = ['a', 'b', 'c', 'd', 'e']", "also", ["length <= 4"]),
    "unknown blend": ("rate = 1\nblend = 'additve'", "blend", ["did you mean `additive`?"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(folder, name):
    keys, key, words = FAULTS[name]
    with pytest.raises(SceneError) as found:
        folder.load(f"[effect.smoke]\n{keys}")
    assert (found.value.table, found.value.key) == ("effect.smoke", key)
    for word in words:
        assert word in str(found.value)


def test_an_emitter_names_an_effect_that_there_is(folder):
    scene = folder.load("[effect.smoke]\nrate = 9\n[[entity]]\nemitter = { effect = 'smoke', rate = 0.5 }")
    (entity,) = scene.entities
    assert entity.parts.emitter.effect == "smoke"
    with pytest.raises(SceneError, match=r"unknown effect \"smok\"(.|\n)*`smoke`(.|\n)*did you mean `smoke`"):
        folder.load("[effect.smoke]\nrate = 9\n[prefab.a]\nemitter = { effect = 'smok' }")
    with pytest.raises(SceneError, match=r"write \[effect.NAME\]"):
        folder.load("[[entity]]\nemitter = { effect = 'smoke' }")


def test_an_entity_overrides_single_keys_of_the_emitter(folder):
    (entity,) = folder.load(
        "[effect.a]\nrate = 1\n[prefab.p]\nemitter = { effect = 'a', rate = 3 }\n"
        "[[entity]]\nprefab = 'p'\nemitter = { active = false }"
    ).entities
    emitter = entity.parts.emitter
    assert (emitter.effect, emitter.rate, emitter.active) == ("a", 3.0, False)


@pytest.mark.parametrize(
    ("kind", "written", "stops", "toml"),
    [
        (Range, 2, (2.0, 2.0), "2.0"),
        (Range, [1, 2.5], (1.0, 2.5), "[1.0, 2.5]"),
        (Curve, 3, ((0.0, 3.0),), "3.0"),
        (Curve, [1, 2, 0], ((0.0, 1.0), (0.5, 2.0), (1.0, 0.0)), "[[0.0, 1.0], [0.5, 2.0], [1.0, 0.0]]"),
        (Curve, [[0.2, 1], [0.9, 4]], ((0.2, 1.0), (0.9, 4.0)), "[[0.2, 1.0], [0.9, 4.0]]"),
        (Gradient, "#fff", ((0.0, 0xFFFFFFFF),), '"#ffffffff"'),
        (Gradient, ["#f00", "#000"], ((0.0, 0xFF0000FF), (1.0, 0x000000FF)), None),
    ],
)
def test_forms(kind, written, stops, toml):
    found = kind.parse(written)
    assert tuple(found) == stops
    if toml is not None:
        assert found.toml() == toml


def test_between_stops_are_straight_lines():
    curve = Curve.parse([[0.2, 1], [0.6, 3], [0.6, 5]])
    assert [curve.at(part) for part in (0.0, 0.2, 0.4, 0.6, 0.61, 1.0)] == pytest.approx([1, 1, 2, 3, 5, 5])
    assert Gradient.parse(["#000", "#fff"]).at(0.5) == pytest.approx((127.5, 127.5, 127.5, 255.0))
    assert Gradient.parse(["#000", "#fff"]).toml() == '[[0.0, "#000000ff"], [1.0, "#ffffffff"]]'
