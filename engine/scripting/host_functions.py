"""Python functions that scripts call as they call the API: what plugins register.

A call leaves the compiled loop: it costs microseconds, not nanoseconds. What the function does must follow
from its arguments and the world alone, or two runs of a game differ.
"""

from __future__ import annotations

import math
import traceback
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NewType

from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.world import World
from engine.errors import EngineError, NoSuchEntity
from engine.scripting.access_errors import BadPlugin, BadScriptValue
from engine.scripting.python_values import script_value
from engine.scripting.refusals import Refusal
from engine.scripting.sandbox import BY_HOST
from engine.scripting.taking_back import note_from_python
from lang.conversion import Conversions, Mismatch
from lang.faults import Fault
from lang.layout import M
from lang.lending import Lent, lent
from lang.machine import Machine
from lang.stdlib.overloads import check_size
from lang.stdlib.registry import HostFault, NativeEntry

Entity = NewType("Entity", int)
"""Hint of a parameter that takes the id of an entity that exists."""
SHOWN_TYPES = {float: "f64", int: "i64", str: "string", list: "array", dict: "map", type(None): "()"}


class HostGuard:
    """Lets Python code run while a script waits for it.

    Attributes:
        is_calling: it runs at the moment.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.is_calling = False
        self.on_left: Callable[[], None] = lambda: None

    def call(
        self, machine: Machine, what: str, function: Callable[..., Any], arguments: Sequence[Any]
    ) -> Any:
        """Return what a function of a plugin returns; what it raises becomes the fault of the script's call.

        What it queues in the world is cancelled with the callback, should that fail.
        """
        note_from_python(machine, self.world, WorldSlot.COUNTERS, Counter.COMMANDS)
        try:
            return self.ask(what, function, arguments)
        except Exception as error:
            text = f"{what}: {type(error).__name__}: {error}{_place(error)}"
            raise refused(machine, text) from error

    def ask(self, what: str, function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
        """Return what a function of a plugin returns; meanwhile it cannot change the world's structure."""
        observers = self.world.observers
        before = observers.lock(what)
        self.is_calling = True
        try:
            return function(*arguments)
        finally:
            self.is_calling = False
            observers.lock(before)
            self.on_left()


def refused(machine: Machine, text: str) -> HostFault:
    """Return the fault of a call that is refused with a message."""
    machine.words[M.DETAIL] = BY_HOST
    return HostFault(Fault.REFUSED, text)


def _place(error: Exception) -> str:
    """Return where an error was raised, as ` (file.py:12)`."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""


@dataclass
class HostFunction:
    """One function of a plugin.

    Attributes:
        plugin: who registered it. name: what scripts call. changes: it may change the world.
        help: the first paragraph of its docstring. signature: as shown, `wind_at(x: f64, y: f64) → f64`.
    """

    plugin: str
    name: str
    function: Callable[..., Any]
    guard: HostGuard
    changes: bool = False
    help: str = ""
    signature: str = field(init=False)
    _lent: Lent = field(init=False)

    def __post_init__(self) -> None:
        conversions = Conversions()
        conversions.classes[typing.cast("type", Entity)] = _entity_conversion(self.guard.world)
        try:
            self._lent = lent(self.function, conversions)
            hints = typing.get_type_hints(self.function)
        except (TypeError, NameError) as error:
            raise BadPlugin(self.plugin, f"the function `{self.name}` cannot be called: {error}") from None
        if self._lent.takes_rest:
            raise BadPlugin(self.plugin, f"the function `{self.name}` must name all of its parameters")
        names = [f"{name}: {_shown(hints.get(name))}" for name, _ in self._lent.parameters]
        self.signature = f"{self.name}({', '.join(names)}) → {_shown(hints.get('return'))}"

    @property
    def entry(self) -> NativeEntry:
        """The row of the table of natives."""
        arity = (self._lent.least, len(self._lent.parameters))
        return NativeEntry(self.name, self, arity, api=True, signatures=(self._form(),))

    def _form(self) -> str:
        """Return how calls look, what may be left out in brackets."""
        names = [f", {name}" if number else name for number, (name, _) in enumerate(self._lent.parameters)]
        least = self._lent.least
        return f"{self.name}({''.join(names[:least])}{''.join(f'[{name}]' for name in names[least:])})"

    def __call__(self, machine: Any, window: int, count: int) -> None:
        """Do a script's call."""
        if self.changes and machine.words[M.REFUSES_WRITES]:
            raise refused(machine, Refusal.WRITES_REFUSED.message)
        arguments = self._arguments(machine, machine.memory_of_arguments(window, count))
        result = self.guard.call(machine, f"plugin `{self.plugin}`", self.function, arguments)
        try:
            value = script_value(result, f"plugin `{self.plugin}` returned no value for a script")
        except BadScriptValue as error:
            raise refused(machine, str(error)) from None
        check_size(machine, value)
        machine.put(window, value)

    def _arguments(self, machine: Machine, values: list[Any]) -> list[Any]:
        """Return arguments as the hints ask for them, or refuse them."""
        try:
            converted = self._lent.converted(values)
        except Mismatch as error:
            raise HostFault(Fault.WRONG_TYPE, str(error)) from None
        except EngineError as error:
            raise refused(machine, str(error)) from None
        for (name, _), value in zip(self._lent.parameters, converted, strict=False):
            if isinstance(value, float) and not math.isfinite(value):
                raise refused(machine, Refusal.NOT_FINITE.message.format(parameter=f"`{name}`"))
        return converted


def _entity_conversion(world: World) -> Any:
    """Return how ids come and go: one that is stale is refused."""

    def existing(value: Any) -> int:
        if type(value) is not int:
            raise TypeError
        if not world.exists(value):
            raise NoSuchEntity(value)
        return value

    conversions = Conversions()
    conversions.register(int, int, existing)
    return conversions.classes[int]


def _shown(hint: Any) -> str:
    return SHOWN_TYPES.get(hint, getattr(hint, "__name__", None) or ("any" if hint is None else str(hint)))
