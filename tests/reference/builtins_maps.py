"""Built-ins of maps."""

from __future__ import annotations

from typing import Any

from tests.reference.places import Part, Place
from tests.reference.signatures import Table
from tests.reference.values import copy, sorted_keys

TABLE = Table()
takes = TABLE.takes
Map = dict[str, Any]

takes("len map")(len)
takes("is_empty map")(lambda value: not value)
takes("contains map string")(lambda value, key: key in value)
takes("get map string")(lambda value, key: copy(value.get(key)))
takes("keys map")(sorted_keys)
takes("values map")(lambda value: [copy(value[key]) for key in sorted_keys(value)])


@takes("set map string ?", changes=True)
def put(place: Any, key: str, value: Any) -> None:
    place.get()[key] = value


@takes("remove map string", changes=True)
def remove(place: Any, key: str) -> Any:
    return place.get().pop(key, None)


@takes("clear map", changes=True)
def clear(place: Any) -> None:
    place.get().clear()


@takes("mixin map map", changes=True)
def mixin(place: Any, other: Map) -> None:
    place.get().update(copy(other))


@takes("fill_with map map", changes=True)
def fill_with(place: Any, other: Map) -> None:
    for key, value in copy(other).items():
        place.get().setdefault(key, value)


def answer(walker: Any, at: int, value: Map, key: str, function: Any) -> Any:
    """What a callback says of a key and its value, which is also `this`."""
    return walker.call_back(function, Part(Place(value), key), [key], [], at, move=1)


@takes("filter map Fn", walker=True, at=True)
def filtered(walker: Any, at: int, value: Map, test: Any) -> Map:
    value = copy(value)
    return {key: value[key] for key in sorted_keys(value) if answer(walker, at, value, key, test) is True}


@takes("map map Fn", walker=True, at=True)
def mapped(walker: Any, at: int, value: Map, function: Any) -> Map:
    value = copy(value)
    return {key: answer(walker, at, value, key, function) for key in sorted_keys(value)}


def parted(walker: Any, at: int, place: Any, test: Any, stays: bool) -> Map:
    """Take out the entries of which the test does not say `stays`."""
    value = place.get()
    said = {key: answer(walker, at, value, key, test) is True for key in sorted_keys(value)}
    return {key: value.pop(key) for key, yes in said.items() if yes is not stays}


@takes("retain map Fn", changes=True, walker=True, at=True)
def retain(walker: Any, at: int, place: Any, test: Any) -> Map:
    return parted(walker, at, place, test, stays=True)


@takes("drain map Fn", changes=True, walker=True, at=True)
def drain(walker: Any, at: int, place: Any, test: Any) -> Map:
    return parted(walker, at, place, test, stays=False)
