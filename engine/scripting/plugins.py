"""Plugins: Python objects that give the scripts of a game more functions, and look over what they do.

A plugin is trusted: it is code of the program, with all that Python may do. Scripts stay in their sandbox.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar, overload

from engine.ecs.world import World
from engine.scripting.access_errors import BadPlugin
from engine.scripting.compiling import CALLBACKS, CONTEXT, script_natives
from engine.scripting.host_functions import HostFunction, HostGuard
from engine.scripting.vetoes import DamageVeto, DestroyVeto, SpawnVeto, Vetoes
from lang.stdlib.registry import NativeTable

Function = TypeVar("Function", bound=Callable[..., Any])


class Plugin(Protocol):
    """What a plugin must have; its class names it in messages."""

    def register(self, host: PluginHost) -> None:
        """Register functions and vetoes with a game that is being made; called once for each game."""


class PluginHost:
    """Where a plugin registers.

    Attributes:
        world: that of the game, still empty. prefabs: the names of those that it has.
        functions: those that were registered. vetoes: likewise.
    """

    def __init__(self, world: World, prefabs: Collection[str] = (), plugins: Sequence[Plugin] = ()) -> None:
        self._plugins = plugins
        self.world = world
        self.prefabs = prefabs
        self.guard = HostGuard(world)
        self.functions: dict[str, HostFunction] = {}
        self.vetoes = Vetoes()
        self._plugin = ""

    @overload
    def function(self, given: Function, *, name: str = "", changes: bool = False) -> Function: ...

    @overload
    def function(
        self, given: None = None, *, name: str = "", changes: bool = False
    ) -> Callable[[Function], Function]: ...

    def function(self, given: Any = None, *, name: str = "", changes: bool = False) -> Any:
        """Let scripts call a Python function; to be used as a decorator, too.

        Its hints say what scripts may pass: `int`, `float` (takes ints), `str`, `bool`, `list`, `dict`,
        `Vector`, `Entity` (an id that exists), unions of these; parameters with a default may be left out.

        Args:
            name: what scripts call, by default the name of the function. changes: it may change the world,
                so it cannot be called where a script may not: in the trial run of a reloaded top level.
        Raises:
            BadPlugin: the name is taken or none, or the signature is not one that scripts can call.
        """

        def register(function: Function) -> Function:
            shown = name or getattr(function, "__name__", "")
            self._check_name(shown)
            about = (inspect.getdoc(function) or "").partition("\n\n")[0]
            self.functions[shown] = HostFunction(self._plugin, shown, function, self.guard, changes, about)
            return function

        return register if given is None else register(given)

    def veto_damage(self, veto: DamageVeto) -> DamageVeto:
        """Ask `veto(entity, amount, source)` before damage; true: nothing is dealt."""
        self.vetoes.damage.append((self._plugin, veto))
        return veto

    def veto_spawn(self, veto: SpawnVeto) -> SpawnVeto:
        """Ask `veto(prefab, position, by)` before `spawn_entity`; true: nothing is spawned, it returns ()."""
        self.vetoes.spawn.append((self._plugin, veto))
        return veto

    def veto_destroy(self, veto: DestroyVeto) -> DestroyVeto:
        """Ask `veto(entity, by)` before `destroy_entity`; true: the entity stays, it returns false."""
        self.vetoes.destroy.append((self._plugin, veto))
        return veto

    @property
    def damage_veto(self) -> Callable[[int, float, int], bool] | None:
        """What is asked before a status effect takes health; None where nobody has a veto on damage."""
        return partial(self.vetoes.spares, self.guard) if self.vetoes.damage else None

    def natives(self) -> NativeTable:
        """Let the plugins register, in their order; returns the natives of the game's scripts.

        Raises:
            BadPlugin: one cannot be registered.
        """
        for plugin in self._plugins:
            self._plugin = type(plugin).__name__
            try:
                plugin.register(self)
            except BadPlugin:
                raise
            except Exception as error:
                raise BadPlugin(self._plugin, f"register failed: {type(error).__name__}: {error}") from error
        base = script_natives()
        if not self._plugins:
            return base
        natives = base.copy()
        natives.extend(function.entry for function in self.functions.values())
        self.vetoes.extend(natives, self.guard, self.prefabs)
        return natives

    def _check_name(self, name: str) -> None:
        if not name.isidentifier() or not name.isascii():
            raise BadPlugin(self._plugin, f"`{name}` is no name of a function: give it `name=`")
        found = script_natives().find(name)
        if found is not None or name in self.functions or name in CONTEXT or name in CALLBACKS:
            raise BadPlugin(self._plugin, f"`{name}` is the name of another function or callback")
