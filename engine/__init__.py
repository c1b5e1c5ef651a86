"""The runtime: scenes, world, physics, scripts, window. May import `lang`; never the other way round."""
