"""What fits into the overlays, and messages that fade."""

import numpy as np
import pytest

from engine.render.frame_times import KEPT, RecentTimes
from engine.render.messages import MOST_SHOWN, SHOWN_SECONDS, MessageFeed
from engine.render.overlay_text import LineRole, fit_diagnostics, table
from engine.render.png import encode_png
from engine.render.shapes import INSTANCE_WORDS, ShapeBuffer, ShapeKind
from engine.render.view import Message, MessageKind

pytestmark = pytest.mark.unit

ERROR = """error: unknown name `a`
  --> coin.rhai:2:5
   |
 2 |     a + 1
   |     ^
   = hint: did you mean `b`?"""


def test_lines_have_roles():
    roles = [line.role for line in fit_diagnostics([ERROR], rows=10, columns=80)]
    body = LineRole.BODY
    assert roles == [LineRole.HEADLINE, body, body, body, LineRole.CARET, LineRole.HINT]


def test_the_newest_error_comes_first_and_the_rest_is_counted():
    errors = [ERROR.replace("`a`", f"`{number}`") for number in range(9)]
    lines = fit_diagnostics(errors, rows=14, columns=80)
    assert lines[0].text == "error: unknown name `8`"
    assert lines[7].text == "error: unknown name `7`"
    assert lines[-1].text == "… and 7 more"
    assert len(lines) == 14


@pytest.mark.parametrize("rows", range(2, 40))
@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_lines_never_exceed_the_panel(rows, count):
    lines = fit_diagnostics([ERROR + str(n) for n in range(count)], rows=rows, columns=12)
    assert 0 < len(lines) <= rows
    assert all(len(line.text) <= 12 for line in lines)
    shown = sum(line.role is LineRole.HEADLINE for line in lines)
    hidden = int(lines[-1].text.split()[2]) if lines[-1].text.startswith("… and") else 0
    assert shown + hidden == count


def test_equal_errors_of_many_entities_are_shown_once():
    lines = fit_diagnostics([ERROR, "error: another", ERROR, ERROR], rows=20, columns=80)
    assert lines[0].text == "error: unknown name `a`  (3 times)"
    assert [line.text for line in lines[6:]] == ["", "error: another"]


def test_no_error_has_no_lines():
    assert fit_diagnostics([], rows=5, columns=80) == []


def test_a_table_has_columns():
    assert table([("a", "10"), ("long", "2")]) == "a     10\nlong   2"


def shown(feed, now):
    return [message.text for message in feed.visible(now)]


def test_messages_are_counted_limited_and_fade():
    feed = MessageFeed()
    feed.add([Message(MessageKind.PRINT, "hit")] * 3, now=0.0)
    feed.add([Message(MessageKind.PRINT, "one\ntwo")], now=1.0)
    assert shown(feed, 1.0) == ["hit  x3", "one"]
    assert feed.visible(SHOWN_SECONDS - 0.75)[0].opacity == pytest.approx(0.5)
    assert shown(feed, SHOWN_SECONDS + 0.5) == ["one"]
    feed.add([Message(MessageKind.PRINT, "x" * 1000)], now=6.9)
    assert len(shown(feed, 6.9)[-1]) == 120
    feed.add([Message(MessageKind.PRINT, str(number)) for number in range(100)], now=7.0)
    assert len(shown(feed, 7.0)) == MOST_SHOWN
    assert shown(feed, 7.0)[-1] == "99"


def test_recent_times_keep_the_last_ones_in_order():
    times = RecentTimes()
    assert (times.median(), times.worst(), len(times.values())) == (0.0, 0.0, 0)
    for number in range(KEPT + 10):
        times.add(float(number))
    assert times.values().tolist() == [float(number) for number in range(10, KEPT + 10)]
    assert times.worst() == KEPT + 9


def test_a_buffer_of_shapes_grows_and_keeps_colours_in_memory_order():
    buffer = ShapeBuffer(1)
    for number in range(3):
        buffer.add(ShapeKind.BOX, (float(number), 2.0), (4.0, 6.0), 0x11223344)
    assert buffer.rows.shape == (3, INSTANCE_WORDS)
    assert buffer.rows[2, :5].tolist() == [2.0, 2.0, 2.0, 3.0, 0.0]
    assert buffer.rows[2, 5:6].tobytes() == b"\x11\x22\x33\x44"


def test_png_files_are_read_back_by_a_decoder():
    pypng = pytest.importorskip("pyglet.extlibs.png")
    picture = np.random.default_rng(1).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    width, height, rows, _ = pypng.Reader(bytes=encode_png(picture)).read()
    assert (width, height) == (7, 5)
    assert np.array([list(row) for row in rows]).reshape(5, 7, 3).tolist() == picture.tolist()


def test_png_refuses_other_arrays():
    with pytest.raises(ValueError, match="height, width, 3"):
        encode_png(np.zeros((2, 2), np.uint8))
