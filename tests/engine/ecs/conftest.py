import pytest

from engine.ecs.world import World


@pytest.fixture
def world() -> World:
    return World()
