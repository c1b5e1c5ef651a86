"""The pages of the atlas as a GL texture array; what changed is uploaded when it is next bound."""

from __future__ import annotations

import ctypes

from pyglet import gl

from engine.render.atlas import Atlas, Region


class AtlasTexture:
    """The texture of an atlas, for the current GL context.

    Attributes:
        name: what GL calls it.
    """

    def __init__(self, atlas: Atlas, *, is_pixelated: bool) -> None:
        self._atlas = atlas
        self._shape: tuple[int, ...] = ()
        name = gl.GLuint()
        gl.glGenTextures(1, ctypes.byref(name))
        self.name = int(name.value)
        self._bind()
        chosen = gl.GL_NEAREST if is_pixelated else gl.GL_LINEAR
        for side in (gl.GL_TEXTURE_MIN_FILTER, gl.GL_TEXTURE_MAG_FILTER):
            gl.glTexParameteri(gl.GL_TEXTURE_2D_ARRAY, side, chosen)
        for axis in (gl.GL_TEXTURE_WRAP_S, gl.GL_TEXTURE_WRAP_T):
            gl.glTexParameteri(gl.GL_TEXTURE_2D_ARRAY, axis, gl.GL_CLAMP_TO_EDGE)

    def bind(self) -> None:
        """Make it the texture array of unit 0, with all that the atlas holds now."""
        self._bind()
        changes = self._atlas.take_changes()
        if self._atlas.pages.shape != self._shape:
            self._upload_all()
        else:
            for region in changes:
                self._upload(region)

    def delete(self) -> None:
        """Give its memory back; its context is the current one."""
        gl.glDeleteTextures(1, ctypes.byref(gl.GLuint(self.name)))

    def _bind(self) -> None:
        gl.glActiveTexture(gl.GL_TEXTURE0)
        gl.glBindTexture(gl.GL_TEXTURE_2D_ARRAY, self.name)

    def _upload_all(self) -> None:
        pages = self._atlas.pages
        self._shape = pages.shape
        count, size = pages.shape[:2]
        gl.glPixelStorei(gl.GL_UNPACK_ALIGNMENT, 4)
        gl.glTexImage3D(
            gl.GL_TEXTURE_2D_ARRAY,
            0,
            gl.GL_RGBA8,
            size,
            size,
            count,
            0,
            gl.GL_RGBA,
            gl.GL_UNSIGNED_BYTE,
            ctypes.c_void_p(pages.ctypes.data),
        )

    def _upload(self, region: Region) -> None:
        page, x, y, width, height = region
        pixels = self._atlas.pages[page, y : y + height, x : x + width].copy()
        gl.glPixelStorei(gl.GL_UNPACK_ALIGNMENT, 4)
        gl.glTexSubImage3D(
            gl.GL_TEXTURE_2D_ARRAY,
            0,
            x,
            y,
            page,
            width,
            height,
            1,
            gl.GL_RGBA,
            gl.GL_UNSIGNED_BYTE,
            ctypes.c_void_p(pixels.ctypes.data),
        )
