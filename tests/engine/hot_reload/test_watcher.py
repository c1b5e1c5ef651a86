import os
import shutil
import statistics
import time

import pytest

from engine.hot_reload import FileWatcher

pytestmark = pytest.mark.integration


def seen_within(watcher, seconds):
    """Poll as a game does until something is seen; the files, or nothing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        files = watcher.poll()
        if files:
            return files
        time.sleep(0.002)
    return ()


@pytest.fixture
def script(tmp_path):
    file = tmp_path / "scripts" / "a.rhai"
    file.parent.mkdir()
    file.write_text("let x = 1;")
    return file


@pytest.fixture
def watcher(script):
    with FileWatcher() as watcher:
        watcher.watch([script])
        yield watcher


def write(file):
    file.write_text("let x = 22;")


def rename_over(file):
    temporary = file.with_name(".a.rhai.swp")
    temporary.write_text("let x = 22;")
    temporary.replace(file)


def rename_over_from_elsewhere(file):
    temporary = file.parent.parent / "temporary"
    temporary.write_text("let x = 22;")
    temporary.replace(file)


def back_up_and_write(file):
    file.rename(file.with_name("a.rhai~"))
    file.write_text("let x = 22;")


def move_away_and_write(file):
    file.rename(file.parent.parent / "backup")
    file.write_text("let x = 22;")


def delete_and_create(file):
    file.unlink()
    file.write_text("let x = 22;")


def same_length(file):
    file.write_text("let x = 2;")


@pytest.mark.parametrize(
    "save",
    [
        write,
        rename_over,
        rename_over_from_elsewhere,
        back_up_and_write,
        move_away_and_write,
        delete_and_create,
        same_length,
    ],
)
def test_every_way_to_save_is_seen_once(watcher, script, save):
    save(script)
    assert seen_within(watcher, 2) == (script,)
    script.read_text()
    assert seen_within(watcher, 0.15) == ()


def test_a_save_is_seen_soon(watcher, script):
    times = []
    for number in range(10):
        start = time.monotonic()
        script.write_text(f"let x = {number};" + " " * number)
        assert seen_within(watcher, 2) == (script,)
        times.append(time.monotonic() - start)
    assert statistics.median(times) < 0.08


def test_a_burst_of_writes_is_one_change_after_the_last(watcher, script):
    for number in range(5):
        script.write_text("x" * number)
        assert watcher.poll() == ()
        time.sleep(0.010)
    assert seen_within(watcher, 2) == (script,)
    assert script.read_text() == "xxxx"
    assert seen_within(watcher, 0.15) == ()


def test_reading_and_other_files_are_no_change(watcher, script):
    script.read_text()
    (script.parent / "other.rhai").write_text("1")
    assert seen_within(watcher, 0.2) == ()


def test_a_deleted_file_is_told_and_again_when_it_is_back(watcher, script):
    script.unlink()
    assert seen_within(watcher, 2) == (script,)
    assert seen_within(watcher, 0.15) == ()
    write(script)
    assert seen_within(watcher, 2) == (script,)


def test_a_deleted_folder_does_no_harm_and_is_watched_again(watcher, script):
    shutil.rmtree(script.parent)
    assert seen_within(watcher, 2) == (script,)
    time.sleep(0.6)
    assert watcher.poll() == ()
    script.parent.mkdir()
    write(script)
    assert seen_within(watcher, 2) == (script,)
    seen_within(watcher, 0.6)
    same_length(script)
    assert seen_within(watcher, 2) == (script,)


def test_several_files_and_a_new_set(watcher, script, tmp_path):
    scene = tmp_path / "scene.toml"
    scene.write_text("")
    second = script.with_name("b.rhai")
    watcher.watch([script, scene, second])
    second.write_text("1")
    scene.write_text("[scene]")
    first_seen = seen_within(watcher, 2)
    assert set(first_seen) | set(seen_within(watcher, 0.1)) == {scene, second}
    watcher.watch([second])
    write(script)
    scene.write_text("")
    assert seen_within(watcher, 0.2) == ()


def test_a_link_tells_when_its_target_is_saved(script, tmp_path):
    link = tmp_path / "link.rhai"
    try:
        link.symlink_to(script)
    except OSError:
        pytest.skip("links need a privilege here")
    with FileWatcher() as watcher:
        watcher.watch([link])
        write(script)
        assert seen_within(watcher, 2) == (link,)


def test_relative_paths_come_back_as_they_were_given(script, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    relative = script.relative_to(tmp_path)
    with FileWatcher() as watcher:
        watcher.watch([relative])
        write(script)
        assert seen_within(watcher, 2) == (relative,)


def test_without_events_stamps_tell(watcher, script, monkeypatch):
    monkeypatch.setattr(watcher._inbox, "on_any_event", lambda event: None)
    write(script)
    assert seen_within(watcher, 2) == (script,)


def test_a_touch_without_a_new_stamp_is_no_change(watcher, script):
    found = script.stat()
    os.utime(script, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert seen_within(watcher, 0.15) == ()


def test_closing_ends_the_threads_and_polls_see_nothing(script):
    watcher = FileWatcher()
    watcher.watch([script])
    watcher.close()
    watcher.close()
    write(script)
    assert watcher.poll() == ()
