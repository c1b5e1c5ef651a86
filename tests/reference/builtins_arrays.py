"""Built-ins of arrays; those with callbacks call back through the interpreter."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from tests.reference.faults import Fault
from tests.reference.operators import equal
from tests.reference.places import Part, Place
from tests.reference.signatures import Table
from tests.reference.spans import from_end, span
from tests.reference.values import Range, copy, is_int, type_name

TABLE = Table()
takes = TABLE.takes
MOST = 8 * 1024 * 1024

takes("len array")(len)
takes("is_empty array")(lambda items: not items)


@takes("contains array ?")
def contains(items: list[Any], value: Any) -> bool:
    return type_name(value) != "Fn" and any(equal(item, value) for item in items)


@takes("push array ?", changes=True)
def push(place: Any, value: Any) -> None:
    place.get().append(value)


@takes("append array array", changes=True)
def append(place: Any, more: list[Any]) -> None:
    place.get().extend(copy(more))


@takes("pop array", changes=True)
def pop(place: Any) -> Any:
    items = place.get()
    return items.pop() if items else None


@takes("shift array", changes=True)
def shift(place: Any) -> Any:
    items = place.get()
    return items.pop(0) if items else None


@takes("insert array int ?", changes=True)
def insert(place: Any, index: int, value: Any) -> None:
    items = place.get()
    items.insert(from_end(index, len(items)), value)


@takes("remove array int", changes=True)
def remove(place: Any, index: int) -> Any:
    items = place.get()
    return items.pop(index) if -len(items) <= index < len(items) else None


@takes("get array int")
def get(items: list[Any], index: int) -> Any:
    index = start_of(index, len(items))
    return copy(items[index]) if index < len(items) else None


@takes("set array int ?", changes=True)
def put(place: Any, index: int, value: Any) -> None:
    items = place.get()
    index = start_of(index, len(items))
    if index < len(items):
        items[index] = value


@takes("clear array", changes=True)
def clear(place: Any) -> None:
    place.get().clear()


@takes("reverse array", changes=True)
def reverse(place: Any) -> None:
    place.get().reverse()


@takes("truncate array int", changes=True)
def truncate(place: Any, length: int) -> None:
    del place.get()[max(length, 0) :]


@takes("chop array int", changes=True)
def chop(place: Any, length: int) -> None:
    items = place.get()
    del items[: max(len(items) - max(length, 0), 0)]


@takes("pad array int ?", changes=True)
def pad(place: Any, length: int, value: Any) -> None:
    if length > MOST:
        raise Fault("ErrorDataTooLarge", "Size of array/BLOB too large")
    items = place.get()
    items.extend(copy(value) for _ in range(length - len(items)))


@takes("extract array int", "extract array int int", "extract array range")
def extract(items: list[Any], *where: Any) -> list[Any]:
    start, stop = span(len(items), *where)
    return copy(items[start:stop])


@takes("split array int", changes=True)
def split(place: Any, index: int) -> list[Any]:
    items = place.get()
    at = from_end(index, len(items))
    tail = items[at:]
    del items[at:]
    return tail


@takes("splice array range array", changes=True)
def splice_range(place: Any, where: Range, new: list[Any]) -> None:
    items = place.get()
    start, stop = span(len(items), where)
    items[start:stop] = copy(new)


@takes("splice array int int array", changes=True)
def splice(place: Any, start: int, count: int, new: list[Any]) -> None:
    items = place.get()
    first, stop = span(len(items), start, count)
    items[first:stop] = copy(new)


@takes("drain array int int", "drain array range", changes=True)
def drain(place: Any, *where: Any) -> list[Any]:
    items = place.get()
    start, stop = span(len(items), *where)
    gone = items[start:stop]
    del items[start:stop]
    return gone


@takes("retain array int int", "retain array range", changes=True)
def retain(place: Any, *where: Any) -> list[Any]:
    items = place.get()
    start, stop = span(len(items), *where)
    gone = items[:start] + items[stop:]
    items[:] = items[start:stop]
    return gone


# --- with callbacks ---


def chosen(walker: Any, at: int, items: list[Any], test: Any) -> list[bool]:
    """What a test says of each element; what is no bool is false."""
    return [
        walker.call_back(test, Part(Place(items), i), [], [i], at, move=0) is True for i in range(len(items))
    ]


def single(walker: Any, at: int, items: list[Any], index: int, function: Any) -> Any:
    """A callback's answer for one element of a copy."""
    return walker.call_back(function, Part(Place(items), index), [], [index], at, move=0)


