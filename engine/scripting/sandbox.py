"""The sandbox of entity scripts: a machine that reaches a world through its natives, and nothing else."""

from __future__ import annotations

from typing import Any

from engine.ecs.world import World
from engine.scripting.reflection import Reflection
from engine.scripting.refusal_texts import refusal_text
from engine.scripting.registry import parameter_name
from engine.scripting.script_file import mod_of
from engine.scripting.taking_back import take_back
from lang.limits import Limits
from lang.machine import Machine
from lang.stdlib.registry import NativeEntry, NativeTable

ExecutionLimits = Limits
"""What one callback may use, and how much memory one instance."""
BY_HOST = -1
"""Instead of a refusal's number: Python refused, and left the message."""


class ScriptSandbox(Machine):
    """Runs the callbacks of one world's scripts, each within its limits, and whole or not at all.

    Attributes:
        reflection: what scripts may read and write of components by name.
        of_mods: by the id of a mod, what its scripts can call.
    """

    def __init__(self, world: World, natives: NativeTable, limits: ExecutionLimits) -> None:
        super().__init__(natives, limits)
        self.reflection = Reflection(world)
        self.of_mods: dict[str, NativeTable] = {}
        self.refusal = self._refusal
        self.on_undo = lambda: take_back(world, self)
        self.make_atomic()

    def natives_for(self, path: str) -> NativeTable:
        """Return what a script can call, by its name in the scene."""
        return self.of_mods.get(mod_of(path), self.natives)

    def find_native(self, name: str) -> tuple[int, NativeEntry] | None:
        """Return (number, entry) of a name that a script calls through a pointer or in method style."""
        return self.natives_for(self.program.source.name).find(name)

    def _refusal(self, name: str, detail: int, value: int, arguments: list[Any]) -> str:
        if detail == BY_HOST:
            return self.host_message
        return refusal_text(name, detail, value, arguments, self.reflection.words_of, parameter_name)
