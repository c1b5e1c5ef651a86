"""Plugins of a command line: `module:object`, imported from the current folder or what is installed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.tools.errors import NoPlugin

if TYPE_CHECKING:
    from engine.scripting.plugins import Plugin


def load_plugins(names: Sequence[str]) -> tuple[Plugin, ...]:
    """Import plugins, in their order; a class is called to make one.

    This runs their code: a plugin is trusted as the program itself is.

    Raises:
        NoPlugin: one is not to be had, or is no plugin.
    """
    if names and "" not in sys.path:
        sys.path.insert(0, "")  # the current folder, as for `python -m`
    return tuple(_load(name) for name in names)


def _load(name: str) -> Any:
    module, _, path = name.partition(":")
    if not module or not path:
        raise NoPlugin(name, "a plugin is named as `module:object`")
    try:
        found: Any = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
        plugin = found() if isinstance(found, type) else found
    except Exception as error:
        raise NoPlugin(name, f"{type(error).__name__}: {error}") from error
    if not callable(getattr(plugin, "register", None)):
        raise NoPlugin(name, "it has no method `register(host)`")
    return plugin
