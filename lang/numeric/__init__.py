"""Deterministic functions on numbers; no libm."""
