"""A whole particle system: budgets, emitters of entities, local space, other effects."""

import math

import numpy as np
import pytest

from engine.ecs.components import Component, Field
from engine.ecs.world import World
from engine.errors import UnknownEffect
from engine.game.particle_effects import particle_effects
from engine.particles.layout import Area as AreaKind
from engine.particles.layout import EffectWord, ParticleWord
from engine.particles.share import MOST_PLACED
from engine.particles.system import ParticleSystem
from engine.scene.curves import Gradient, Range
from engine.scene.effects import Area, Effect
from engine.scene.values import Color

pytestmark = pytest.mark.unit

TICK = 1.0 / 60.0


def shown(limit=1000, seed=1, **effects):
    """A world, and a shown particle system with some effects."""
    world = World()
    system = ParticleSystem(world, particle_effects(effects), (limit,), seed)
    system.is_shown = True
    return world, system


def run(system, ticks=1):
    for _ in range(ticks):
        system.step(TICK)


def emitter(world, x=0.0, **fields):
    entity = world.spawn((Component.TRANSFORM, Component.EMITTER))
    for name, value in {"TRANSFORM_X": x, "TRANSFORM_PREVIOUS_X": x, **fields}.items():
        world.set(entity, Field[name], value)
    return entity


def words_of(system, word, number=0):
    pool = system.pools[number]
    return pool.words[word, : pool.count]


def test_an_effect_is_placed_by_name_and_is_gone_after_its_life():
    _, system = shown(pop=Effect(burst=5, life=Range((0.5, 0.5))))
    system.spawn("pop", (3.0, 4.0))
    assert system.count == 0, "it begins with the next tick"
    run(system)
    assert system.count == 5
    run(system, 30)
    assert system.count == 0
    run(system, 60)
    assert system.count == 0, "a burst comes once"


def test_nothing_is_born_until_somebody_looks():
    world, system = shown(pop=Effect(rate=60.0))
    system.is_shown = False
    emitter(world)
    system.spawn("pop", (0.0, 0.0))
    run(system, 10)
    assert system.count == 0
    system.is_shown = True
    run(system, 1)
    assert system.count == 1, "what was placed unseen is not made up for"


