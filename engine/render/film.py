"""Pictures of a run as a moving picture: GIF by Pillow, MP4 by the ffmpeg of imageio-ffmpeg.

A film has one picture for so many ticks, so that a second of the game is a second of the film however long
the run took. GIF times are hundredths of a second: they are rounded so that their sum is right.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import CannotRecord
from engine.loop.clock import TICKS_PER_SECOND

MOST_GIF_PICTURES = 1500
"""Pictures of a GIF, which are all kept until its end; longer films are for MP4."""
WIDEST_GIF = 640
USUAL_RATES = {".gif": 20, ".mp4": 30}
_MOST_OFF = 1.0  # mean difference of a channel, of 255, up to which the palette of the picture before is kept
_FAR_OFF = 32  # difference of a channel with which a pixel has a wrong colour
_MOST_FAR_OFF = 0.0005  # part of the pixels with a wrong colour up to which that palette is kept
_RARE_COLORS = 64  # of the 256, for what is small and of another colour than the rest

Pixels = NDArray[np.uint8]


class Film(Protocol):
    """A film being written."""

    def add(self, pixels: Pixels) -> None:
        """Append a picture [height, width, 3], first row on top, all of one size.

        Raises:
            CannotRecord: it cannot be written.
        """

    def close(self) -> None:
        """Complete the file.

        Raises:
            CannotRecord: it cannot be written.
        """


def ticks_of_a_picture(file: Path, rate: int | None) -> int:
    """Return for how many ticks a picture stands, for pictures a second (None: as usual for the format)."""
    return max(1, round(TICKS_PER_SECOND / (rate or USUAL_RATES.get(file.suffix.lower(), 30))))


def open_film(file: Path, ticks: int) -> Film:
    """Begin a film with a picture for so many ticks; the ending of its name says the format.

    Raises:
        CannotRecord: an unknown ending, a folder that does not exist, or MP4 without imageio-ffmpeg.
    """
    if not file.parent.is_dir():
        raise CannotRecord(file, "there is no such folder")
    match file.suffix.lower():
        case ".gif":
            return GifFilm(file, ticks)
        case ".mp4":
            return Mp4Film(file, ticks)
    raise CannotRecord(file, "films end in .gif or .mp4")


class GifFilm:
    """A GIF; its palette changes only when a picture needs other colours: less flicker, less space."""

    def __init__(self, file: Path, ticks: int) -> None:
        self._file = file
        self._ticks = ticks
        self._pictures: list[Image.Image] = []

    def add(self, pixels: Pixels) -> None:
        """Append a picture; large ones are made smaller by a whole factor."""
        if len(self._pictures) == MOST_GIF_PICTURES:
            message = f"a GIF has at most {MOST_GIF_PICTURES} pictures: lower --fps, or record an .mp4"
            raise CannotRecord(self._file, message)
        picture = Image.fromarray(pixels)
        factor = -(-picture.width // WIDEST_GIF)
        if factor > 1:
            picture = picture.reduce(factor)
        self._pictures.append(self._with_palette(picture))

    def _with_palette(self, picture: Image.Image) -> Image.Image:
        if self._pictures:
            same = picture.quantize(palette=self._pictures[-1], dither=Image.Dither.NONE)
            off = _differences(same, picture)
            if off.mean() <= _MOST_OFF and np.mean(off.max(axis=2) > _FAR_OFF) <= _MOST_FAR_OFF:
                return same
        return _quantized(picture)

    def close(self) -> None:
        """Write the file; a film without pictures has none."""
        if not self._pictures:
            return
        hundredths = [round(100 * self._ticks * i / TICKS_PER_SECOND) for i in range(len(self._pictures) + 1)]
        durations = [10 * (end - start) for start, end in pairwise(hundredths)]
        first, *others = self._pictures
        try:
            first.save(self._file, "GIF", save_all=True, append_images=others, duration=durations, loop=0)
        except OSError as error:
            raise CannotRecord(self._file, error) from None
        finally:
            self._pictures = []


class Mp4Film:
    """H.264 in MP4, written picture by picture; a last odd row or column is left out."""

    def __init__(self, file: Path, ticks: int) -> None:
        try:
            import imageio_ffmpeg
        except ImportError:
            message = "MP4 needs imageio-ffmpeg: pip install 'astraweave[record]', or record a .gif"
            raise CannotRecord(file, message) from None
        self._write_frames: Any = imageio_ffmpeg.write_frames
        self._file = file
        self._rate = TICKS_PER_SECOND / ticks
        self._writer: Generator[None, Any, None] | None = None

    def add(self, pixels: Pixels) -> None:
        """Append a picture."""
        height, width = (side - side % 2 for side in pixels.shape[:2])
        try:
            if self._writer is None:
                size, rate = (width, height), self._rate
                self._writer = self._write_frames(
                    str(self._file), size, fps=rate, quality=8, macro_block_size=2, ffmpeg_log_level="error"
                )
                self._writer.send(None)
            self._writer.send(np.ascontiguousarray(pixels[:height, :width]))
        except OSError as error:
            raise CannotRecord(self._file, str(error).strip()) from None

    def close(self) -> None:
        """Complete the file; a film without pictures has none."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()


def _differences(found: Image.Image, wanted: Image.Image) -> NDArray[np.int16]:
    """Return how far each channel of each pixel is off: [height, width, 3]."""
    differences: NDArray[np.int16] = np.asarray(found.convert("RGB"), np.int16) - np.asarray(wanted, np.int16)
    return np.abs(differences)


def _quantized(picture: Image.Image) -> Image.Image:
    """Return a picture with a palette of its own.

    Median cut shares colours out by area: small things of a colour of their own get the grey of what is
    around them. So a part of the palette is for the pixels that it gets wrong.
    """
    common = picture.quantize(256 - _RARE_COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    wrong = np.asarray(picture)[_differences(common, picture).max(axis=2) > _FAR_OFF // 2]
    if not len(wrong):
        return picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    rare = Image.fromarray(wrong[np.newaxis]).quantize(_RARE_COLORS, method=Image.Quantize.MAXCOVERAGE)
    palette = Image.new("P", (1, 1))
    colors = [one.getpalette() or [] for one in (common, rare)]
    palette.putpalette(colors[0][: 3 * (256 - _RARE_COLORS)] + colors[1][: 3 * _RARE_COLORS])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)
