"""Names to registers, state slots and captures."""
