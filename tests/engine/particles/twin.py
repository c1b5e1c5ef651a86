"""Particles in plain Python, one at a time: what the kernels are compared with."""

import math

from engine.particles.layout import Area, EffectWord
from engine.scene.placing import mixed

E = EffectWord
MASK, GOLDEN = 2**64 - 1, 0x9E3779B97F4A7C15


class Chance:
    """The generator of the particles: splitmix64."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        self.state = self.state + GOLDEN & MASK
        return (mixed(self.state) >> 11) * 2.0**-53

    def between(self, words, low):
        least, most = words[low], words[low + 1]
        return least if least == most else least + (most - least) * self()


def turned(x, y, angle):
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def start(words, chance, rotation):
    """Where a particle begins and the angle in which it flies."""
    angle = words[E.DIRECTION] + rotation
    aside = words[E.SPREAD] * (chance() - 0.5) if words[E.SPREAD] else 0.0
    a, b = words[E.AREA_A], words[E.AREA_B]
    x = y = 0.0
    if words[E.AREA] == Area.RING:
        around = 2.0 * math.pi * chance()
        distance = math.sqrt(a * a + (b * b - a * a) * chance())
        x, y = turned(distance, 0.0, around)
        angle = around if words[E.OUTWARD] else angle
    elif words[E.AREA] == Area.LINE and (a or b):
        along = chance() - 0.5
        x, y = turned(along * a, along * b, rotation)
    elif words[E.AREA] == Area.BOX and (a or b):
        x, y = turned((chance() - 0.5) * a, (chance() - 0.5) * b, rotation)
    if words[E.AREA] == Area.ARC:
        x, y = turned(a, 0.0, angle + aside)
    return x, y, angle + aside


def born(words, chance, request, moment, seconds):
    """The words of one particle; a request is (from, to, rotation, owner)."""
    (from_x, from_y), (to_x, to_y), rotation, owner = request
    x, y, angle = start(words, chance, rotation)
    speed = chance.between(words, E.SPEED_LOW)
    vx, vy = turned(speed, 0.0, angle)
    if not words[E.LOCAL]:
        x, y = x + from_x + (to_x - from_x) * moment, y + from_y + (to_y - from_y) * moment
        vx += words[E.INHERIT] * (to_x - from_x) / seconds
        vy += words[E.INHERIT] * (to_y - from_y) / seconds
        owner = 0
    elif not owner:
        x, y = x + to_x, y + to_y
    age = (1.0 - moment) * seconds
    life = chance.between(words, E.LIFE_LOW)
    rotation = chance.between(words, E.ROTATION_LOW)
    spin = chance.between(words, E.SPIN_LOW)
    scale = chance.between(words, E.SCALE_LOW)
    tint = math.floor(words[E.TINTS] * chance()) if words[E.TINTS] > 1.0 else 0.0
    return [x + vx * age, y + vy * age, vx, vy, age, life, rotation, spin, scale, tint, owner & 0xFFFFFFFF]


def moved(particle, words, seconds):
    """The words of a particle a tick later, or None for one that is over."""
    x, y, vx, vy, age, life, *rest = particle
    if age + seconds >= life:
        return None
    slower = 1.0 + seconds * words[E.DRAG]
    vx = (vx + seconds * words[E.GRAVITY_X]) / slower
    vy = (vy + seconds * words[E.GRAVITY_Y]) / slower
    return [x + seconds * vx, y + seconds * vy, vx, vy, age + seconds, life, *rest]
