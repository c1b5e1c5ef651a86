"""A mod that floods a game with lasting particles and sounds takes no room of the game's own."""

import numpy as np
import pytest
import soundfile

from engine.audio.layout import RATE, TICK_FRAMES
from engine.game.game import Game
from tests.hostile.cases import Case, write_scene

pytestmark = [
    pytest.mark.security,
    pytest.mark.skipif("sys.platform == 'win32'", reason="not everybody may make symbolic links there"),
]

TICKS = 30
MORE = """
{shares}
[sound]
voices = 20
[effect.smoke]
burst = 10
rate = 120
life = [0.3, 60]
spread = 6.28
max = 100_000
[prefab.fountain]
position = [0, 0]
emitter = {{ effect = "smoke" }}
[prefab.siren]
position = [0, 0]
sound = {{ name = "silence", radius = 1000 }}
[prefab.horn]
position = [0, 0]
sound = {{ name = "noise", volume = 0.5, radius = 1000 }}
[[entity]]
position = [0, 0]
count = 3
script = "late.rhai"
emitter = {{ effect = "smoke", active = false }}
"""
LATE = """
fn on_update() {
    if tick < 15 { return; }
    set_emitter(entity_id, true);
    spawn_particle("smoke", (1, 1));
    for i in 0..3 { play_sound("noise", (1, 1), 0.01 * (tick % 7) + 0.01); }
    if tick == 16 { spawn_entity("horn", (-9, -9)); }
}
"""
FLOOD = """
fn on_update() {
    for i in 0..99 { spawn_particle("smoke", (i, 1)); play_sound("silence", (), 8.0); }
    for i in 0..4 { spawn_entity("fountain", (0, 0)); spawn_entity("siren", (0, 0)); }
    stop_sound(play_sound("silence", (), 8.0), 1000.0);
}
"""
"""The sound of the flood is silence, played at the highest volume: what is heard is the game's."""


def played(folder, shares, *, empty=False, shown=True):
    """Play a while; returns the game, its mixer, the stream that is heard, and the hash of each tick."""
    path = write_scene(folder, [Case("flood", FLOOD, "")], empty=empty, more=MORE.format(shares=shares))
    path.write_text(path.read_text("utf-8").replace("entities = 20_000", "particles = 4000"), "utf-8")
    (folder / "late.rhai").write_text(LATE, "utf-8")
    (folder / "sounds").mkdir()
    noise = np.random.default_rng(3).uniform(-0.1, 0.1, 2 * RATE)
    for name, samples in (("noise", noise), ("silence", 0.0 * noise)):
        soundfile.write(folder / "sounds" / f"{name}.wav", samples, RATE, subtype="FLOAT")
    game = Game.load(path)
    game.particles.is_shown = shown
    mixer = game.audio.add_mixer() if shown else None
    stream, hashes = [], []
    for _ in range(TICKS):
        game.step()
        hashes.append(game.state_hash())
        if mixer is not None:
            stream.append(mixer.render(TICK_FRAMES))
    assert game.error_reports == []
    return game, mixer, stream, hashes


@pytest.mark.parametrize(("shares", "part"), [("", 0.5), ("shares = { hostile = 0.25 }", 0.25)])
def test_effects_of_the_game_are_as_if_the_mod_played_none(tmp_path, shares, part):
    calm, _, expected, _ = played(tmp_path / "calm" / "scene", shares, empty=True)
    game, mixer, heard, _ = played(tmp_path / "hostile" / "scene", shares)
    own, of_mod = game.particles.shares
    assert (own.limit, of_mod.limit) == (4000 * (1 - part), 4000 * part)
    assert of_mod.count == of_mod.limit, "the mod has filled its room"
    assert 500 < own.count < own.limit
    for pool, other in zip(own.pools, calm.particles.shares[0].pools, strict=True):
        assert np.array_equal(pool.words[:, : pool.count], other.words[:, : other.count])
    assert np.array_equal(heard, expected)
    assert np.any(expected[-1])
    assert mixer.playing == 20, "both have as many voices as they may"


def test_what_is_seen_and_heard_is_no_part_of_the_state(tmp_path):
    *_, seen = played(tmp_path / "seen" / "scene", "")
    *_, unseen = played(tmp_path / "unseen" / "scene", "", shown=False)
    assert seen == unseen


@pytest.mark.parametrize(("voices", "music"), [(1, "noise"), (2, "silence")])
def test_the_music_takes_a_voice_of_whoever_lets_it_play(tmp_path, voices, music):
    folder = tmp_path / "scene"
    script = """fn on_update() { play_music("silence"); }"""
    path = write_scene(folder, [Case("music", script, "")], more='[sound]\nmusic = "noise"')
    path.write_text(path.read_text("utf-8").replace("entities = 20_000", f"voices = {voices}"), "utf-8")
    (folder / "sounds").mkdir()
    for name in ("noise", "silence"):
        soundfile.write(folder / "sounds" / f"{name}.wav", np.zeros(RATE), RATE)
    game = Game.load(path)
    mixer = game.audio.add_mixer()
    for _ in range(3):
        game.step()
    assert game.audio.music == music, "a mod without voices changes nothing"
    assert mixer.playing == 1
