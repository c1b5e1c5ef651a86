"""Compares what was drawn with a stored picture; what little drivers do differently is let pass.

`ASTRAWEAVE_UPDATE_PICTURES=1` stores what is drawn instead: look at each picture before committing it.
"""

import os
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent / "pictures"
NEAR = 32  # of 255: so far may a channel of a pixel be off, as on a smooth edge
MOST_FAR = 0.004  # part of the pixels that may be off by more
MOST_MEAN = 1.0  # of 255


def difference(shown, stored):
    """Say how two pictures [height, width, 3] differ, or nothing when they are the same to the eye."""
    if shown.shape != stored.shape:
        return f"the size is {shown.shape[:2]} and should be {stored.shape[:2]}"
    apart = np.abs(shown.astype(int) - stored).max(axis=2)
    far = (apart > NEAR).mean()
    if far > MOST_FAR or apart.mean() > MOST_MEAN:
        rows, columns = np.nonzero(apart > NEAR)
        where = f" from {columns.min()}, {rows.min()} to {columns.max()}, {rows.max()}" if rows.size else ""
        return f"{100 * far:.2f} % of the pixels are off{where}, by {apart.mean():.2f} in the mean"
    return ""


def assert_looks_like(name, shown, tmp_path):
    """Fail unless a picture [height, width, 3] is the one stored under a name."""
    file = FOLDER / f"{name}.png"
    if os.environ.get("ASTRAWEAVE_UPDATE_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(shown).save(file, optimize=True)
    with Image.open(file) as image:
        stored = np.asarray(image.convert("RGB"))
    found = difference(shown, stored)
    if found:
        Image.fromarray(shown).save(tmp_path / f"{name}.png")
    assert not found, f"{file} differs from {tmp_path / file.name}: {found}"