@takes("drain array fn", changes=True, walker=True, at=True)
def drain_by(walker: Any, at: int, place: Any, test: Any) -> list[Any]:
    items = place.get()
    said = chosen(walker, at, items, test)
    gone = [item for item, yes in zip(items, said, strict=True) if yes]
    items[:] = [item for item, yes in zip(items, said, strict=True) if not yes]
    return gone


@takes("retain array fn", changes=True, walker=True, at=True)
def retain_by(walker: Any, at: int, place: Any, test: Any) -> list[Any]:
    items = place.get()
    said = chosen(walker, at, items, test)
    gone = [item for item, yes in zip(items, said, strict=True) if not yes]
    items[:] = [item for item, yes in zip(items, said, strict=True) if yes]
    return gone


@takes("filter array fn", walker=True, at=True)
def filtered(walker: Any, at: int, items: list[Any], test: Any) -> list[Any]:
    items = copy(items)
    return [items[i] for i in range(len(items)) if single(walker, at, items, i, test) is True]


@takes("map array fn", walker=True, at=True)
def mapped(walker: Any, at: int, items: list[Any], function: Any) -> list[Any]:
    items = copy(items)
    return [single(walker, at, items, i, function) for i in range(len(items))]


@takes("for_each array Fn", changes=True, walker=True, at=True)
def for_each(walker: Any, at: int, place: Any, function: Any) -> None:
    for i in range(len(place.get())):
        walker.call_back(function, Part(place, i), [], [i], at)


@takes("some array fn", walker=True, at=True)
def some(walker: Any, at: int, items: list[Any], test: Any) -> bool:
    return first_index(walker, at, items, test, 0) >= 0


@takes("all array fn", walker=True, at=True)
def every(walker: Any, at: int, items: list[Any], test: Any) -> bool:
    items = copy(items)
    for i in range(len(items)):
        if single(walker, at, items, i, test) is not True:
            return False
    return True


def first_index(walker: Any, at: int, items: list[Any], test: Any, start: int) -> int:
    """The first element from `start` on that passes, or -1."""
    items = copy(items)
    for i in range(start, len(items)):
        if single(walker, at, items, i, test) is True:
            return i
    return -1


def start_of(index: int, length: int) -> int:
    """A start that may count from the end; one beyond it finds nothing."""
    return max(index + length, 0) if index < 0 else index


@takes("index_of array ?", "index_of array ? int", walker=True, at=True)
def index_of(walker: Any, at: int, items: list[Any], value: Any, start: int = 0) -> int:
    start = start_of(start, len(items))
    if type_name(value) == "Fn":
        return first_index(walker, at, items, value, start)
    for i in range(start, len(items)):
        if equal(items[i], value):
            return i
    return -1


@takes("find array Fn", "find array Fn int", walker=True, at=True)
def find(walker: Any, at: int, items: list[Any], test: Any, start: int = 0) -> Any:
    index = first_index(walker, at, items, test, start_of(start, len(items)))
    return copy(items[index]) if index >= 0 else None


@takes("find_map array Fn", "find_map array Fn int", walker=True, at=True)
def find_map(walker: Any, at: int, items: list[Any], function: Any, start: int = 0) -> Any:
    items = copy(items)
    for i in range(start_of(start, len(items)), len(items)):
        value = single(walker, at, items, i, function)
        if value is not None:
            return value
    return None


