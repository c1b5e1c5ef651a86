"""The front door: ``python -m astraweave``, and the names that other programs may rely on.

Names are looked up when they are first used, so that ``import astraweave`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from engine import __version__

if TYPE_CHECKING:
    from engine.ecs.query import Query
    from engine.ecs.world import World
    from engine.errors import EngineError, SceneError
    from engine.game import Game
    from engine.scene import SceneDescription, load_scene
    from engine.warm_up import warm_up
    from lang.errors import CompileError, LangError, ScriptError, SnapshotError
    from lang.interpreter import Interpreter
    from lang.limits import Limits
    from lang.scope import Scope

__all__ = [
    "CompileError",
    "EngineError",
    "Game",
    "Interpreter",
    "LangError",
    "Limits",
    "Query",
    "SceneDescription",
    "SceneError",
    "Scope",
    "ScriptError",
    "SnapshotError",
    "World",
    "__version__",
    "load_scene",
    "warm_up",
]

_HOMES = {
    "CompileError": "lang.errors",
    "EngineError": "engine.errors",
    "Game": "engine.game",
    "Interpreter": "lang.interpreter",
    "LangError": "lang.errors",
    "Limits": "lang.limits",
    "Query": "engine.ecs.query",
    "SceneDescription": "engine.scene",
    "SceneError": "engine.errors",
    "Scope": "lang.scope",
    "ScriptError": "lang.errors",
    "SnapshotError": "lang.errors",
    "World": "engine.ecs.world",
    "load_scene": "engine.scene",
    "warm_up": "engine.warm_up",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"astraweave has no {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


if __name__ == "__main__":
    from engine.cli import main

    main(prog_name="astraweave")
