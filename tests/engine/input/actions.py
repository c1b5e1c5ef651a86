"""Actions as tests want them: buttons by name."""

from engine.input.bindings import Action, Side


def actions_of(keys):
    """Return buttons by name, each with the inputs that hold it down."""
    return {name: Action().bound(Side.BUTTONS, inputs) for name, inputs in keys.items()}
