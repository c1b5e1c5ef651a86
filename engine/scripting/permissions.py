"""What scripts of a mod may call: all that only reads, and the groups of functions that it asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.scripting.declaration import Category
from engine.scripting.registry import FUNCTIONS

FREE = frozenset({Category.SEQUENCES})
"""These concern nobody but the script itself."""
PLUGIN = "plugin"
"""The permission to call functions that plugins register."""


def permission_of(category: Category) -> str:
    """Return the name of the permission to change things by functions of a category."""
    return category.name.lower()


PERMISSIONS = (*(permission_of(one) for one in Category if one not in FREE), PLUGIN)


def withheld(mod: str, granted: Collection[str], of_plugins: Iterable[str] = ()) -> dict[str, str]:
    """Return the functions that scripts of a mod may not call, and what they are told.

    Args:
        mod: its id. granted: the permissions that it has. of_plugins: functions that plugins have registered.
    """
    wanted = {
        function.name: permission_of(function.category)
        for function in FUNCTIONS
        if function.writes and function.category not in FREE
    }
    wanted |= dict.fromkeys(of_plugins, PLUGIN)
    return {
        name: f"`{name}` needs the permission `{permission}`, which mod.toml of {mod} does not ask for"
        for name, permission in wanted.items()
        if permission not in granted
    }
