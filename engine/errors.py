"""The errors of the engine, one class for each case that a caller may want to catch.

EngineError
├── SceneError           a value of a scene file; names file, table and key
├── BadFileName          a name in a scene or script is not that of a file of the scene
├── BadImage             an image cannot be shown
├── EntityError
│   ├── NoSuchEntity     a stale or never valid id
│   └── BadParent        a child cannot follow this parent
├── ComponentError
│   ├── UnknownComponent / UnknownField / MissingComponent
│   └── DuplicateComponent / BadFieldValue
├── UnknownEffect        no particle effect of this name
├── UnknownPrefab
├── UnknownAnimation     no clip or state of this name
├── BadMap               a tile map cannot be used
├── WorldChanged         a query's loop changed the world's structure
├── ObserverError
│   └── DuplicateObserver / ObserverFailed / StructureLocked
├── ScheduleError
│   └── UnknownStage / DuplicateSystem
├── StringTableFull
├── TooMuchWaits         events, messages, timers or shared values have all their room
├── ScriptAccessError    Python reaches for a script in a wrong way: `engine.scripting.access_errors`
├── SnapshotRefused      a game cannot return to a snapshot in memory
├── ReplayDiverged       a replay came to another state than its recording
├── SaveError            a save or replay cannot be written or loaded
├── CannotRecord         a recording cannot be written
├── BadSound             a sound file cannot be used: the game goes on without it
└── ScriptTooSlow        wall time ran out: the run ends
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint such as ``; did you mean `health`?``, or nothing when no name is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


class EngineError(Exception):
    """The root of every error that the engine raises on purpose."""


class SceneError(EngineError):
    """A scene file cannot be used as it stands.

    Fields: ``file`` the scene, ``table`` such as ``prefab.coin`` or ``entity 3`` (from 1) or ``""``,
    ``key`` such as ``collider.box`` or ``""``, ``message`` without the place, ``allowed`` what may stand
    there and ``hint`` how to mend it (both may be empty), ``line`` and ``column`` from 1, or 0 when they are
    not known.
    """

    def __init__(  # noqa: PLR0913 - what is more than the message is named
        self,
        file: Path | str,
        table: str,
        key: str,
        message: str,
        *,
        allowed: str = "",
        hint: str = "",
        line: int = 0,
        column: int = 0,
    ) -> None:
        self.file = str(file)
        self.table = table
        self.key = key
        self.message = message
        self.allowed = allowed
        self.hint = hint
        self.line = line
        self.column = column
        where = f"{self.file}:{line}" if line else self.file
        where += f":{column}" if column else ""
        place = ": ".join(part for part in (where, f"[{table}]" if table else "", key) if part)
        lines = [f"{place}: {message}"]
        lines += [f"  allowed: {allowed}"] if allowed else []
        lines += [f"  hint: {hint}"] if hint else []
        super().__init__("\n".join(lines))


class BadFileName(EngineError):
    """A name in a scene or script is not that of a file of the scene; see ``message`` and ``hint``."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message}; {hint}" if hint else message)


class BadImage(EngineError):
    """An image cannot be shown; the message says why, without its name."""


class BadMap(EngineError):
    """A tile map cannot be used: ``message`` says why, without its name; ``hint`` how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message}; {hint}" if hint else message)


class EntityError(EngineError):
    """Something is wrong with an entity."""


class NoSuchEntity(EntityError):
    """The id is stale (the entity was removed) or never was valid; ``entity`` holds it."""

    def __init__(self, entity: int) -> None:
        self.entity = entity
        super().__init__(f"entity {entity} does not exist")


class BadParent(EntityError):
    """The child (0: one that is to be made) cannot follow this parent."""

    def __init__(self, child: int, parent: int, reason: str) -> None:
        self.child = child
        self.parent = parent
        whose = f"entity {child}" if child else "a new entity"
        super().__init__(f"{whose} cannot be a child of entity {parent}: {reason}")


class ComponentError(EngineError):
    """A component or one of its fields cannot be used this way."""


class UnknownComponent(ComponentError):
    """No component has this name or number."""

    def __init__(self, name: str | int, known: Iterable[str] = ()) -> None:
        self.name = name
        super().__init__(f"unknown component `{name}`{did_you_mean(str(name), known)}")


class UnknownField(ComponentError):
    """The component has no such field."""

    def __init__(self, component: str, field: str | int, known: Iterable[str] = ()) -> None:
        self.component = component
        self.field = field
        where = f"component `{component}` has no field" if component else "unknown field"
        super().__init__(f"{where} `{field}`{did_you_mean(str(field), known)}")


class MissingComponent(ComponentError):
    """The entity (None: what is being made) does not have the component."""

    def __init__(self, entity: int | None, component: str) -> None:
        self.entity = entity
        self.component = component
        whose = "nothing here" if entity is None else f"entity {entity}"
        verb = "has" if entity is None else "has no"
        super().__init__(f"{whose} {verb} component `{component}`")


class DuplicateComponent(ComponentError):
    """A component of this name exists already, or the entity has it already."""

    def __init__(self, name: str, entity: int | None = None) -> None:
        self.name = name
        self.entity = entity
        whose = "" if entity is None else f" on entity {entity}"
        super().__init__(f"component `{name}` exists already{whose}")


class BadFieldValue(ComponentError):
    """The value does not fit the kind of the field."""

    def __init__(self, field: str, expected: str, value: object) -> None:
        self.field = field
        self.expected = expected
        self.value = value
        super().__init__(f"field `{field}` takes {expected}, not {value!r}")


class UnknownEffect(EngineError):
    """The scene has no particle effect of this name."""

    def __init__(self, effect: str, known: Iterable[str]) -> None:
        self.effect = effect
        self.known = tuple(known)
        super().__init__(f"unknown effect `{effect}`{did_you_mean(effect, self.known)}")


class UnknownPrefab(EngineError):
    """No prefab has this name or number."""

    def __init__(self, prefab: int | str, known: Iterable[str] = ()) -> None:
        self.prefab = prefab
        super().__init__(f"unknown prefab {prefab}{did_you_mean(str(prefab), known)}")


class UnknownAnimation(EngineError):
    """No clip, or no state of the entity's animator, has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"unknown animation `{name}`{did_you_mean(name, known)}")


