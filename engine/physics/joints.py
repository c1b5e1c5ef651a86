"""Distance, hinge and weld joints: found anew each tick, solved in every substep before the contacts.

Source of the constraints: Catto, Modeling and Solving Constraints (GDC 2009); softness as in `solver`.
"""

from __future__ import annotations

import math

from engine.ecs.access import entity_index
from engine.ecs.entity import INDEX_MASK
from engine.geometry.rotation import sine_cosine
from engine.physics.islands import join
from engine.physics.joint_table import JointKind, JointValue, JointWord
from engine.physics.layout import ASLEEP, BOUND, CARRIED, WOKEN, Array, Bodies, Count, Motion, Value, Word
from engine.physics.softness import softness
from lang.jit import kernel

JOINT_HERTZ = 60.0
JOINT_DAMPING = 2.0


@kernel
def _proxy_of(bodies: Bodies, identity: int, numbers: Array, ground: int) -> int:
    """Return the proxy of an entity or of the world, -1 when it has none."""
    if identity == 0:
        return ground
    index = (identity & INDEX_MASK) - 1
    if index < 0 or index >= numbers.size or numbers[index] < 0:
        return -1
    return numbers[index] if bodies.words[numbers[index], Word.ENTITY] == identity else -1


@kernel
def _chain(words: Array, joints: Array, joint: int, proxy: int, column: int) -> None:
    """Put a joint in front of the list of a proxy's joints."""
    joints[joint, column] = words[proxy, Word.JOINT]
    words[proxy, Word.JOINT] = joint


@kernel
def find_joints(table: Array, bodies: Bodies, joints: Array, indices: Array) -> None:
    """Find the proxies of all joints; one whose entity is gone goes as well, and wakes the other."""
    words, ground = bodies.words, indices[2, Count.PROXIES]
    for column in range(words.shape[1]):
        words[ground, column] = 0
    for column in range(8):
        bodies.motion[ground, column] = 0.0
    for column in range(bodies.values.shape[1]):
        bodies.values[ground, column] = 0.0
    bodies.values[ground, Value.COSINE] = 1.0
    words[ground, Word.JOINT] = -1
    for joint in range(joints.shape[0]):
        joints[joint, JointWord.AT_WORK] = 0
        joints[joint, JointWord.PROXY_A] = joints[joint, JointWord.PROXY_B] = -1
        if joints[joint, JointWord.KIND] == JointKind.GONE:
            continue
        first, second = joints[joint, JointWord.FIRST], joints[joint, JointWord.SECOND]
        a = _proxy_of(bodies, first, indices[0], ground)
        b = _proxy_of(bodies, second, indices[0], ground)
        if entity_index(table, first) < 0 or (second != 0 and entity_index(table, second) < 0):
            joints[joint, JointWord.KIND] = JointKind.GONE
            words[max(a, 0), Word.FLAGS] |= WOKEN if a >= 0 else 0
            words[max(b, 0), Word.FLAGS] |= WOKEN if b >= 0 else 0
        elif a >= 0 and b >= 0:
            joints[joint, JointWord.PROXY_A], joints[joint, JointWord.PROXY_B] = a, b
            _chain(words, joints, joint, a, JointWord.NEXT_A)
            _chain(words, joints, joint, b, JointWord.NEXT_B)


@kernel
def are_joined(words: Array, joints: Array, a: int, b: int) -> bool:
    """Return whether a joint keeps two proxies from meeting."""
    joint = words[a, Word.JOINT]
    while joint >= 0:
        is_first = joints[joint, JointWord.PROXY_A] == a
        other = joints[joint, JointWord.PROXY_B] if is_first else joints[joint, JointWord.PROXY_A]
        if other == b and joints[joint, JointWord.COLLIDES] == 0:
            return True
        joint = joints[joint, JointWord.NEXT_A] if is_first else joints[joint, JointWord.NEXT_B]
    return False


@kernel
def join_islands(bodies: Bodies, joints: Array) -> None:
    """Make one island of what is joined; something carried keeps the other awake."""
    words, motion = bodies.words, bodies.motion
    for joint in range(joints.shape[0]):
        a, b = joints[joint, JointWord.PROXY_A], joints[joint, JointWord.PROXY_B]
        if a < 0:
            continue
        if motion[a, Motion.INVERSE_MASS] > 0.0 and motion[b, Motion.INVERSE_MASS] > 0.0:
            join(words, a, b)
        elif (words[a, Word.FLAGS] | words[b, Word.FLAGS]) & CARRIED:
            words[a, Word.FLAGS] |= WOKEN
            words[b, Word.FLAGS] |= WOKEN


