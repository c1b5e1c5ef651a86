"""mod pack, install, list and remove as a person at a terminal uses them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = [pytest.mark.integration, pytest.mark.security]

MOD = """
id = "bats"
version = "1.2"
name = "Bats"
description = "They bite."
authors = ["Kim"]
permissions = ["combat"]
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("engine.tools.mods.user_mods_folder", lambda: tmp_path / "installed")
    for module in ("mods", "signing"):
        monkeypatch.setattr(f"engine.tools.{module}.user_trust_file", lambda: tmp_path / "trust.toml")
    (tmp_path / "bats").mkdir()
    (tmp_path / "bats/mod.toml").write_text(MOD, "utf-8")
    return tmp_path


def command(*arguments, stdin="", code=0):
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    assert result.exit_code == code, result.output
    return result.output


def test_a_mod_goes_from_one_person_to_another(here):
    assert "packed bats-1.2.mod.zip: Bats 1.2, 1 files" in command("mod", "pack", "bats")
    shown = command("mod", "install", "bats-1.2.mod.zip", stdin="y\n")
    for line in ("Bats 1.2 by Kim", "They bite.", "not signed by anyone you trust", "may use: combat"):
        assert line in shown
    assert command("mod", "list") == "bats  1.2  Bats  They bite.\n"
    assert "installed already" in command("mod", "install", "bats-1.2.mod.zip", "--yes", code=2)
    command("mod", "install", "bats-1.2.mod.zip", "--yes", "--replace")
    assert "removed" in command("mod", "remove", "bats")
    assert "no mod is installed" in command("mod", "list")
    assert "no mod `bats`" in command("mod", "remove", "bats", code=2)


def test_nothing_is_installed_without_a_yes(here):
    command("mod", "pack", "bats")
    assert "nothing was installed" in command("mod", "install", "bats-1.2.mod.zip", stdin="n\n")
    assert not Path("installed").exists()


def test_a_signed_mod_names_its_key(here):
    lines = command("keygen", "me", "--plain").splitlines()
    key = lines[0].split()[1]
    command("sign", "bats", "--key", "me.key")
    assert ", signed" in command("mod", "pack", "bats", "--out", "b.zip")
    assert "not signed by anyone you trust" in command("mod", "install", "b.zip", stdin="n\n")
    Path("trust.toml").write_text("require_signatures = true\n" + lines[-1].strip(), "utf-8")
    assert f"signed by {key}" in command("mod", "install", "b.zip", "--yes")
    (here / "bats/new.rhai").write_text("", "utf-8")
    assert "NOT as it was signed" in command("mod", "pack", "bats", "--out", "c.zip")
    (here / "bats/mod.sig").unlink()
    command("mod", "pack", "bats", "--out", "c.zip")
    assert "refused: mod bats: is not signed" in command("mod", "install", "c.zip", "--yes", code=2)


def test_a_broken_mod_is_listed_with_its_fault(here):
    (here / "installed/rats").mkdir(parents=True)
    (here / "installed/rats/mod.toml").write_text("id = 3", "utf-8")
    assert "rats  cannot be used" in command("mod", "list")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pack", "none"], "has no mod.toml"),
        (["pack", "bad"], "bad/mod.toml"),
        (["pack", "linked"], "is a symbolic link"),
        (["pack", "odd"], "is not a plain path"),
        (["pack", "bats", "--out", "no/such/folder.zip"], "cannot be written"),
        (["install", "none.zip"], "cannot be read"),
        (["install", "bats/mod.toml"], "is no whole zip archive"),
    ],
)
def test_what_cannot_be_used_is_told_with_exit_2(here, arguments, message):
    for name, text in (("bad", "id = 3"), ("linked", MOD), ("odd", MOD)):
        (here / name).mkdir()
        (here / name / "mod.toml").write_text(text, "utf-8")
    (here / "linked/link").symlink_to(here)
    (here / "odd/sm\u00f8rrebr\u00f8d.rhai").write_text("", "utf-8")
    assert message in command("mod", *arguments, code=2)
