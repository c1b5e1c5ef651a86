"""The library of effects: each is a good one, and each can be seen."""

import tomllib
from pathlib import Path

import pytest

from engine.ecs.world import World
from engine.game.particle_effects import particle_effects
from engine.particles.system import ParticleSystem
from engine.scene.effects import Effect
from engine.scene.faults import read_table

pytestmark = pytest.mark.integration

FILE = Path(__file__).resolve().parents[2] / "assets" / "effects.toml"
EFFECTS = {
    name: read_table(raw, Effect, file=FILE, table=f"effect.{name}")
    for name, raw in tomllib.loads(FILE.read_text(encoding="utf-8"))["effect"].items()
}


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_seen_and_stays_within_its_limit(name):
    system = ParticleSystem(World(), particle_effects(EFFECTS), (100_000,), seed=1)
    system.is_shown = True
    system.spawn(name, (0.0, 0.0))
    most = 0
    for _ in range(60):
        system.step(1.0 / 60.0)
        most = max(most, system.count)
    assert most >= 9
    assert system.left_out == 0
    for _ in range(300):
        system.step(1.0 / 60.0)
    assert system.count == 0
