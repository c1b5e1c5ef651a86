"""Files written whole or not at all."""

import os
import stat

import pytest

from lang.files import FOR_USER, replace_file

pytestmark = pytest.mark.unit


def test_a_file_takes_the_place_of_an_earlier_one(tmp_path):
    file = tmp_path / "a.bin"
    for data in (b"first", b"second \x00\r\n\xff"):
        replace_file(file, data)
        assert file.read_bytes() == data
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_is_readable_as_far_as_the_umask_and_the_caller_say(tmp_path):
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "common", b"")
        replace_file(tmp_path / "key", b"", mode=FOR_USER)
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {"common": 0o640, "key": 0o600}


def test_what_fails_leaves_the_earlier_file_and_nothing_beside_it(tmp_path, monkeypatch):
    file = tmp_path / "a.bin"
    replace_file(file, b"first")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(file, b"second", lasting=True)
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_folder_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "none" / "a.bin", b"")