class WorldChanged(EngineError):
    """Entities or components came or went while a query was being walked."""

    def __init__(
        self, what: str = "the world's structure changed while a query was walked; queue such changes"
    ) -> None:
        super().__init__(what)


class ObserverError(EngineError):
    """Something is wrong with an observer; ``name`` holds its name."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(f"observer `{name}` {message}")


class DuplicateObserver(ObserverError):
    """An observer of this name is registered already."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "is registered already")


class ObserverFailed(ObserverError):
    """An observer raised; ``moment`` (``on_add`` …) and ``component`` (or ``""``) tell when it was called."""

    def __init__(self, name: str, moment: str, component: str, error: Exception) -> None:
        self.moment = moment
        self.component = component
        of = f" of `{component}`" if component else ""
        super().__init__(name, f"failed in {moment}{of}: {type(error).__name__}: {error}")


class StructureLocked(ObserverError):
    """An observer wanted to change the world's structure at once."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "is running: queue what changes the world's structure")


class ScheduleError(EngineError):
    """The schedule of systems is wrong."""


class UnknownStage(ScheduleError):
    """No stage of a tick has this name."""

    def __init__(self, stage: str, known: Iterable[str]) -> None:
        self.stage = stage
        self.known = tuple(known)
        hint = did_you_mean(stage, self.known)
        super().__init__(f"unknown stage `{stage}`{hint} (stages: {', '.join(self.known)})")


class DuplicateSystem(ScheduleError):
    """A system of this name is registered already."""

    def __init__(self, system: str, stage: str) -> None:
        self.system = system
        self.stage = stage
        super().__init__(f"system `{system}` is registered already, in stage `{stage}`")


class StringTableFull(EngineError):
    """The strings of components need more room than the world allows."""

    def __init__(self, needed: int, limit: int) -> None:
        self.needed = needed
        self.limit = limit
        super().__init__(f"the world's strings need {needed} bytes, the limit is {limit}")


class TooMuchWaits(EngineError):
    """Events, messages, timers or shared values have all the room they may have."""

    def __init__(self) -> None:
        super().__init__("too many events, messages, timers or shared values")


class BadSound(EngineError):
    """A sound file is missing or cannot be used; ``file`` and ``reason`` tell which and why."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"sound {file}: {reason}")


class CannotRecord(EngineError):
    """What is recorded of a run cannot be written to ``file``."""

    def __init__(self, file: Path, error: OSError | str) -> None:
        self.file = file
        reason = error if isinstance(error, str) else error.strerror or error
        super().__init__(f"{file} cannot be written: {reason}")


class ScriptTooSlow(EngineError):
    """A callback ran longer than the scene's wall time: the run ends, as the clock must not change state."""

    def __init__(self, diagnostic: str) -> None:
        self.diagnostic = diagnostic
        super().__init__(f"a callback took longer than the scene allows ([limits] seconds):\n{diagnostic}")


class SnapshotRefused(EngineError):
    """A snapshot in memory that a game cannot return to, and why."""


class ReplayDiverged(EngineError):
    """A replay came to another state than its recording; ``parts`` are what differs, the first one first."""

    def __init__(self, step: int, tick: int, parts: tuple[str, ...]) -> None:
        self.step = step
        self.tick = tick
        self.parts = parts
        others = f"\n  also: {', '.join(parts[1:])}" if len(parts) > 1 else ""
        super().__init__(f"step {step}, tick {tick}: the first that differs is {parts[0]}{others}")


class SaveError(EngineError):
    """A save cannot be written, or cannot be loaded; nothing was changed. ``file`` is its path, if any."""

    def __init__(self, reason: str, file: Path | str = "") -> None:
        self.reason = reason
        self.file = str(file)
        super().__init__(f"{self.file}: {reason}" if self.file else f"this save cannot be used: {reason}")
