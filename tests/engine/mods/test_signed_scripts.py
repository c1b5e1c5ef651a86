"""Where signatures are required nothing else is compiled: at the start, at an import, at a reload."""

import base64
import time

import pytest

from engine.errors import SceneError
from engine.game.game import Game
from engine.signing.keys import SecretKey
from engine.signing.manifest import FILE_NAME, sign_manifest
from engine.signing.signature import Origin, sign_script

pytestmark = [pytest.mark.integration, pytest.mark.security]

KEY = SecretKey(bytes(range(32)))
COIN = "scripts/coin.rhai"
FIRST = "let n = 0; fn on_update() { n += 1; }"
SECOND = "let n = 0; fn on_update() { n += 100; }"


def trusting(cave, *mods, revoked=""):
    public = base64.b64encode(KEY.public.data).decode()
    return cave.scene(*mods, more=f'[trust]\nrequire_signatures = true\nkeys.me = "{public}"\n{revoked}')


def signed(cave, name, text):
    cave.file(name + ".sig", sign_script(name, text.encode(), KEY))
    return cave.file(name, text)


def sign_mod(folder):
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (folder / FILE_NAME).write_bytes(sign_manifest(files, KEY, Origin(folder.name, "1.0")))


def refused(file):
    with pytest.raises(SceneError) as info:
        Game.load(file)
    return str(info.value)


def poll_until(game, happened):
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "nothing came of it"
        game.reloads.poll()
        game.step()
        time.sleep(0.01)


def state(game, name=COIN):
    return game.scripts.state(game.scripts.first_with_tag("Coin"), name)["n"]


def test_a_signed_game_runs(cave):
    signed(cave, COIN, FIRST)
    game = Game.load(trusting(cave))
    game.step()
    assert state(game) == 1


def test_an_unsigned_or_changed_script_is_refused_with_the_reason(cave):
    assert "scripts/coin.rhai: is not signed: there is no scripts/coin.rhai.sig" in refused(trusting(cave))
    signed(cave, COIN, FIRST)
    cave.file(COIN, SECOND)
    assert "is not for this content" in refused(trusting(cave))


def test_a_revoked_key_counts_no_more(cave):
    signed(cave, COIN, FIRST)
    assert "revoked" in refused(trusting(cave, revoked=f'revoked = ["{KEY.public.id}"]'))


def test_a_signature_of_one_script_is_none_of_another(cave):
    signed(cave, "scripts/other.rhai", FIRST)
    cave.file(COIN, FIRST)
    cave.file(COIN + ".sig", (cave.folder / "scripts/other.rhai.sig").read_bytes())
    assert "is not for this content at this place" in refused(trusting(cave))


def test_imported_files_need_signatures_too(cave):
    signed(cave, COIN, 'import "other" as other; let n = other::ten();')
    cave.file("scripts/other.rhai", "fn ten() { 10 }")
    game = Game.load(trusting(cave))
    assert "scripts/other.rhai: is not signed" in game.error_reports[0].message
    signed(cave, "scripts/other.rhai", "fn ten() { 10 }")
    assert state(Game.load(trusting(cave))) == 10


def test_an_unsigned_change_is_refused_and_the_old_program_runs_on(cave):
    signed(cave, COIN, FIRST)
    game = Game.load(trusting(cave))
    game.reloads.watch()
    cave.file(COIN, SECOND)
    warnings = []

    def is_told():
        warnings.extend(game.log.take_warnings())
        return any("is not for this content" in one and "last version runs on" in one for one in warnings)

    poll_until(game, is_told)
    before = state(game)
    game.step()
    assert state(game) == before + 1
    signed(cave, COIN, SECOND)
    poll_until(game, lambda: state(game) > before + 90)


def test_scripts_of_a_signed_mod_are_checked_by_its_manifest(cave):
    folder = cave.mod("gold", '[prefab.coin]\nadd_scripts = ["glow.rhai"]\n')
    cave.file("mods/gold/glow.rhai", FIRST)
    signed(cave, COIN, FIRST)
    sign_mod(folder)
    game = Game.load(trusting(cave, "gold"))
    glow = "mods/gold/glow.rhai"
    game.step()
    assert state(game, glow) == 1
    game.reloads.watch()
    cave.file(glow, SECOND)
    warnings = []
    poll_until(
        game, lambda: warnings.extend(game.log.take_warnings()) or any("was changed" in w for w in warnings)
    )
    before = state(game, glow)
    assert before < 100, "the old version runs on"
    sign_mod(folder)
    poll_until(game, lambda: state(game, glow) > before + 90)


def test_scripts_of_the_engine_need_none(cave):
    scene = trusting(cave)
    text = scene.read_text("utf-8").replace(COIN, "astraweave:scripts/pickup_coin.rhai")
    scene.write_text(text, "utf-8")
    assert not Game.load(scene).error_reports
