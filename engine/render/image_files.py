"""Reads image files; whatever a file holds, the outcome is pixels or a `BadImage`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import BadImage
from engine.render.atlas import LARGEST_IMAGE

LARGEST_FILE = 64_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "BMP")


def read_image(file: Path) -> NDArray[np.uint8]:
    """Return [height, width, 4] the premultiplied red, green, blue, alpha of an image, first row on top.

    Raises:
        BadImage: it cannot be read, is no image of a known format, or is too large.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise BadImage(f"the file is too large: at most {LARGEST_FILE // 1_000_000} MB")
        with _quiet(), Image.open(file, formats=FORMATS) as image:
            if max(image.size) > LARGEST_IMAGE or min(image.size) < 1:
                size = f"{image.width} by {image.height} pixels"
                raise BadImage(f"{size} are too many: at most {LARGEST_IMAGE} by {LARGEST_IMAGE}")
            return premultiplied(np.asarray(image.convert("RGBA")))
    except Image.DecompressionBombError:
        raise BadImage(f"it has too many pixels: at most {LARGEST_IMAGE} by {LARGEST_IMAGE}") from None
    except OSError as error:
        reason = error.strerror or f"it is damaged, or none of {', '.join(FORMATS)}"
        raise BadImage(f"it cannot be read: {reason}") from None
    except (ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise BadImage(f"it is damaged: {error}") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Ignore what Pillow warns of, odd metadata and many pixels: the size is judged here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def premultiplied(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return [height, width, 4] with colours multiplied by their alpha, rounded."""
    wide = pixels.astype(np.uint16)
    wide[..., :3] = (wide[..., :3] * wide[..., 3:] + 127) // 255
    return wide.astype(np.uint8)
