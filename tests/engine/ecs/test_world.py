import numpy as np
import pytest

from engine.ecs.components import FIRST_DECLARED_FIELD, Component, Field, FieldKind
from engine.ecs.entity import LAST_GENERATION, entity_id, generation_of_id, index_of_id
from engine.ecs.layout import CHUNK_ROWS, WorldSlot
from engine.ecs.registry import Registry
from engine.ecs.world import World
from engine.errors import (
    BadFieldValue,
    ComponentError,
    DuplicateComponent,
    MissingComponent,
    NoSuchEntity,
    UnknownComponent,
    UnknownField,
    UnknownPrefab,
)

pytestmark = pytest.mark.unit


def test_an_id_is_generation_and_index_plus_one():
    assert entity_id(0, 0) == 1
    assert entity_id(6, 3) == 3 * 2**32 + 7
    assert (index_of_id(entity_id(6, 3)), generation_of_id(entity_id(6, 3))) == (6, 3)
    assert entity_id(2**32 - 2, LAST_GENERATION) < 2**63


def test_built_in_fields_stand_together_in_the_order_of_their_components():
    assert [int(field) for field in Field] == list(range(len(Field)))
    assert [field.component for field in Field] == sorted(field.component for field in Field)
    for spec in Registry().components[: Component.UNBORN]:
        assert [f.number for f in spec.fields] == list(
            range(spec.fields[0].number, spec.fields[0].number + len(spec.fields))
        )
    assert Field.TRANSFORM_PREVIOUS_X.label == "previous_x"


def test_fields_without_a_value_get_their_default(world):
    entity = world.spawn([Component.TRANSFORM, Component.SPRITE], {Field.TRANSFORM_X: 3})
    assert world.get(entity, Field.TRANSFORM_X) == 3.0
    assert world.get(entity, Field.TRANSFORM_SCALE_X) == 1.0
    assert world.get(entity, Field.SPRITE_VISIBLE) is True
    assert world.get(entity, Field.SPRITE_COLOR) == 0xFFFFFFFF


def test_a_reused_row_and_an_added_component_start_from_defaults(world):
    first = world.spawn([Component.HEALTH], {Field.HEALTH_VALUE: 1.0})
    world.despawn(first)
    second = world.spawn([Component.HEALTH])
    assert world.get(second, Field.HEALTH_VALUE) == 100.0
    world.set(second, Field.HEALTH_VALUE, 2.0)
    world.remove_component(second, Component.HEALTH)
    world.add_component(second, Component.HEALTH)
    assert world.get(second, Field.HEALTH_VALUE) == 100.0


def test_a_reused_index_has_a_new_generation_and_the_old_id_is_stale(world):
    first = world.spawn([Component.TRANSFORM])
    world.despawn(first)
    second = world.spawn([Component.TRANSFORM])
    assert second == first + 2**32
    assert not world.exists(first)
    assert not world.is_alive(first)
    with pytest.raises(NoSuchEntity, match=f"entity {first} does not exist"):
        world.despawn(first)


@pytest.mark.parametrize("entity", [0, -1, 5, 2**32, 2**62, -(2**63), 2**63 - 1])
def test_an_id_that_never_was_is_refused(world, entity):
    world.spawn([Component.TRANSFORM])
    assert not world.exists(entity)
    with pytest.raises(NoSuchEntity):
        world.get(entity, Field.TRANSFORM_X)


def test_an_index_at_its_last_generation_is_retired(world):
    entity = world.spawn([])
    world.storage.arrays[WorldSlot.GENERATION][0] = LAST_GENERATION
    last = world.entity_at(0)
    assert last != entity
    world.despawn(last)
    assert index_of_id(world.spawn([])) == 1


def test_alive_is_unmarked_and_with_health_above_zero(world):
    plain = world.spawn([Component.TRANSFORM])
    hurt = world.spawn([Component.HEALTH], {Field.HEALTH_VALUE: 0.0})
    assert world.is_alive(plain)
    assert not world.is_alive(hurt)
    world.destroy(plain)
    assert world.exists(plain)
    assert not world.is_alive(plain)


