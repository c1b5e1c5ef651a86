"""Mods as archives: packing them, installing them, and removing them."""
