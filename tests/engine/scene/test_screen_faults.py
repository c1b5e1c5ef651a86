"""Faults of actions and screens are one error that names the file, the table and the key."""

import pytest

from engine.errors import SceneError

pytestmark = pytest.mark.unit

# (scene text, table, key, words that the message has)
FAULTS = {
    "unknown axis": (
        "[input]\nmove = { axis = 'PAD_LEFT' }",
        "input",
        "move.axis",
        ['unknown axis "PAD_LEFT"', "`PAD_LEFT_X`"],
    ),
    "unknown key of an axis": (
        "[input]\nmove = { positive = ['D'], negative = ['LEFFT'] }",
        "input",
        "move.negative",
        ["did you mean `LEFT`"],
    ),
    "an axis that nothing moves": ("[input]\nmove = { dead_zone = 0.1 }", "input", "move", ["`axis`"]),
    "an action with a point": ("[input]\n'a.b' = 'A'", "input", "a.b", ["no point"]),
    "two screens of one name": (
        "[[screen]]\nname = 'a'\n[[screen]]\nname = 'a'",
        "screen 2",
        "name",
        ["another screen"],
    ),
    "a button without a deed": (
        "[[screen]]\nname = 'a'\nitem = [{ button = 'Go' }]",
        "screen 1",
        "item[0].on_click",
        ["`on_click`"],
    ),
    "an unknown deed": (
        "[[screen]]\nname = 'a'\nitem = [{ button = 'Go', on_click = 'fly' }]",
        "screen 1",
        "item[0].on_click",
        ['"fly" is not one of', '"open NAME"'],
    ),
    "a deed without its name": (
        "[[screen]]\nname = 'a'\nback = 'open'",
        "screen 1",
        "back",
        ['"open" is not'],
    ),
    "two things in one item": (
        "[[screen]]\nname = 'a'\nitem = [{ text = 'a', space = 2.0 }]",
        "screen 1",
        "item[0]",
        ["exactly one"],
    ),
    "a value that cannot be": (
        "[[screen]]\nname = 'a'\nitem = [{ title = 'Hi {Player.text.contnt}' }]",
        "screen 1",
        "item[0].title",
        ["did you mean `content`?"],
    ),
    "no value": (
        "[[screen]]\nname = 'a'\nitem = [{ text = '{Player}' }]",
        "screen 1",
        "item[0].text",
        ["Tag.component.field"],
    ),
    "no such screen": (
        "[[screen]]\nname = 'menu'\nitem = [{ button = 'Go', on_click = 'open menue' }]",
        "screen 1",
        "item[0].on_click",
        ['no screen is called "menue"', "did you mean `menu`?"],
    ),
    "no action to open with": (
        "[input]\nmenu = 'M'\n[[screen]]\nname = 'a'\nopens_on = 'men'",
        "screen 1",
        "opens_on",
        ["did you mean `menu`?"],
    ),
    "nothing to bind": (
        "[input]\nmove = { positive = ['D'] }\n[[screen]]\nname = 'a'\nitem = [{ bind = 'move' }]",
        "screen 1",
        "item[0].bind",
        ["`move.negative`, `move.positive`"],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_table_and_key(folder, case):
    text, table, key, words = FAULTS[case]
    with pytest.raises(SceneError) as caught:
        folder.load(text)
    error = caught.value
    assert (error.table, error.key) == (table, key), str(error)
    for word in words:
        assert word in str(error)
