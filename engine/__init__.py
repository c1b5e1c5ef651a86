"""The runtime: scenes, world, physics, scripts, window. May import `lang`; never the other way round."""

__version__ = "0.1.0"
