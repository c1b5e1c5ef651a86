"""`astraweave cache`, through the command."""

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = pytest.mark.integration


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Caches with something in them, and what does not belong to them."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    grammar, programs = (tmp_path / "user" / "astraweave" / name for name in ("grammar", "programs"))
    monkeypatch.setattr("lang.syntax.tables.cache_folder", lambda: grammar)
    monkeypatch.setattr("engine.tools.cache.default_folder", lambda: programs)
    kernels = tmp_path / "numba" / "0123abcd" / "lang.vm.loop-1"
    for folder in (kernels, tmp_path / "numba" / "other", grammar, programs):
        folder.mkdir(parents=True)
        (folder / "file").write_bytes(b"x" * 250_000)
    return tmp_path


def cache(*arguments):
    return CliRunner().invoke(main, ["cache", *arguments])


def test_sizes_and_folders(folders):
    assert cache().stdout.splitlines() == [
        f"kernels     0.2 MB       1 file  {folders / 'numba'}",
        f"grammar     0.2 MB       1 file  {folders / 'user' / 'astraweave' / 'grammar'}",
        f"programs    0.2 MB       1 file  {folders / 'user' / 'astraweave' / 'programs'}",
    ]


def test_clearing_leaves_what_is_not_ours(folders):
    done = cache("clear")
    assert done.exit_code == 0
    assert done.stdout.startswith("removed 3 files, 0.8 MB")
    assert not (folders / "numba" / "0123abcd").exists()
    assert not (folders / "user" / "astraweave" / "grammar").exists()
    assert (folders / "numba" / "other" / "file").exists()
    assert cache().stdout.count("     0 files") == 3
    assert cache("clear").stdout.startswith("removed 0 files")


def test_what_cannot_be_removed_is_told(folders, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("shutil.rmtree", refuse)
    done = cache("clear")
    assert done.exit_code == 1
    assert "cannot be removed: Permission denied" in done.stderr
