"""Whatever is wrong with a scene, `run` answers with exit code 2 and one message that names the place."""

import pytest
from click.testing import CliRunner

from engine.cli import main

pytestmark = pytest.mark.integration

BAD = {
    "not TOML": ("[scene", "scene.toml"),
    "not UTF-8": (b"[scene]\nname = '\xff'", "UTF-8"),
    "unknown table": ("[scenes]\n", "did you mean `scene`?"),
    "unknown key": ("[scene]\nsede = 1", "did you mean `seed`?"),
    "unknown key of an entity": ("[[entity]]\npositon = [1, 2]", "did you mean `position`?"),
    "a table instead of a list": ("[entity]\n", "[[entity]]"),
    "wrong type": ('[[entity]]\nposition = "here"', "position"),
    "too few numbers": ("[[entity]]\nposition = [1]", "position"),
    "infinite": ("[[entity]]\nposition = [inf, 1]", "position"),
    "nan": ("[[entity]]\nposition = [nan, 1]", "position"),
    "negative size": ("[[entity]]\nsprite = { shape = 'circle', radius = -1 }", "radius"),
    "bad colour": ("[scene]\nbackground = 'reddish'", "background"),
    "bad shape": ("[[entity]]\nsprite = { shape = 'star' }", "shape"),
    "two shapes": ("[[entity]]\ncollider = { circle = 1, box = [1, 1] }", "exactly one"),
    "bad key name": ('[input]\nleft = ["LEFTT"]', "LEFTT"),
    "unknown prefab": ('[[entity]]\nprefab = "coin"', "coin"),
    "missing script": ('[[entity]]\nscript = "none.rhai"', "none.rhai"),
    "script outside": ('[[entity]]\nscript = "../other.rhai"', "other.rhai"),
    "absolute script": ('[[entity]]\nscript = "/etc/passwd.rhai"', "passwd"),
    "not a script": ('[[entity]]\nscript = "scene.toml"', "scene.toml"),
    "script is a folder": ('[[entity]]\nscript = "folder.rhai"', "folder.rhai"),
    "the same script twice": ('[[entity]]\nscripts = ["a.rhai", "a.rhai"]', "once"),
    "script and scripts": ('[[entity]]\nscript = "a.rhai"\nscripts = ["a.rhai"]', "not both"),
    "unknown stage": ('[[system]]\nscript = "a.rhai"\nstage = "simulatoin"', "simulation"),
    "too many copies": ("[[entity]]\ncount = 1000000000", "count"),
    "no operations": ("[limits]\noperations = 0", "operations"),
    "more than the limit": ("[limits]\nentities = 5\n[[entity]]\ncount = 6", "entities"),
    "two triggers of one name": (
        2 * "[[trigger]]\nname = 'a'\nposition = [0, 0]\nshape = { circle = 1 }\n",
        "a",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_exit_code_and_message(tmp_path, fault):
    text, expected = BAD[fault]
    scene = tmp_path / "scene.toml"
    scene.write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "a.rhai").write_text("")
    (tmp_path / "folder.rhai").mkdir()
    done = CliRunner().invoke(main, ["run", str(scene), "--headless", "--ticks", "1"])
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.count("error:") == 1
    assert str(scene) in done.stderr.splitlines()[0]
    assert expected in done.stderr


def test_a_folder_is_no_scene(tmp_path):
    done = CliRunner().invoke(main, ["run", str(tmp_path), "--headless"])
    assert done.exit_code == 2
    assert str(tmp_path) in done.stderr
