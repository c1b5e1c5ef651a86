"""Particles of a whole game: asked for by scripts and scenes, seen, and never part of the state."""

import time

import pytest

from engine.ecs.components import Component, Field

pytestmark = pytest.mark.integration

SCENE = """
[effect.pop]
burst = 10
life = 0.5
[effect.flow]
rate = 60
[[entity]]
position = [1, 2]
emitter = { effect = "flow", active = false }
script = "probe.rhai"
"""
SCRIPT = """
fn on_update() {
    if tick == 3 { spawn_particle("pop", (5.0, 6.0)); }
    set_emitter(entity_id, tick >= 10);
    if random(0, 1) == 0 { spawn_particle("pop", get_position(entity_id)); }
}
"""


def play(folder, ticks, *, shown, scene=SCENE, script=SCRIPT):
    game = folder.game(scene, probe=script)
    game.particles.is_shown = shown
    hashes = []
    for _ in range(ticks):
        game.step()
        hashes.append(game.state_hash())
    assert [failure.diagnostic for failure in game.error_reports] == []
    return game, hashes


def test_a_run_is_the_same_with_and_without_particles(folder):
    seen, with_particles = play(folder, 40, shown=True)
    unseen, without = play(folder, 40, shown=False)
    assert with_particles == without
    assert seen.particles.count > 50
    assert unseen.particles.count == 0


def test_a_script_lets_an_effect_begin_and_switches_an_emitter(folder):
    script = SCRIPT.replace("random(0, 1) == 0", "false")
    game, _ = play(folder, 4, shown=True, script=script)
    assert game.particles.count == 0, "asked for in this tick, seen from the next on"
    game.step()
    pool = game.particles.pools[0]
    assert pool.words[:2, : pool.count].T.tolist() == [pytest.approx([5.0, 6.0 + 1.0 / 60.0])] * 10
    for _ in range(12):
        game.step()
    assert game.particles.pools[1].count > 0


def test_a_flood_of_effects_is_cut_and_does_not_harm(folder):
    script = 'fn on_update() { for i in 0..1100 { spawn_particle("pop", (1, 2)); } }'
    scene = SCENE + "[limits]\nparticles = 300\noperations = 100_000\n"
    game, _ = play(folder, 5, shown=True, scene=scene, script=script)
    assert game.particles.count == 300


def test_prefabs_have_emitters(folder):
    scene = SCENE + '[prefab.torch]\nemitter = { effect = "flow", rate = 2.0 }\n'
    game = folder.game(scene, probe='fn on_spawn() { spawn_entity("torch", (1, 1)); }', ticks=1)
    entity = game.world.entities().tolist()[-1]
    assert game.world.has_component(entity, Component.EMITTER)
    assert game.world.get(entity, Field.EMITTER_RATE) == 2.0
    assert game.world.get(entity, Field.EMITTER_EFFECT) == 1


def saved(folder, game, name, text):
    """Save a file and wait until the game has seen it; returns the messages of the game since."""
    game.poll_reload()
    game.take_messages()
    folder.write(name, text)
    messages = []
    deadline = time.monotonic() + 5.0
    while not messages and time.monotonic() < deadline:
        game.poll_reload()
        messages += [message.text for message in game.take_messages()]
        time.sleep(0.01)
    return messages


EFFECTS = "[effect.pop]\nburst = 10\nlife = 9\n"
INCLUDING = 'include = ["effects.toml"]\n[[entity]]\nscript = "probe.rhai"\n'
ASKING = 'fn on_update() { try { spawn_particle("new", (1, 1)); } catch { print("no"); } }'


def test_effects_that_are_saved_are_taken_while_the_game_runs(folder):
    folder.write("effects.toml", EFFECTS)
    game = folder.game(INCLUDING, probe=ASKING, ticks=1)
    assert game.drain_log() == ["no"]
    game.particles.is_shown = True
    game.particles.spawn("pop", (0.0, 0.0))
    game.step()
    assert game.particles.count == 10
    more = EFFECTS.replace("10", "3") + "[effect.new]\nburst = 1\n"
    assert saved(folder, game, "effects.toml", more) == ["reloaded scene.toml"]
    game.drain_log()
    game.particles.spawn("pop", (0.0, 0.0))
    game.step()
    assert game.particles.count == 13, "those that fly go on"
    game.step()
    assert game.drain_log() == [], "scripts know the new one"
    assert game.particles.pools[1].count > 0


def test_a_saved_fault_is_shown_until_it_is_mended_and_changes_nothing(folder):
    folder.write("effects.toml", EFFECTS)
    game = folder.game(INCLUDING, probe="")
    game.particles.is_shown = True
    assert "effects.toml" in saved(folder, game, "effects.toml", EFFECTS + "speeed = 1\n")[0]
    (shown,) = game.script_errors()
    assert "did you mean `speed`?" in shown
    assert game.particles.names == ("pop",)
    saved(folder, game, "effects.toml", EFFECTS)
    assert game.script_errors() == []
