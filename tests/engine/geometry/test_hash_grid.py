import pytest

from engine.geometry.hash_grid import (
    FIRST_EXPONENT,
    LEAST_SLOTS,
    LEVEL_COUNT,
    cell_of,
    cells_per_metre,
    level_of,
    slot_in_level,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("bits", range(6, 30))
def test_neighbouring_cells_never_share_a_slot(bits: int) -> None:
    slots = 1 << bits
    assert slots >= LEAST_SLOTS
    neighbours = {slot_in_level(x, y, slots - 1) for x in (-1, 0, 1) for y in (-1, 0, 1)}
    assert len(neighbours) == 9


@pytest.mark.parametrize("extent", [0.0, 1e-9, 0.5, 0.99, 1.0, 1.01, 7.5, 1e5, 1e7])
def test_a_box_fits_into_a_cell_of_its_level(extent: float) -> None:
    level = level_of(extent)
    assert extent * cells_per_metre(level) <= 1.0
    if 0 < level < LEVEL_COUNT - 1:
        assert extent >= 2.0 ** (FIRST_EXPONENT + level - 1)


def test_the_last_level_is_one_cell_for_everything() -> None:
    per_metre = cells_per_metre(level_of(1e300))
    assert per_metre == 0.0
    assert cell_of(-1e300, per_metre) == cell_of(1e300, per_metre) == 0


def test_far_away_there_is_one_last_cell() -> None:
    assert cell_of(1e300, 64.0) == 2**52
    assert cell_of(-1e300, 64.0) == -(2**52)
