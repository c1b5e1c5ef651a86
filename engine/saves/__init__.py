"""Saves: the state of a world in a file, checked to the last word before it is a world again."""
