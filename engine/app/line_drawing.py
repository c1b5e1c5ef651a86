"""Drawing lines: one quad of a constant width in pixels each, all in one draw call."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray
from pyglet import gl
from pyglet.graphics.shader import Shader, ShaderProgram

from engine.render.camera import Camera
from engine.render.debug_lines import LINE_BYTES

_VERTEX = """#version 330 core
layout(location = 0) in vec2 corner;      // 0 or 1 along the line, -1 or 1 across
layout(location = 1) in vec4 ends;        // x, y of both, units from the middle of the view
layout(location = 2) in vec4 color;
uniform vec2 view_size;                   // pixels
uniform float pixels_per_unit;
uniform float width;                      // pixels
out float across;
flat out vec4 fill;

void main() {
    vec2 start = ends.xy * pixels_per_unit, end = ends.zw * pixels_per_unit;
    vec2 way = end - start;
    vec2 along = length(way) > 0.0 ? normalize(way) : vec2(1.0, 0.0);
    float half_width = 0.5 * width + 0.5; // room for the smooth edge
    vec2 place = mix(start, end, corner.x) + vec2(-along.y, along.x) * (corner.y * half_width);
    across = corner.y * half_width;
    fill = color;
    gl_Position = vec4(place * 2.0 / view_size, 0.0, 1.0);
}
"""

_FRAGMENT = """#version 330 core
in float across;
flat in vec4 fill;
uniform float width;
out vec4 result;

void main() {
    float alpha = fill.a * clamp(0.5 * width + 0.5 - abs(across), 0.0, 1.0);
    result = vec4(fill.rgb * alpha, alpha);
}
"""

_CORNERS = np.array([0, -1, 1, -1, 0, 1, 1, 1], np.float32)
WIDTH = 1.5
"""Pixels."""


class LineDrawing:
    """The program and the buffer that draw lines, for the current GL context."""

    def __init__(self) -> None:
        self._program = ShaderProgram(Shader(_VERTEX, "vertex"), Shader(_FRAGMENT, "fragment"))
        self._array, self._corners, self._lines = gl.GLuint(), gl.GLuint(), gl.GLuint()
        gl.glGenVertexArrays(1, ctypes.byref(self._array))
        gl.glGenBuffers(1, ctypes.byref(self._corners))
        gl.glGenBuffers(1, ctypes.byref(self._lines))
        gl.glBindVertexArray(self._array)
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, self._corners)
        data = ctypes.c_void_p(_CORNERS.ctypes.data)
        gl.glBufferData(gl.GL_ARRAY_BUFFER, _CORNERS.nbytes, data, gl.GL_STATIC_DRAW)
        gl.glEnableVertexAttribArray(0)
        gl.glVertexAttribPointer(0, 2, gl.GL_FLOAT, gl.GL_FALSE, 8, ctypes.c_void_p(0))
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, self._lines)
        for location, kind, normalised, offset in (
            (1, gl.GL_FLOAT, gl.GL_FALSE, 0),
            (2, gl.GL_UNSIGNED_BYTE, gl.GL_TRUE, 16),
        ):
            gl.glEnableVertexAttribArray(location)
            gl.glVertexAttribPointer(location, 4, kind, normalised, LINE_BYTES, ctypes.c_void_p(offset))
            gl.glVertexAttribDivisor(location, 1)
        gl.glBindVertexArray(0)

    def draw(self, lines: NDArray[np.float32], camera: Camera) -> None:
        """Draw lines [n, LINE_WORDS], the first lowest."""
        if not len(lines):
            return
        program = self._program
        program.use()
        program["view_size"] = (camera.width, camera.height)
        program["pixels_per_unit"] = camera.pixels_per_metre
        program["width"] = WIDTH
        gl.glEnable(gl.GL_BLEND)
        gl.glBlendFunc(gl.GL_ONE, gl.GL_ONE_MINUS_SRC_ALPHA)
        gl.glBindBuffer(gl.GL_ARRAY_BUFFER, self._lines)
        data = ctypes.c_void_p(lines.ctypes.data)
        gl.glBufferData(gl.GL_ARRAY_BUFFER, lines.nbytes, data, gl.GL_STREAM_DRAW)
        gl.glBindVertexArray(self._array)
        gl.glDrawArraysInstanced(gl.GL_TRIANGLE_STRIP, 0, 4, len(lines))
        gl.glBindVertexArray(0)
        program.stop()
