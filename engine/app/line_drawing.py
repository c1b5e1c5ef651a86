"""Drawing lines: one quad of a constant width in pixels each, all in one draw call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyglet import gl
from pyglet.graphics.shader import Shader, ShaderProgram

from engine.app.quads import Attribute, Quads
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
_ATTRIBUTES = (Attribute(1, 0, 4), Attribute(2, 4, 4, gl.GL_UNSIGNED_BYTE, normalised=True))
WIDTH = 1.5
"""Pixels."""


class LineDrawing:
    """The program that draws lines, and the last of them, for the current GL context."""

    def __init__(self) -> None:
        self._program = ShaderProgram(Shader(_VERTEX, "vertex"), Shader(_FRAGMENT, "fragment"))
        self._quads = Quads(_CORNERS, _ATTRIBUTES, LINE_BYTES)

    def draw(self, lines: NDArray[np.float32], camera: Camera) -> None:
        """Draw lines [n, LINE_WORDS], the first lowest."""
        if not len(lines):
            return
        program = self._program
        program.use()
        program["view_size"] = (camera.width, camera.height)
        program["pixels_per_unit"] = camera.pixels_per_metre
        program["width"] = WIDTH
        self._quads.upload(lines)
        self._quads.draw(len(lines))
        program.stop()
