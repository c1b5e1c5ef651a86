"""Replays: the same again, the first difference by its name, and files of strangers that are safe to open."""

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import SaveError
from engine.game.recording import RecordingSession
from engine.game.replaying import ReplaySession
from engine.input.row import InputWord, held_row
from engine.replay.replay import REPLAY, RunMeta, replay_bytes, replay_from
from engine.replay.streams import RowPacker, unpacked
from engine.saves.container import SAVE, pack, unpack

pytestmark = [pytest.mark.integration, pytest.mark.security]

SCENE = """
[scene]
seed = 3
[input]
go = ["D"]
next = ["N"]
[[screen]]
name = "menu"
opens_on = "next"
[[screen.item]]
button = "On"
on_click = "resume"
[[entity]]
tag = "Probe"
velocity = [0.0, 0.0]
script = "probe.rhai"
[[entity]]
tag = "Rock"
position = [5.0, 0.0]
health = { value = 50.0 }
"""
PROBE = """
let steps = 0;
let found = [];
fn on_spawn() { steps = load_data("steps") ?? 0; }
fn on_update() {
    steps += 1;
    save_data("steps", steps);
    if is_action_down("go") { set_velocity(entity_id, (1.0, 0.0)); found.push(random()); }
    if steps == 25 { load_scene("second.toml"); }
}
fn on_click() { found.push(mouse_position()); }
"""
SECOND = '[input]\njump = ["SPACE"]\n[[entity]]\nscript = "second.rhai"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("replays")
    (made / "scene.toml").write_text(SCENE)
    (made / "probe.rhai").write_text(PROBE)
    (made / "second.toml").write_text(SECOND)
    (made / "second.rhai").write_text('import "part" as p; let n = 0; fn on_update() { n += p::one(); }')
    (made / "part.rhai").write_text("fn one() { 1 }")
    return made


def record(folder, steps=60):
    """Hold keys and open a menu by number of the step, over a change of the scene; returns the bytes."""
    session = RecordingSession(folder / "scene.toml")
    for step in range(steps):
        row = session.game.input.row
        down = [step // 5 % 2, step == 12] if row.size == 8 else [step % 3 == 0]
        row = held_row(row, np.array(down))
        row[InputWord.BUTTON] = int(session.game.flow.is_halted and step >= 15)
        session.step(row)
    assert len(session._parts) == 2, "another scene took the place of the first"
    data = session.replay(folder / "a.replay")
    session.close()
    return data


@pytest.fixture(scope="module")
def data(folder):
    return record(folder)


def play(folder, data):
    """Return the session of a replay after its last step."""
    session = ReplaySession(replay_from(data), folder / "scene.toml")
    try:
        while not session.is_over:
            session.step()
    finally:
        session.close()
    return session


def changed(data, **fields):
    """Return a sealed replay whose description differs."""
    replay = replay_from(data)
    meta = RunMeta(**{name: getattr(replay.meta, name) for name in RunMeta.__struct_fields__} | fields)
    return replay_bytes(meta, replay.saved, replay.hashes, list(replay._rows), list(replay._sums))


def test_a_run_over_menus_and_scenes_is_the_same_again(folder, data):
    session = play(folder, data)
    assert session.divergence is None
    assert session.steps == session.replay.steps == 60
    assert session.game.scene.file.name == "second.toml"
    assert session.ticks < 60, "the menu was open at times"


def test_saved_data_are_part_of_what_a_run_begins_with(folder, tmp_path):
    def run(steps):
        session = RecordingSession(folder / "scene.toml", data=lambda _game: tmp_path / "kept.data")
        for _ in range(steps):
            session.step()
        session.close()
        return session.replay(tmp_path / "a.replay")

    run(10)
    second = run(5)
    session = play(folder, second)
    assert session.divergence is None
    assert session.game.scripts.state(1, "probe.rhai")["steps"] == 15


@pytest.mark.parametrize(
    ("meddle", "named"),
    [
        (lambda game: game.world.set(2, "health.value", 49.0), 'health.value of entity 2 ("Rock")'),
        (
            lambda game: game.scripts.set_state(1, "probe.rhai", "steps", 3),
            'probe.rhai: variable steps of entity 1 ("Probe")',
        ),
        (lambda game: game.world.spawn(["tag"]), 'entities of entity 3 ("")'),
    ],
)
def test_the_first_difference_is_named(folder, data, meddle, named):
    session = ReplaySession(replay_from(data), folder / "scene.toml")
    for _ in range(9):
        session.step()
    assert session.divergence is None
    meddle(session.game)
    session.step()
    assert (session.divergence.step, session.is_over) == (10, True)
    assert session.divergence.parts[0] == named
    session.close()


def test_another_script_or_scene_is_refused_by_its_name(folder, data):
    text = (folder / "part.rhai").read_text()
    (folder / "part.rhai").write_text(text + " ")
    with pytest.raises(SaveError, match=r"others than at the recording: part\.rhai"):
        play(folder, data)
    (folder / "part.rhai").write_text(text)
    (folder / "scene.toml").write_text(SCENE.replace("50.0", "51.0"))
    with pytest.raises(SaveError, match=r"others than at the recording: scene\.toml"):
        play(folder, data)
    (folder / "scene.toml").write_text(SCENE)


def test_every_flipped_bit_and_every_part_is_refused(data):
    for at in range(0, len(data), 61):
        with pytest.raises(SaveError):
            replay_from(data[:at])
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        with pytest.raises(SaveError):
            replay_from(bytes(flipped))
    with pytest.raises(SaveError, match="no replay"):
        replay_from(pack({}, SAVE))


def read_all(data):
    """Read everything that a replay holds."""
    replay = replay_from(data)
    for number in range(len(replay.meta.stretches)):
        list(replay.rows(number))
        list(replay.states(number))


@given(noise=st.binary(max_size=400))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_bytes_are_refused(data, noise):
    """Alone, behind the head of a replay, and sealed: a checksum can be right and its author wrong."""
    for broken in (noise, data[:64] + noise):
        with pytest.raises(SaveError):
            read_all(broken)
    sections = unpack(data, REPLAY)
    names = [name for name in sorted(sections) if not name.startswith("data.")]
    broken = {**sections, names[len(noise) % len(names)]: np.frombuffer(noise, np.uint8)}
    with pytest.raises(SaveError):
        read_all(pack(broken, REPLAY))


def test_descriptions_that_cannot_be_are_refused(folder, data):
    one, two = replay_from(data).meta.stretches
    for wrong in (
        {"steps": one.steps + 1},
        {"width": one.width + 2},
        {"parts": one.parts[:-1]},
        {"parts": (*one.parts[:-1], "nothing")},
        {"files": {}},
    ):
        stretches = (msgspec.structs.replace(one, **wrong), two)
        with pytest.raises(SaveError):
            play(folder, changed(data, stretches=stretches))
    elsewhere = msgspec.structs.replace(two, scene="../../etc/scene.toml")
    session = play(folder, changed(data, stretches=(one, elsewhere)))
    assert "the scene that comes next" in session.divergence.parts[0]
    session = play(folder, changed(data, seed=4))
    assert session.divergence.step == 0


def test_a_stream_unpacks_no_more_than_it_says():
    packer = RowPacker(1000)
    for number in range(50):
        packer.add(np.full(1000, number))
    data = packer.data()
    assert [int(row[3]) for row in unpacked(data, 1000, 50)] == list(range(50))
    for width, count in ((1000, 49), (1000, 51), (999, 50)):
        with pytest.raises(SaveError):
            list(unpacked(data, width, count))
    with pytest.raises(SaveError):
        list(unpacked(data + b"x", 1000, 50))
