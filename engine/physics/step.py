"""One step of physics: find what touches, solve, move, tell who began or ceased to touch.

Call it once a tick, in stage `physics`. Scripts may move any entity at any time before: between two steps an
entity keeps nothing but its columns and its contacts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.ecs.components import Field, ShapeKind
from engine.ecs.layout import FULL
from engine.ecs.world import World
from engine.errors import MissingComponent
from engine.geometry.outlines import POLYGON_WORDS, polygon_row
from engine.physics.advance import advance
from engine.physics.buffers import Buffers
from engine.physics.constraints import Link
from engine.physics.contacts import update_contacts
from engine.physics.events import sort_events
from engine.physics.joint_table import JointTable
from engine.physics.layout import (
    F64,
    I64,
    PASSING,
    PERSISTENT_WORDS,
    Contact,
    Count,
    Manifold,
    Value,
    Volume,
    VolumeWord,
)
from engine.physics.mass import ask_inverse_mass
from engine.physics.narrow_phase import collide
from engine.physics.near_pairs import NearPairs
from engine.physics.proxies import gather
from engine.physics.state import PhysicsState, joined, parted

EARTH = (0.0, -9.81)
NAMES = (Contact.NAME_FOR_FIRST, Contact.NAME_FOR_SECOND)


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
        joints: what holds bodies together.
        take_teleported: returns the entities that were put elsewhere since the last call; what contacts held
            of them is forgotten before a step or a save reads it.
        polygons: the pool of polygons [n, 22] that colliders name by number, see `geometry.outlines`.
    """

    def __init__(self, gravity: tuple[float, float] = EARTH, volumes: Sequence[TriggerVolume] = ()) -> None:
        self.gravity = gravity
        self.polygons: F64 = np.zeros((0, POLYGON_WORDS))
        self.joints = JointTable()
        self._buffers = Buffers()
        self._near_pairs = NearPairs(self._buffers)
        self.take_teleported: Callable[[], I64] = lambda: np.zeros(0, np.int64)
        self.set_volumes(volumes)

    def add_polygon(self, points: Sequence[tuple[float, float]]) -> int:
        """Add a convex polygon, in metres around the entity, to the pool; return its number.

        An equal polygon gets the number of the one that is there.

        Raises:
            ValueError: not 3 to 8 corners around a convex shape.
        """
        row = polygon_row(points)
        known = np.flatnonzero((self.polygons == row).all(axis=1))
        if known.size:
            return int(known[0])
        self.polygons = np.vstack([self.polygons, row])
        return len(self.polygons) - 1

    def apply_impulse(self, world: World, entity: int, impulse: tuple[float, float]) -> None:
        """Push a dynamic body at its centre of mass: its velocity changes by the impulse (N s) over its mass.

        Raises:
            NoSuchEntity: it is not there.  MissingComponent: it has no dynamic body with a velocity.
        """
        inverse = float(ask_inverse_mass(world.table, self.polygons, world.index_of(entity)))
        if inverse < 0.0:
            raise MissingComponent(entity, "dynamic body")
        for field, push in zip((Field.VELOCITY_VX, Field.VELOCITY_VY), impulse, strict=True):
            world.set(entity, field, float(world.get(entity, field)) + inverse * push)

    def set_volumes(self, volumes: Sequence[TriggerVolume]) -> None:
        """Replace the trigger volumes; a contact goes on with the volume of the same number."""
        self._volumes: F64 = np.zeros((len(volumes), len(Volume)))
        self._volume_words: I64 = np.zeros((len(volumes), len(VolumeWord)), np.int64)
        for number, volume in enumerate(volumes):
            place = (volume.x, volume.y, volume.half_width, volume.half_height, volume.rotation)
            self._volumes[number] = place
            self._volume_words[number] = (int(volume.shape), volume.name)

    @property
    def volume_count(self) -> int:
        """How many trigger volumes there are."""
        return len(self._volumes)

    def step(self, world: World, seconds: float) -> None:
        """Advance the world by one tick of ``seconds``; afterwards ``events`` are those of this step."""
        buffers = self._buffers
        self._forget_contacts()
        self.gather_into(buffers, world, seconds)
        self._near_pairs.update()
        bodies = buffers.bodies
        joints = (self.joints.words, self.joints.values)
        pairs, contacts, manifolds = buffers.pairs, buffers.contacts, buffers.manifolds
        collide(world.table, bodies, pairs, contacts, manifolds, buffers.indices, joints)
        advance(world.table, bodies, buffers.touching, buffers.indices, buffers.grid, joints)
        self._tell(world)

    @property
    def events(self) -> I64:
        """The last step's events [n, 4] (layout.Event), sorted by kind, entity index, other's index."""
        return self._buffers.events[: self._buffers.counts[Count.EVENTS]]

    @property
    def contacts(self) -> I64:
        """The contacts that persist between steps [n, 12], first columns of layout.Contact."""
        buffers = self._buffers
        counts = buffers.counts
        return buffers.contacts[counts[Count.SIDE], : counts[Count.CONTACTS], :PERSISTENT_WORDS]

    def _forget_contacts(self) -> None:
        """Drop the impulses of who was teleported, and its ways through platforms; it still has to part."""
        teleported = self.take_teleported()
        if teleported.size:
            contacts = self.contacts
            theirs = np.isin(contacts[:, [Contact.FIRST, Contact.SECOND]], teleported).any(axis=1)
            contacts[theirs, Contact.NORMAL_1 : Contact.TANGENT_2 + 1] = 0
            contacts[theirs, Contact.STATE] &= ~PASSING

    @property
    def state(self) -> I64:
        """What persists between steps beside columns, as words: contacts, polygons, joints."""
        self._forget_contacts()
        return joined(PhysicsState(self.contacts, self.polygons, self.joints.state))

    def state_for_hash(self, hashes: Callable[[I64], I64]) -> I64:
        """Return ``state`` with `hashes` of names in the place of their ids, which depend on history."""
        self._forget_contacts()
        contacts = self.contacts.copy()
        names = contacts[:, NAMES]
        contacts[:, NAMES] = hashes(names.ravel()).reshape(names.shape)
        return joined(PhysicsState(contacts, self.polygons, self.joints.state))

    def restore(self, state: I64) -> None:
        """Put back a copy of ``state`` taken earlier; events are empty until the next step.

        Raises:
            ValueError: the words are not those of a state.
        """
        contacts, polygons, joints = parted(state)
        self.take_teleported()
        self.polygons = polygons.copy()
        buffers, count = self._buffers, len(contacts)
        buffers.grow_contacts(count)
        counts = buffers.counts
        buffers.contacts[counts[Count.SIDE], :count, :PERSISTENT_WORDS] = contacts
        counts[Count.CONTACTS] = count
        counts[Count.EVENTS] = 0
        counts[Count.CONSTRAINTS] = 0
        self.joints.restore(joints)

    def contact_points(self) -> F64:
        """Return the points where the last step pushed [n, 4]: x, y in metres, normal x, y.

        The normal points out of the entity with the lower index.
        """
        buffers = self._buffers
        links = buffers.links[: buffers.counts[Count.CONSTRAINTS]]
        rows, first = buffers.manifolds[links[:, Link.CONTACT]], links[:, Link.A]
        centres = buffers.values[first][:, [Value.X, Value.Y]]
        normals = rows[:, [Manifold.NX, Manifold.NY]]
        found = []
        for number, column in enumerate((Manifold.X_1, Manifold.X_2)):
            here = links[:, Link.POINTS] > number
            points = centres[here] + rows[here, column : column + 2]
            found.append(np.hstack([points, normals[here]]))
        return np.vstack(found)

    def gather_into(self, buffers: Buffers, world: World, seconds: float) -> int:
        """Fill the proxies of ``buffers`` from a world as it is now; return their number.

        Args:
            seconds: of the way ahead that AABBs hold too.
        """
        buffers.tick[:] = (*self.gravity, seconds)
        buffers.grow_indices(world.storage.entity_capacity)
        while True:
            volumes = (self._volumes, self._volume_words)
            count = int(gather(world.table, self.polygons, buffers.bodies, buffers.indices, *volumes))
            if count != FULL:
                break
            buffers.grow_proxies()
        buffers.counts[Count.PROXIES] = count
        return count

    def _tell(self, world: World) -> None:
        buffers = self._buffers
        counts = buffers.counts
        most = 2 * int(counts[Count.CONTACTS] + counts[Count.OLD_CONTACTS])
        if most > buffers.raw_events.shape[0]:
            buffers.grow_events(most)
        update_contacts(world.table, buffers.bodies, buffers.contacts, buffers.indices, buffers.raw_events)
        count = int(counts[Count.EVENTS])
        sort_events(buffers.raw_events, count, buffers.keys, buffers.other_keys, buffers.events)