@kernel
def _arm(bodies: Bodies, proxy: int, x: float, y: float) -> tuple[float, float]:
    """Return a point of an entity's frame from its centre of mass, turned."""
    values = bodies.values
    x, y = x - values[proxy, Value.CENTRE_X], y - values[proxy, Value.CENTRE_Y]
    sine, cosine = sine_cosine(values[proxy, Value.ROTATION])
    return cosine * x - sine * y, sine * x + cosine * y


@kernel
def prepare_joints(bodies: Bodies, joints: Array, numbers: Array) -> None:
    """Fill arms and ways of the joints that move something in this tick, and mark their bodies as bound."""
    words, motion, values = bodies.words, bodies.motion, bodies.values
    for joint in range(joints.shape[0]):
        a, b = joints[joint, JointWord.PROXY_A], joints[joint, JointWord.PROXY_B]
        if a < 0:
            continue
        awake_a = motion[a, Motion.INVERSE_MASS] > 0.0 and not words[a, Word.FLAGS] & ASLEEP
        awake_b = motion[b, Motion.INVERSE_MASS] > 0.0 and not words[b, Word.FLAGS] & ASLEEP
        if not (awake_a or awake_b):
            continue
        joints[joint, JointWord.AT_WORK] = 1
        words[a, Word.FLAGS] |= BOUND
        words[b, Word.FLAGS] |= BOUND
        row = numbers[joint]
        row[JointValue.ARM_A_X], row[JointValue.ARM_A_Y] = _arm(
            bodies, a, row[JointValue.A_X], row[JointValue.A_Y]
        )
        row[JointValue.ARM_B_X], row[JointValue.ARM_B_Y] = _arm(
            bodies, b, row[JointValue.B_X], row[JointValue.B_Y]
        )
        row[JointValue.WAY_X] = values[b, Value.X] - values[a, Value.X]
        row[JointValue.WAY_Y] = values[b, Value.Y] - values[a, Value.Y]


@kernel
def _arms_now(motion: Array, a: int, b: int, row: Array) -> tuple[float, float, float, float, float, float]:
    """Return both arms after the turns so far, and the way from the first point to the second."""
    sine, cosine = sine_cosine(motion[a, Motion.TURN])
    ax = cosine * row[JointValue.ARM_A_X] - sine * row[JointValue.ARM_A_Y]
    ay = sine * row[JointValue.ARM_A_X] + cosine * row[JointValue.ARM_A_Y]
    sine, cosine = sine_cosine(motion[b, Motion.TURN])
    bx = cosine * row[JointValue.ARM_B_X] - sine * row[JointValue.ARM_B_Y]
    by = sine * row[JointValue.ARM_B_X] + cosine * row[JointValue.ARM_B_Y]
    x = row[JointValue.WAY_X] + motion[b, Motion.DX] - motion[a, Motion.DX] + bx - ax
    y = row[JointValue.WAY_Y] + motion[b, Motion.DY] - motion[a, Motion.DY] + by - ay
    return ax, ay, bx, by, x, y


@kernel
def _push(
    motion: Array, a: int, b: int, arms: tuple[float, float, float, float], impulse: tuple[float, float]
) -> None:
    """Give b an impulse at the end of its arm, and a the opposite."""
    ax, ay, bx, by = arms
    x, y = impulse
    motion[a, Motion.VX] -= motion[a, Motion.INVERSE_MASS] * x
    motion[a, Motion.VY] -= motion[a, Motion.INVERSE_MASS] * y
    motion[a, Motion.SPIN] -= motion[a, Motion.INVERSE_INERTIA] * (ax * y - ay * x)
    motion[b, Motion.VX] += motion[b, Motion.INVERSE_MASS] * x
    motion[b, Motion.VY] += motion[b, Motion.INVERSE_MASS] * y
    motion[b, Motion.SPIN] += motion[b, Motion.INVERSE_INERTIA] * (bx * y - by * x)


