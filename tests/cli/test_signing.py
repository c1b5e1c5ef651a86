"""keygen, sign and verify as a person at a terminal uses them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = [pytest.mark.integration, pytest.mark.security]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("engine.tools.signing.user_trust_file", lambda: tmp_path / "trust.toml")
    (tmp_path / "game" / "scripts").mkdir(parents=True)
    (tmp_path / "game" / "scene.toml").write_text("", "utf-8")
    (tmp_path / "game" / "scripts" / "a.rhai").write_text("fn on_update() {}", "utf-8")
    (tmp_path / "bats").mkdir()
    (tmp_path / "bats" / "mod.toml").write_text('id = "bats"\nversion = "1.0"\n', "utf-8")
    return tmp_path


def command(*arguments, stdin="", code=0):
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    assert result.exit_code == code, result.output
    return result.output


def test_a_game_is_signed_and_verified(here):
    assert "NOT locked" in command("keygen", "me", "--plain")
    assert command("sign", "game", "--key", "me.key").startswith("signed game/scripts/a.rhai with key ")
    assert command("verify", "game", "--key", "me.pub").startswith("good game/scripts/a.rhai: key ")
    Path("game/scripts/a.rhai").write_text("fn on_update() { }", "utf-8")
    assert "REFUSED game/scripts/a.rhai" in command("verify", "game", "--key", "me.pub", code=1)


@pytest.mark.parametrize("path", ["game/scripts/a.rhai", "game/scripts"])
def test_scripts_are_signed_for_the_game_they_are_in(here, path):
    command("keygen", "me", "--plain")
    command("sign", path, "--key", "me.key")
    assert "good" in command("verify", "game", "--key", "me.pub")


def test_a_folder_without_a_scene_is_itself_what_its_scripts_belong_to(here):
    command("keygen", "me", "--plain")
    Path("game/scene.toml").rename("game/level.toml")
    command("sign", "game", "--key", "me.key")
    assert "good" in command("verify", "game/scripts/a.rhai", "--root", "game", "--key", "me.pub")


def test_a_mod_is_signed_as_a_whole(here):
    command("keygen", "me", "--plain")
    assert "signed bats with" in command("sign", "bats", "--key", "me.key")
    assert "good bats" in command("verify", "bats", "--key", "me.pub")
    Path("bats/more.rhai").write_text("", "utf-8")
    assert "more.rhai was added" in command("verify", "bats", "--key", "me.pub", code=1)


def test_without_keys_the_users_list_counts(here):
    lines = command("keygen", "me", "--plain").splitlines()
    command("sign", "game", "--key", "me.key")
    assert "not trusted" in command("verify", "game", code=1)
    Path("trust.toml").write_text(lines[-1].strip(), "utf-8")
    assert "good" in command("verify", "game")


def test_a_passphrase_is_asked_for_twice_and_then_once(here):
    command("keygen", "me", stdin="secret\nsecret\n")
    command("sign", "game", "--key", "me.key", stdin="secret\n")
    assert "passphrase is wrong" in command("sign", "game", "--key", "me.key", stdin="wrong\n", code=2)
    Path("phrase").write_text("secret\n", "utf-8")
    command("sign", "game", "--key", "me.key", "--passphrase-file", "phrase")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sign", "nothing", "--key", "me.key"], "no such file or folder"),
        (["sign", "game", "--key", "none.key"], "cannot be read"),
        (["sign", "game", "--key", "me.pub"], "no such key file"),
        (["sign", "lost.rhai", "--key", "me.key"], "--root"),
        (["sign", "empty", "--key", "me.key"], "there is no script"),
        (["sign", "bad", "--key", "me.key"], "id"),
        (["sign", "lost.rhai", "--root", "game", "--key", "me.key"], "is not in game"),
        (["verify", "game", "--key", "me.key"], "no such key file"),
        (["keygen", "me", "--plain"], "never overwritten"),
        (["keygen", "you", "--plain", "--passphrase-file", "x"], "exclude each other"),
        (["keygen", "you", "--passphrase-file", "none"], "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_told_with_exit_2(here, arguments, message):
    command("keygen", "me", "--plain")
    Path("lost.rhai").write_text("", "utf-8")
    Path("empty").mkdir()
    Path("bad").mkdir()
    Path("bad/mod.toml").write_text("id = 3", "utf-8")
    assert message in command(*arguments, code=2)
