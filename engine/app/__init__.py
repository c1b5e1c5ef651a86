"""The window: the only place that imports pyglet, and only when a window is opened."""

from engine.app.display import NoDisplay, open_offscreen
from engine.app.run import WindowOptions, WindowRun, run_window

__all__ = ["NoDisplay", "WindowOptions", "WindowRun", "open_offscreen", "run_window"]
