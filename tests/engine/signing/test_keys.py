"""Keys in their files: only the right passphrase opens one, and no damaged file is taken for a key."""

import stat

import pytest

from engine.signing.canonical import encode_canonical
from engine.signing.errors import BadKey
from engine.signing.keys import (
    PublicFile,
    SecretKey,
    is_locked,
    read_public,
    read_secret,
    write_pair,
)

pytestmark = pytest.mark.security

KEY = SecretKey(bytes(range(32)))


def test_a_signature_is_that_of_rfc_8032():
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SecretKey(seed)
    assert key.public.data.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901")
    assert key.public.verifies(b"", key.sign(b""))
    assert not key.public.verifies(b"x", key.sign(b""))
    assert not key.public.verifies(b"", b"short")


def test_an_open_pair_is_read_as_it_was_written(tmp_path):
    secret, public = write_pair(tmp_path / "me", KEY, None)
    assert not is_locked(secret)
    assert read_secret(secret, None) == KEY
    assert read_public(public) == KEY.public
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert KEY.seed.hex() not in repr(KEY)


def test_a_locked_key_needs_its_passphrase(tmp_path):
    secret, _ = write_pair(tmp_path / "me", KEY, "correct horse")
    assert is_locked(secret)
    assert KEY.seed not in secret.read_bytes()
    assert read_secret(secret, "correct horse") == KEY
    with pytest.raises(BadKey, match="passphrase is wrong"):
        read_secret(secret, "wrong horse")
    with pytest.raises(BadKey, match="locked with a passphrase"):
        read_secret(secret, None)


def test_a_key_is_never_overwritten(tmp_path):
    write_pair(tmp_path / "me", KEY, None)
    with pytest.raises(BadKey, match="never overwritten"):
        write_pair(tmp_path / "me", SecretKey.generate(), None)
    assert read_secret(tmp_path / "me.key", None) == KEY


def test_every_flipped_bit_of_a_public_key_file_is_refused(tmp_path):
    _, public = write_pair(tmp_path / "me", KEY, None)
    data = public.read_bytes()
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        public.write_bytes(changed)
        with pytest.raises(BadKey):
            read_public(public)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no such key file"),
        (b"[" * 4000, "no such key file"),
        (b"x" * 5000, "too long"),
        (b"\xff\xfe", "no such key file"),
        (encode_canonical(PublicFile("0" * 16, bytes(32))), "not that of its key"),
    ],
)
def test_what_is_no_public_key_is_refused(tmp_path, content, reason):
    file = tmp_path / "you.pub"
    file.write_bytes(content)
    with pytest.raises(BadKey, match=reason):
        read_public(file)


def test_a_key_file_cannot_ask_for_all_the_memory(tmp_path):
    secret, _ = write_pair(tmp_path / "me", KEY, "x")
    text = secret.read_text("utf-8")
    memory = next(line for line in text.splitlines() if '"memory"' in line)
    secret.write_text(text.replace(memory, '    "memory": 99999999999999,'), "utf-8")
    with pytest.raises(BadKey, match="memory"):
        read_secret(secret, "x")


def test_a_missing_key_file_is_told(tmp_path):
    with pytest.raises(BadKey, match=r"none\.pub: cannot be read: No such file"):
        read_public(tmp_path / "none.pub")
    with pytest.raises(BadKey, match="cannot be written"):
        write_pair(tmp_path / "no" / "folder", KEY, None)
