"""What a scene and its scripts ask to be heard, as a mixer of the game plays it."""

import math
import time

import numpy as np
import pytest
import soundfile

from engine.audio.layout import TICK_FRAMES, Bus
from engine.errors import SceneError

pytestmark = pytest.mark.integration

SCENE = """
[scene]
size = [40.0, 24.0]
gravity = [0.0, 0.0]
[camera]
follow = "Ear"
[[entity]]
tag = "Ear"
position = [0.0, 0.0]
script = "probe.rhai"
"""
RATE = 48_000
MIDDLE = math.sqrt(0.5)  # of a mono sound, in each ear


@pytest.fixture
def play(folder):
    """Run `on_update` of one script with some constant sounds; returns the stream of each tick by ear."""

    def run(script, ticks=3, scene=SCENE, sounds=(("a", 0.2), ("b", 0.1))):
        (folder.path / "sounds").mkdir(exist_ok=True)
        for name, level in sounds:
            soundfile.write(
                folder.path / "sounds" / f"{name}.wav", np.full(RATE, level), RATE, subtype="FLOAT"
            )
        game = folder.game(scene, probe=script)
        mixer = game.audio.add_mixer()
        levels = []
        for _ in range(ticks):
            game.step()
            levels.append(mixer.render(TICK_FRAMES)[-1])
        assert [failure.diagnostic for failure in game.error_reports] == []
        run.game = game
        return np.array(levels)

    return run


def at_tick(*calls):
    """A script that does one call a tick."""
    cases = "".join(f"if tick == {number} {{ {call} }}\n" for number, call in enumerate(calls))
    return f"let handle = 0;\nfn on_update() {{\n{cases}}}"


def test_a_sound_is_played_at_its_volume_and_stopped(play):
    levels = play(at_tick('handle = play_sound("a", (), 0.5);', "", "stop_sound(handle, 0);", ""))
    assert levels == pytest.approx(np.full((3, 2), 0.1 * MIDDLE) * [[1], [1], [0]], abs=1e-6)


def test_stopping_by_name_stops_all_of_it(play):
    calls = ('play_sound("a"); play_sound("a.wav"); play_sound("b.wav");', 'stop_sound("a", 0);', "")
    levels = play(at_tick(*calls))[:, 0] / MIDDLE
    assert levels == pytest.approx([0.5, 0.1, 0.1], abs=1e-5)


def test_sounds_of_births_are_heard_in_the_first_tick(play):
    assert play('fn on_spawn() { play_sound("a"); }', 1)[0, 0] == pytest.approx(0.2 * MIDDLE)


def test_a_place_is_heard_from_where_the_followed_entity_is(play):
    levels = play(at_tick('play_sound("a", (8, 0));', "set_position(entity_id, (16, 0));", ""))
    assert levels[0, 1] > 2 * levels[0, 0] > 0.0, "on the right"
    assert levels[2] == pytest.approx(levels[0][::-1], rel=1e-4), "on the left now"


def test_pitch_makes_it_shorter(play):
    levels = play(at_tick('play_sound("a", (), 1.0, 16.0);'), 5)
    assert (levels[:, 0] > 0.0).tolist() == [True, True, True, False, False]  # 1 s / 16 = 3.75 ticks


def test_music_goes_round_fades_over_and_stops(play):
    script = at_tick('play_music("a", 0);', "", 'play_music("b", 0.1);', *[""] * 70, "stop_music(0);", "", "")
    levels = play(script, 77)[:, 0] / MIDDLE
    assert levels[:2] == pytest.approx([0.2, 0.2])
    assert 0.1 < levels[3] < 0.2
    assert levels[12:73] == pytest.approx(np.full(61, 0.1), abs=1e-6), "longer than the sound is"
    assert levels[-2:].tolist() == [0.0, 0.0]


def test_buses(play):
    script = at_tick(
        'play_sound("a"); play_music("b", 0);',
        'set_bus_volume("music", 0);',
        'set_bus_volume("effects", 2);',
        'set_bus_volume("master", 0.5);',
    )
    assert play(script, 4)[:, 0] / MIDDLE == pytest.approx([0.3, 0.2, 0.4, 0.2], abs=1e-5)
    assert play.game.audio.volumes == {Bus.MASTER: 0.5, Bus.MUSIC: 0.0, Bus.EFFECTS: 2.0}


