"""The ``astraweave`` command. Each module declares some commands; importing it adds them."""

from engine.cli import games, machine, mods, playing, scripts, trust
from engine.cli.root import main

__all__ = ["games", "machine", "main", "mods", "playing", "scripts", "trust"]