def fold(walker: Any, at: int, items: list[Any], function: Any, value: Any, order: Any) -> Any:
    """All elements into one value."""
    for i in order:
        value = walker.call_back(function, None, [value, copy(items[i])], [i], at)
    return value


@takes("reduce array fn", "reduce array fn ?", walker=True, at=True)
def reduce(walker: Any, at: int, items: list[Any], function: Any, value: Any = None) -> Any:
    items = copy(items)
    return fold(walker, at, items, function, value, range(len(items)))


@takes("reduce_rev array fn", "reduce_rev array fn ?", walker=True, at=True)
def reduce_rev(walker: Any, at: int, items: list[Any], function: Any, value: Any = None) -> Any:
    items = copy(items)
    return fold(walker, at, items, function, value, reversed(range(len(items))))


@takes("zip array array Fn", walker=True, at=True)
def zipped(walker: Any, at: int, left: list[Any], right: list[Any], function: Any) -> list[Any]:
    pairs = zip(copy(left), copy(right), strict=False)
    return [walker.call_back(function, None, [a, b], [i], at) for i, (a, b) in enumerate(pairs)]


@takes("dedup array", changes=True)
def dedup(place: Any) -> None:
    place.get()[:] = unique(place.get(), equal)


@takes("dedup array fn", changes=True, walker=True, at=True)
def dedup_by(walker: Any, at: int, place: Any, function: Any) -> None:
    place.get()[:] = unique(place.get(), lambda a, b: judged(walker, at, function, a, b) is True)


def judged(walker: Any, at: int, function: Any, a: Any, b: Any) -> Any:
    """What a callback says of two elements; nothing if it fails."""
    try:
        return walker.call_back(function, None, [copy(a), copy(b)], [], at)
    except Fault as fault:
        if not fault.catchable:
            raise
        return None


def unique(items: list[Any], same: Any) -> list[Any]:
    """Items without those that are the same as the one kept before them."""
    kept: list[Any] = []
    for item in items:
        if not kept or not same(kept[-1], item):
            kept.append(item)
    return kept


# --- sorting ---


def in_order(items: list[Any]) -> list[Any]:
    """Sorted, if all are of one type that has an order."""
    if len(items) < 2:
        return items
    kinds = {type_name(item) for item in items}
    if len(kinds) > 1:
        what = "elements of different types cannot be sorted"
        raise Fault("ErrorFunctionNotFound", f"Function not found: {what}", function=what)
    kind = kinds.pop()
    if kind not in {"i64", "f64", "string", "char", "bool"}:
        what = "elements of different types cannot be sorted"
        raise Fault("ErrorFunctionNotFound", f"Function not found: {what}", function=what)
    return sorted(items)


def sorted_by(walker: Any, at: int, items: list[Any], function: Any) -> list[Any]:
    """Sorted by a comparer that answers an int, or true for "goes first"."""

    def compare(a: Any, b: Any) -> int:
        answer = judged(walker, at, function, a, b)
        if isinstance(answer, bool):
            return -1 if answer else 1
        return answer if is_int(answer) else 0

    return sorted(items, key=cmp_to_key(compare))


@takes("sort array", changes=True)
def sort(place: Any) -> None:
    place.get()[:] = in_order(place.get())


@takes("sort_desc array", changes=True)
def sort_desc(place: Any) -> None:
    place.get()[:] = in_order(place.get())[::-1]


@takes("order array")
def ordered(items: list[Any]) -> list[Any]:
    return copy(in_order(items))


@takes("order_desc array")
def order_desc(items: list[Any]) -> list[Any]:
    return copy(in_order(items)[::-1])


@takes("sort array fn", "sort_by array Fn", changes=True, walker=True, at=True)
def sort_by(walker: Any, at: int, place: Any, function: Any) -> None:
    place.get()[:] = sorted_by(walker, at, place.get(), function)


@takes("order array Fn", "order_by array Fn", walker=True, at=True)
def order_by(walker: Any, at: int, items: list[Any], function: Any) -> list[Any]:
    return sorted_by(walker, at, copy(items), function)
