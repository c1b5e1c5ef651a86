"""What the tests of the language share: one table of natives, one prelude, one compiler, one machine."""

import pytest

from lang.bytecode.verify import verify
from lang.compile.compiler import compile_source
from lang.compile.frame import Options
from lang.limits import Limits
from lang.machine import Machine
from lang.prelude import prelude_program
from lang.source import Source
from lang.stdlib.table import standard_natives

CONTEXT = ("entity_id", "delta_time", "tick")
MODES = {
    "strict": {},
    "vectors": {"vectors": True},
    "entity": {"vectors": True, "entity": True, "context": CONTEXT},
}


@pytest.fixture(scope="session")
def natives():
    return standard_natives()


@pytest.fixture(scope="session")
def prelude(natives):
    return prelude_program(natives)


@pytest.fixture(scope="session")
def compiled(natives, prelude):
    """Compile a text in a mode of `MODES`; whatever comes out passes the verifier."""

    def compiled(text, mode="vectors", **options):
        program = compile_source(Source(text), Options(natives, **{**MODES[mode], **options}), prelude)
        verify(program, len(natives.entries))
        return program

    return compiled


@pytest.fixture(scope="session")
def shared_machine(natives):
    return Machine(natives)


@pytest.fixture
def machine(shared_machine):
    """A machine as good as new; making one costs a while."""
    shared_machine.set_limits(Limits())
    shared_machine.on_print = lambda _text: None
    return shared_machine


@pytest.fixture
def run(machine, compiled):
    """Run a text's top level in an instance of its own; returns its value as a Python value."""

    def run(text, mode="vectors", **limits):
        machine.set_limits(Limits(**limits))
        instance = machine.create(compiled(text, mode))
        try:
            return machine.run_top_level(instance)
        finally:
            machine.destroy(instance)

    return run
