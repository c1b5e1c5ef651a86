import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.physics.broad_phase import find_pairs
from engine.physics.buffers import Buffers
from engine.physics.layers import may_meet
from engine.physics.layout import FIXED, SENSOR, Word

pytestmark = pytest.mark.unit


def pairs_of(boxes: np.ndarray, room: int = 4096) -> list[tuple[int, int]]:
    count = len(boxes)
    buffers = Buffers()
    while buffers.values.shape[0] < count:
        buffers.grow_proxies()
    pairs = np.full((2, room + 1, 2), -1, np.int64)
    buffers.grown[:count] = boxes
    found = find_pairs(buffers.grown[:count], pairs, buffers.grid, buffers.indices[1])
    if found > room:
        return pairs_of(boxes, found)
    return [(one, other) for one, other in pairs[0, :found].tolist()]


def brute_force(boxes: np.ndarray) -> list[tuple[int, int]]:
    pairs = []
    for a in range(len(boxes)):
        for b in range(a + 1, len(boxes)):
            apart = (boxes[a, :2] > boxes[b, 2:]).any() or (boxes[b, :2] > boxes[a, 2:]).any()
            if not apart:
                pairs.append((a, b))
    return pairs


coordinates = st.floats(-40.0, 40.0) | st.sampled_from([0.0, 1.0, -1.0, 1e9, -1e18, 1e300])
extents = st.sampled_from([0.0, 0.01, 0.5, 1.0, 30.0, 1e8]) | st.floats(0.0, 4.0)


@given(st.lists(st.tuples(coordinates, coordinates, extents, extents), max_size=60))
@settings(deadline=None, max_examples=200)
def test_pairs_of_any_boxes_are_those_of_brute_force(shapes: list[tuple[float, float, float, float]]) -> None:
    boxes = np.array([(x, y, x + width, y + height) for x, y, width, height in shapes]).reshape(-1, 4)
    found = pairs_of(boxes)
    assert found == brute_force(boxes)


@pytest.mark.parametrize("spread", [0.0, 1.0, 4.0])
def test_pairs_of_a_crowd_of_mixed_sizes(spread: float) -> None:
    random = np.random.default_rng(7)
    half = 0.4 * 2.0 ** random.uniform(-spread, spread, (600, 1))
    centres = random.uniform(0.0, 25.0, (600, 2))
    boxes = np.hstack([centres - half, centres + half])
    assert pairs_of(boxes) == brute_force(boxes)


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ((1, -1, 0), (1, -1, 0), True),
        ((1, -1, 0), (2, -1, 0), True),
        ((1, 1, 0), (2, -1, 0), False),
        ((1, -1, 0), (2, 2, 0), False),
        ((1, 2, 0), (2, 1, 0), True),
        ((1, 0, 0), (1, -1, 0), False),
        ((1, -1, FIXED), (1, -1, 0), True),
        ((1, -1, FIXED), (1, -1, FIXED), False),
        ((1, -1, FIXED | SENSOR), (1, -1, SENSOR), True),
    ],
)
def test_layers_masks_and_fixed_proxies(first, second, meet) -> None:
    words = np.zeros((2, len(Word)), np.int64)
    words[:, [Word.LAYER, Word.MASK, Word.FLAGS]] = first, second
    words[:, Word.FAMILY] = 0, 1
    assert may_meet(words, 0, 1) is meet
    assert may_meet(words, 1, 0) is meet
    words[:, Word.FAMILY] = 1
    assert not may_meet(words, 0, 1)


def test_pairs_beyond_the_room_are_counted_and_not_written() -> None:
    boxes = np.tile([0.0, 0.0, 1.0, 1.0], (10, 1))
    assert len(pairs_of(boxes, room=3)) == 45


def test_the_search_is_linear_when_all_stand_in_a_line() -> None:
    """Rows of cells are spread over the slots: a line of boxes may not fall into few of them."""
    for step in ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (8.0, 0.0)):
        corners = np.arange(2000)[:, None] * np.array(step) * 3.0
        boxes = np.hstack([corners, corners + 1.0])
        buffers = Buffers()
        while buffers.values.shape[0] < 2000:
            buffers.grow_proxies()
        buffers.grown[:2000] = boxes
        assert find_pairs(buffers.grown[:2000], buffers.pairs, buffers.grid, buffers.indices[1]) == 0
        slots = buffers.places[1, :2000]
        assert np.bincount(slots).max() <= 8