def test_what_one_party_holds_takes_no_room_of_another():
    world = World()
    world.storage.share(2)
    system = ParticleSystem(
        world, particle_effects({"pop": Effect(burst=30, life=Range((9.0, 9.0)))}), (50, 40), 1
    )
    system.is_shown = True
    for _ in range(MOST_PLACED):
        system.place(0, 1.0, 1.0, party=1)
    run(system)
    assert [share.count for share in system.shares] == [0, 40]
    assert system.left_out == 30 * (MOST_PLACED * 40 // 90) - 40
    system.spawn("pop", (2.0, 2.0))
    run(system)
    assert [pool.count for pool in system.pools] == [30, 40], "the game's first"
    system.limit_to((20, 70))
    for party in (0, 1):
        system.place(0, 1.0, 1.0, party)
    run(system)
    assert [share.count for share in system.shares] == [30, 70], "what is born stays"


def test_wrong_names_and_places_are_refused():
    _, system = shown(smoke=Effect(burst=5))
    with pytest.raises(UnknownEffect, match=r"unknown effect `smok`.*did you mean `smoke`"):
        system.spawn("smok", (0.0, 0.0))
    with pytest.raises(ValueError, match="finite"):
        system.spawn("smoke", (math.nan, 0.0))


def test_emitters_have_their_rate_and_begin_anew_when_switched_on():
    world, system = shown(flow=Effect(rate=120.0, burst=3, life=Range((9.0, 9.0))))
    one = emitter(world, EMITTER_RATE=0.5)
    run(system, 60)
    assert system.count == 63
    world.set(one, Field.EMITTER_ACTIVE, False)
    run(system, 60)
    assert system.count == 63
    world.set(one, Field.EMITTER_ACTIVE, True)
    run(system, 1)
    assert system.count == 67


def test_effects_that_belong_together_begin_together():
    life = Range((99.0, 99.0))
    world, system = shown(
        fire=Effect(burst=3, also=("smoke", "sparks"), duration=0.25, life=life),
        smoke=Effect(rate=60.0, life=life),
        sparks=Effect(bursts=((0.5, 7),), also=("fire",), life=life),
    )
    system.spawn("fire", (1.0, 2.0))
    run(system, 90)
    assert [pool.count for pool in system.pools] == [3, 60, 7], "what is also with the sparks does not count"
    emitter(world)
    run(system, 60)
    assert [pool.count for pool in system.pools] == [6, 120, 14]
    run(system, 60)
    assert [pool.count for pool in system.pools] == [6, 180, 14], "each ends by itself"


def test_slow_emitters_do_not_keep_one_time():
    world, system = shown(glint=Effect(rate=1.0, life=Range((99.0, 99.0))))
    for _ in range(200):
        emitter(world)
    births = []
    for _ in range(60):
        before = system.count
        run(system)
        births.append(system.count - before)
    assert sum(births) == pytest.approx(200, abs=5)
    assert max(births) < 20


def test_an_effect_ends_after_its_duration_or_repeats():
    once = Effect(burst=1, duration=0.5, life=Range((99.0, 99.0)))
    world, system = shown(once=once, again=Effect(burst=1, duration=0.5, repeat=True, life=once.life))
    emitter(world)
    emitter(world, EMITTER_EFFECT=1)
    run(system, 290)
    assert [pool.count for pool in system.pools] == [1, 10]
    system.spawn("again", (0.0, 0.0))
    run(system, 300)
    assert [pool.count for pool in system.pools] == [1, 21], "a placed effect does not repeat"


def test_neither_an_effect_nor_the_scene_has_more_than_it_may():
    life = Range((9.0, 9.0))
    _, system = shown(limit=100, small=Effect(burst=80, max=50, life=life), large=Effect(burst=80, life=life))
    system.spawn("small", (0.0, 0.0))
    system.spawn("large", (0.0, 0.0))
    run(system)
    assert [pool.count for pool in system.pools] == [50, 50]
    assert system.left_out == 60
    for _ in range(MOST_PLACED + 5):
        system.spawn("large", (0.0, 0.0))
    run(system, 3)
    assert system.count == 100


def test_local_particles_vanish_with_their_entity_and_world_ones_stay():
    life = Range((9.0, 9.0))
    world, system = shown(
        here=Effect(rate=60.0, space="local", life=life), there=Effect(rate=60.0, life=life)
    )
    one = emitter(world, x=5.0)
    two = emitter(world, x=5.0, EMITTER_EFFECT=1)
    run(system, 4)
    assert np.abs(words_of(system, ParticleWord.X)).max() < 1e-9, "relative to the entity"
    assert words_of(system, ParticleWord.X, 1) == pytest.approx([5.0] * 4)
    assert words_of(system, ParticleWord.OWNER).tolist() == [one & 0xFFFFFFFF] * 4
    world.despawn(one)
    world.despawn(two)
    run(system)
    assert [pool.count for pool in system.pools] == [0, 4]


def test_an_emitter_that_is_nowhere_makes_nothing():
    world, system = shown(flow=Effect(rate=6000.0))
    emitter(world, x=math.nan)
    emitter(world, TRANSFORM_ROTATION=math.inf)
    emitter(world, EMITTER_EFFECT=7)
    run(system, 3)
    assert system.count == 0


def test_the_same_seed_makes_the_same_particles():
    effect = Effect(
        rate=600.0, spread=6.0, speed=Range((0.0, 5.0)), life=Range((0.1, 2.0)), tints=(Color(1),) * 3
    )

    def play(seed):
        world, system = shown(seed=seed, flow=effect)
        emitter(world)
        run(system, 60)
        return system.pools[0].words[:, : system.count].tolist()

    assert play(3) == play(3)
    assert play(3) != play(4)


def test_other_effects_take_over_by_name():
    _, system = shown(a=Effect(burst=3), b=Effect(burst=4))
    for name in ("a", "b"):
        system.spawn(name, (0.0, 0.0))
    run(system)
    newer = particle_effects({"c": Effect(burst=7), "b": Effect(burst=5)})
    system.replace(newer)
    assert system.names == ("a", "b", "c"), "numbers that entities and scripts hold stay"
    assert [pool.count for pool in system.pools] == [3, 4, 0]
    for name in ("a", "b", "c"):
        system.spawn(name, (0.0, 0.0))
    run(system)
    assert [pool.count for pool in system.pools] == [6, 9, 7]


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (None, (AreaKind.BOX, 0.0, 0.0)),
        (Area(circle=2.0), (AreaKind.RING, 0.0, 2.0)),
        (Area(ring=(1.0, 2.0)), (AreaKind.RING, 1.0, 2.0)),
        (Area(box=(3.0, 4.0)), (AreaKind.BOX, 3.0, 4.0)),
        (Area(line=(-3.0, 4.0)), (AreaKind.LINE, -3.0, 4.0)),
        (Area(arc=0.5), (AreaKind.ARC, 0.5, 0.0)),
    ],
)
def test_areas_become_words(area, words):
    (effect,) = particle_effects({"x": Effect(burst=1, area=area)})
    assert tuple(effect.words[EffectWord.AREA : EffectWord.AREA_B + 1]) == words


def test_looks_are_sampled_over_the_life():
    (effect,) = particle_effects(
        {
            "x": Effect(
                burst=1, color=Gradient.parse(["#000", "#ffffff00"]), tints=(Color(0xFF0000FF), Color(-1))
            )
        }
    )
    assert effect.looks.shape == (3, 256)
    assert effect.looks[0].tolist() == [0.2] * 256
    red, white = effect.looks[1:].astype("<i4").view("u1").reshape(2, 256, 4)
    assert red[128].tolist() == [128, 0, 0, 127]
    assert white[128].tolist() == [128, 128, 128, 127]


def test_more_emitters_than_there_may_be_particles_ask_for_no_more():
    world, system = shown(limit=50, flow=Effect(burst=1, also=("other",)), other=Effect(burst=1))
    for _ in range(200):
        emitter(world)
    system.spawn("other", (0.0, 0.0))
    run(system, 3)
    assert system.count == 50
