"""A running game without a window: world, systems and scripts, and the parts that join them."""

from engine.game.game import Game

__all__ = ["Game"]
