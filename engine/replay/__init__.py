"""Replays: what a run was fed and what came of it, in a file that is safe to open."""
