"""Films: every picture at its time, colours kept, limits told."""

import numpy as np
import pytest
from PIL import Image

from engine.errors import CannotRecord
from engine.render import film as film_module
from engine.render.film import open_film, ticks_of_a_picture

pytestmark = pytest.mark.unit


def picture(number, width=64, height=48):
    """A square that moves to the right, over a ground of many colours."""
    row, column = np.indices((height, width))
    pixels = np.stack([row * 2, column * 2, np.full_like(row, 90)], axis=2).astype(np.uint8)
    pixels[10:20, 2 * number : 2 * number + 10] = (250, 240, 80)
    return pixels


def filmed(file, count, ticks, **options):
    film = open_film(file, ticks)
    for number in range(count):
        film.add(picture(number, **options))
    film.close()


@pytest.mark.parametrize(
    ("name", "rate", "ticks"),
    [("a.gif", None, 3), ("a.mp4", None, 2), ("a.mp4", 60, 1), ("a.GIF", 1, 60), ("a.gif", 25, 2)],
)
def test_ticks_of_a_picture(tmp_path, name, rate, ticks):
    assert ticks_of_a_picture(tmp_path / name, rate) == ticks


def test_a_gif_keeps_pictures_and_time(tmp_path):
    file = tmp_path / "a.gif"
    filmed(file, 7, 2)
    with Image.open(file) as film:
        assert (film.n_frames, film.size, film.info.get("loop")) == (7, (64, 48), 0)
        milliseconds = 0
        for number in range(film.n_frames):
            film.seek(number)
            milliseconds += film.info["duration"]
            shown = np.asarray(film.convert("RGB"), int)
            assert np.abs(shown - picture(number)).mean() < 6.0
            assert np.abs(shown[15, 2 * number + 5] - (250, 240, 80)).max() < 24
    assert milliseconds == pytest.approx(1000 * 7 * 2 / 60, abs=10)


def test_a_large_picture_is_made_smaller_in_a_gif(tmp_path):
    file = tmp_path / "a.gif"
    filmed(file, 1, 3, width=1300, height=100)
    with Image.open(file) as film:
        assert film.size == (434, 34)


def test_a_gif_of_other_colours_has_another_palette(tmp_path):
    film = open_film(tmp_path / "a.gif", 3)
    for color in (10, 240):
        film.add(np.full((8, 8, 3), color, np.uint8))
    film.close()
    with Image.open(tmp_path / "a.gif") as saved:
        colors = []
        for number in range(2):
            saved.seek(number)
            colors.append(saved.convert("RGB").getpixel((4, 4))[0])
    assert colors == [10, 240]


def test_small_things_of_another_colour_keep_it(tmp_path):
    """A hero of a few pixels on a ground of many shades; he enters in the second picture."""
    film = open_film(tmp_path / "a.gif", 3)
    row, column = np.indices((200, 300))
    ground = np.stack([row // 2, row // 4 + column // 3, 60 + column // 2], axis=2).astype(np.uint8)
    film.add(ground)
    hero = ground.copy()
    hero[100:106, 100:106] = (110, 231, 168)
    film.add(hero)
    film.close()
    with Image.open(tmp_path / "a.gif") as saved:
        saved.seek(1)
        shown = np.asarray(saved.convert("RGB"), np.int16)
    assert np.abs(shown[103, 103] - (110, 231, 168)).max() <= 12
    assert np.abs(shown - hero).mean() < 4.0


def test_an_mp4_keeps_pictures_and_time(tmp_path):
    reader = pytest.importorskip("imageio_ffmpeg")
    file = tmp_path / "a.mp4"
    filmed(file, 10, 2, width=65, height=49)
    frames = reader.read_frames(str(file))
    about = next(frames)
    assert (about["size"], about["fps"]) == ((64, 48), 30.0)
    shown = [np.frombuffer(frame, np.uint8).reshape(48, 64, 3) for frame in frames]
    assert len(shown) == 10
    assert np.abs(shown[9].astype(int) - picture(9)).mean() < 12.0


def test_what_cannot_be_recorded_is_told(tmp_path, monkeypatch):
    with pytest.raises(CannotRecord, match=r"a\.avi cannot be written: films end in \.gif or \.mp4"):
        open_film(tmp_path / "a.avi", 2)
    with pytest.raises(CannotRecord, match="no such folder"):
        open_film(tmp_path / "gone" / "a.gif", 2)
    monkeypatch.setattr(film_module, "MOST_GIF_PICTURES", 2)
    with pytest.raises(CannotRecord, match="at most 2 pictures"):
        filmed(tmp_path / "a.gif", 3, 2)
    (tmp_path / "folder.gif").mkdir()
    with pytest.raises(CannotRecord, match="directory"):
        filmed(tmp_path / "folder.gif", 1, 2)
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with pytest.raises(CannotRecord, match="pip install"):
        open_film(tmp_path / "a.mp4", 2)


@pytest.mark.parametrize("name", ["a.gif", "a.mp4"])
def test_a_film_without_pictures_is_no_file(tmp_path, name):
    pytest.importorskip("imageio_ffmpeg")
    filmed(tmp_path / name, 0, 2)
    assert not (tmp_path / name).exists()
