import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.physics.broad_phase import find_pairs
from engine.physics.buffers import Buffers
from engine.physics.layout import FIXED, Value, Word

pytestmark = pytest.mark.unit


def pairs_of(boxes: np.ndarray, words: np.ndarray, room: int = 4096) -> list[tuple[int, int]]:
    count = len(boxes)
    buffers = Buffers()
    while buffers.values.shape[0] < count:
        buffers.grow_proxies()
    buffers.values[:count, Value.MIN_X : Value.MAX_Y + 1] = boxes
    buffers.words[:count] = words
    pairs = np.zeros((room, 3), np.int64)
    grid = (buffers.levels, buffers.starts, buffers.places, buffers.boxes)
    found = find_pairs(buffers.values[:count], buffers.words, pairs, *grid)
    if found > room:
        return pairs_of(boxes, words, found)
    return [tuple(pair) for pair in pairs[:found, :2].tolist()]


def brute_force(boxes: np.ndarray, words: np.ndarray) -> list[tuple[int, int]]:
    pairs = []
    for a in range(len(boxes)):
        for b in range(a + 1, len(boxes)):
            apart = (boxes[a, :2] > boxes[b, 2:]).any() or (boxes[b, :2] > boxes[a, 2:]).any()
            fixed = words[a, Word.FLAGS] & words[b, Word.FLAGS] & FIXED
            meet = words[a, Word.LAYER] & words[b, Word.MASK] and words[b, Word.LAYER] & words[a, Word.MASK]
            if not apart and not fixed and meet:
                pairs.append((a, b))
    return pairs


def open_words(count: int) -> np.ndarray:
    words = np.zeros((count, len(Word)), np.int64)
    words[:, Word.LAYER], words[:, Word.MASK] = 1, -1
    return words


coordinates = st.floats(-40.0, 40.0) | st.sampled_from([0.0, 1.0, -1.0, 1e9, -1e18, 1e300])
extents = st.sampled_from([0.0, 0.01, 0.5, 1.0, 30.0, 1e8]) | st.floats(0.0, 4.0)


@given(st.lists(st.tuples(coordinates, coordinates, extents, extents), max_size=60))
@settings(deadline=None, max_examples=200)
def test_pairs_of_any_boxes_are_those_of_brute_force(shapes: list[tuple[float, float, float, float]]) -> None:
    boxes = np.array([(x, y, x + width, y + height) for x, y, width, height in shapes]).reshape(-1, 4)
    words = open_words(len(boxes))
    found = pairs_of(boxes, words)
    assert sorted(found) == brute_force(boxes, words)


@pytest.mark.parametrize("spread", [0.0, 1.0, 4.0])
def test_pairs_of_a_crowd_of_mixed_sizes(spread: float) -> None:
    random = np.random.default_rng(7)
    half = 0.4 * 2.0 ** random.uniform(-spread, spread, (600, 1))
    centres = random.uniform(0.0, 25.0, (600, 2))
    boxes = np.hstack([centres - half, centres + half])
    assert sorted(pairs_of(boxes, open_words(600))) == brute_force(boxes, open_words(600))


def test_layers_masks_and_fixed_proxies() -> None:
    random = np.random.default_rng(8)
    centres = random.uniform(0.0, 4.0, (80, 2))
    boxes = np.hstack([centres - 0.5, centres + 0.5])
    words = open_words(80)
    words[:, Word.LAYER] = 1 << random.integers(0, 3, 80)
    words[:, Word.MASK] = random.integers(0, 8, 80)
    words[:, Word.FLAGS] = random.choice([0, FIXED], 80)
    expected = brute_force(boxes, words)
    assert 0 < len(expected) < len(brute_force(boxes, open_words(80)))
    assert sorted(pairs_of(boxes, words)) == expected


def test_pairs_beyond_the_room_are_counted_and_not_written() -> None:
    boxes = np.tile([0.0, 0.0, 1.0, 1.0], (10, 1))
    assert len(pairs_of(boxes, open_words(10), room=3)) == 45


def test_the_search_is_linear_when_all_stand_in_a_line() -> None:
    """Rows of cells are spread over the slots: a line of boxes may not fall into few of them."""
    for step in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (8.0, 0.0)):
        corners = np.arange(2000)[:, None] * np.array(step) * 3.0
        boxes = np.hstack([corners, corners + 1.0])
        buffers = Buffers()
        while buffers.values.shape[0] < 2000:
            buffers.grow_proxies()
        buffers.values[:2000, :4] = boxes
        grid = (buffers.levels, buffers.starts, buffers.places, buffers.boxes)
        assert find_pairs(buffers.values[:2000], buffers.words, buffers.pairs, *grid) == 0
        slots = buffers.places[1, :2000]
        assert np.bincount(slots).max() <= 8
