"""Births: what each emitter asks for in a tick, and the particles made of it.

Particles are born all over a tick, each at its own moment and where the emitter was then: a fast emitter
leaves an even trail, and a frame between two ticks shows those alone that are born already.
"""

from __future__ import annotations

import math
from typing import Any

from engine.ecs.components import Field
from engine.ecs.layout import CHUNK_ROWS, Counter, WorldSlot
from engine.ecs.query import RANGE_HEAD
from engine.ecs.structure import party_of_index
from engine.geometry.rotation import sine_cosine
from engine.particles.layout import (
    MOST_ALSO,
    PLACED_WORDS,
    REQUEST_WORDS,
    Area,
    EffectWord,
    EmissionWord,
    ParticleWord,
    PlacedWord,
    RequestWord,
)
from lang.jit import entry, floats_in, kernel, words_in
from lang.numeric.splitmix import mixed, next_state, unit_of

MOST_BIRTHS = 1_000_000.0
"""Of one emitter in one tick: no pool holds more."""

HIGHEST_RATE = 1e9
"""Particles a second; the whole number of them then stays within an int for years."""

_RANGE_COUNT = RANGE_HEAD - 1

SECONDS_OF_ENDLESS = 1.0
"""How long an effect without a duration goes on where it was placed without an entity."""


@kernel
def born_until(words: Any, bursts: Any, age: float, amount: float, phase: float, limit: float) -> Any:
    """Return how many particles an emitter has born at an age: spread over time, and in bursts.

    What is born in a tick is the difference of two ages: nothing is missed or told twice at its borders.

    Args:
        words: of its effect.  age: seconds since it was switched on.  amount: particles a second.
        phase: part of a particle with which it began.  limit: seconds after which it is over.
    """
    age = min(age, limit)
    duration = words[EffectWord.DURATION]
    cycles = math.floor(age / duration) if age > duration else 0.0
    inside = age - cycles * duration if cycles > 0.0 else age
    first = int(words[EffectWord.FIRST_BURST])
    at_once = 0.0
    for burst in range(first, first + int(words[EffectWord.BURSTS])):
        if bursts[burst, 0] < duration:
            at_once += cycles * bursts[burst, 1]
        if bursts[burst, 0] < inside:
            at_once += bursts[burst, 1]
    return math.floor(phase + amount * age), at_once


@kernel
def no_more_than_possible(births: float) -> float:
    """Return a number of births as one that a pool may hold."""
    return min(max(births, 0.0), MOST_BIRTHS)


@kernel
def ask(effects: Any, bursts: Any, effect: int, request: Any, wanted: Any, clock: Any, limit: float) -> bool:
    """Write what an emitter asks of one effect in a tick; return whether it is any.

    Args:
        clock: its age at the beginning and at the end of the tick, the factor of its rate, its phase.
        limit: see `born_until`.  wanted: [effects] is raised by what the effect is to have.
    """
    words = effects[effect]
    begin, end, factor, phase = clock
    amount = factor * words[EffectWord.RATE]
    if not 0.0 <= amount <= HIGHEST_RATE:  # NaN is not
        amount = HIGHEST_RATE if amount > 0.0 else 0.0
    evenly, at_once = born_until(words, bursts, end, amount, phase, limit)
    evenly_before, at_once_before = born_until(words, bursts, begin, amount, phase, limit)
    evenly = no_more_than_possible(evenly - evenly_before)
    at_once = no_more_than_possible(at_once - at_once_before)
    if evenly + at_once < 1.0:
        return False
    request[RequestWord.EFFECT] = effect
    request[RequestWord.EVENLY] = evenly
    request[RequestWord.AT_ONCE] = at_once
    wanted[effect] += int(evenly + at_once)
    return True


