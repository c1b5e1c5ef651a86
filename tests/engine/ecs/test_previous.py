import pytest

from engine.ecs.components import Field
from engine.ecs.layout import CHUNK_ROWS
from engine.ecs.previous import remember_places

pytestmark = pytest.mark.unit

PAIRS = (
    (Field.TRANSFORM_X, Field.TRANSFORM_PREVIOUS_X),
    (Field.TRANSFORM_Y, Field.TRANSFORM_PREVIOUS_Y),
    (Field.TRANSFORM_ROTATION, Field.TRANSFORM_PREVIOUS_ROTATION),
)


def test_places_of_all_transforms_are_remembered(world):
    ids = world.spawn_many(["transform"], CHUNK_ROWS + 3)
    world.despawn_many(world.spawn_many(["transform", "tag"], 3))
    tagged = world.spawn(["tag"])
    for number, (field, _) in enumerate(PAIRS):
        world.column(field)[world.rows_of(ids, "transform")] = range(number, number + ids.size)
    remember_places(world.table)
    for field, previous in PAIRS:
        assert world.values_of(ids, previous).tolist() == world.values_of(ids, field).tolist()
    assert world.get(tagged, "tag.name") == ""