def test_bulk_spawn_fills_columns_and_keeps_order_over_chunks(world):
    count = 3 * CHUNK_ROWS + 7
    x = np.arange(count, dtype=np.float64)
    ids = world.spawn_many(
        [Component.TRANSFORM, Component.TAG], count, {Field.TAG_NAME: "one"}, {Field.TRANSFORM_X: x}
    )
    assert ids.tolist() == list(range(1, count + 1))
    assert [world.get(e, Field.TRANSFORM_X) for e in ids.tolist()] == x.tolist()
    assert world.get(int(ids[-1]), Field.TAG_NAME) == "one"
    with pytest.raises(BadFieldValue):
        world.spawn_many([Component.TRANSFORM], 2, columns={Field.TRANSFORM_X: x})


def test_despawning_many_skips_stale_and_repeated_ids(world):
    ids = world.spawn_many([Component.TRANSFORM], 10)
    assert world.despawn_many(np.concatenate([ids[:4], ids[:4], [0, -7, 2**40]])) == 4
    assert world.entities().tolist() == ids[4:].tolist()


def test_columns_may_be_lists(world):
    pair = world.spawn_many(["health"], 2, columns={"health.value": [3.0, 4.0]})
    assert world.values_of(pair, "health.value").tolist() == [3.0, 4.0]


def test_ids_may_stand_apart_in_memory(world):
    ids = world.spawn_many(["health"], 10, columns={"health.value": np.arange(20.0)[::2]})
    assert world.values_of(ids[::-3], "health.value").tolist() == [18.0, 12.0, 6.0, 0.0]
    with pytest.raises(MissingComponent, match=f"entity {ids[9]} has no component `tag`"):
        world.values_of(ids[::-3], "tag.name")
    assert world.despawn_many(ids[::2]) == 5
    assert world.entities().tolist() == ids[1::2].tolist()


def test_shrinking_past_a_chunk_gives_it_back_for_other_archetypes(world, check):
    ids = world.spawn_many([Component.TRANSFORM], 2 * CHUNK_ROWS + 1)
    for kept in (2 * CHUNK_ROWS, 2 * CHUNK_ROWS - 1, CHUNK_ROWS + 1, CHUNK_ROWS, 1, 0):
        world.despawn_many(ids[kept:])
        check(world)
        assert world.entities().tolist() == ids[:kept].tolist()
    rows = world.storage.pool_rows[Component.TRANSFORM]
    world.spawn_many([Component.TRANSFORM, Component.TAG], CHUNK_ROWS)
    assert world.storage.pool_rows[Component.TRANSFORM] == rows
    check(world)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.TRANSFORM_X, "3"),
        (Field.TRANSFORM_X, True),
        (Field.SPRITE_LAYER, 1.0),
        (Field.SPRITE_LAYER, 2**63),
        (Field.SPRITE_VISIBLE, 1),
        (Field.TAG_NAME, 4),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_and_nothing_is_spawned(world, field, value):
    with pytest.raises(BadFieldValue, match=field.label):
        world.spawn([field.component], {field: value})
    assert len(world) == 0


def test_misuse_is_named(world):
    entity = world.spawn([Component.TRANSFORM])
    with pytest.raises(MissingComponent, match="no component `health`"):
        world.get(entity, Field.HEALTH_VALUE)
    with pytest.raises(MissingComponent):
        world.spawn([Component.TRANSFORM], {Field.HEALTH_VALUE: 1.0})
    with pytest.raises(DuplicateComponent):
        world.add_component(entity, Component.TRANSFORM)
    with pytest.raises(UnknownComponent, match="did you mean `health`"):
        world.registry.component("helth")
    with pytest.raises(UnknownComponent):
        world.spawn([99])
    with pytest.raises(UnknownField, match="did you mean `armor`"):
        world.registry.field_named("health", "armour")
    with pytest.raises(UnknownPrefab):
        world.spawn_prefab(0)
    with pytest.raises(ValueError, match="belongs to the world"):
        world.publish(WorldSlot.CHUNK, np.zeros(1, np.int64))


