"""What fits into the overlays, and messages that fade."""

import numpy as np
import pytest

from engine.render.frame_times import KEPT, RecentTimes
from engine.render.messages import MOST_SHOWN, SHOWN_SECONDS, MessageFeed
from engine.render.overlay_text import table
from engine.render.png import encode_png
from engine.render.shapes import INSTANCE_WORDS, ShapeBuffer, ShapeKind
from engine.render.view import Message, MessageKind

pytestmark = pytest.mark.unit


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
