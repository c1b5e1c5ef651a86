"""The errors of Python code that reaches into scripts: `ScriptAccessError`, and one class a case."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import EngineError, did_you_mean


class ScriptAccessError(EngineError):
    """Scripts cannot be reached this way."""


class UnknownScript(ScriptAccessError):
    """The scene has no script file of this name; ``path`` holds it, ``reason`` says more, if anything."""

    def __init__(self, path: str, known: Iterable[str], reason: str = "") -> None:
        self.path = path
        self.reason = reason
        why = f": {reason}" if reason else ""
        super().__init__(f"unknown script `{path}`{why}{did_you_mean(path, known)}")


class NoSuchScript(ScriptAccessError):
    """The entity does not have this script, or not any more."""

    def __init__(self, entity: int, path: str, known: Iterable[str] = ()) -> None:
        self.entity = entity
        self.path = path
        super().__init__(f"entity {entity} has no script `{path}`{did_you_mean(path, known)}")


class DuplicateScript(ScriptAccessError):
    """The entity has this script already: an entity has each one once."""

    def __init__(self, entity: int, path: str) -> None:
        self.entity = entity
        self.path = path
        super().__init__(f"entity {entity} has the script `{path}` already")


class NotBorn(ScriptAccessError):
    """The entity waits for its birth, with which its scripts come."""

    def __init__(self, entity: int) -> None:
        self.entity = entity
        super().__init__(f"entity {entity} is not born yet: do this after the next stage `commands`")


class UnknownStateVariable(ScriptAccessError):
    """The script has no state variable of this name."""

    def __init__(self, path: str, name: str, known: Iterable[str]) -> None:
        self.path = path
        self.name = name
        super().__init__(f"the script `{path}` has no state variable `{name}`{did_you_mean(name, known)}")


class BadScriptValue(ScriptAccessError):
    """No script can hold this value, or it may not cross from one script to another."""

    def __init__(self, what: str, reason: str) -> None:
        self.what = what
        self.reason = reason
        super().__init__(f"{what}: {reason}")


class UnknownCallback(ScriptAccessError):
    """The engine sends no callback of this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        hint = did_you_mean(name, self.known)
        super().__init__(f"unknown callback `{name}`{hint} (callbacks: {', '.join(self.known)})")


class TooManyArguments(ScriptAccessError):
    """The callback takes fewer arguments."""

    def __init__(self, name: str, given: int, most: int) -> None:
        self.name = name
        takes = f"{most} argument{'' if most == 1 else 's'} at most" if most else "no arguments"
        super().__init__(f"`{name}` takes {takes}, not {given}")


class BadPlugin(ScriptAccessError):
    """A plugin cannot be registered; ``plugin`` is its class, ``reason`` says why."""

    def __init__(self, plugin: str, reason: str) -> None:
        self.plugin = plugin
        self.reason = reason
        super().__init__(f"plugin `{plugin}`: {reason}")


class InsideTick(ScriptAccessError):
    """This can be done between two ticks only, or not while a script runs."""

    def __init__(self, what: str, when: str = "inside a tick: do it between two calls of `step`") -> None:
        self.what = what
        super().__init__(f"cannot {what} {when}")
