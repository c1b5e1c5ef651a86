"""Which mods are loaded, in which order, and why some are not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SceneError
from engine.scene import load_scene
from engine.scene.mods.mod_file import MOD_FILE, ModFile, read_mod_file
from engine.scene.mods.order import ModConflict, ordered
from engine.signing.keys import SecretKey
from engine.signing.manifest import FILE_NAME, sign_manifest
from engine.signing.signature import Origin

pytestmark = pytest.mark.unit

KEY = SecretKey(bytes(range(32)))


def mod(mod_id, version="1.0", **more):
    return ModFile(id=mod_id, version=version, **more)


def order(*mods):
    return [one.id for one in ordered({one.id: one for one in mods})]


def test_the_order_of_the_scene_counts_where_nothing_else_does():
    assert order(mod("b"), mod("a"), mod("c")) == ["b", "a", "c"]


def test_what_is_required_comes_first():
    assert order(mod("a", requires={"c": ""}), mod("b", after=("a", "x")), mod("c")) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("mods", "message"),
    [
        ([mod("a", requires={"b": ">=2"})], "a requires the mod b >=2"),
        ([mod("a", requires={"b": ">=2"}), mod("b", "1.9")], "a requires b >=2, not 1.9"),
        ([mod("a", conflicts=("b",)), mod("b")], "a cannot be together with b"),
        (
            [mod("x", after=("a",)), mod("a", after=("b",)), mod("b", requires={"a": ""})],
            "wait for each other: a → b → a",
        ),
    ],
)
def test_mods_that_cannot_be_together_are_named(mods, message):
    with pytest.raises(ModConflict, match=message):
        order(*mods)


@given(st.permutations(range(6)), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_every_order_keeps_all_wishes_or_names_a_circle(first, wishes):
    after = {n: tuple(f"m{b}" for a, b in sorted(wishes) if a == n and b != n) for n in range(6)}
    mods = [mod(f"m{n}", after=after[n]) for n in first]
    try:
        found = order(*mods)
    except ModConflict as conflict:
        names = str(conflict).split("wait for each other: ")[1].split(" → ")
        assert names[0] == names[-1]
        assert all(b in after[int(a[1:])] for a, b in pairwise(names))
        return
    for n, others in after.items():
        assert all(found.index(other) < found.index(f"m{n}") for other in others)


def refused(file):
    with pytest.raises(SceneError) as info:
        load_scene(file)
    return str(info.value)


def test_a_scene_finds_mods_beside_it_then_installed_ones(cave, tmp_path):
    cave.mod("bats", version="2.0")
    installed = tmp_path / "installed"
    for name in ("bats", "rats"):
        (installed / name).mkdir(parents=True)
        (installed / name / "mod.toml").write_text(f'id = "{name}"\nversion = "1.0"', "utf-8")
    mods = load_scene(cave.scene("rats", "bats")).mods
    assert [(one.file.id, one.file.version) for one in mods] == [("rats", "1.0"), ("bats", "2.0")]
    assert mods[0].prefix == "mods/rats/"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`id`|this key is missing"),
        ('id = "Bats"\nversion = "1"', "id"),
        ('id = "bats"\nversion = "new"', '"new" is no version'),
        ('id = "bats"\nversion = "1"\nrequires = { rats = "much" }', '"much" names no versions'),
        ('id = "bats"\nversion = "1"\nrequires = { bats = "" }', "requires itself"),
        ('id = "rats"\nversion = "1"', "has another name: bats"),
        ('id = "bats"\nversion = "1"\ngame = "Moon"', 'for the game "Moon", not for "Cave"'),
        ('id = "bats"\nversion = "1"\nauthor = "me"', "did you mean `authors`"),
        ('id = "bats"\nversion = "1"\ncontent = ["none.toml"]', "no such file"),
        ('id = "bats"\nversion = "1"\ncontent = ["../../scene.toml"]', "leads out"),
        ('id = "bats', "not TOML"),
        ('id = "bats"\nversion = "1"\nname = "\\u001b[2JBats"', "'\\x1b[2JBats' cannot be shown"),
        ('id = "bats"\nversion = "1"\nauthors = ["me\\n  signed by you"]', "authors: 'me\\n  signed by you'"),
        ('id = "bats"\nversion = "1"\nrequires = { rats = ">=1\\n" }', "requires: '>=1\\n' cannot"),
        (f'id = "bats"\nversion = "1"\ndescription = "{"x" * 201}"', "up to 200 printable characters"),
    ],
)
def test_a_wrong_mod_file_is_told_with_its_path(cave, text, message):
    cave.file("mods/bats/mod.toml", text)
    found = refused(cave.scene("bats"))
    assert any(one in found for one in message.split("|"))
    assert "bats/mod.toml" in found


def test_a_missing_mod_is_told_with_a_hint(cave):
    cave.mod("bats")
    assert "did you mean `bats`" in refused(cave.scene("bast"))
    assert "is named twice" in refused(cave.scene("bats", "bats"))


def test_a_scene_bounds_the_permissions_of_its_mods(cave):
    cave.mod("bats", more='permissions = ["combat", "inventory"]')
    scene = cave.scene("bats")
    assert load_scene(scene).mods[0].file.permissions == ("combat", "inventory")
    scene.write_text(scene.read_text("utf-8").replace("[mods]", '[mods]\npermissions = ["combat"]'), "utf-8")
    assert "gives its mods no permission `inventory`" in refused(scene)


def test_a_permission_that_a_scene_misspells_is_told(cave):
    scene = cave.scene()
    permissions = '[mods]\npermissions = ["combat", "inventry"]'
    scene.write_text(scene.read_text("utf-8").replace("[mods]", permissions), "utf-8")
    found = refused(scene)
    assert "permissions[1]: there is no permission `inventry`" in found
    assert "did you mean `inventory`" in found


def trusting(cave, *mods):
    import base64

    public = base64.b64encode(KEY.public.data).decode()
    return cave.scene(*mods, more=f'[trust]\nrequire_signatures = true\nkeys.me = "{public}"\n')


def sign(folder, mod_id):
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (folder / FILE_NAME).write_bytes(sign_manifest(files, KEY, Origin(mod_id, "1.0")))


@pytest.mark.security
def test_where_signatures_are_required_a_mod_needs_one_for_all_its_files(cave):
    folder = cave.mod("bats", "[prefab.bat]\ntag = 'Bat'")
    assert "mod bats: is not signed" in refused(trusting(cave, "bats"))
    sign(folder, "bats")
    found = load_scene(trusting(cave, "bats")).mods[0]
    assert found.key == KEY.public.id
    assert sorted(found.hashes) == ["content.toml", "mod.toml"]
    (folder / "content.toml").write_text("[prefab.cat]", "utf-8")
    assert "content.toml was changed" in refused(trusting(cave, "bats"))
    sign(folder, "bats")
    (folder / "extra.txt").write_text("", "utf-8")
    assert "extra.txt was added" in refused(trusting(cave, "bats"))
    (folder / "extra.txt").unlink()
    (folder / "link").symlink_to(folder)
    assert "symbolic link" in refused(trusting(cave, "bats"))


def test_a_permission_that_is_none_is_told_wherever_the_mod_is_read(tmp_path):
    (tmp_path / MOD_FILE).write_text('id = "bats"\nversion = "1"\npermissions = ["flying"]', "utf-8")
    with pytest.raises(SceneError, match="there is no permission `flying`"):
        read_mod_file(tmp_path / MOD_FILE)
