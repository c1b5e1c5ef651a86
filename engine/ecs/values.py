"""Python values of fields to column words and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ecs.components import FieldKind
from engine.ecs.registry import FieldSpec, Registry, kind_of_type, width_of_type
from engine.ecs.storage import Column, Storage
from engine.ecs.strings import StringTable
from engine.errors import BadFieldValue, MissingComponent

Value = float | int | bool | str
Values = Mapping[int, Value] | Mapping[str, Value]
"""Values by number or name of the field; string fields take `str`, entity fields an id."""

Columns = Mapping[int, Column] | Mapping[str, Column]
"""Words of many entities by number or name of the field."""

Words = list[tuple[FieldSpec, Any]]
"""Fields with what is written into their columns: a word for all rows, or [count] of them."""

_EXPECTED = {
    FieldKind.FLOAT: "a number",
    FieldKind.INT: "an int of 64 bits",
    FieldKind.BOOL: "a bool",
    FieldKind.STRING: "a string",
    FieldKind.ENTITY: "an entity id",
}


def word_of(strings: StringTable, spec: FieldSpec, value: object) -> float | int:
    """Return the word that a column holds for a value.

    Raises:
        BadFieldValue: the value does not fit the kind of the field.  StringTableFull.
    """
    kind = spec.kind
    if isinstance(value, str):
        if kind == FieldKind.STRING:
            return strings.intern(value)
    elif isinstance(value, (bool, np.bool_)):
        if kind == FieldKind.BOOL:
            return int(value)
    elif isinstance(value, (int, np.integer)):
        if kind == FieldKind.FLOAT:
            return float(value)
        if kind in {FieldKind.INT, FieldKind.ENTITY} and -(2**63) <= int(value) < 2**63:
            return int(value)
    elif isinstance(value, (float, np.floating)) and kind == FieldKind.FLOAT:
        return float(value)
    raise BadFieldValue(spec.name, _EXPECTED[kind], value)


def default_words(
    strings: StringTable, name: str, type_name: str, value: Value | Sequence[float]
) -> list[float | int]:
    """Return the words of a declared property's default; one number is that of all columns of a vector.

    Raises:
        BadFieldValue: there is no such type, or the value does not fit it.  StringTableFull.
    """
    spec = FieldSpec(0, 0, name, kind_of_type(name, type_name), 0)
    width = width_of_type(type_name)
    is_vector = isinstance(value, Sequence) and not isinstance(value, str)
    parts = list(value) if isinstance(value, Sequence) and is_vector else [value] * width
    if len(parts) != width:
        raise BadFieldValue(name, f"{width} numbers", value)
    return [word_of(strings, spec, part) for part in parts]


def value_of(strings: StringTable, spec: FieldSpec, word: Any) -> Value:
    """Return the Python value of a column's word."""
    if spec.kind == FieldKind.STRING:
        return strings.text(int(word))
    if spec.kind == FieldKind.BOOL:
        return bool(word)
    return float(word) if spec.kind == FieldKind.FLOAT else int(word)


def encode(
    registry: Registry, strings: StringTable, components: frozenset[int], values: Values | None
) -> Words:
    """Return the words of values whose fields belong to these components.

    Raises:
        UnknownField, MissingComponent (a field of another component), BadFieldValue.
    """
    words: Words = []
    for number, value in (values or {}).items():
        spec = _field(registry, components, number)
        words.append((spec, word_of(strings, spec, value)))
    return words


def encode_columns(
    registry: Registry, components: frozenset[int], count: int, columns: Columns | None
) -> Words:
    """Return the columns of words, [count] each, whose fields belong to these components.

    Raises:
        UnknownField, MissingComponent, BadFieldValue (a wrong shape or type of array).
    """
    words: Words = []
    for number, given in (columns or {}).items():
        column = np.asarray(given)
        spec = _field(registry, components, number)
        expected = np.float64 if spec.kind == FieldKind.FLOAT else np.int64
        if column.shape != (count,) or column.dtype != expected:
            raise BadFieldValue(spec.name, f"{count} words of {expected.__name__}", column.shape)
        words.append((spec, np.ascontiguousarray(column)))
    return words


def bits_of(spec: FieldSpec, word: float) -> int:
    """Return the 64 bits of a column's word as an int."""
    return int(np.float64(word).view(np.int64)) if spec.kind == FieldKind.FLOAT else int(word)


@dataclass(frozen=True, slots=True)
class SameWords:
    """Words of fields that are the same in all rows."""

    words: Words

    def write(self, storage: Storage, rows: npt.NDArray[np.int64]) -> None:
        """Write them into these pool rows."""
        for spec, word in self.words:
            storage.columns[spec.number][rows] = word


def _field(registry: Registry, components: frozenset[int], number: int | str) -> FieldSpec:
    spec = registry.field(number)
    if spec.component not in components:
        raise MissingComponent(None, registry.component(spec.component).name)
    return spec
