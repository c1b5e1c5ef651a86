"""Image files become pixels in the atlas, or one warning."""

import contextlib
import os
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.ecs.strings import StringTable, content_hash
from engine.errors import BadImage
from engine.render import images as images_module
from engine.render.atlas import PLACEHOLDER
from engine.render.image_files import premultiplied, read_image
from engine.render.images import Images
from engine.scene.file_names import FileNames

pytestmark = pytest.mark.unit


def save(file, pixels, **options):
    Image.fromarray(np.asarray(pixels, np.uint8)).save(file, **options)
    return file


def png_of(width, height):
    """The header of a PNG of any size, without pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_pixels_are_multiplied_by_their_alpha(tmp_path):
    file = save(tmp_path / "a.png", [[[200, 100, 50, 255], [200, 100, 50, 128], [9, 9, 9, 0]]])
    assert read_image(file).tolist() == [[[200, 100, 50, 255], [100, 50, 25, 128], [0, 0, 0, 0]]]


@given(st.integers(0, 255), st.integers(0, 255))
def test_premultiplying_rounds(channel, alpha):
    pixel = np.array([[[channel, 0, 0, alpha]]], np.uint8)
    assert abs(int(premultiplied(pixel)[0, 0, 0]) - channel * alpha / 255) <= 0.5


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_all_kinds_of_png_are_read(tmp_path, mode):
    image = (
        Image.new("L", (3, 2), 255).convert("I").convert("I;16")
        if mode == "I;16"
        else Image.new(mode, (3, 2))
    )
    image.save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png").shape == (2, 3, 4)


@pytest.mark.parametrize("ending", ["jpg", "webp", "bmp"])
def test_other_formats(tmp_path, ending):
    file = save(tmp_path / f"a.{ending}", np.full((4, 4, 3), 200))
    assert abs(int(read_image(file)[1, 1, 0]) - 200) < 6


@pytest.mark.security
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged"),
        (b"GIF89a", "none of PNG"),
        (png_of(4, 4), "damaged"),
        (png_of(5000, 4), "too many"),
        (png_of(2**31 - 1, 2**31 - 1), "too many"),
        (png_of(0, 4), "damaged"),
    ],
)
def test_a_file_that_is_no_good_image_is_refused(tmp_path, data, words):
    file = tmp_path / "a.png"
    file.write_bytes(data)
    with pytest.raises(BadImage, match=words):
        read_image(file)


@pytest.mark.security
def test_a_huge_file_is_not_opened(tmp_path):
    file = tmp_path / "a.png"
    with file.open("wb") as stream:
        stream.truncate(65_000_000)
    with pytest.raises(BadImage, match="too large"):
        read_image(file)


@pytest.mark.security
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_image_is_pixels_or_a_fault(data, tmp_path_factory):
    file = tmp_path_factory.getbasetemp() / "damaged.png"
    whole = bytearray(save(file, np.arange(6 * 5 * 4).reshape(6, 5, 4) % 256).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    with contextlib.suppress(BadImage):
        assert read_image(file).shape[2] == 4


def test_the_hash_of_a_name_is_that_of_the_world():
    strings = StringTable()
    for name in ("", "player.png", "images/größe.png", "x" * 300):
        assert strings.hash[strings.intern(name)] == content_hash(name)


def test_a_saved_image_is_read_again_and_a_bad_one_keeps_the_last(tmp_path):
    warnings = []
    images = Images(FileNames(tmp_path), warnings.append)
    assert images.number("a.png") == PLACEHOLDER
    assert warnings == ['image a.png: no such file: "a.png"']
    save(tmp_path / "a.png", np.full((4, 4, 4), 255))
    assert images.reload("a.png")
    number = images.number("a.png")
    assert number != PLACEHOLDER
    save(tmp_path / "a.png", np.full((6, 4, 4), 255))
    assert images.reload("a.png")
    assert (images.number("a.png"), images.region("a.png").height) == (number, 6)
    (tmp_path / "a.png").write_bytes(b"")
    assert not images.reload("a.png")
    assert images.region("a.png").height == 6
    assert "the last version is shown" in warnings[-1]


@pytest.mark.security
def test_names_are_looked_for_so_often_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(images_module, "MOST_NAMES", 3)
    warnings = []
    images = Images(FileNames(tmp_path), warnings.append)
    assert images.load(f"{number}.png" for number in range(10))
    assert len(warnings) == 3
    assert not images.load(["11.png"])
    assert images.number("11.png") == PLACEHOLDER


@pytest.mark.security
@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "game").mkdir()
    save(tmp_path / "secret.png", np.full((4, 4, 4), 255))
    (tmp_path / "game" / "a.png").symlink_to(tmp_path / "secret.png")
    warnings = []
    assert Images(FileNames(tmp_path / "game"), warnings.append).number("a.png") == PLACEHOLDER
    assert "leads out" in warnings[0]