@kernel
def _twist(motion: Array, a: int, b: int, impulse: float) -> None:
    """Give b an angular impulse, and a the opposite."""
    motion[a, Motion.SPIN] -= motion[a, Motion.INVERSE_INERTIA] * impulse
    motion[b, Motion.SPIN] += motion[b, Motion.INVERSE_INERTIA] * impulse


@kernel
def _speed(motion: Array, a: int, b: int, arms: tuple[float, float, float, float]) -> tuple[float, float]:
    """Return the velocity of the second point, seen from the first."""
    ax, ay, bx, by = arms
    spin_a, spin_b = motion[a, Motion.SPIN], motion[b, Motion.SPIN]
    x = motion[b, Motion.VX] - spin_b * by - motion[a, Motion.VX] + spin_a * ay
    return x, motion[b, Motion.VY] + spin_b * bx - motion[a, Motion.VY] - spin_a * ax


@kernel
def _hold_length(motion: Array, a: int, b: int, joint: Array, row: Array, h: float, pulls_back: bool) -> None:
    """Solve a distance joint: rigid, a spring, or a rope that is slack below its length."""
    ax, ay, bx, by, x, y = _arms_now(motion, a, b, row)
    arms = (ax, ay, bx, by)
    length = math.sqrt(x * x + y * y)
    if length < 1e-9:
        return
    x, y = x / length, y / length
    turn_a, turn_b = ax * y - ay * x, bx * y - by * x
    inverse = motion[a, Motion.INVERSE_MASS] + motion[b, Motion.INVERSE_MASS]
    inverse += motion[a, Motion.INVERSE_INERTIA] * turn_a * turn_a
    inverse += motion[b, Motion.INVERSE_INERTIA] * turn_b * turn_b
    error = length - row[JointValue.LENGTH]
    hertz = row[JointValue.HERTZ]
    rate, scale, leak = 0.0, 1.0, 0.0
    if hertz > 0.0:
        rate, scale, leak = softness(hertz, row[JointValue.DAMPING], h)
    elif pulls_back:
        rate, scale, leak = softness(JOINT_HERTZ, JOINT_DAMPING, h)
    if joint[JointWord.ROPE] != 0 and error < 0.0:
        rate, scale, leak = 1.0 / h, 1.0, 0.0
    vx, vy = _speed(motion, a, b, arms)
    old = row[JointValue.X]
    new = old - (vx * x + vy * y + rate * error) * scale / inverse - leak * old
    new = min(new, 0.0) if joint[JointWord.ROPE] != 0 else new
    row[JointValue.X] = new
    _push(motion, a, b, arms, ((new - old) * x, (new - old) * y))


@kernel
def _hold_point(motion: Array, a: int, b: int, row: Array, rates: tuple[float, float, float]) -> None:
    """Solve that the points of a hinge or weld are in one place."""
    ax, ay, bx, by, x, y = _arms_now(motion, a, b, row)
    arms = (ax, ay, bx, by)
    rate, scale, leak = rates
    vx, vy = _speed(motion, a, b, arms)
    vx, vy = vx + rate * x, vy + rate * y
    masses = motion[a, Motion.INVERSE_MASS] + motion[b, Motion.INVERSE_MASS]
    turn_a, turn_b = motion[a, Motion.INVERSE_INERTIA], motion[b, Motion.INVERSE_INERTIA]
    xx = masses + turn_a * ay * ay + turn_b * by * by
    xy = -turn_a * ax * ay - turn_b * bx * by
    yy = masses + turn_a * ax * ax + turn_b * bx * bx
    determinant = xx * yy - xy * xy
    if determinant <= 0.0:
        return
    gain_x = -scale * (yy * vx - xy * vy) / determinant - leak * row[JointValue.X]
    gain_y = -scale * (xx * vy - xy * vx) / determinant - leak * row[JointValue.Y]
    row[JointValue.X] += gain_x
    row[JointValue.Y] += gain_y
    _push(motion, a, b, arms, (gain_x, gain_y))


@kernel
def _hold_limit(
    motion: Array, a: int, b: int, row: Array, side: int, error: float, rates: tuple[float, float, float]
) -> None:
    """Solve one limit of a hinge: ``error`` radians of room, below 0 when it is passed; side 1 or -1."""
    inertia = motion[a, Motion.INVERSE_INERTIA] + motion[b, Motion.INVERSE_INERTIA]
    rate, scale, leak = rates
    column = JointValue.AT_LOWER if side > 0 else JointValue.AT_UPPER
    old = row[column]
    speed = side * (motion[b, Motion.SPIN] - motion[a, Motion.SPIN])
    new = max(old - (speed + rate * error) * scale / inertia - leak * old, 0.0)
    row[column] = new
    _twist(motion, a, b, side * (new - old))


