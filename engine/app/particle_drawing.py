"""Drawing particles: one upload of all instances, then one draw call for each effect.

The instance layout is that of `engine.render.particle_instances`. Colours leave the shader premultiplied:
what brightens what is behind it then differs from what covers it by an alpha of 0 alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pyglet import gl
from pyglet.graphics.shader import Shader, ShaderProgram

from engine.app.quads import SQUARE, Attribute, Quads
from engine.render.camera import Camera
from engine.render.images import Images
from engine.render.particle_instances import (
    PARTICLE_INSTANCE_BYTES,
    ParticleInstances,
    ParticleInstanceWord,
    ParticleRun,
)
from engine.render.view import GameView

_VERTEX = """#version 330 core
layout(location = 0) in vec2 corner;      // -1 .. 1
layout(location = 1) in vec2 middle;      // units from the middle of the view
layout(location = 2) in float half_width; // units
layout(location = 3) in vec2 axis;        // see ParticleInstanceWord
layout(location = 4) in vec4 color;
uniform vec2 view_size;                   // pixels
uniform float pixels_per_unit;
uniform int stretched;
uniform float aspect;                     // height to width of an image
out vec2 place;                           // -1 .. 1 from the middle of the particle
flat out vec4 fill;
flat out float edge;                      // a pixel, in the units of `place`

const float LEAST = 0.75;                 // half a width in pixels: what is thinner fades instead

void main() {
    float half_size = half_width * pixels_per_unit;
    float across = max(half_size, LEAST);
    vec2 along = stretched != 0 ? axis * pixels_per_unit : across * vec2(cos(axis.x), sin(axis.x));
    float reach = max(length(along), across);
    vec2 unit = length(along) > 0.0 ? normalize(along) : vec2(1.0, 0.0);
    vec2 offset = unit * (reach * corner.x) + vec2(-unit.y, unit.x) * (across * aspect * corner.y);
    float share = half_size / across;
    place = corner;
    edge = 1.0 / across;
    fill = vec4(color.rgb, color.a * (stretched != 0 ? share : share * share));
    gl_Position = vec4((middle * pixels_per_unit + offset) * 2.0 / view_size, 0.0, 1.0);
}
"""

_FRAGMENT = """#version 330 core
in vec2 place;
flat in vec4 fill;
flat in float edge;
uniform sampler2DArray pages;
uniform int page;                         // of the image, or -1
uniform vec4 region;                      // of the image: left, top, width, height in texels
uniform int shape;                        // ParticleShape
uniform float covering;                   // 1 covers, 0 brightens
out vec4 result;

vec4 image() {
    vec2 inside = clamp((place * vec2(0.5, -0.5) + 0.5) * region.zw, vec2(0.5), region.zw - 0.5);
    return textureLod(pages, vec3((region.xy + inside) / vec2(textureSize(pages, 0).xy), float(page)), 0.0);
}

float cover() {
    float radius = dot(place, place);
    if (shape == 0) return max(0.0, 1.0 - radius) * max(0.0, 1.0 - radius);
    if (shape == 1) return clamp((1.0 - sqrt(radius)) / edge, 0.0, 1.0);
    return 1.0;
}

void main() {
    vec4 look = page >= 0 ? image() : vec4(cover());
    result = look * vec4(fill.rgb * fill.a, fill.a);
    result.a *= covering;
}
"""

_ATTRIBUTES = (
    Attribute(1, ParticleInstanceWord.X, 2),
    Attribute(2, ParticleInstanceWord.HALF_WIDTH, 1),
    Attribute(3, ParticleInstanceWord.AXIS_X, 2),
    Attribute(4, ParticleInstanceWord.COLOR, 4, gl.GL_UNSIGNED_BYTE, normalised=True),
)
_NO_PAGE = -1


class ParticleDrawing:
    """The program that draws a game's particles, and those in sight, for the current GL context."""

    def __init__(self, game: GameView, images: Images) -> None:
        game.particles.is_shown = True
        self._game = game
        self._images = images
        self._built = ParticleInstances()
        self._program = ShaderProgram(Shader(_VERTEX, "vertex"), Shader(_FRAGMENT, "fragment"))
        self._quads = Quads(SQUARE, _ATTRIBUTES, PARTICLE_INSTANCE_BYTES)

    def prepare(self, camera: Camera, alpha: float) -> Sequence[ParticleLayer]:
        """Upload all particles in sight; return what draws them, layer by layer."""
        game = self._game
        runs = self._built.build(game.world.table, game.particles, camera, alpha)
        self._images.load(run.effect.image for run in runs if run.effect.image)
        if runs:
            self._quads.upload(self._built.rows[: runs[-1].first + runs[-1].count])
        layers = groupby(runs, key=lambda run: run.effect.layer)
        return [ParticleLayer(layer, self, tuple(group)) for layer, group in layers]

    def draw(self, runs: Iterable[ParticleRun], camera: Camera) -> None:
        """Draw some of what was uploaded, the first lowest; images come from the texture that is bound."""
        program = self._program
        program.use()
        program["view_size"] = (camera.width, camera.height)
        program["pixels_per_unit"] = camera.pixels_per_metre
        for run in runs:
            self._draw_run(run)
        program.stop()

    def _draw_run(self, run: ParticleRun) -> None:
        self._program["stretched"] = int(run.is_stretched)
        self._program["shape"] = int(run.effect.shape)
        self._program["covering"] = 0.0 if run.effect.additive else 1.0
        self._choose_image(run.effect.image)
        self._quads.draw(run.count, run.first)

    def _choose_image(self, name: str) -> None:
        if not name:
            self._program["page"], self._program["aspect"] = _NO_PAGE, 1.0
            return
        page, *region = self._images.region(name)
        self._program["page"] = page
        self._program["region"] = region
        self._program["aspect"] = region[3] / region[2]


@dataclass(frozen=True)
class ParticleLayer:
    """The particles of one layer in this frame."""

    layer: int
    drawing: ParticleDrawing
    runs: tuple[ParticleRun, ...]

    def draw(self, camera: Camera, alpha: float) -> None:  # noqa: ARG002 - they were prepared for it
        """Draw them as they were prepared."""
        self.drawing.draw(self.runs, camera)
