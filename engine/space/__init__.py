"""Where everything is, for who asks: the nearest entities, rays, overlaps; for Python and for scripts."""
