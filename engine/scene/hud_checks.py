"""Reads ``[[hud]]``, and checks that the values it shows can be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.ecs.registry import Registry, width_of_type
from engine.errors import SceneError, UnknownComponent, UnknownField
from engine.scene.declared import DeclaredComponent
from engine.scene.faults import read_table
from engine.scene.file_names import IMAGE, CheckedNames
from engine.scene.hud import Binding, Hud


def read_hud(
    rows: Iterable[Any],
    components: Mapping[str, DeclaredComponent],
    files: CheckedNames,
    file_of: Callable[[str], Path],
) -> tuple[Hud, ...]:
    """Return the elements of a scene's HUD.

    Args:
        rows: the raw tables.  components: those that the scene declares.
        files: checks names of images.  file_of: the file that a table such as ``hud 2`` stands in.
    Raises:
        SceneError: a fault of a table, no such image, an unknown component or field.
    """
    registry = registry_of(components)
    elements: list[Hud] = []
    for number, raw in enumerate(rows, 1):
        table = f"hud {number}"
        element = read_table(raw, Hud, file=file_of(table), table=table)
        if element.image is not None:
            files.check(element.image, IMAGE, table, "image")
        for key, binding in element.bindings:
            message = binding_fault(registry, binding)
            if message:
                raise SceneError(file_of(table), table, key, message)
        elements.append(element)
    return tuple(elements)


def registry_of(components: Mapping[str, DeclaredComponent]) -> Registry:
    """Return the components that a scene's entities may have: the built-in ones and those it declares."""
    registry = Registry()
    for name, component in components.items():
        zeros = [(field.name, field.type, [0] * width_of_type(field.type)) for field in component.fields]
        registry.declare(name, zeros)
    return registry


def binding_fault(registry: Registry, binding: Binding) -> str:
    """Return why no entity has a value, or nothing."""
    try:
        registry.field_named(binding.component, binding.field)
    except (UnknownComponent, UnknownField) as fault:
        return f"`{binding.tag}.{binding.component}.{binding.field}`: {fault}"
    return ""
