"""The optimiser: passes over the plain instructions of one function. Each can be turned off."""