def test_declared_components_have_typed_columns(world):
    early = world.spawn([Component.TRANSFORM])
    properties = [
        ("mass", "float", 2.5),
        ("heading", "vec2", 1.0),
        ("kind", "string", "oak"),
        ("owner", "entity", 0),
        ("falling", "bool", True),
        ("rings", "int", 7),
    ]
    leaf = world.declare("leaf", properties)
    assert leaf.fields[0].number == FIRST_DECLARED_FIELD
    assert [f.name for f in leaf.fields] == [
        "mass",
        "heading.x",
        "heading.y",
        "kind",
        "owner",
        "falling",
        "rings",
    ]
    assert [(p.name, p.type, p.width) for p in leaf.properties][1] == ("heading", "vec2", 2)
    world.add_component(early, leaf.number, {leaf.fields[6].number: 9})
    late = world.spawn([leaf.number])
    assert [world.get(late, f.number) for f in leaf.fields] == [2.5, 1.0, 1.0, "oak", 0, True, 7]
    assert world.get(early, leaf.fields[6].number) == 9
    assert world.table[2 * leaf.fields[0].number] == world.column(leaf.fields[0].number).ctypes.data
    with pytest.raises(DuplicateComponent):
        world.declare("leaf", [])
    with pytest.raises(BadFieldValue, match="decimal"):
        world.declare("coin", [("worth", "decimal", 0)])
    with pytest.raises(BadFieldValue, match=r"coin\.worth"):
        world.declare("coin", [("worth", "int", 1.5)])
    with pytest.raises(ComponentError, match="twice"):
        world.declare("coin", [("worth", "int", 0), ("worth", "int", 0)])


def test_many_declared_components_move_the_table_and_keep_what_is_published(world, check):
    buffer = np.arange(3, dtype=np.int64)
    world.publish(WorldSlot.PHYSICS, buffer)
    entity = world.spawn([Component.TAG], {Field.TAG_NAME: "kept"})
    before = world.table
    specs = [world.declare(f"c{i}", [(f"f{j}", "int", j) for j in range(20)]) for i in range(10)]
    assert world.table is not before
    assert world.table[WorldSlot.PHYSICS] == buffer.ctypes.data
    world.add_component(entity, specs[9].number)
    assert world.get(entity, specs[9].fields[19].number) == 19
    assert world.get(entity, Field.TAG_NAME) == "kept"
    check(world)


def test_the_table_follows_growth(world):
    world.spawn_many([Component.TRANSFORM], 5000)
    for slot, array in world.storage.arrays.items():
        assert (world.table[slot], world.table[slot + 1]) == (array.ctypes.data, array.size)
    for slot, ticks in ((WorldSlot.ADDED, world.storage.added), (WorldSlot.CHANGED, world.storage.changed)):
        addresses = world.storage.arrays[slot].tolist()
        expected = [word for c in range(len(ticks)) for word in (ticks[c].ctypes.data, ticks[c].size)]
        assert addresses == expected
    for number, column in world.storage.columns.items():
        assert (world.table[2 * number], world.table[2 * number + 1]) == (column.ctypes.data, column.size)
        expected = np.float64 if world.registry.field(number).kind == FieldKind.FLOAT else np.int64
        assert column.dtype == expected


def test_entity_order_ignores_the_order_of_archetypes(world):
    a = world.spawn([Component.TRANSFORM])
    b = world.spawn([Component.TAG])
    c = world.spawn([Component.TRANSFORM])
    world.add_component(a, Component.TAG)
    assert world.entities().tolist() == [a, b, c]


def test_worlds_share_nothing():
    one, other = World(), World()
    one.spawn([Component.TAG], {Field.TAG_NAME: "x"})
    assert len(other) == 0
    assert other.strings.find("x") == -1