def test_the_table_of_the_scene(play, folder):
    scene = (
        SCENE
        + """
[sound]
folders = ["noises", "sounds"]
music = "b"
master = 0.5
music_volume = 2.0
effects_volume = 0.5
voices = 2
reference = 10.0
"""
    )
    (folder.path / "noises").mkdir()
    soundfile.write(folder.path / "noises" / "c.ogg", np.full(RATE, 0.1), RATE)
    levels = play(at_tick('play_sound("a", (9, 0));'), 2, scene)
    expected = 0.1 * 2.0 * 0.5 * MIDDLE + 0.2 * 0.5 * 0.5 * math.sqrt(0.5 - 0.5 * 0.8 * 0.9)
    assert levels[1, 0] == pytest.approx(expected, rel=1e-4)
    assert play.game.audio.bank.number("c") == 0
    assert play.game.log.take_warnings() == []


def test_an_entity_sounds_from_where_it_is_until_it_is_gone(play):
    scene = (
        SCENE
        + """
[[entity]]
tag = "Fire"
position = [3.0, 0.0]
sound = { name = "a", volume = 0.5, radius = 8.0 }
"""
    )
    find = 'let fire = find_entity_by_tag("Fire");'
    calls = (
        "",
        f"{find} set_position(fire, (-3, 0));",
        "",
        f"{find} set_position(fire, (9, 0));",
        *[""] * 9,
        f"{find} set_position(fire, (0, 0));",
        "",
        f"{find} destroy_entity(fire);",
        *[""] * 9,
    )
    levels = play(at_tick(*calls), 25, scene)
    assert levels[0, 1] > levels[0, 0] > 0.0
    assert levels[2] == pytest.approx(levels[0][::-1], rel=1e-4)
    assert not levels[11].any(), "out of hearing"
    assert levels[14] == pytest.approx([0.1 * MIDDLE] * 2, rel=1e-4)
    assert not levels[24].any(), "gone"


def test_an_entity_that_sounds_once_and_one_whose_sound_is_unknown(play):
    scene = (
        SCENE
        + """
[[entity]]
sound = { name = "a", loop = false, pitch = 16.0 }
[[entity]]
sound = { name = "bb" }
"""
    )
    levels = play("", 6, scene)
    assert (levels[:, 0] > 0.0).tolist() == [True, True, True, False, False, False]
    assert play.game.log.take_warnings() == ['no sound in sounds/ is called "bb"; did you mean `b`?']


def test_an_unknown_sound_is_told_once_and_changes_nothing(play):
    script = 'let handles = []; fn on_update() { handles.push(play_sound("coin")); stop_sound("coyn"); }'
    assert not play(script).any()
    assert play.game.log.take_warnings() == [
        'no sound in sounds/ is called "coin"',
        'no sound in sounds/ is called "coyn"',
    ]
    assert play.game.scripts.state(1, "probe.rhai") == {"handles": [1, 2, 3]}


def test_a_bad_file_is_told_and_the_game_goes_on(play, folder):
    (folder.path / "sounds").mkdir()
    (folder.path / "sounds" / "bad.wav").write_text("no sound")
    levels = play(at_tick('play_sound("bad"); play_sound("a");'))
    assert levels[0, 0] == pytest.approx(0.2 * MIDDLE)
    (warning,) = play.game.log.take_warnings()
    assert "bad.wav: it is no WAV or OGG sound" in warning


def test_who_listens_changes_no_state(play, folder):
    script = 'let h = 0; fn on_update() { h += play_sound("a"); stop_sound(h); play_music("b"); }'
    play(script, 5)
    heard = play.game
    silent = folder.game(SCENE, probe=script, ticks=5)
    for file in (folder.path / "sounds").iterdir():
        file.unlink()
    without_files = folder.game(SCENE, probe=script, ticks=5)
    assert heard.state_hash() == silent.state_hash() == without_files.state_hash()


def test_python_plays_too(play, folder):
    play("", 0)
    game = play.game
    mixer = game.audio.add_mixer()
    handle = game.audio.play("a", volume=0.5, pitch=0.5)
    game.step()
    assert mixer.render(TICK_FRAMES)[-1, 0] == pytest.approx(0.1 * MIDDLE)
    game.audio.stop(handle, 0.0)
    game.step()
    assert not mixer.render(TICK_FRAMES)[-1].any()
    game.audio.remove_mixer(mixer)
    game.audio.play("a")
    game.step()
    assert not mixer.render(TICK_FRAMES).any()


@pytest.mark.parametrize(
    "numbers", [{"at": (math.nan, 0.0)}, {"volume": math.inf}, {"pitch": math.nan}, {"radius": math.nan}]
)
def test_python_plays_with_finite_numbers_alone(play, numbers):
    play("", 0)
    game = play.game
    with pytest.raises(ValueError, match="finite numbers"):
        game.audio.play("tone", **numbers)
    with pytest.raises(ValueError, match="finite volume"):
        game.audio.set_volume(Bus.MUSIC, math.nan)


