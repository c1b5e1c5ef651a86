"""Tile maps: maps of Tiled as arrays, the boxes they are solid with, ways through them."""
