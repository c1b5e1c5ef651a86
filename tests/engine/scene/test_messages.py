"""Every key of every table, written wrongly: the message names file, table, key, and what is allowed."""

import pytest
from msgspec import inspect

from engine.errors import SceneError
from engine.scene.faults import read_table
from engine.scene.scene_file import SceneFile

pytestmark = pytest.mark.unit

FILE = "scene.toml"
SKIPPED = (inspect.AnyType, inspect.DictType)


def structs(kind, found):
    """Collect all structs that a type holds."""
    if isinstance(kind, inspect.StructType) and kind.cls not in found:
        found[kind.cls] = kind
        for field in kind.fields:
            structs(field.type, found)
    for name in ("types", "item_types"):
        for inner in getattr(kind, name, ()):
            structs(inner, found)
    for name in ("item_type", "value_type"):
        if hasattr(kind, name):
            structs(getattr(kind, name), found)
    return found


STRUCTS = {kind.cls.__name__: kind for kind in structs(inspect.type_info(SceneFile), {}).values()}
del STRUCTS["SceneFile"]


def plain(kind):
    """Return a type without its nothing."""
    if isinstance(kind, inspect.UnionType):
        return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


KEYS = [
    pytest.param(kind.cls, field.encode_name, plain(field.type), id=f"{name}.{field.encode_name}")
    for name, kind in STRUCTS.items()
    for field in kind.fields
    if not isinstance(plain(field.type), SKIPPED)
]


def fault_of(struct, raw):
    with pytest.raises(SceneError) as caught:
        read_table(raw, struct, file=FILE, table="entity 3")
    assert str(caught.value).startswith(f"{FILE}: [entity 3]: ")
    return caught.value


def wrong_values(kind):
    """Yield values of a wrong type."""
    for value in ("a text", 3, 0.5, True, [], {}, {"a": 1}):
        fits = (
            (isinstance(kind, inspect.StrType) and isinstance(value, str))
            or (isinstance(kind, inspect.BoolType) and isinstance(value, bool))
            or (isinstance(kind, inspect.IntType | inspect.FloatType) and type(value) in (int, float))
            or (isinstance(kind, inspect.VarTupleType | inspect.TupleType) and isinstance(value, list))
            or (isinstance(kind, inspect.StructType) and isinstance(value, dict))
            or (isinstance(kind, inspect.CustomType) and isinstance(value, int | float | list | str))
        )
        if not fits or (isinstance(kind, inspect.CustomType) and isinstance(value, bool)):
            yield value


@pytest.mark.parametrize(("struct", "key", "kind"), KEYS)
def test_a_wrong_type_is_named_with_what_is_allowed(struct, key, kind):
    for value in wrong_values(kind):
        fault = fault_of(struct, {key: value})
        assert fault.key.split(".")[0].split("[")[0] == key
        assert fault.message
        assert fault.allowed or "expected" in fault.message
        for word in ("float", "str`", "bool", "object", "null", "array"):
            assert word not in fault.message


@pytest.mark.parametrize(("struct", "key", "kind"), KEYS)
def test_a_number_out_of_bounds_is_named_with_its_bounds(struct, key, kind):
    if not isinstance(kind, inspect.IntType | inspect.FloatType):
        return
    number = float if isinstance(kind, inspect.FloatType) else int
    for bound, beyond in ((kind.ge, -1), (kind.gt, 0), (kind.le, 1), (kind.lt, 0)):
        if bound is not None:
            fault = fault_of(struct, {key: number(bound) + beyond * max(abs(bound), 1)})
            assert fault.key == key
            assert "expected a number" in fault.message or "out of range" in fault.message


@pytest.mark.parametrize(("struct", "key", "kind"), KEYS)
def test_a_misspelt_key_is_named_with_those_that_are_known(struct, key, kind):
    misspelt = key + "x"
    fault = fault_of(struct, {misspelt: 1})
    assert (fault.key, fault.message) == (misspelt, "unknown key")
    assert f"`{key}`" in fault.allowed
    assert "did you mean" in fault.hint


@pytest.mark.parametrize(("struct", "key", "kind"), KEYS)
def test_a_choice_that_is_none_is_named_with_all(struct, key, kind):
    if isinstance(kind, inspect.LiteralType):
        fault = fault_of(struct, {key: f"{kind.values[0]}x"})
        assert (fault.key, fault.allowed) == (key, ", ".join(f'"{choice}"' for choice in kind.values))
        assert "did you mean" in fault.hint
