"""One step of physics: move, find what touches, push apart, tell who began or ceased to touch.

Call it once a tick, in stage `physics`. Scripts may move any entity at any time before: nothing is kept of an
entity between two steps but its contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.ecs.components import ShapeKind
from engine.ecs.layout import FULL
from engine.ecs.world import World
from engine.physics.broad_phase import find_pairs
from engine.physics.buffers import MOST_PAIRS, Buffers
from engine.physics.contacts import Count, update_contacts
from engine.physics.events import sort_events
from engine.physics.layout import F64, I64, PERSISTENT_WORDS, Volume, VolumeWord
from engine.physics.motion import integrate
from engine.physics.narrow_phase import find_touching
from engine.physics.proxies import gather, write_back
from engine.physics.solver import solve

EARTH = (0.0, -9.81)


@dataclass(frozen=True, slots=True)
class TriggerVolume:
    """A named volume of the scene without an entity. It meets every layer."""

    name: int  # string id in the world's table
    shape: ShapeKind  # CIRCLE or BOX
    x: float  # metres, the middle
    y: float
    half_width: float  # metres; the radius of a circle
    half_height: float
    rotation: float = 0.0  # radians


class PhysicsSystem:
    """Moves the entities of one world and reports contacts.

    Attributes:
        gravity: (x, y) m/s², for dynamic bodies, times their gravity scale.
    """

    def __init__(self, gravity: tuple[float, float] = EARTH, volumes: Sequence[TriggerVolume] = ()) -> None:
        self.gravity = gravity
        self._buffers = Buffers()
        self.set_volumes(volumes)

    def set_volumes(self, volumes: Sequence[TriggerVolume]) -> None:
        """Replace the trigger volumes; a contact goes on with the volume of the same number."""
        self._volumes: F64 = np.zeros((len(volumes), len(Volume)))
        self._volume_words: I64 = np.zeros((len(volumes), len(VolumeWord)), np.int64)
        for number, volume in enumerate(volumes):
            place = (volume.x, volume.y, volume.half_width, volume.half_height, volume.rotation)
            self._volumes[number] = place
            self._volume_words[number] = (int(volume.shape), volume.name)

    def step(self, world: World, seconds: float) -> None:
        """Advance the world by one tick of ``seconds``; afterwards ``events`` are those of this step."""
        gravity_x, gravity_y = self.gravity
        integrate(world.table, gravity_x, gravity_y, seconds)
        proxies = self._gather(world)
        self._find_touching(proxies)
        self._update_contacts(world)
        buffers = self._buffers
        values, words = buffers.values[:proxies], buffers.words
        solve(values, words, buffers.contacts, int(buffers.counts[Count.CONTACTS]), buffers.moved)
        write_back(world.table, values, words)

    @property
    def events(self) -> I64:
        """The last step's events [n, 4] (layout.Event), sorted by kind, entity index, other's index."""
        return self._buffers.events[: self._buffers.counts[Count.EVENTS]]

    @property
    def contacts(self) -> I64:
        """What persists between steps [n, 5], the first columns of layout.Contact: part of state and hash."""
        return self._buffers.contacts[: self._buffers.counts[Count.CONTACTS], :PERSISTENT_WORDS]

    def restore(self, contacts: I64) -> None:
        """Put back a copy of ``contacts`` taken earlier; events are empty until the next step.

        Raises:
            ValueError: the array is not of shape [n, 5].
        """
        if contacts.ndim != 2 or contacts.shape[1] != PERSISTENT_WORDS:
            raise ValueError(f"contacts must have shape [n, {PERSISTENT_WORDS}], not {contacts.shape}")
        buffers, count = self._buffers, contacts.shape[0]
        if count > buffers.contacts.shape[0]:
            buffers.grow_contacts(count)
        buffers.contacts[:count, :PERSISTENT_WORDS] = contacts
        buffers.counts[Count.CONTACTS] = count
        buffers.counts[Count.EVENTS] = 0

    def _gather(self, world: World) -> int:
        buffers = self._buffers
        while True:
            count = int(gather(world.table, self._volumes, self._volume_words, buffers.values, buffers.words))
            if count != FULL:
                return count
            buffers.grow_proxies()

    def _find_touching(self, proxies: int) -> None:
        buffers = self._buffers
        values, words = buffers.values[:proxies], buffers.words
        while True:
            grid = (buffers.levels, buffers.starts, buffers.places, buffers.boxes)
            found = int(find_pairs(values, buffers.pairs, *grid))
            room = buffers.pair_room
            if found <= room or room == MOST_PAIRS:
                break
            buffers.grow_pairs(found)
        found = min(found, room)
        counts, scratch = buffers.counts, buffers.sorted_pairs
        counts[Count.PAIRS] = find_touching(values, words, buffers.pairs, found, scratch, buffers.starts)

    def _update_contacts(self, world: World) -> None:
        buffers = self._buffers
        if buffers.counts[Count.PAIRS] > buffers.contacts.shape[0]:
            buffers.grow_contacts(int(buffers.counts[Count.PAIRS]))
        buffers.swap_contacts()
        buffers.counts[Count.OLD_CONTACTS] = buffers.counts[Count.CONTACTS]
        self._compare_contacts(world)
        if buffers.counts[Count.EVENTS] > buffers.events.shape[0]:
            buffers.grow_events(int(buffers.counts[Count.EVENTS]))
            self._compare_contacts(world)
        count = int(buffers.counts[Count.EVENTS])
        sort_events(buffers.raw_events, count, buffers.keys, buffers.other_keys, buffers.events)

    def _compare_contacts(self, world: World) -> None:
        buffers = self._buffers
        update_contacts(
            world.table,
            buffers.words,
            buffers.pairs,
            buffers.old_contacts,
            buffers.contacts,
            buffers.raw_events,
            buffers.counts,
        )
