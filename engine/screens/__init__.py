"""Screens over a game: which are open, how their items are laid out, where the focus is. No window needed."""
