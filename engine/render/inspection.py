"""What an entity holds, line by line, and changing a value of it between two ticks.

What is changed by hand changes the state: a run is not the same any more as one without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.ecs.components import BodyKind, Component, Field, FieldKind, ShapeKind
from engine.ecs.registry import FieldSpec
from engine.ecs.values import Value
from engine.ecs.world import World
from engine.errors import EngineError
from engine.scripting.scripts import Scripts

LONGEST_VALUE = 34  # characters
_COLORS = frozenset({Field.SPRITE_COLOR, Field.TEXT_COLOR})
_NAMED: dict[int, type[ShapeKind | BodyKind]] = {
    Field.SPRITE_SHAPE: ShapeKind,
    Field.COLLIDER_SHAPE: ShapeKind,
    Field.BODY_KIND: BodyKind,
}
_MASKS = frozenset({Field.COLLIDER_LAYER, Field.COLLIDER_MASK})
_ALL_BITS = 2**64 - 1
_PREVIOUS: dict[int, int] = {
    Field.TRANSFORM_X: Field.TRANSFORM_PREVIOUS_X,
    Field.TRANSFORM_Y: Field.TRANSFORM_PREVIOUS_Y,
    Field.TRANSFORM_ROTATION: Field.TRANSFORM_PREVIOUS_ROTATION,
}
STEP = 0.1
"""What an arrow key adds to a float; an int gets 1."""


@dataclass(frozen=True)
class StateVariable:
    """A variable of a script of the entity."""

    script: str
    name: str


@dataclass(frozen=True)
class InspectedRow:
    """A line: a heading without a value, or something that has one and can be changed."""

    label: str
    value: str = ""
    target: FieldSpec | StateVariable | None = None


class Inspection:
    """Reads and writes what the entities of a game hold."""

    def __init__(self, world: World, scripts: Scripts) -> None:
        self._world = world
        self._scripts = scripts

    def exists(self, entity: int) -> bool:
        """Return whether an entity is still there."""
        return self._world.exists(entity)

    def next_entity(self, entity: int, step: int) -> int:
        """Return the next (1) or previous (-1) living entity by index, round and round; 0 for none."""
        entities = self._world.entities().tolist()
        if not entities:
            return 0
        index = entity & 0xFFFFFFFF
        if step > 0:
            return int(next((one for one in entities if one & 0xFFFFFFFF > index), entities[0]))
        return int(next((one for one in reversed(entities) if one & 0xFFFFFFFF < index), entities[-1]))

    def rows(self, entity: int) -> list[InspectedRow]:
        """Return the lines of a living entity: the state of its scripts, then its components."""
        rows = self._state_rows(entity)
        for number in self._world.components_of(entity):
            component = self._world.registry.component(number)
            fields = [field for field in component.fields if not field.passing]
            rows.append(InspectedRow(component.name))
            rows += [InspectedRow(field.name, self._shown(entity, field), field) for field in fields]
        return rows

    def _state_rows(self, entity: int) -> list[InspectedRow]:
        rows: list[InspectedRow] = []
        for path in self._scripts.files:
            state = self._scripts.state(entity, path)
            if state:
                rows.append(InspectedRow(path))
            rows += [
                InspectedRow(name, _shortened(_literal(value)), StateVariable(path, name))
                for name, value in state.items()
            ]
        return rows

    def title(self, entity: int) -> str:
        """Return what an entity is called: its id, and its tag if it has one."""
        world = self._world
        tag = world.get(entity, Field.TAG_NAME) if world.has_component(entity, Component.TAG) else ""
        shown = f"entity {entity & 0xFFFFFFFF}"
        if entity >> 32:
            shown += f" (life {entity >> 32})"
        return f"{shown} · {tag}" if tag else shown

    def step(self, entity: int, row: InspectedRow, amount: int) -> str:
        """Change a number by so many steps, or turn a bool around; returns why it cannot be, or nothing."""
        before = self._value(entity, row)
        after: Any
        if isinstance(before, bool):
            after = not before
        elif isinstance(before, int):
            after = before + amount
        elif isinstance(before, float):
            after = round(before + STEP * amount, 9)
        else:
            return "type a value and press Enter"
        return self._write(entity, row, after)

    def type_in(self, entity: int, row: InspectedRow, text: str) -> str:
        """Set a value from what was typed; returns why it cannot be, or nothing."""
        before = self._value(entity, row)
        try:
            after = _read(text.strip(), before, row.target)
        except ValueError as fault:
            return str(fault)
        return self._write(entity, row, after)

    def _value(self, entity: int, row: InspectedRow) -> Any:
        if isinstance(row.target, StateVariable):
            return self._scripts.state(entity, row.target.script).get(row.target.name)
        return None if row.target is None else self._world.get(entity, row.target.number)

    def _write(self, entity: int, row: InspectedRow, value: Any) -> str:
        try:
            if isinstance(row.target, StateVariable):
                self._scripts.set_state(entity, row.target.script, row.target.name, value)
            elif row.target is not None:
                self._world.set(entity, row.target.number, value)
                previous = _PREVIOUS.get(row.target.number)
                if previous is not None:
                    self._world.set(entity, previous, value)  # it is there, and did not fly there
        except (EngineError, KeyError, TypeError, OverflowError) as fault:
            return str(fault)
        return ""

    def _shown(self, entity: int, field: FieldSpec) -> str:
        value: Value = self._world.get(entity, field.number)
        if field.number in _COLORS:
            return f"#{int(value) & 0xFFFFFFFF:08x}"
        if field.number in _MASKS:
            return f"0x{int(value) & _ALL_BITS:x}"
        kind = _NAMED.get(field.number)
        if kind is not None and value in list(kind):
            return kind(int(value)).name.lower()
        return _shortened(f"{value:.6g}" if isinstance(value, float) else _literal(value))


def _read(text: str, before: Any, target: FieldSpec | StateVariable | None) -> Any:
    """Return typed text as a value of the kind that was there before.

    Raises:
        ValueError: it is none; the message says what is wanted.
    """
    kind = target.kind if isinstance(target, FieldSpec) else None
    if isinstance(before, bool):
        if text not in {"true", "false"}:
            raise ValueError("true or false is wanted")
        return text == "true"
    if isinstance(before, str) and kind in {None, FieldKind.STRING}:
        return text
    if isinstance(before, int) and not isinstance(before, bool):
        return _whole(text)
    if isinstance(before, float):
        return _finite(text)
    raise ValueError("this value cannot be typed")


def _whole(text: str) -> int:
    digits = text.removeprefix("#").removeprefix("0x")
    try:
        return int(digits, 16 if digits != text else 10)
    except ValueError:
        raise ValueError("a whole number is wanted, or a colour such as #ff8000ff") from None


def _finite(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("a number is wanted") from None
    if not abs(value) <= 1e9:
        raise ValueError("a number up to 1e9 is wanted")
    return value


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _shortened(text: str) -> str:
    text = text.replace("\n", " ")
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
