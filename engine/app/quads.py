"""Instances of one quad on the graphics card: its corners, and a buffer with a row for each instance.

All that is drawn in numbers is drawn so: shapes and images, particles, lines. Colours leave the shaders
multiplied by their alpha.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyglet import gl

SQUARE = np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32)
"""Corners of a quad around its middle, x and y in turn, as a strip of triangles."""


class Attribute(NamedTuple):
    """What a shader takes of the row of an instance."""

    location: int
    word: int
    """Of 4 bytes, at which it begins."""
    values: int
    kind: int = gl.GL_FLOAT
    normalised: bool = False


class Quads:
    """A quad, and the instances of it that were uploaded last, for the current GL context."""

    def __init__(
        self, corners: NDArray[np.float32], attributes: Sequence[Attribute], instance_bytes: int
    ) -> None:
        """Take the corners [8], which shaders find at location 0, and what rows of instances hold."""
        self._attributes, self._instance_bytes = attributes, instance_bytes
        self._array, quad, self._instances = gl.GLuint(), gl.GLuint(), gl.GLuint()
        gl.glGenVertexArrays(1, ctypes.byref(self._array))
        gl.glGenBuffers(1, ctypes.byref(quad))
        gl.glGenBuffers(1, ctypes.byref(self._instances))
        gl.glBindVertexArray(self._array)
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, quad)
        _fill(corners, gl.GL_STATIC_DRAW)
        gl.glEnableVertexAttribArray(0)
        gl.glVertexAttribPointer(0, 2, gl.GL_FLOAT, gl.GL_FALSE, 8, ctypes.c_void_p(0))
        for attribute in attributes:
            gl.glEnableVertexAttribArray(attribute.location)
            gl.glVertexAttribDivisor(attribute.location, 1)
        gl.glBindVertexArray(0)

    def upload(self, rows: NDArray[Any]) -> None:
        """Hand the rows of instances over, instead of those before."""
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, self._instances)
        _fill(rows, gl.GL_STREAM_DRAW)

    def draw(self, count: int, first: int = 0) -> None:
        """Draw instances that were uploaded, the first one lowest, with the program that is in use."""
        gl.glEnable(gl.GL_BLEND)
        gl.glBlendFunc(gl.GL_ONE, gl.GL_ONE_MINUS_SRC_ALPHA)
        gl.glBindVertexArray(self._array)
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, self._instances)
        for location, word, values, kind, normalised in self._attributes:
            offset = ctypes.c_void_p(self._instance_bytes * first + 4 * word)
            gl.glVertexAttribPointer(location, values, kind, normalised, self._instance_bytes, offset)
        gl.glDrawArraysInstanced(gl.GL_TRIANGLE_STRIP, 0, 4, count)
        gl.glBindVertexArray(0)


def _fill(values: NDArray[Any], usage: int) -> None:
    assert values.flags.c_contiguous, "GL reads instances as one block"
    gl.glBufferData(gl.GL_ARRAY_BUFFER, values.nbytes, ctypes.c_void_p(values.ctypes.data), usage)
