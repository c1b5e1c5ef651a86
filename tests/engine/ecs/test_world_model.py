"""The world against a model of plain dictionaries, in random sequences of changes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.ecs.components import Component, Field
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.errors import DuplicateComponent, MissingComponent, NoSuchEntity

pytestmark = pytest.mark.unit

COMPONENTS = (Component.TRANSFORM, Component.VELOCITY, Component.TAG, Component.HEALTH)
MARK = {  # one field of each component shows whose row it is
    Component.TRANSFORM: Field.TRANSFORM_X,
    Component.VELOCITY: Field.VELOCITY_VX,
    Component.TAG: Field.TAG_NAME,
    Component.HEALTH: Field.HEALTH_VALUE,
}
DEFAULT = {Component.TRANSFORM: 0.0, Component.VELOCITY: 0.0, Component.TAG: "", Component.HEALTH: 100.0}

SETS = st.sets(st.sampled_from(COMPONENTS))
PICK = st.integers(0, 10**6)
STEP = st.one_of(
    st.tuples(st.just("spawn"), SETS, st.integers(1, 300)),
    st.tuples(st.sampled_from(["despawn", "destroy"]), PICK, PICK),
    st.tuples(
        st.sampled_from(["add", "remove", "write", "queue_add", "queue_remove"]),
        PICK,
        st.sampled_from(COMPONENTS),
    ),
    st.tuples(st.just("prefab"), st.integers(0, 1), PICK),
    st.tuples(st.sampled_from(["apply", "cancel", "despawn_many"]), PICK, PICK),
)


@dataclass
class Modelled:
    values: dict[Component, object]
    unborn: bool = False
    marked: bool = False


@dataclass
class Model:
    """What the world should hold; commands are applied removals first, then changes, then births."""

    entities: dict[int, Modelled] = field(default_factory=dict)
    dead: list[int] = field(default_factory=list)
    commands: list[tuple[str, int, Component | None]] = field(default_factory=list)

    def remove(self, entity: int) -> None:
        if self.entities.pop(entity, None) is not None:
            self.dead.append(entity)

    def apply(self) -> None:
        commands, self.commands = self.commands, []
        for kind, entity, _ in commands:
            if kind == "destroy":
                self.remove(entity)
        for kind, entity, component in commands:
            if entity not in self.entities or component is None:
                continue
            if kind == "add":
                self.entities[entity].values.setdefault(component, DEFAULT[component])
            else:
                self.entities[entity].values.pop(component, None)
        for kind, entity, _ in commands:
            if kind == "birth" and entity in self.entities:
                self.entities[entity].unborn = False

    def cancel(self) -> None:
        for kind, entity, _ in reversed(self.commands):
            if kind == "birth":
                self.remove(entity)
            elif kind == "destroy" and entity in self.entities:
                self.entities[entity].marked = False
        self.commands = []


class Pair:
    """A world and its model, taken through the same steps."""

    def __init__(self) -> None:
        self.world = World()
        self.model = Model()
        self.stamp = 0
        self.prefabs = [
            self.world.define_prefab([Component.TRANSFORM], {Field.TRANSFORM_X: -5.0}),
            self.world.define_prefab([Component.TAG, Component.HEALTH], {Field.TAG_NAME: "prefab"}),
        ]

    def value(self, component: Component) -> object:
        self.stamp += 1
        return f"name {self.stamp}" if component == Component.TAG else float(self.stamp)

    def pick(self, number: int) -> int | None:
        known = list(self.model.entities)
        return known[number % len(known)] if known else None

    def spawn(self, components: set[Component], count: int) -> None:
        values = {component: self.value(component) for component in components}
        ids = self.world.spawn_many(components, count, {MARK[c]: v for c, v in values.items()})
        for entity in ids.tolist():
            assert entity not in self.model.entities
            assert entity not in self.model.dead
            self.model.entities[entity] = Modelled(dict(values))

    def prefab(self, number: int) -> None:
        entity = self.world.spawn_prefab(self.prefabs[number])
        values = [{Component.TRANSFORM: -5.0}, {Component.TAG: "prefab", Component.HEALTH: 100.0}][number]
        self.model.entities[entity] = Modelled(dict(values), unborn=True)
        self.model.commands.append(("birth", entity, None))

    def change(self, kind: str, entity: int, component: Component) -> None:
        modelled = self.model.entities[entity]
        has = component in modelled.values
        if kind.startswith("queue"):
            getattr(self.world, kind)(entity, component)
            self.model.commands.append((kind.removeprefix("queue_"), entity, component))
        elif kind == "add" and has:
            with pytest.raises(DuplicateComponent):
                self.world.add_component(entity, component)
        elif kind != "add" and not has:
            with pytest.raises(MissingComponent):
                self.world.remove_component(entity, component) if kind == "remove" else self.world.get(
                    entity, MARK[component]
                )
        elif kind == "remove":
            self.world.remove_component(entity, component)
            del modelled.values[component]
        else:
            value = self.value(component)
            if kind == "add":
                self.world.add_component(entity, component, {MARK[component]: value})
            else:
                self.world.set(entity, MARK[component], value)
            modelled.values[component] = value

    def run(self, step: tuple) -> None:
        kind, first, second = step
        if kind == "spawn":
            self.spawn(first, second)
        elif kind == "prefab":
            self.prefab(first)
        elif kind == "apply":
            self.world.apply_commands()
            self.model.apply()
        elif kind == "cancel":
            self.world.cancel_commands(0)
            self.model.cancel()
        elif (entity := self.pick(first)) is not None:
            self.run_on(kind, entity, second)

    def run_on(self, kind: str, entity: int, operand: object) -> None:
        if kind == "despawn" and not self.model.entities[entity].unborn:
            self.world.despawn(entity)
            self.model.remove(entity)
        elif kind == "despawn_many":
            doomed = [e for e, m in self.model.entities.items() if not m.unborn][:: int(operand) % 5 + 1]
            self.world.despawn_many(self.world.entities()[:0] if not doomed else _array([*doomed, doomed[0]]))
            for gone in doomed:
                self.model.remove(gone)
        elif kind == "destroy":
            self.world.destroy(entity)
            modelled = self.model.entities[entity]
            if not modelled.marked:
                modelled.marked = True
                self.model.commands.append(("destroy", entity, None))
        elif kind not in {"despawn", "destroy"}:
            self.change(kind, entity, operand)

    def compare(self) -> None:
        world, model = self.world, self.model
        by_index = sorted(model.entities, key=lambda entity: entity & 0xFFFFFFFF)
        assert world.entities().tolist() == by_index
        for entity, modelled in model.entities.items():
            assert world.components_of(entity) == tuple(sorted(modelled.values))
            for component, value in modelled.values.items():
                assert world.get(entity, MARK[component]) == value
            assert world.is_unborn(entity) == modelled.unborn
            assert world.is_marked(entity) == modelled.marked
        for entity in model.dead[-20:]:
            assert not world.exists(entity)
            with pytest.raises(NoSuchEntity):
                world.get(entity, Field.TRANSFORM_X)
        query = Query(world, [Component.TRANSFORM], without=[Component.TAG])
        expected = [
            entity
            for entity in by_index
            if Component.TRANSFORM in (has := model.entities[entity]).values
            and Component.TAG not in has.values
            and not has.unborn
        ]
        assert query.entities().tolist() == expected
        seen = {}
        for rows in query:
            seen.update(zip(rows.entities.tolist(), rows[Field.TRANSFORM_X].tolist(), strict=True))
        assert seen == {entity: model.entities[entity].values[Component.TRANSFORM] for entity in expected}


def _array(ids: list[int]) -> object:
    import numpy as np

    return np.array(ids, np.int64)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=40))
def test_random_changes_agree_with_a_model_of_dictionaries(
    steps: list[tuple], check: Callable[[World], None]
) -> None:
    pair = Pair()
    for step in steps:
        pair.run(step)
    pair.compare()
    check(pair.world)
