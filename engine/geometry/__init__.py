"""Shapes in the plane: rotation, separation of shapes, a grid that finds neighbours. Knows no entity."""
