"""What the window would find on this machine: its OpenGL and its sound device."""

from __future__ import annotations

import sys
from typing import NamedTuple

from engine.app.display import needing_display


class OpenGL(NamedTuple):
    """Who draws, and by which version."""

    vendor: str
    renderer: str
    version: str


def find_open_gl() -> OpenGL:
    """Open a window that nobody sees, ask it, and close it.

    Raises:
        NoDisplay: there is no display, or it has no OpenGL 3.3.
    """
    with needing_display():
        import pyglet
        from pyglet import gl

        window = pyglet.window.Window(64, 64, visible=False)
        try:
            info = gl.gl_info
            return OpenGL(info.get_vendor(), info.get_renderer(), info.get_version_string())
        finally:
            window.close()


def find_sound_driver() -> str | None:
    """Return the name of what plays sound here (``PulseAudio``, ``XAudio2``, …), or None without a device."""
    import pyglet

    from engine.app.sound_device import sound_driver

    if "pyglet.gl" not in sys.modules:
        pyglet.options["shadow_window"] = False  # else a device cannot be looked for without a display
    driver = sound_driver()
    return None if driver is None else type(driver).__name__.removesuffix("Driver")
