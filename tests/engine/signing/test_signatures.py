"""A signature is good for one content at one place of one mod, and for nothing that differs in a bit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.signing.errors import BadModFolder, SignatureRefused, TrustError
from engine.signing.folder import read_folder
from engine.signing.keys import SecretKey
from engine.signing.manifest import FILE_NAME, sign_manifest, validate_manifest
from engine.signing.signature import Origin, message_of, sign_script, validate_script_signature
from engine.signing.trust import Trust, TrustTable, combined, read_trust

pytestmark = pytest.mark.security

KEY = SecretKey(bytes(range(32)))
OTHER = SecretKey(bytes(32))
TRUST = Trust((KEY.public,))
PATH = "scripts/player.rhai"
SCRIPT = b"fn on_update() { heal(entity_id, 1) }\n"
GAME = Origin()
SIGNED = sign_script(PATH, SCRIPT, KEY)


def refused(path=PATH, data=SCRIPT, signature=SIGNED, trust=TRUST, origin=GAME):
    with pytest.raises(SignatureRefused) as info:
        validate_script_signature(path, data, signature, trust, origin)
    return info.value.reason


def flips(data):
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def test_a_signed_script_is_accepted():
    assert validate_script_signature(PATH, SCRIPT, SIGNED, TRUST) == KEY.public.id


def test_every_flipped_bit_of_a_script_is_refused():
    for changed in flips(SCRIPT):
        refused(data=changed)


def test_every_flipped_bit_of_a_signature_file_is_refused():
    for changed in flips(SIGNED):
        refused(signature=changed)


@given(st.binary(max_size=200))
def test_no_other_bytes_are_a_signature(data):
    refused(signature=data)


@pytest.mark.parametrize("cut", range(0, len(SIGNED), 7))
def test_half_a_signature_is_refused(cut):
    refused(signature=SIGNED[:cut])


def test_a_signature_is_for_one_place():
    assert "not for this content at this place" in refused(path="scripts/guard.rhai")
    assert "not for this content" in refused(origin=Origin("bats", "1.0"))
    for_mod = sign_script(PATH, SCRIPT, KEY, Origin("bats", "1.0"))
    assert validate_script_signature(PATH, SCRIPT, for_mod, TRUST, Origin("bats", "1.0"))
    refused(signature=for_mod, origin=Origin("bats", "1.1"))
    refused(signature=for_mod, origin=Origin("rats", "1.0"))


def test_unsigned_is_refused_like_badly_signed():
    assert "is not signed" in refused(signature=None)


def test_only_trusted_keys_count():
    assert "not trusted" in refused(signature=sign_script(PATH, SCRIPT, OTHER))
    assert "revoked" in refused(trust=TRUST.without([KEY.public.id]))
    assert "not trusted" in refused(trust=Trust())


def test_a_key_cannot_take_the_name_of_another():
    mine = sign_script(PATH, SCRIPT, OTHER).replace(OTHER.public.id.encode(), KEY.public.id.encode())
    assert "not for this content" in refused(signature=mine)


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_no_two_lists_of_parts_are_one_message(first, second):
    assert (message_of(*first) == message_of(*second)) == (first == second)


FILES = {"mod.toml": b'id = "bats"\n', "scripts/bat.rhai": SCRIPT, "bat.png": b"\x89PNG"}
BATS = Origin("bats", "1.0")
MANIFEST = sign_manifest(FILES, KEY, BATS)


def mod_refused(files=FILES, manifest=MANIFEST, trust=TRUST, origin=BATS):
    with pytest.raises(SignatureRefused) as info:
        validate_manifest(files, manifest, trust, origin)
    return info.value.reason


def test_a_signed_mod_is_accepted_with_its_own_manifest_in_it():
    assert validate_manifest(FILES, MANIFEST, TRUST, BATS) == KEY.public.id
    assert validate_manifest(FILES | {FILE_NAME: MANIFEST}, MANIFEST, TRUST, BATS)


def test_every_flipped_bit_of_a_manifest_is_refused():
    for changed in flips(MANIFEST):
        mod_refused(manifest=changed)


def test_every_flipped_bit_of_a_mods_files_is_refused():
    for path, data in FILES.items():
        for changed in flips(data):
            assert mod_refused(FILES | {path: changed}) == f"{path} was changed"


def test_a_file_more_or_less_is_refused():
    assert mod_refused(FILES | {"extra.rhai": b""}) == "extra.rhai was added"
    assert mod_refused({path: FILES[path] for path in list(FILES)[1:]}) == "mod.toml is missing"


def test_a_manifest_is_for_one_mod_and_version():
    assert "is for bats 1.0, not for rats 1.0" in mod_refused(origin=Origin("rats", "1.0"))
    assert "is for bats 1.0, not for bats 2.0" in mod_refused(origin=Origin("bats", "2.0"))
    assert "is not signed" in mod_refused(manifest=None)
    assert "revoked" in mod_refused(trust=TRUST.without([KEY.public.id]))


def test_a_script_signature_is_no_manifest_and_the_other_way_round():
    mod_refused(manifest=SIGNED)
    refused(signature=MANIFEST)


def table(*keys, required=True, revoked=()):
    names = {f"key{number}": key.public.data for number, key in enumerate(keys)}
    return TrustTable(require_signatures=required, keys=names, revoked=revoked)


def test_each_list_that_requires_signatures_must_be_satisfied():
    assert combined(table(KEY, required=False), table(required=False)) is None
    scene_only = combined(table(KEY), table(OTHER, required=False))
    assert scene_only == Trust((KEY.public,))
    both = combined(table(KEY, OTHER), table(OTHER))
    assert both == Trust((OTHER.public,))
    assert combined(table(KEY), table(OTHER)) == Trust()
    by_user = combined(table(KEY), table(required=False, revoked=(KEY.public.id,)))
    assert by_user is not None
    assert "revoked" in refused(trust=by_user)


def test_a_users_list_that_cannot_be_read_trusts_nobody(tmp_path):
    file = tmp_path / "trust.toml"
    assert read_trust(file) == TrustTable()
    file.write_text("require_signatures = 3", "utf-8")
    with pytest.raises(TrustError, match="require_signatures"):
        read_trust(file)
    file.write_text("require_sigs = true", "utf-8")
    with pytest.raises(TrustError, match="require_sigs"):
        read_trust(file)
    file.write_text('[keys]\nme = "AAAA"', "utf-8")
    with pytest.raises(TrustError, match="length"):
        read_trust(file)
    file.write_bytes(b"\xff")
    with pytest.raises(TrustError):
        read_trust(file)
    with pytest.raises(TrustError, match="cannot be read"):
        read_trust(tmp_path)


def test_a_folder_is_read_without_links_and_hidden_files(tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "a.rhai").write_bytes(b"1")
    (tmp_path / ".hidden").write_bytes(b"2")
    assert read_folder(tmp_path) == {"scripts/a.rhai": b"1"}
    (tmp_path / "scripts" / "link").symlink_to("/etc")
    with pytest.raises(BadModFolder, match="scripts/link is a symbolic link"):
        read_folder(tmp_path)


def test_a_folder_has_bounds(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"12")
    (tmp_path / "b").write_bytes(b"34")
    monkeypatch.setattr("engine.signing.folder.MOST_BYTES", 3)
    with pytest.raises(BadModFolder, match="more than 3 bytes"):
        read_folder(tmp_path)
    monkeypatch.setattr("engine.signing.folder.MOST_FILES", 1)
    with pytest.raises(BadModFolder, match="more than 1 files"):
        read_folder(tmp_path)
