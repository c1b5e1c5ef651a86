"""Drawing instances: one quad a shape, its smooth outline from a signed distance, or an image of the atlas.

One draw call draws a whole buffer. The instance layout is that of `engine.render.shapes`. Colours leave the
shader multiplied by their alpha, as the atlas holds them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyglet import gl
from pyglet.graphics.shader import Shader, ShaderProgram

from engine.app.quads import SQUARE, Attribute, Quads
from engine.render.shapes import FIRST_PAGE, INSTANCE_BYTES, InstanceWord

_VERTEX = """#version 330 core
layout(location = 0) in vec2 corner;      // -1 .. 1
layout(location = 1) in vec2 middle;      // units from the middle of the view
layout(location = 2) in vec2 half_size;   // units
layout(location = 3) in float rotation;
layout(location = 4) in vec4 color;
layout(location = 5) in float shape;
layout(location = 6) in vec4 sides;       // of an image: left, bottom, right, top in pixels of its page
uniform vec2 view_size;                   // pixels
uniform float pixels_per_unit;
out vec2 place;                           // pixels from the middle of the shape, not turned
out float height;                         // -1 .. 1 from its lower to its upper end
flat out vec2 extent;                     // half size in pixels
flat out vec4 fill;
flat out int kind;
flat out vec4 limits;                     // what may be read of a page: least x, y, greatest x, y
out vec2 texel;
flat out float outline;                   // width of the smooth outline, pixels

void main() {
    extent = half_size * pixels_per_unit;
    kind = int(shape);
    // Room for the smooth outline. An upright image has none: tiles side by side must close up.
    outline = kind >= FIRST_PAGE && rotation == 0.0 ? 0.0 : 1.0;
    place = corner * (extent + outline);
    texel = mix(sides.xy, sides.zw, 0.5 + 0.5 * place / max(extent, vec2(1e-6)));
    limits = vec4(min(sides.xy, sides.zw) + 0.5, max(sides.xy, sides.zw) - 0.5);
    vec2 turn = vec2(cos(rotation), sin(rotation));
    vec2 offset = vec2(place.x * turn.x - place.y * turn.y, place.x * turn.y + place.y * turn.x);
    height = offset.y / max(extent.x, extent.y);
    fill = color;
    gl_Position = vec4((middle * pixels_per_unit + offset) * 2.0 / view_size, 0.0, 1.0);
}
"""

_FRAGMENT = """#version 330 core
in vec2 place;
in float height;
flat in vec2 extent;
flat in vec4 fill;
flat in int kind;
flat in vec4 limits;
in vec2 texel;
flat in float outline;
uniform sampler2DArray pages;
uniform float shading;                    // 0 flat, 1 soft light from above and a darker rim
uniform float rounding;                   // largest radius of the corners of a box, pixels
out vec4 result;

float ellipse(vec2 p, vec2 half_size) {
    if (abs(half_size.x - half_size.y) < 0.01) return length(p) - half_size.x;
    float outside = length(p / half_size);
    float slope = length(p / (half_size * half_size));
    return slope > 0.0 ? outside * (outside - 1.0) / slope : -min(half_size.x, half_size.y);
}

float box(vec2 p, vec2 half_size) {
    float radius = min(rounding, 0.3 * min(half_size.x, half_size.y));
    vec2 q = abs(p) - half_size + radius;
    return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - radius;
}

float triangle(vec2 p, vec2 half_size) {
    vec2 normal = normalize(vec2(half_size.y, 2.0 * half_size.x));
    return max(-p.x - half_size.x, dot(vec2(p.x - half_size.x, abs(p.y)), normal));
}

vec4 image() {
    // Never past the middle of the outermost pixels: there begin the neighbours in the sheet.
    vec2 at = clamp(texel, limits.xy, max(limits.xy, limits.zw)) / vec2(textureSize(pages, 0).xy);
    vec4 tint = vec4(fill.rgb * fill.a, fill.a);
    vec2 cover = outline > 0.0 ? clamp(extent + 0.5 - abs(place), 0.0, 1.0) : vec2(1.0);
    return textureLod(pages, vec3(at, float(kind - FIRST_PAGE)), 0.0) * tint * cover.x * cover.y;
}

void main() {
    if (kind >= FIRST_PAGE) {
        result = image();
        return;
    }
    float distance;
    if (kind == 1) distance = box(place, extent);
    else if (kind == 2) distance = triangle(place, extent);
    else distance = ellipse(place, extent);
    float cover = clamp(0.5 - distance, 0.0, 1.0);
    if (cover <= 0.0) discard;
    float small = clamp(min(extent.x, extent.y) / 8.0, 0.0, 1.0);
    float rim = 1.0 - smoothstep(0.5, 2.5, -distance);
    float light = 1.0 + shading * small * (0.10 * height - 0.30 * rim);
    float alpha = fill.a * cover;
    result = vec4(min(fill.rgb * light, 1.0) * alpha, alpha);
}
"""

_ATTRIBUTES = (
    Attribute(1, InstanceWord.X, 2),
    Attribute(2, InstanceWord.HALF_WIDTH, 2),
    Attribute(3, InstanceWord.ROTATION, 1),
    Attribute(4, InstanceWord.COLOR, 4, gl.GL_UNSIGNED_BYTE, normalised=True),
    Attribute(5, InstanceWord.SHAPE, 1),
    Attribute(6, InstanceWord.LEFT, 4),
)


def make_shape_program() -> ShaderProgram:
    """Return the shader that draws instances, for the current GL context."""
    vertex, fragment = _with_constants(_VERTEX), _with_constants(_FRAGMENT)
    return ShaderProgram(Shader(vertex, "vertex"), Shader(fragment, "fragment"))


def _with_constants(source: str) -> str:
    first, rest = source.split("\n", 1)
    return f"{first}\n#define FIRST_PAGE {FIRST_PAGE}\n{rest}"


class ShapeDrawing:
    """The program that draws shapes, and `quads`, which has them on the graphics card."""

    def __init__(self, program: ShaderProgram, *, shading: float, rounding: float) -> None:
        self._program = program
        self._shading = shading
        self._rounding = rounding
        self.quads = Quads(SQUARE, _ATTRIBUTES, INSTANCE_BYTES)

    def draw(self, rows: NDArray[np.float32], view: tuple[int, int], pixels_per_unit: float) -> None:
        """Draw instances [n, INSTANCE_WORDS], the first one lowest, into a view of pixels."""
        if not len(rows):
            return
        self._program.use()
        self._program["view_size"] = view
        self._program["pixels_per_unit"] = pixels_per_unit
        self._program["shading"] = self._shading
        self._program["rounding"] = self._rounding
        self.quads.upload(rows)
        self.quads.draw(len(rows))
        self._program.stop()
