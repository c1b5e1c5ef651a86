"""Scripts of entities as Python reaches them: attaching, detaching, switching, state by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.errors import BadFileName, NoSuchEntity
from engine.scene.file_names import SCRIPT
from engine.scene.mods.resolver import SceneResolver
from engine.scripting.access_errors import (
    BadScriptValue,
    DuplicateScript,
    NoSuchScript,
    NotBorn,
    UnknownScript,
    UnknownStateVariable,
)
from engine.scripting.batch_rows import NO_INSTANCE
from engine.scripting.python_values import script_value
from engine.scripting.reports import ScriptFailure
from engine.scripting.scripts import Scripts
from lang.bytecode.program import RAN, Program
from lang.jit import I64
from lang.stdlib.registry import HostFault

GiveLife = Callable[[I64, str | None], None]
"""Runs the top levels of entities, then their `on_spawn`; of one script alone when it is named."""


class CScript:
    """One script of one entity; it is good until the script is detached or the entity is gone.

    Attributes:
        entity: its id. path: the file, as the scene names it.
    """

    def __init__(self, scripts: EntityScripts, entity: int, path: str) -> None:
        """Ask `Game.entity_scripts` for one."""
        self._scripts = scripts
        self.entity = entity
        self.path = path

    def __repr__(self) -> str:
        return f"CScript({self.entity}, {self.path!r})"

    @property
    def program(self) -> Program | None:
        """What all instances of the file run; None while no version of it has compiled."""
        return self._scripts.file_of(self).program

    @property
    def state(self) -> dict[str, Any]:
        """A copy of the state variables that have a value, by name."""
        return self._scripts.state(self)

    def set(self, name: str, value: Any) -> None:
        """Give a state variable a copy of a value.

        Raises:
            UnknownStateVariable, BadScriptValue, NoSuchScript, InsideTick.
        """
        self._scripts.set_state(self, name, value)

    @property
    def enabled(self) -> bool:
        """Whether its callbacks are called: it did not fail, was not switched off, and compiles."""
        return self._scripts.is_enabled(self)

    @property
    def last_error(self) -> ScriptFailure | None:
        """Why it is disabled, or what is wrong with the newest version of its file; None when all is well."""
        return self._scripts.last_error(self)

    def enable(self) -> None:
        """Let its callbacks be called again, whether it failed or was switched off."""
        self._scripts.switch(self, on=True)

    def disable(self) -> None:
        """Call none of its callbacks until `enable`; its state stays, a reload leaves it switched off."""
        self._scripts.switch(self, on=False)

    def detach(self) -> None:
        """Take it from the entity: its state, timers and what waits for it alone are gone."""
        self._scripts.detach(self)

    def replace(self, path: str) -> CScript:
        """Put another script in its place, which begins anew; returns that. If this fails, nothing changed.

        Raises:
            UnknownScript, DuplicateScript, NoSuchScript, InsideTick.
        """
        self._scripts.instance_of(self)
        other = self._scripts.attach(self.entity, path)
        self.detach()
        return other


class EntityScripts:
    """What Python may do with the scripts of a game, between two ticks; every misuse is an error."""

    def __init__(self, scripts: Scripts, sources: SceneResolver, give_life: GiveLife) -> None:
        """Take the scripts of a game, where their texts come from, and what begins their lives."""
        self._world = scripts.world
        self._scripts = scripts
        self._sources = sources
        self._give_life = give_life
        scripts.on_file_wanted = self._require

    def attach(self, entity: int, path: str) -> CScript:
        """Give an entity one more script: its top level runs at once, then its `on_spawn`.

        A file that does not compile is reported, and attached when a version does.

        Raises:
            NoSuchEntity, NotBorn, DuplicateScript, InsideTick.
            UnknownScript: the scene's folder has no such file.
        """
        scripts = self._scripts
        scripts.refuse_inside("attach a script")
        self._check_entity(entity)
        self._require(path)
        script = CScript(self, entity, path)
        if self._has(entity, path):
            raise DuplicateScript(entity, path)
        scripts.link_world()
        scripts.attach(entity, path)
        if scripts.files[path].program is not None:
            self._give_life(np.array([entity], np.int64), path)
        return script

    def of(self, entity: int) -> tuple[CScript, ...]:
        """Return the scripts of an entity, in the order of their paths.

        Raises:
            NoSuchEntity.
        """
        if not self._world.exists(entity):
            raise NoSuchEntity(entity)
        return tuple(CScript(self, entity, path) for path in self._scripts.files if self._has(entity, path))

    def get(self, entity: int, path: str) -> CScript:
        """Return a script of an entity.

        Raises:
            NoSuchEntity, NoSuchScript.
        """
        paths = [script.path for script in self.of(entity)]
        if path not in paths:
            raise NoSuchScript(entity, path, paths)
        return CScript(self, entity, path)

    # --- of one script ----------------------------------------------------------------------------------

    def file_of(self, script: CScript) -> Any:
        """Return the file of a script that its entity has; raise a NoSuchScript if it has not."""
        self.instance_of(script)
        return self._scripts.files[script.path]

    def instance_of(self, script: CScript) -> int:
        """Return its instance (NO_INSTANCE while it waits for a program), or raise a NoSuchScript."""
        if not self._world.exists(script.entity) or not self._has(script.entity, script.path):
            raise NoSuchScript(script.entity, script.path)
        return self._scripts.instance_of(script.entity, script.path)

    def state(self, script: CScript) -> dict[str, Any]:
        """See `CScript.state`."""
        self.instance_of(script)
        self._scripts.refuse_inside_call("read state")
        return self._scripts.state(script.entity, script.path)

    def set_state(self, script: CScript, name: str, value: Any) -> None:
        """See `CScript.set`."""
        self._scripts.refuse_inside("write state")
        instance, program = self.instance_of(script), self._scripts.files[script.path].program
        names = [known for known in program.state_names if not known.endswith(RAN)] if program else []
        if name not in names:
            raise UnknownStateVariable(script.path, name, names)
        converted = script_value(value, f"`{name}`")
        try:
            self._scripts.machine.set_state(instance, name, converted)
        except HostFault:
            raise BadScriptValue(f"`{name}`", "it is larger than the memory of the script") from None

    def is_enabled(self, script: CScript) -> bool:
        """See `CScript.enabled`."""
        instance = self.instance_of(script)
        return instance != NO_INSTANCE and not self._scripts.is_disabled(instance)

    def last_error(self, script: CScript) -> ScriptFailure | None:
        """See `CScript.last_error`."""
        failing = self._scripts.failing.get(self.instance_of(script))
        return failing or self._scripts.broken.get(script.path)

    def switch(self, script: CScript, *, on: bool) -> None:
        """See `CScript.enable` and `CScript.disable`."""
        self._scripts.refuse_inside("switch a script")
        instance = self.instance_of(script)
        if instance != NO_INSTANCE:
            self._scripts.switch(instance, on=on)

    def detach(self, script: CScript) -> None:
        """See `CScript.detach`."""
        self._scripts.refuse_inside("detach a script")
        self.instance_of(script)
        self._scripts.detach(script.entity, script.path)

    # --- checks -----------------------------------------------------------------------------------------

    def _has(self, entity: int, path: str) -> bool:
        if entity in self._scripts.waiting.get(path, ()):
            return True
        return self._scripts.instance_of(entity, path) != NO_INSTANCE

    def _check_entity(self, entity: int) -> None:
        if not self._world.exists(entity):
            raise NoSuchEntity(entity)
        if self._world.is_unborn(entity):
            raise NotBorn(entity)

    def _require(self, path: str) -> None:
        """Load a file of the scene's folder that no entity had so far."""
        if path in self._scripts.files:
            return
        known = self._scripts.files
        try:
            self._sources.names.find(path, SCRIPT)
            text = self._sources.read(path)
        except BadFileName as fault:
            raise UnknownScript(path, known, fault.message) from None
        except OSError as error:
            raise UnknownScript(path, known, f"it cannot be read: {error.strerror or error}") from None
        self._scripts.load(path, text).is_late = True
