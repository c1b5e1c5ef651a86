"""The solid cells of a map as few boxes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def merged_boxes(solid: npt.NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Return boxes (first row, first column, rows, columns) that cover each solid cell once.

    A run of a row is taken as a whole, and joined with the rows below as long as they have the very same run:
    so no floor and no ceiling has a seam. A wall has one where a row meets it from behind:
    `engine.physics.seams` sees to it that nothing catches there.
    """
    boxes: list[tuple[int, int, int, int]] = []
    open_runs: dict[tuple[int, int], int] = {}
    for row in range(len(solid) + 1):
        runs = set(_runs(solid[row])) if row < len(solid) else set()
        for run in [run for run in open_runs if run not in runs]:
            first = open_runs.pop(run)
            boxes.append((first, run[0], row - first, run[1] - run[0]))
        for run in runs:
            open_runs.setdefault(run, row)
    return sorted(boxes)


def _runs(cells: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (first, after the last) of each run of true cells."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], cells.astype(np.int8), [0]])))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
