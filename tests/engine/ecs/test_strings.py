import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ecs.collect import collect_strings
from engine.ecs.components import Component, Field
from engine.ecs.strings import ROW_BYTES, StringTable, hash_bytes
from engine.errors import StringTableFull

pytestmark = pytest.mark.unit


def fnv_1a(text: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in text:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=60))
def test_each_content_has_one_id(texts):
    table = StringTable()
    model = {"": 0}
    for text in texts:
        assert table.find(text) == model.get(text, -1)
        assert table.intern(text) == model.setdefault(text, len(model))
    assert {text: table.text(string) for text, string in model.items()} == {text: text for text in model}
    assert len(table) == len(model)


def test_it_grows_past_every_array(world):
    names = [f"{i}:" + "x" * (i % 50) for i in range(3000)]
    ids = [world.strings.intern(name) for name in names]
    assert ids == list(range(1, 3001))
    assert [world.strings.find(name) for name in names] == ids
    assert [world.strings.text(string) for string in ids] == names


@pytest.mark.parametrize("text", [b"", b"a", b"foobar", "größer ☃".encode()])
def test_the_content_hash_is_fnv_1a(text):
    array = np.frombuffer(text + b"?", np.uint8).copy()
    assert int(hash_bytes(array, len(text))) % 2**64 == fnv_1a(text)


def test_the_limit_holds_and_collection_makes_room():
    table = StringTable(limit=10)
    first, second = table.intern("12345"), table.intern("67890")
    with pytest.raises(StringTableFull, match="limit is 10"):
        table.intern("x")
    assert table.collect(np.array([second])) == 5
    assert table.text(second) == "67890"
    assert table.find("12345") == -1
    with pytest.raises(ValueError, match="not in use"):
        table.text(first)
    assert table.intern("abc") == first
    assert [table.find("67890"), table.find("abc"), table.find("")] == [second, first, 0]


def test_what_parties_brought_is_counted():
    table = StringTable()
    table.share(3)
    strings = np.array([table.intern(f"{i}" * (i + 1)) for i in range(600)])
    table.own(strings[::2], np.full(300, 2))

    def counted():
        held = [0, 0, 0]
        for string in np.flatnonzero(table.length >= 0).tolist():
            held[int(table.owner[string])] += ROW_BYTES + len(table.text(string).encode())
        return held

    assert table.held.tolist() == counted()
    assert table.held[1] == 0
    table.collect(strings[:100])
    assert table.held.tolist() == counted()
    assert table.owner[table.intern("new")] == 0, "an id that was another's"
    assert table.held.tolist() == counted()
    again = StringTable()
    again.hold(table.arrays.copies())
    assert again.held.tolist() == counted()


def test_a_world_keeps_what_its_columns_name(world):
    prefab = world.define_prefab([Component.TAG], {Field.TAG_NAME: "template"})
    held = world.strings.intern("held")
    kept = world.spawn([Component.TAG, Component.TEXT], {Field.TAG_NAME: "kept", Field.TEXT_CONTENT: "old"})
    world.set(kept, Field.TEXT_CONTENT, "new")
    world.despawn(world.spawn([Component.TAG], {Field.TAG_NAME: "gone"}))
    assert collect_strings(world, np.array([held])) == len("old") + len("gone")
    assert world.get(kept, Field.TAG_NAME) == "kept"
    assert world.get(kept, Field.TEXT_CONTENT) == "new"
    assert world.get(world.spawn_prefab(prefab), Field.TAG_NAME) == "template"
    assert world.strings.text(held) == "held"
    assert world.strings.find("gone") == -1
