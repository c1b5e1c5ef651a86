"""Images in the pages of an atlas: none overlaps another, none is lost when pages grow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadImage
from engine.render import atlas as atlas_module
from engine.render.atlas import LARGEST_IMAGE, PLACEHOLDER, Atlas, placeholder_pixels
from engine.render.packing import Skyline

pytestmark = pytest.mark.unit

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(SIZES, max_size=60), grows_at=st.integers(0, 60))
def test_rectangles_lie_inside_the_page_and_apart(sizes, grows_at):
    page, taken = Skyline(64), np.zeros((128, 128), int)
    for number, (width, height) in enumerate(sizes):
        if number == grows_at:
            page.grow(128)
        place = page.place(width, height)
        if place is not None:
            x, y = place
            assert x + width <= page.size
            assert y + height <= page.size
            taken[y : y + height, x : x + width] += 1
    assert taken.max(initial=0) <= 1


def test_a_page_is_used_well():
    page, placed = Skyline(256), 0
    rng = np.random.default_rng(3)
    while page.place(*(size := rng.integers(4, 24, 2).tolist())) is not None:
        placed += size[0] * size[1]
    assert placed > 0.75 * 256 * 256


def image(width, height, value):
    return np.full((height, width, 4), value, np.uint8)


def shown(atlas, number):
    page, x, y, width, height = atlas.region(number)
    return atlas.pages[page, y : y + height, x : x + width]


def test_images_keep_their_pixels_while_pages_grow():
    atlas = Atlas()
    assert np.array_equal(shown(atlas, PLACEHOLDER), placeholder_pixels())
    images = [image(30 + number, 50, number) for number in range(60)]
    numbers = [atlas.add(pixels) for pixels in images]
    assert atlas.pages.shape[1] > 256
    for number, pixels in zip(numbers, images, strict=True):
        assert np.array_equal(shown(atlas, number), pixels)


def test_a_second_page_is_begun_when_the_first_is_full(monkeypatch):
    monkeypatch.setattr(atlas_module, "LARGEST_PAGE_SIZE", 256)
    monkeypatch.setattr(atlas_module, "MOST_PAGES", 2)
    atlas = Atlas()
    numbers = [atlas.add(image(200, 200, value)) for value in (1, 2)]
    assert [atlas.region(number).page for number in numbers] == [0, 1]
    assert [int(shown(atlas, number)[0, 0, 0]) for number in numbers] == [1, 2]
    with pytest.raises(BadImage, match="no room"):
        atlas.add(image(200, 200, 3))
    with pytest.raises(BadImage, match="too many"):
        atlas.add(image(300, 20, 3))
    assert len(atlas.regions) == 3, "what was refused has no number"


def test_an_image_keeps_its_number_when_it_is_replaced():
    atlas = Atlas()
    number = atlas.add(image(10, 10, 1))
    place = atlas.region(number)
    atlas.replace(number, image(10, 10, 2))
    assert atlas.region(number) == place
    atlas.replace(number, image(12, 10, 3))
    assert atlas.region(number) != place
    assert np.array_equal(shown(atlas, number), image(12, 10, 3))


def test_what_was_written_is_told_once():
    atlas = Atlas()
    atlas.take_changes()
    number = atlas.add(image(10, 10, 1))
    assert atlas.take_changes() == [atlas.region(number)]
    assert atlas.take_changes() == []


def test_the_largest_image_has_its_gap():
    assert atlas_module.LARGEST_PAGE_SIZE == LARGEST_IMAGE + 2