@entry("int64(int64[::1], int64[:,::1], float64[:,::1], float64[:,::1], float64[:,::1], int64[::1], float64)")
def ask_emitters(
    table: Any, ranges: Any, effects: Any, bursts: Any, requests: Any, wanted: Any, seconds: float
) -> int:
    """Write the requests of all emitters of the party whose turn it is (`Counter.PARTY`).

    Each begins with a part of a particle of its own: many slow ones would otherwise keep one time.

    Args:
        table: the world's.  ranges: of a query for an emitter and a transform, in this order.
        effects: [effects, EFFECT_WORDS].  bursts: [bursts, 2] time, count.
        requests: [at least 1, REQUEST_WORDS] out; what finds no row before the last one is not born.
        wanted: [effects] is raised by what each is to have.
        seconds: of the tick.
    Returns:
        How many requests there are.
    """
    members = words_in(table, WorldSlot.CHUNK_ENTITY)
    numbers = words_in(table, 2 * Field.EMITTER_EFFECT)
    rates = floats_in(table, 2 * Field.EMITTER_RATE)
    active = words_in(table, 2 * Field.EMITTER_ACTIVE)
    ages = floats_in(table, 2 * Field.EMITTER_AGE)
    counters = words_in(table, WorldSlot.COUNTERS)
    party = counters[Counter.PARTY]
    found = 0
    for r in range(ranges.shape[0]):
        for k in range(ranges[r, _RANGE_COUNT]):
            row = ranges[r, RANGE_HEAD] + k
            effect = numbers[row]
            if active[row] == 0 or effect < 0 or effect >= effects.shape[0]:
                ages[row] = 0.0
                continue
            index = members[ranges[r, 0] * CHUNK_ROWS + ranges[r, 1] + k]
            if party_of_index(counters, index) != party:
                continue
            clock = (ages[row], ages[row] + seconds, rates[row], unit_of(mixed(index + 1)))
            ages[row] += seconds
            if not _stand(table, index, ranges[r, RANGE_HEAD + 1] + k, requests[found]):
                continue
            for place in range(1 + MOST_ALSO):
                one = effect if place == 0 else int(effects[effect, EffectWord.ALSO + place - 1])
                if one < 0 or found + 1 == requests.shape[0]:
                    break
                repeats = effects[one, EffectWord.REPEAT] != 0.0
                limit = math.inf if repeats else effects[one, EffectWord.DURATION]
                if ask(effects, bursts, one, requests[found], wanted, clock, limit):
                    found += 1
                    for word in range(REQUEST_WORDS):  # where the next effect is born, too
                        requests[found, word] = requests[found - 1, word]
    return found


@kernel
def _stand(table: Any, index: int, row: int, request: Any) -> bool:
    """Write where an entity was and is, and who it is; return whether it is anywhere (NaN is not)."""
    x, y = floats_in(table, 2 * Field.TRANSFORM_X)[row], floats_in(table, 2 * Field.TRANSFORM_Y)[row]
    rotation = floats_in(table, 2 * Field.TRANSFORM_ROTATION)[row]
    request[RequestWord.FROM_X] = floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_X)[row]
    request[RequestWord.FROM_Y] = floats_in(table, 2 * Field.TRANSFORM_PREVIOUS_Y)[row]
    request[RequestWord.X] = x
    request[RequestWord.Y] = y
    request[RequestWord.ROTATION] = rotation
    request[RequestWord.OWNER] = index + 1
    request[RequestWord.GENERATION] = words_in(table, WorldSlot.GENERATION)[index]
    return math.isfinite(x + y + rotation + request[RequestWord.FROM_X] + request[RequestWord.FROM_Y])


@entry(
    "int64(float64[:,::1], float64[:,::1], float64[:,::1], float64[:,::1], int64[::1], int64[::1], float64)"
)
def ask_placed(
    placed: Any, effects: Any, bursts: Any, requests: Any, wanted: Any, counts: Any, seconds: float
) -> int:
    """Write the requests of effects that were placed without an entity, and drop those that are over.

    Args:
        placed: [placed, PLACED_WORDS]; those that go on move to the front.
        counts: [2] how many are placed (in and out), how many requests there are (in and out).
        The others: see `ask_emitters`.
    Returns:
        How many are still placed.
    """
    kept = 0
    for i in range(counts[0]):
        row = placed[i]
        effect, age = int(row[PlacedWord.EFFECT]), row[PlacedWord.AGE]
        request = requests[counts[1]]
        for word in range(REQUEST_WORDS):
            request[word] = 0.0
        request[RequestWord.FROM_X] = row[PlacedWord.X]
        request[RequestWord.FROM_Y] = row[PlacedWord.Y]
        request[RequestWord.X] = row[PlacedWord.X]
        request[RequestWord.Y] = row[PlacedWord.Y]
        duration = effects[effect, EffectWord.DURATION]
        limit = duration if math.isfinite(duration) else SECONDS_OF_ENDLESS
        if ask(effects, bursts, effect, request, wanted, (age, age + seconds, 1.0, 0.0), limit):
            counts[1] += 1
        if age + seconds < limit:
            row[PlacedWord.AGE] = age + seconds
            for word in range(PLACED_WORDS):
                placed[kept, word] = row[word]
            kept += 1
    counts[0] = kept
    return kept


@kernel
def chance(emission: Any) -> float:
    """Return a number in [0, 1) of the particles' own generator."""
    emission[EmissionWord.GENERATOR] = next_state(emission[EmissionWord.GENERATOR])
    return unit_of(mixed(emission[EmissionWord.GENERATOR]))


@kernel
def between(emission: Any, words: Any, low: int) -> float:
    """Return a number between two neighbouring words of an effect."""
    least, most = words[low], words[low + 1]
    return least if least == most else least + (most - least) * chance(emission)


