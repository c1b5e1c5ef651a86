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
    from engine.game.cscript import CScript
    from engine.scene import SceneDescription, load_scene
    from engine.scripting.access_errors import BadPlugin, ScriptAccessError
    from engine.scripting.event_dispatch import dispatch_script_events, script_execution_system
    from engine.scripting.event_queue import ScriptEvent
    from engine.scripting.host_functions import Entity
    from engine.scripting.plugins import Plugin, PluginHost
    from engine.scripting.reports import ScriptFailure
    from engine.scripting.sandbox import ExecutionLimits, ScriptSandbox
    from engine.signing.signature import validate_script_signature
    from engine.warm_up import warm_up
    from lang.errors import CompileError, LangError, ScriptError, SnapshotError
    from lang.heap.convert import Vector
    from lang.interpreter import Interpreter
    from lang.limits import Limits
    from lang.scope import Scope

__all__ = [
    "BadPlugin",
    "CScript",
    "CompileError",
    "EngineError",
    "Entity",
    "ExecutionLimits",
    "Game",
    "Interpreter",
    "LangError",
    "Limits",
    "Plugin",
    "PluginHost",
    "Query",
    "SceneDescription",
    "SceneError",
    "Scope",
    "ScriptAccessError",
    "ScriptError",
    "ScriptEvent",
    "ScriptFailure",
    "ScriptSandbox",
    "SnapshotError",
    "Vector",
    "World",
    "__version__",
    "dispatch_script_events",
    "load_scene",
    "script_execution_system",
    "validate_script_signature",
    "warm_up",
]

_HOMES = {
    "BadPlugin": "engine.scripting.access_errors",
    "CScript": "engine.game.cscript",
    "CompileError": "lang.errors",
    "EngineError": "engine.errors",
    "Entity": "engine.scripting.host_functions",
    "ExecutionLimits": "engine.scripting.sandbox",
    "Game": "engine.game",
    "Interpreter": "lang.interpreter",
    "LangError": "lang.errors",
    "Limits": "lang.limits",
    "Plugin": "engine.scripting.plugins",
    "PluginHost": "engine.scripting.plugins",
    "Query": "engine.ecs.query",
    "SceneDescription": "engine.scene",
    "SceneError": "engine.errors",
    "Scope": "lang.scope",
    "ScriptAccessError": "engine.scripting.access_errors",
    "ScriptError": "lang.errors",
    "ScriptEvent": "engine.scripting.event_queue",
    "ScriptFailure": "engine.scripting.reports",
    "ScriptSandbox": "engine.scripting.sandbox",
    "SnapshotError": "lang.errors",
    "Vector": "lang.heap.convert",
    "World": "engine.ecs.world",
    "dispatch_script_events": "engine.scripting.event_dispatch",
    "load_scene": "engine.scene",
    "script_execution_system": "engine.scripting.event_dispatch",
    "validate_script_signature": "engine.signing.signature",
    "warm_up": "engine.warm_up",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"astraweave has no {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


if __name__ == "__main__":
    from engine.cli import main

    main(prog_name="astraweave")
