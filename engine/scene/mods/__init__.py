"""Mods: folders with a `mod.toml` whose tables are laid over those of a scene."""
