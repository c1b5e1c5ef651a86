"""Values that outlive a game: as scripts see them, and as they lie in a file."""

import pytest

from engine.errors import SaveError
from engine.game.kept_data import KeptData, user_data_file
from engine.game.session import TICKS_A_WRITE, GameSession
from engine.saves.container import unpack
from engine.scripting.global_values import MOST_SAVED

pytestmark = pytest.mark.integration

COUNT = """
fn on_spawn() { let best = load_data("best") ?? 0; print(best); save_data("best", best + 1); }
fn on_update() { if tick == 1 { save_data("list", #{names: ["é", 1.5, (1.0, 2.0)], none: ()}); } }
"""


def session(folder, file, script=COUNT):
    folder.write("scene.toml", '[scene]\n[[entity]]\nscript = "probe.rhai"\n')
    folder.write("probe.rhai", script)
    return GameSession(folder.path / "scene.toml", data=None if file is None else lambda _name: file)


def play(folder, file, script=COUNT, ticks=3):
    """Play some ticks; returns what was printed and warned."""
    one = session(folder, file, script)
    for _ in range(ticks):
        one.step()
    assert [failure.diagnostic for failure in one.game.error_reports] == []
    one.close()
    return one.game.drain_log(), list(one.game.log.take_warnings())


def test_a_value_is_found_by_the_next_game(folder):
    file = folder.path / "deep" / "er" / "game.data"
    assert [play(folder, file)[0] for _ in range(3)] == [["0"], ["1"], ["2"]]
    shown = play(folder, file, 'fn on_spawn() { print(load_data("list")); print(load_data("no") == ()); }')
    assert shown == (['#{"names": ["é", 1.5, (1.0, 2.0)], "none": ()}', "true"], [])


def test_without_a_file_every_run_begins_with_nothing(folder):
    assert [play(folder, None)[0] for _ in range(2)] == [["0"], ["0"]]
    assert {path.name for path in folder.path.iterdir()} == {"scene.toml", "probe.rhai"}


def test_who_saves_nothing_makes_no_file(folder):
    file = folder.path / "game.data"
    play(folder, file, 'fn on_spawn() { load_data("x"); }')
    assert not file.exists()


def test_it_is_written_while_the_game_runs_and_not_again_without_a_change(folder):
    file = folder.path / "game.data"
    one = session(folder, file)
    for _ in range(TICKS_A_WRITE):
        one.step()
    assert file.exists()
    before = file.read_bytes()
    for _ in range(TICKS_A_WRITE):
        one.step()
    assert file.read_bytes() == before
    one.close()


def test_a_scene_that_begins_anew_finds_what_was_saved(folder):
    script = COUNT.replace("tick == 1 {", 'tick == 1 && load_data("best") < 3 { restart();')
    one = session(folder, None, script)
    printed = []
    for _ in range(12):
        game = one.game
        one.step()
        printed += game.drain_log()
    assert printed == ["0", "1", "2"]


@pytest.mark.parametrize("damage", [b"", b"nonsense", None, b"\x00" * 100_000])
def test_a_broken_file_is_one_message_and_empty(folder, damage):
    file = folder.path / "game.data"
    play(folder, file)
    data = file.read_bytes()
    file.write_bytes(data[:-9] if damage is None else damage * (30 if damage and len(damage) > 1000 else 1))
    printed, warnings = play(folder, file)
    assert printed == ["0"]
    assert len(warnings) == 1
    assert str(file) in warnings[0]
    assert play(folder, file) == (["1"], [])


def test_it_is_no_save_and_keeps_its_format_when_that_of_saves_changes(folder):
    file = folder.path / "game.data"
    play(folder, file)
    with pytest.raises(SaveError, match="this is no save"):
        unpack(file.read_bytes())


def test_a_file_that_cannot_be_read_is_not_lost(folder):
    file = folder.path / "game.data"
    file.write_bytes(b"a high score, perhaps")
    for expected in ("0", "1"):
        assert play(folder, file)[0] == [expected]
        assert (folder.path / "game.data.unreadable").read_bytes() == b"a high score, perhaps"


def test_a_folder_that_cannot_be_written_is_one_message(folder):
    folder.write("taken", "")
    printed, warnings = play(folder, folder.path / "taken" / "game.data", ticks=3 * TICKS_A_WRITE)
    assert printed == ["0"]
    assert len(warnings) == 1


def test_no_more_than_the_limit_and_nothing_of_a_value_too_large(folder):
    script = """
    let refused = 0;
    fn on_update() {
        let text = "x"; text.pad(1000, "x");
        for i in 0..100 { try { save_data(`name ${i}`, text); } catch { refused += 1; } }
        save_data("name 0", 5);
        print(`${refused} ${load_data("name 0")} ${load_data("name 99") == ()}`);
    }
    """
    one = session(folder, None, script)
    one.step()
    assert [failure.diagnostic for failure in one.game.error_reports] == []
    (line,) = one.game.drain_log()
    refused, value, is_absent = line.split()
    assert 30 < int(refused) < 45
    assert (value, is_absent) == ("5", "true")
    assert sum(kept.parcel.size for kept in one.game.scripts.saved.contents()) <= MOST_SAVED


def test_a_callback_that_fails_has_saved_nothing(folder):
    script = 'fn on_spawn() { save_data("a", 1); }'
    script += 'fn on_update() { save_data("a", 2); save_data("b", 3); throw 1; }'
    one = session(folder, None, script)
    one.step()
    assert len(one.game.error_reports) == 1
    (kept,) = one.game.scripts.saved.contents()
    assert (kept.name, kept.parcel[1], kept.owner) == ("a", 1, "")


def test_a_state_differs_by_what_it_began_with(folder):
    file = folder.path / "game.data"
    play(folder, file)
    idle = "fn on_update() { }"
    without, first, second = (session(folder, one, idle).game.state_hash() for one in (None, file, file))
    assert first == second != without


def test_games_have_files_of_their_own(tmp_path):
    assert user_data_file("My Game!").name == "my-game.data"
    assert user_data_file("").name == "game.data"
    assert KeptData(tmp_path / "none").read() == []
