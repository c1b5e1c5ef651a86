"""Where items of a screen are, how lines break, and which item the focus goes to."""

import itertools

import pytest

from engine.scene.hud import Binding
from engine.scene.screens import Screen, ScreenItem, ScreenStyle
from engine.screens.layout import (
    MARGIN,
    SMALLEST,
    VIEW_HEIGHT,
    Sight,
    can_focus,
    image_size,
    lay_out,
    next_focus,
    shortened,
    wrapped,
)

pytestmark = pytest.mark.unit

VIEW_WIDTH = 960.0
ITEMS = (
    ScreenItem(title="Title"),
    ScreenItem(text="one {Tag.text.content}\nmore"),
    ScreenItem(button="Go", on_click="close"),
    ScreenItem(button="Not this", on_click="quit", disabled=True),
    ScreenItem(space=30.0),
    ScreenItem(bind="jump", label="Jump"),
)


def placed(items=ITEMS, view_width=VIEW_WIDTH, focus=-1, moved=0.0, **keys):
    screen = Screen(name="test", items=items, **keys)
    return lay_out(
        screen,
        ScreenStyle(),
        view_width,
        lambda text, size: 0.5 * size * len(text),
        lambda item: "".join(f"<{one.tag}>" if isinstance(one, Binding) else one for one in item.words),
        lambda target: f"key of {target}",
        Sight(focus, moved),
    )


def test_items_stand_below_each_other_within_the_panel():
    screen = placed()
    boxes = [one.box for one in screen.items]
    for above, below in itertools.pairwise(boxes):
        assert below.y + below.height < above.y
    for box in boxes:
        assert screen.panel.x < box.x
        assert box.x + box.width < screen.panel.x + screen.panel.width
        assert screen.panel.y < box.y
        assert box.y + box.height < screen.panel.y + screen.panel.height
    assert screen.panel.x + 0.5 * screen.panel.width == pytest.approx(0.5 * VIEW_WIDTH)
    assert screen.panel.y + 0.5 * screen.panel.height == pytest.approx(0.5 * VIEW_HEIGHT)


def test_an_image_has_its_size_or_as_much_as_the_column_has_room_for():
    items = (
        ScreenItem(image="logo.png", image_size=(300.0, 80.0)),
        ScreenItem(image="logo.png", image_size=(900.0, 90.0)),
    )
    boxes = [one.box for one in placed(items, width=360.0).items]
    assert [box.height for box in boxes] == [80.0, 36.0]
    assert image_size(items[1], 360.0) == (360.0, 36.0)


def test_words_are_filled_in():
    items = placed().items
    assert items[1].lines == ("one <Tag>", "more")
    assert (items[5].lines, items[5].value) == (("Jump",), "key of jump")


def test_only_what_can_be_pressed_is_found_under_the_mouse():
    screen = placed()
    found = [screen.item_at(one.box.x + 1.0, one.box.y + 1.0) for one in screen.items]
    assert found == [-1, -1, 2, -1, -1, 5]
    assert screen.item_at(0.0, 0.0) == -1


@pytest.mark.parametrize(
    ("anchor", "left", "bottom"),
    [("top_left", True, False), ("bottom_right", False, True), ("bottom_left", True, True)],
)
def test_anchors(anchor, left, bottom):
    panel = placed(anchor=anchor).panel
    assert panel.x == pytest.approx(MARGIN if left else VIEW_WIDTH - panel.width - MARGIN)
    assert panel.y == pytest.approx(MARGIN if bottom else VIEW_HEIGHT - panel.height - MARGIN)


def column(count):
    return (
        ScreenItem(title="Keys"),
        *(ScreenItem(bind="jump", label=f"{n}") for n in range(count)),
        ScreenItem(text="end"),
    )


def numbers(screen):
    return [one.number for one in screen.items]


def test_a_column_that_is_too_high_is_made_smaller():
    screen = placed(column(10))
    assert numbers(screen) == list(range(12))
    assert 0.7 < screen.scale < 1.0
    assert screen.panel.height == pytest.approx(VIEW_HEIGHT - 2 * MARGIN)
    assert screen.items[1].size == pytest.approx(18.0 * screen.scale)
    assert placed(column(3)).scale == 1.0


def test_of_a_column_that_is_much_too_high_the_focus_is_seen():
    first = placed(column(40), focus=1)
    assert first.scale == SMALLEST
    assert numbers(first)[0] == 0
    assert len(first.items) < 20
    assert first.panel.height == pytest.approx(VIEW_HEIGHT - 2 * MARGIN)
    for one in first.items:
        assert first.panel.y < one.box.y
        assert one.box.y + one.box.height < first.panel.y + first.panel.height
    moved = 0.0
    for focus in (*range(1, 41), *range(40, 0, -1)):
        screen = placed(column(40), focus=focus, moved=moved)
        moved = screen.moved
        assert focus in numbers(screen)
        if focus == 40:
            assert numbers(screen)[-1] == 41
    assert numbers(screen) == numbers(first)


def test_a_column_moves_only_as_far_as_the_focus_wants():
    there = placed(column(40), focus=20, moved=0.0)
    assert numbers(there)[-1] == 20
    assert placed(column(40), focus=numbers(there)[2], moved=there.moved).moved == there.moved
    assert placed(column(40), moved=9999.0).items[-1].number == 41


def test_a_narrow_window_gets_a_narrow_panel():
    panel = placed(view_width=300.0).panel
    assert panel.width < 300.0
    assert panel.x > 0.0


def test_lines_break_between_words():
    assert wrapped("a bc def ghij", 5.0, len) == ("a bc", "def", "ghij")
    assert wrapped("wordwordword a", 5.0, len) == ("wordwordword", "a")
    assert wrapped("a\n\nb", 5.0, len) == ("a", "", "b")


def test_what_is_too_long_is_shortened():
    assert shortened("abc", 3.0, len) == "abc"
    assert shortened("Left, Pad left", 8.0, len) == "Left …"


def test_the_focus_goes_around_and_leaves_out_what_cannot_be_pressed():
    assert [can_focus(item) for item in ITEMS] == [False, False, True, False, False, True]
    assert next_focus(ITEMS, -1, 1) == 2
    assert next_focus(ITEMS, 2, 1) == 5
    assert next_focus(ITEMS, 5, 1) == 2
    assert next_focus(ITEMS, -1, -1) == next_focus(ITEMS, 2, -1) == 5
    assert next_focus(ITEMS[:1], -1, 1) == -1