def test_a_late_mixer_hears_music_and_entities(play):
    scene = SCENE + '[sound]\nmusic = "b"\n[[entity]]\nsound = { name = "a" }\nposition = [0, 0]\n'
    play("", 40, scene)
    late = play.game.audio.add_mixer()
    play.game.step()
    assert late.render(TICK_FRAMES)[-1, 0] == pytest.approx(0.3 * MIDDLE, rel=1e-4)


def test_a_folder_that_is_not_there(folder):
    with pytest.raises(SceneError, match=r'\[sound\]: folders\[0\]: no such folder: "nois"'):
        folder.game(SCENE + '[sound]\nfolders = ["nois"]', probe="")
    with pytest.raises(SceneError, match="leads out of the scene's folder"):
        folder.game(SCENE + '[sound]\nfolders = ["../sounds"]', probe="")


def test_saved_sounds_are_swapped_in_and_missing_ones_taken_up(play, folder):
    script = 'fn on_update() { if tick % 2 == 0 { play_sound("late"); play_sound("../a"); } }'
    play(script, 2, SCENE + '[sound]\nmusic = "a"\n')
    game = play.game
    mixer = game.audio.add_mixer()
    game.poll_reload()

    def wait_for(text):
        deadline = time.monotonic() + 10.0
        while time.monotonic() < deadline:
            game.poll_reload()
            messages = [message.text for message in game.take_messages()]
            if any(text in message for message in messages):
                return
            time.sleep(0.01)
        pytest.fail(f"nobody said {text}")

    for name in ("a", "late"):
        soundfile.write(folder.path / "sounds" / f"{name}.wav", np.full(9_600, 0.05), RATE, subtype="FLOAT")
        wait_for(f"reloaded {name}.wav")
    (folder.path / "sounds" / "a.wav").write_text("no sound")
    wait_for("a.wav: it is no WAV or OGG sound")
    (folder.path / "sounds" / "a.wav").unlink()
    game.step()
    assert mixer.render(TICK_FRAMES)[-1, 0] == pytest.approx(0.1 * MIDDLE, rel=1e-3), "the music and `late`"


def test_another_scene_takes_over_without_a_click_and_its_music_goes_on(play, folder):
    (folder.path / "sounds").mkdir(exist_ok=True)
    ramp = np.linspace(0.0, 0.4, 2 * RATE)
    soundfile.write(folder.path / "sounds" / "ramp.wav", ramp, RATE, subtype="FLOAT")
    scene = SCENE + '[sound]\nmusic = "ramp"\n'
    play("", 0)
    first = folder.game(scene, probe=at_tick('play_sound("a"); play_sound("b");'))
    mixer = first.audio.add_mixer()
    stream = []
    for _ in range(30):
        first.step()
        stream.append(mixer.render(TICK_FRAMES))
    second = folder.game(scene, probe="")
    mixer = second.audio.take_over(first.audio, mixer)
    assert (first.audio.is_heard, second.audio.is_heard) == (False, True)
    for _ in range(30):
        second.step()
        stream.append(mixer.render(TICK_FRAMES))
    stream = np.concatenate(stream)[:, 0]
    assert np.abs(np.diff(stream[800:])).max() < 0.01
    assert stream[-1] == pytest.approx(MIDDLE * ramp[60 * TICK_FRAMES - 1], rel=1e-3)


MENU = """
[sound]
button = "b"
[[screen]]
name = "menu"
at_start = true
item = [{ button = "Loud", on_click = "call buy" }]
"""


def test_a_pressed_button_is_heard_while_the_game_is_halted(play):
    play('fn on_button(name) { play_sound("a"); }', 0, SCENE + MENU)
    game = play.game
    game.flow.open_at_start()
    mixer = game.audio.add_mixer()
    game.press_button(1)
    assert game.flow.is_halted
    assert mixer.render(TICK_FRAMES)[-1, 0] == pytest.approx(0.3 * MIDDLE)


def test_of_a_crowd_the_nearest_sound(play):
    scene = (
        SCENE
        + """
[sound]
voices = 3
[[entity]]
sound = { name = "a", volume = 0.1, radius = 30.0 }
position = [20.0, 0.0]
count = 50
[[entity]]
tag = "Near"
sound = { name = "b", radius = 30.0 }
position = [25.0, 0.0]
"""
    )
    move = 'let e = find_entity_by_tag("Near"); set_position(e, (1, 0));'
    levels = play(at_tick("", move, *[""] * 10), 12, scene)[:, 0]
    assert levels[-1] > 3 * levels[0] > 0.0
    assert levels[-1] > 0.05
