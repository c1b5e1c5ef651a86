"""The fixed-step clock and the ordered schedule of systems."""
