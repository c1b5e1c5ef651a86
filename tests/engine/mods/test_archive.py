"""Archives of mods come from strangers: nothing in them leads out of the mod's folder, or fills the disk."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import SceneError
from engine.mods.archive import BadArchive, pack, unpack
from engine.mods.installed import ModStoreError, install, installed_mods, remove

pytestmark = pytest.mark.security

MOD = b'id = "bats"\nversion = "1.0"\n'
FILES = {"mod.toml": MOD, "scripts/bat.rhai": b"fn on_update() {}", "sounds/a b.wav": b"RIFF"}
PACKED = pack(FILES)


def zipped(*entries, **more):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **more) as archive:
        for entry, data in (("mod.toml", MOD), *entries):
            archive.writestr(entry, data)
    return buffer.getvalue()


def refused(data):
    with pytest.raises(BadArchive) as info:
        unpack(data, "x.mod.zip")
    return info.value.reason


def test_a_mod_comes_out_as_it_went_in():
    mod, files = unpack(PACKED, "x.mod.zip")
    assert (mod.id, files) == ("bats", FILES)
    assert pack(dict(reversed(FILES.items()))) == PACKED


@pytest.mark.parametrize(
    "name",
    [
        "../evil.rhai",
        "scripts/../../evil.rhai",
        "/etc/evil",
        "C:/evil",
        "a\\..\\evil",
        "scripts//evil",
        "./evil",
        ".hidden",
        "nul",
        "con.txt",
        "scripts/aux.rhai",
        "evil.",
        "evil ",
        "a:b",
        "stream.rhai::$DATA",
        "tab\tname",
        "x" * 201,
        "/".join("a" * 17),
        "ev\u202eil",
        "~/evil",
        "*",
    ],
)
def test_names_that_are_no_plain_paths_are_refused(name):
    assert "name" in refused(zipped((name, b"")))


@pytest.mark.parametrize("pair", [("A.rhai", "a.rhai"), ("a.rhai", "a.rhai"), ("a", "a/b")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_one_on_some_systems_are_refused(pair):
    refused(zipped(*((name, b"") for name in pair)))


def test_links_are_refused():
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    entry.create_system = 3
    assert "symbolic link" in refused(zipped((entry, b"/etc/passwd")))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("engine.mods.archive.MOST_BYTES", 1_000_000)
    bomb = zipped(("big", bytes(2_000_000)), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 10_000
    assert "more than 1000000 bytes" in refused(bomb)
    lying = bytearray(bomb)
    at = lying.rindex(b"PK\x01\x02")
    struct.pack_into("<I", lying, at + 24, 10)  # the size that its directory tells
    refused(bytes(lying))


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr("engine.mods.archive.MOST_FILES", 2)
    assert "more than 2 files" in refused(zipped(("a", b""), ("b", b"")))


def test_too_large_an_archive_is_not_looked_into(monkeypatch):
    monkeypatch.setattr("engine.mods.archive.LARGEST_ARCHIVE", 10)
    assert "is larger than" in refused(PACKED)


def test_an_encrypted_file_is_refused():
    data = bytearray(zipped(("secret", b"x")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(mark)
        data[at + offset] |= 1
    assert "encrypted" in refused(bytes(data))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"x" * 1000, PACKED[:-30]])
def test_what_is_no_whole_archive_is_refused(data):
    refused(data)


def test_a_mod_needs_its_mod_file():
    assert "has no mod.toml" in refused(pack({"scripts/a.rhai": b""}))
    assert "not UTF-8" in refused(pack({"mod.toml": b"\xff"}))
    with pytest.raises(SceneError, match="not TOML"):
        unpack(pack({"mod.toml": b"["}), "x.mod.zip")


@given(at=st.integers(0, len(PACKED) - 1), value=st.integers(0, 255))
@settings(max_examples=300)
def test_a_changed_byte_is_one_error_or_changes_no_file(at, value):
    data = bytearray(PACKED)
    data[at] = value
    try:
        _, files = unpack(bytes(data), "x.mod.zip")
    except (BadArchive, SceneError):
        return
    assert all(data in FILES.values() for data in files.values())


@given(st.binary(max_size=400))
def test_any_bytes_are_one_error(data):
    refused(data)


def test_a_mod_is_installed_whole_and_removed_whole(tmp_path):
    root = tmp_path / "mods"
    mod, files = unpack(PACKED, "x.mod.zip")
    assert installed_mods(root) == []
    folder = install(root, mod, files, replace=False)
    assert (folder / "scripts/bat.rhai").read_bytes() == FILES["scripts/bat.rhai"]
    with pytest.raises(ModStoreError, match="installed already"):
        install(root, mod, files, replace=False)
    install(root, mod, {"mod.toml": MOD}, replace=True)
    assert not (folder / "scripts").exists()
    assert [one.file.id for one in installed_mods(root)] == ["bats"]
    assert remove(root, "bats") == folder
    assert list(root.iterdir()) == []
    with pytest.raises(ModStoreError, match="no mod `bats`"):
        remove(root, "bats")


def test_an_install_that_fails_leaves_the_old_version(tmp_path, monkeypatch):
    root = tmp_path / "mods"
    mod, files = unpack(PACKED, "x.mod.zip")
    folder = install(root, mod, files, replace=False)
    with pytest.raises(ModStoreError, match="cannot be written"):
        install(root, mod, {"mod.toml": b"new", "mod.toml/x": b""}, replace=True)
    assert (folder / "mod.toml").read_bytes() == MOD
    assert [one.name for one in root.iterdir()] == ["bats"]


def test_names_that_lead_out_of_the_store_are_not_removed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/mod.toml").write_bytes(MOD)
    (tmp_path / "mods").mkdir()
    for name in ("../precious", "..", ".", "", "/"):
        with pytest.raises(ModStoreError):
            remove(tmp_path / "mods", name)
    (tmp_path / "mods/link").symlink_to(tmp_path / "precious")
    with pytest.raises(ModStoreError, match="is a link"):
        remove(tmp_path / "mods", "link")
    assert (tmp_path / "precious/mod.toml").exists()
