"""The ``astraweave`` command. Each module declares some commands; importing it adds them."""

from engine.cli import games, machine, playing, scripts, trust
from engine.cli.root import main

__all__ = ["games", "machine", "main", "playing", "scripts", "trust"]