@kernel
def _start(words: Any, emission: Any, rotation: float) -> Any:
    """Return where a particle begins, relative to its emitter, and the unit vector of its direction."""
    area, a, b = words[EffectWord.AREA], words[EffectWord.AREA_A], words[EffectWord.AREA_B]
    angle = words[EffectWord.DIRECTION] + rotation
    spread = words[EffectWord.SPREAD]
    spread = 0.0 if spread == 0.0 else spread * (chance(emission) - 0.5)
    if area == Area.RING:
        around = 2.0 * math.pi * chance(emission)
        distance = math.sqrt(a * a + (b * b - a * a) * chance(emission))
        sine, cosine = sine_cosine(around)
        x, y = distance * cosine, distance * sine
        if words[EffectWord.OUTWARD] != 0.0:
            angle = around
    elif area == Area.ARC or (a == 0.0 and b == 0.0):
        x, y = 0.0, 0.0
    else:
        along = chance(emission) - 0.5
        across = along if area == Area.LINE else chance(emission) - 0.5
        sine, cosine = sine_cosine(rotation)
        x = along * a * cosine - across * b * sine
        y = along * a * sine + across * b * cosine
    sine, cosine = sine_cosine(angle + spread)
    if area == Area.ARC:
        x, y = a * cosine, a * sine
    return x, y, cosine, sine


@kernel
def _bear(words: Any, request: Any, emission: Any, pool: Any, moment: float, seconds: float) -> None:
    """Write one particle, born at a moment of the tick (0 its beginning, 1 its end)."""
    x, y, direction_x, direction_y = _start(words, emission, request[RequestWord.ROTATION])
    speed = between(emission, words, EffectWord.SPEED_LOW)
    velocity_x, velocity_y = speed * direction_x, speed * direction_y
    at = emission[EmissionWord.COUNT]
    emission[EmissionWord.COUNT] += 1
    if words[EffectWord.LOCAL] == 0.0:
        way_x = request[RequestWord.X] - request[RequestWord.FROM_X]
        way_y = request[RequestWord.Y] - request[RequestWord.FROM_Y]
        x += request[RequestWord.FROM_X] + way_x * moment
        y += request[RequestWord.FROM_Y] + way_y * moment
        inherited = words[EffectWord.INHERIT] / seconds
        velocity_x += inherited * way_x
        velocity_y += inherited * way_y
        pool[ParticleWord.OWNER, at] = 0.0
    else:
        pool[ParticleWord.OWNER, at] = request[RequestWord.OWNER]
        pool[ParticleWord.GENERATION, at] = request[RequestWord.GENERATION]
        if request[RequestWord.OWNER] == 0.0:
            x += request[RequestWord.X]
            y += request[RequestWord.Y]
    age = (1.0 - moment) * seconds
    pool[ParticleWord.X, at] = x + velocity_x * age
    pool[ParticleWord.Y, at] = y + velocity_y * age
    pool[ParticleWord.VX, at] = velocity_x
    pool[ParticleWord.VY, at] = velocity_y
    pool[ParticleWord.AGE, at] = age
    pool[ParticleWord.LIFE, at] = between(emission, words, EffectWord.LIFE_LOW)
    pool[ParticleWord.ROTATION, at] = between(emission, words, EffectWord.ROTATION_LOW)
    pool[ParticleWord.SPIN, at] = between(emission, words, EffectWord.SPIN_LOW)
    pool[ParticleWord.SCALE, at] = between(emission, words, EffectWord.SCALE_LOW)
    tints = words[EffectWord.TINTS]
    pool[ParticleWord.TINT, at] = math.floor(tints * chance(emission)) if tints > 1.0 else 0.0


@entry("int64(float64[:,::1], float64[:,::1], float64[:,::1], int64[::1], float64)")
def emit(effects: Any, requests: Any, pool: Any, emission: Any, seconds: float) -> int:
    """Bear the particles of one effect behind those that its pool has; those above the limit are left out.

    Args:
        effects: [effects, EFFECT_WORDS].  requests: [requests, REQUEST_WORDS].
        pool: [PARTICLE_WORDS, capacity >= limit].  emission: by `EmissionWord`.
        seconds: of the tick.
    Returns:
        How many particles the pool has now.
    """
    effect = emission[EmissionWord.EFFECT]
    words = effects[effect]
    for r in range(emission[EmissionWord.REQUESTS]):
        request = requests[r]
        if int(request[RequestWord.EFFECT]) != effect:
            continue
        room = emission[EmissionWord.LIMIT] - emission[EmissionWord.COUNT]
        for _ in range(min(int(request[RequestWord.AT_ONCE]), room)):
            _bear(words, request, emission, pool, 0.0, seconds)
        room = emission[EmissionWord.LIMIT] - emission[EmissionWord.COUNT]
        evenly = request[RequestWord.EVENLY]
        for k in range(min(int(evenly), room)):
            _bear(words, request, emission, pool, (k + 0.5) / evenly, seconds)
    return emission[EmissionWord.COUNT]
