"""The joints of a world: two arrays, and the door through which Python adds to them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, unique

import numpy as np

from engine.ecs.components import Field
from engine.ecs.world import World
from engine.geometry.rotation import sine_cosine
from engine.physics.layout import F64, I64
from lang.jit import entry


class JointKind(IntEnum):
    """What a joint holds together."""

    GONE = 0  # one of its entities was removed, or it was
    DISTANCE = 1  # two points at a length from each other
    HINGE = 2  # two points in one place
    WELD = 3  # two points in one place, and the angle


@unique
class JointWord(IntEnum):
    """Int columns of the joints; those before PROXY_A are state."""

    KIND = 0
    FIRST = 1  # entity id
    SECOND = 2  # entity id, 0: the world
    COLLIDES = 3  # 1: the two meet as if they had no joint
    ROPE = 4  # 1: a distance joint that pulls and does not push
    LIMITED = 5  # 1: a hinge turns from LOWER to UPPER only
    PROXY_A = 6
    PROXY_B = 7
    NEXT_A = 8  # next joint of the same first proxy, or -1
    NEXT_B = 9
    AT_WORK = 10  # 1: it moves something in this tick


@unique
class JointValue(IntEnum):
    """Float columns of the joints; those before ARM_A_X are state."""

    A_X = 0  # the point on the first, in its frame, metres
    A_Y = 1
    B_X = 2
    B_Y = 3
    LENGTH = 4
    ANGLE = 5  # of the second less that of the first where a hinge counts 0 and a weld holds, radians
    HERTZ = 6  # of the spring, 0: rigid
    DAMPING = 7  # ratio of the spring, 1: it does not swing
    LOWER = 8
    UPPER = 9
    SPEED = 10  # of the motor, rad/s
    TORQUE = 11  # at most, N m; 0: no motor
    X = 12  # impulses of the last substep: the next tick begins with them
    Y = 13
    TURN = 14
    AT_LOWER = 15
    AT_UPPER = 16
    MOTOR = 17
    ARM_A_X = 18  # from the first's centre of mass, at the start of the tick
    ARM_A_Y = 19
    ARM_B_X = 20
    ARM_B_Y = 21
    WAY_X = 22  # from the first centre to the second, then
    WAY_Y = 23


STATE_WORDS = int(JointWord.PROXY_A)
STATE_VALUES = int(JointValue.ARM_A_X)
JOINT_STATE_WORDS = STATE_WORDS + STATE_VALUES


@dataclass(frozen=True, kw_only=True)
class Joint:
    """What `JointTable.add` makes: which entities, where, and how.

    Attributes:
        second: entity id, or 0 for the world.
        first_point, second_point: metres in the frames of the two (of the world for 0).
        length: of a distance joint; as far as they are apart when None.  rope: it pulls only.
        hertz, damping: a spring instead of a rigid distance or weld.
        limits: (lower, upper) radians of a hinge, counted from now.
        motor_speed, motor_torque: rad/s of the second seen from the first that a hinge is driven at, with at
            most so many N m.
        collides: whether the two still meet.
    """

    kind: JointKind
    first: int
    second: int = 0
    first_point: tuple[float, float] = (0.0, 0.0)
    second_point: tuple[float, float] = (0.0, 0.0)
    length: float | None = None
    rope: bool = False
    hertz: float = 0.0
    damping: float = 1.0
    limits: tuple[float, float] | None = None
    motor_speed: float = 0.0
    motor_torque: float = 0.0
    collides: bool = False


class JointTable:
    """All joints of a world; the number of a joint is its row."""

    def __init__(self) -> None:
        self.words: I64 = np.zeros((0, len(JointWord)), np.int64)
        self.values: F64 = np.zeros((0, len(JointValue)))

    def add(self, world: World, joint: Joint) -> int:
        """Join two entities; return the joint's number.

        Raises:
            NoSuchEntity: one of the entities is not there.  ValueError: both are one, or limits are reversed.
        """
        if joint.first == joint.second:
            raise ValueError("a joint needs two different entities")
        lower, upper = joint.limits or (0.0, 0.0)
        if lower > upper:
            raise ValueError(f"the lower limit {lower} is above the upper {upper}")
        ends = (
            place_of(world, joint.first, joint.first_point),
            place_of(world, joint.second, joint.second_point),
        )
        length = math.dist(*ends) if joint.length is None else joint.length
        words = np.zeros((1, len(JointWord)), np.int64)
        words[0, :STATE_WORDS] = (
            joint.kind,
            joint.first,
            joint.second,
            joint.collides,
            joint.rope,
            joint.limits is not None,
        )
        values = np.zeros((1, len(JointValue)))
        angle = rotation_of(world, joint.second) - rotation_of(world, joint.first)
        values[0, : JointValue.X] = (
            *joint.first_point,
            *joint.second_point,
            *(length, angle, joint.hertz, joint.damping),
            *(lower, upper, joint.motor_speed, joint.motor_torque),
        )
        self.words, self.values = np.vstack([self.words, words]), np.vstack([self.values, values])
        return len(self.words) - 1

    def remove(self, number: int) -> None:
        """Take a joint away; its number is not used again."""
        self.words[number, JointWord.KIND] = JointKind.GONE

    @property
    def state(self) -> I64:
        """All that persists between ticks, as words [n, JOINT_STATE_WORDS]."""
        values = np.ascontiguousarray(self.values[:, :STATE_VALUES]).view(np.int64)
        return np.hstack([self.words[:, :STATE_WORDS], values])

    def restore(self, state: I64) -> None:
        """Put back what `state` told."""
        self.words = np.zeros((len(state), len(JointWord)), np.int64)
        self.values = np.zeros((len(state), len(JointValue)))
        self.words[:, :STATE_WORDS] = state[:, :STATE_WORDS]
        self.values[:, :STATE_VALUES] = np.ascontiguousarray(state[:, STATE_WORDS:]).view(np.float64)


@entry("UniTuple(float64, 2)(float64)")
def turn_of(angle: float) -> tuple[float, float]:
    """Return (sine, cosine) of an angle, the same on every machine; for Python."""
    return sine_cosine(angle)


def rotation_of(world: World, entity: int) -> float:
    """Return the rotation of an entity, 0 for the world."""
    return float(world.get(entity, Field.TRANSFORM_ROTATION)) if entity else 0.0


def place_of(world: World, entity: int, point: tuple[float, float]) -> tuple[float, float]:
    """Return where in the world a point in an entity's frame is."""
    if not entity:
        return point
    turned = rotation_of(world, entity)
    x, y = float(world.get(entity, Field.TRANSFORM_X)), float(world.get(entity, Field.TRANSFORM_Y))
    sine, cosine = turn_of(turned)
    return (x + cosine * point[0] - sine * point[1], y + sine * point[0] + cosine * point[1])


def point_on(world: World, entity: int, place: tuple[float, float]) -> tuple[float, float]:
    """Return a place of the world in an entity's frame."""
    if not entity:
        return place
    turned = rotation_of(world, entity)
    x = place[0] - float(world.get(entity, Field.TRANSFORM_X))
    y = place[1] - float(world.get(entity, Field.TRANSFORM_Y))
    sine, cosine = turn_of(turned)
    return (cosine * x + sine * y, cosine * y - sine * x)
