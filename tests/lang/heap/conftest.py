import pytest

from lang.limits import Limits


@pytest.fixture(scope="session")
def function(shared_machine, compiled):
    """Make a Python function of a script's function `f`; values cross as Python values."""

    def function(text, mode="vectors"):
        program = compiled(text, mode)
        shared_machine.set_limits(Limits())
        instance = shared_machine.create(program)
        index = program.callbacks["f"]
        return lambda *arguments: shared_machine.call(instance, index, arguments)

    return function
