"""An entity's keys laid over those of its prefab.

A key of the entity wins; inside a component's table the rule holds key by key, so that
``health = { value = 50 }`` keeps the prefab's armor. Keys that exclude each other replace each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Naming one of a group in the entity drops the whole group of the prefab.
EXCLUSIVE_KEYS = (
    frozenset({"script", "scripts"}),
    frozenset({"circle", "box", "capsule", "polygon"}),
    frozenset({"radius", "size"}),
    frozenset({"clip", "animator"}),
)


def merged(prefab: Mapping[str, Any], entity: Mapping[str, Any]) -> dict[str, Any]:
    """Return the raw table of an entity with its prefab's keys filled in."""
    result = {key: value for key, value in prefab.items() if not _replaced(key, entity)}
    for key, value in entity.items():
        below = result.get(key)
        both_tables = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(below, value) if both_tables and below is not None else value
    return result


def _replaced(key: str, entity: Mapping[str, Any]) -> bool:
    return any(key in group and not group.isdisjoint(entity) for group in EXCLUSIVE_KEYS)
