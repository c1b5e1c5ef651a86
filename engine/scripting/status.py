"""Status effects: what a scene declares, the lists of who has which, and what they do each tick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.ecs.access import component_row, is_in_queries, is_marked, write_word
from engine.ecs.components import Component, Field
from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.scripting.entity_lists import (
    FIRST,
    KEY,
    LIST_WORDS,
    NEXT,
    NO_ROW,
    SECOND,
    THIRD,
    EntityLists,
    first_row,
)
from engine.scripting.event_queue import EventQueue, ScriptEvent, append_event
from lang.jit import I64, bits_float, entry, float_bits, floats_in, kernel, words_in

TICKS_LEFT, MAGNITUDE, SOURCE = FIRST, SECOND, THIRD
"""Words of a row beside its key, the number of the effect: ticks, bits of a float, entity."""
EFFECT_ROW = 6
NAME, DAMAGE, HEALING, SLOW, STUN, STACKS = range(EFFECT_ROW)
"""Words of an effect in `WorldSlot.STATUS_EFFECTS`: string id, bits of floats a second, part of the speed
that is lost, 0 or 1, 0 or 1."""


@dataclass(frozen=True, slots=True)
class StatusRule:
    """What an effect of magnitude 1 does: hit points a second, part of the speed that is lost, and stun."""

    name: str
    damage: float
    healing: float
    slow: float
    stun: bool
    stacks: bool


@kernel
def speed_factor(table: I64, index: int) -> float:
    """Return what is left of the speed of the entity at an index: 1 without effects, 0 when stunned."""
    effects = words_in(table, WorldSlot.STATUS_EFFECTS)
    words = words_in(table, WorldSlot.STATUS_ROWS)
    factor = 1.0
    at = first_row(table, WorldSlot.STATUS_HEADS, index)
    while at != NO_ROW:
        effect = EFFECT_ROW * words[at + KEY]
        if effects[effect + STUN] != 0:
            return 0.0
        factor *= 1.0 - min(bits_float(effects[effect + SLOW]) * bits_float(words[at + MAGNITUDE]), 1.0)
        at = words[at + NEXT]
    return factor


@kernel
def change_health(table: I64, index: int, source: int, change: float) -> None:
    """Let an effect change health: not above the maximum, nobody is raised, reaching 0 is a death."""
    row = component_row(table, index, Component.HEALTH)
    if row < 0 or change == 0.0:
        return
    before = floats_in(table, 2 * Field.HEALTH_VALUE)[row]
    if before <= 0.0:
        return
    most = max(floats_in(table, 2 * Field.HEALTH_MAX)[row], before)
    after = min(max(before + change, 0.0), most)
    write_word(table, Field.HEALTH_VALUE, row, float_bits(after))
    if after <= 0.0:
        entity = words_in(table, WorldSlot.STATUS_HEADS)[2 * index]
        append_event(table, ScriptEvent.DEATH, entity, source, 0, 0)


@entry("int64(int64[::1], float64, int64[::1])")
def advance_statuses(table: I64, seconds: float, spared: I64) -> int:
    """Let every effect work for one tick and end those whose time is over; returns how many are left.

    `spared` is not 0 at the first words of rows that change no health in this tick; or it is empty.
    """
    heads = words_in(table, WorldSlot.STATUS_HEADS)
    words = words_in(table, WorldSlot.STATUS_ROWS)
    effects = words_in(table, WorldSlot.STATUS_EFFECTS)
    left = 0
    for index in range(heads.size // 2):
        if heads[2 * index] == 0 or words_in(table, WorldSlot.CHUNK)[index] < 0:
            continue
        if is_marked(table, index) or not is_in_queries(table, index):
            continue
        last = NO_ROW
        at = first_row(table, WorldSlot.STATUS_HEADS, index)
        while at != NO_ROW:
            effect = EFFECT_ROW * words[at + KEY]
            rate = bits_float(effects[effect + HEALING]) - bits_float(effects[effect + DAMAGE])
            if spared.size == 0 or spared[at] == 0:
                change = rate * bits_float(words[at + MAGNITUDE]) * seconds
                change_health(table, index, words[at + SOURCE], change)
            words[at + TICKS_LEFT] -= 1
            if words[at + TICKS_LEFT] > 0:
                last = at
                left += 1
            elif last == NO_ROW:
                heads[2 * index + 1] = words[at + NEXT]
            else:
                words[last + NEXT] = words[at + NEXT]
            at = words[at + NEXT]
    return left


Veto = Callable[[int, float, int], bool]
"""(entity, hit points, who applied the effect or 0) → whether nobody is hurt."""
NOBODY_SPARED = np.zeros(0, np.int64)


class StatusEffects:
    """The effects of a scene, and who has them.

    Attributes:
        veto: asked before an effect takes health in a tick, None for nobody.
    """

    def __init__(self, world: World, events: EventQueue) -> None:
        self._world = world
        self._events = events
        self.names: tuple[int, ...] = ()
        self.veto: Veto | None = None
        self._rules: dict[str, StatusRule] = {}
        self.lists = EntityLists(world, WorldSlot.STATUS_HEADS, WorldSlot.STATUS_ROWS)
        world.publish(WorldSlot.STATUS_EFFECTS, np.zeros(0, np.int64))

    def declare(self, rules: Sequence[StatusRule]) -> None:
        """Let scripts know the effects of a scene; their numbers are their places."""
        self._rules = {rule.name: rule for rule in rules}
        table = np.zeros((len(rules), EFFECT_ROW), np.int64)
        for row, rule in zip(table, rules, strict=True):
            numbers = np.array([rule.damage, rule.healing, rule.slow])
            row[NAME] = self._world.strings.intern(rule.name)
            row[[DAMAGE, HEALING, SLOW]] = numbers.view(np.int64)
            row[STUN], row[STACKS] = rule.stun, rule.stacks
        self.names = tuple(table[:, NAME].tolist())
        self._world.publish(WorldSlot.STATUS_EFFECTS, table.ravel())

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the effects, by number."""
        return tuple(self._rules)

    def change(self, rules: Sequence[StatusRule]) -> None:
        """Take the effects of a saved scene: each keeps its number, also if it is gone."""
        known = {**self._rules, **{rule.name: rule for rule in rules}}
        if known != self._rules:
            self.declare([*known.values()])

    def step(self, seconds: float) -> None:
        """Let the effects work for one tick."""
        if len(self.names) and len(self.lists.rows):
            if not self._events.has_room(len(self.lists.rows)):  # each may be a death
                self._events.reserve(len(self.lists.entries()))
            spared = NOBODY_SPARED if self.veto is None else self._spared(self.veto, seconds)
            advance_statuses(self._world.table, seconds, spared)
            self.lists.sweep()

    def _spared(self, veto: Veto, seconds: float) -> I64:
        """Ask about all that effects would take in this tick; returns 1 at the rows that take nothing."""
        spared = np.zeros(self.lists.arrays[1].size, np.int64)
        for at, entity, points, source in self._harms(seconds):
            spared[at] = veto(entity, points, source)
        return spared

    def _harms(self, seconds: float) -> Iterator[tuple[int, int, float, int]]:
        """Yield (first word of a row, entity, hit points, source) of effects that take health, by entity."""
        world, (heads, rows) = self._world, self.lists.arrays
        rules = [*self._rules.values()]
        for entity, first in heads.reshape(-1, 2).tolist():
            if not world.is_alive(entity) or world.is_unborn(entity):
                continue
            at = first if world.has_component(entity, Component.HEALTH) else NO_ROW
            while at != NO_ROW:
                following, effect, _, _, magnitude, source = rows[at : at + LIST_WORDS].tolist()
                rate = rules[effect].damage - rules[effect].healing
                points = rate * float(np.int64(magnitude).view(np.float64)) * seconds
                if points > 0.0:
                    yield at, entity, points, source
                at = following
