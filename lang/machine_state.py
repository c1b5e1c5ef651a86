"""All instances of a machine at once: the arrays they live in, and what Python knows of them.

Between two calls nothing else of a machine matters: registers, frames and scratch are of a call alone.
Programs never change, so those of an earlier moment are named, not copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lang.bytecode.program import Program
from lang.jit import I64
from lang.layout import M
from lang.machine import Machine


class MachineValues(NamedTuple):
    """What Python knows of the instances of a machine."""

    programs: dict[int, Program]
    free_rows: tuple[int, ...]
    used_rows: int
    arena_top: int
    tick: int


def machine_arrays(machine: Machine) -> tuple[I64, ...]:
    """Return the arrays that hold the instances: their heaps, their rows, what is free."""
    return (machine.arena, machine.instances, machine.free_lists)


def hold_machine_arrays(machine: Machine, arrays: Sequence[I64]) -> None:
    """Let a machine work on these arrays from now on, in the order of `machine_arrays`."""
    machine.arena, machine.instances, machine.free_lists = arrays
    machine.publish()


def machine_values(machine: Machine) -> MachineValues:
    """Return the rest of the state, between two calls."""
    return MachineValues(
        dict(machine.programs),
        tuple(machine.free_rows),
        machine.used_rows,
        machine.word(M.ARENA_TOP),
        machine.word(M.TICK),
    )


def put_machine_values(machine: Machine, values: MachineValues) -> None:
    """Return to earlier values; the arrays hold what they held then."""
    machine.programs = dict(values.programs)
    machine.free_rows = list(values.free_rows)
    machine.used_rows = values.used_rows
    machine.words[M.ARENA_TOP] = values.arena_top
    machine.words[M.TICK] = values.tick
