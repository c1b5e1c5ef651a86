"""Measurements: `astraweave bench` runs them, each checks its result before it is believed."""
