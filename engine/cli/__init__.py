"""The ``astraweave`` command. Each module declares some commands; importing it adds them."""

from engine.cli import machine, playing, scripts, trust
from engine.cli.root import main

__all__ = ["machine", "main", "playing", "scripts", "trust"]
