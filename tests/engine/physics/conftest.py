"""An empty arena for each test of physics."""

import pytest

from tests.engine.arena import Arena


@pytest.fixture
def arena() -> Arena:
    return Arena()
