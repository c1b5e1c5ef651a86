"""Scripted tests of a game: functions of `.rhai` files that play it and say what must be so."""