@kernel
def _hold_turn(
    bodies: Bodies, joint: Array, row: Array, h: float, rates: tuple[float, float, float], is_weld: bool
) -> None:
    """Solve the angle of a weld, or motor and limits of a hinge."""
    motion, values = bodies.motion, bodies.values
    a, b = joint[JointWord.PROXY_A], joint[JointWord.PROXY_B]
    inertia = motion[a, Motion.INVERSE_INERTIA] + motion[b, Motion.INVERSE_INERTIA]
    if inertia <= 0.0:
        return
    angle = values[b, Value.ROTATION] + motion[b, Motion.TURN] - row[JointValue.ANGLE]
    angle -= values[a, Value.ROTATION] + motion[a, Motion.TURN]
    rate, scale, leak = rates
    if is_weld:
        speed = motion[b, Motion.SPIN] - motion[a, Motion.SPIN] + rate * angle
        gain = -speed * scale / inertia - leak * row[JointValue.TURN]
        row[JointValue.TURN] += gain
        _twist(motion, a, b, gain)
        return
    if row[JointValue.TORQUE] > 0.0:
        missing = row[JointValue.SPEED] - (motion[b, Motion.SPIN] - motion[a, Motion.SPIN])
        most, old = h * row[JointValue.TORQUE], row[JointValue.MOTOR]
        row[JointValue.MOTOR] = min(max(old + missing / inertia, -most), most)
        _twist(motion, a, b, row[JointValue.MOTOR] - old)
    if joint[JointWord.LIMITED] != 0:
        ahead = (1.0 / h, 1.0, 0.0)
        room = angle - row[JointValue.LOWER]
        _hold_limit(motion, a, b, row, 1, room, ahead if room > 0.0 else rates)
        room = row[JointValue.UPPER] - angle
        _hold_limit(motion, a, b, row, -1, room, ahead if room > 0.0 else rates)


@kernel
def warm_start_joints(bodies: Bodies, joints: Array, numbers: Array) -> None:
    """Give every joint the impulses of the last substep again."""
    motion = bodies.motion
    for joint in range(joints.shape[0]):
        if joints[joint, JointWord.AT_WORK] == 0:
            continue
        a, b, row = joints[joint, JointWord.PROXY_A], joints[joint, JointWord.PROXY_B], numbers[joint]
        ax, ay, bx, by, x, y = _arms_now(motion, a, b, row)
        impulse = (row[JointValue.X], row[JointValue.Y])
        if joints[joint, JointWord.KIND] == JointKind.DISTANCE:
            length = math.sqrt(x * x + y * y)
            part = row[JointValue.X] / length if length >= 1e-9 else 0.0
            impulse = (part * x, part * y)
        _push(motion, a, b, (ax, ay, bx, by), impulse)
        turn = row[JointValue.TURN] + row[JointValue.MOTOR]
        _twist(motion, a, b, turn + row[JointValue.AT_LOWER] - row[JointValue.AT_UPPER])


@kernel
def solve_joints(bodies: Bodies, joints: Array, numbers: Array, h: float, pulls_back: bool) -> None:
    """Do one pass over all joints; without ``pulls_back`` only speeds are taken away."""
    motion = bodies.motion
    for joint in range(joints.shape[0]):
        if joints[joint, JointWord.AT_WORK] == 0:
            continue
        a, b, row = joints[joint, JointWord.PROXY_A], joints[joint, JointWord.PROXY_B], numbers[joint]
        kind = joints[joint, JointWord.KIND]
        if kind == JointKind.DISTANCE:
            _hold_length(motion, a, b, joints[joint], row, h, pulls_back)
            continue
        rigid = softness(JOINT_HERTZ, JOINT_DAMPING, h) if pulls_back else (0.0, 1.0, 0.0)
        turning = rigid
        if kind == JointKind.WELD and row[JointValue.HERTZ] > 0.0:
            turning = softness(row[JointValue.HERTZ], row[JointValue.DAMPING], h)
        _hold_turn(bodies, joints[joint], row, h, turning, kind == JointKind.WELD)
        _hold_point(motion, a, b, row, rigid)
