"""Plays Coin rush for as long as one likes: level after level, and anew when it was caught or has won.

It makes the row of input of the next tick, as `arena_player.Bot` does.
"""

from engine.input.row import InputWord, empty_row, held_row
from engine.scene.screens import numbered_clicks
from tests.examples.coin_rush_player import Player

PRESSES = {"title": "CLOSE", "paused": "RESUME", "won": "scene.toml", "lost": "RESTART"}


class Bot:
    """Plays game after game."""

    def __init__(self):
        self._game = None

    def row(self, game):
        """Return the row of input of the next tick."""
        if game is not self._game:
            self._game, self._player = game, Player(game)
        if game.flow.screen is not None:
            return self._press(game)
        return held_row(game.input.row, self._player.keys())

    def _press(self, game):
        """Press the button of the open screen that leads on."""
        screen, row = game.flow.screen, empty_row(len(game.actions))
        for number, one in enumerate(numbered_clicks(game.flow.screens), 1):
            if one.screen == game.flow.screen_number and PRESSES[screen.name] in {
                one.click.target,
                one.click.verb.name,
            }:
                row[InputWord.BUTTON] = number
        assert row[InputWord.BUTTON] != 0, screen.name
        return row
