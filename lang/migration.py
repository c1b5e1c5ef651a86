"""Giving instances a new version of their program while they keep their state, name by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from lang.bytecode.program import Program
from lang.errors import ScriptError
from lang.heap.convert import FunctionValue
from lang.jit import I64
from lang.layout import HEADER_SIZE_SHIFT, InstanceWord, M, Status
from lang.machine import Machine
from lang.vm.remap import remap_instance


def migrate(machine: Machine, instances: I64, old: Program, new: Program) -> tuple[Program, list[str]]:
    """Move all instances of a program to a new version of it.

    State whose name still exists keeps its value; new state gets what the new top level gives it in a
    scratch instance that may change nothing outside; state without a name any more is dropped.

    Returns:
        The program that the instances run now (the new one, with constants that their state needs), and
        warnings: state that held functions, which belong to the old program, begins anew.
    """
    warnings: list[str] = []
    initial: dict[str, Any] | None = None
    fast = old.state_names == new.state_names
    offsets = np.zeros(0, np.int64)
    if fast:
        new, offsets = join_pools(old, new)
    for instance in instances.tolist():
        if not (fast and _remap(machine, instance, old, offsets)):
            if initial is None:
                initial = initial_state(machine, instance, new)
            warnings += _rebuild(machine, instance, new, initial)
        machine.adopt(instance, new)
    return new, warnings


def join_pools(old: Program, new: Program) -> tuple[Program, I64]:
    """Return the new program with the old constants it lacks, and where each old one now lies."""
    places: dict[bytes, int] = {}
    for at, data in _objects(new.pool):
        places.setdefault(data, at)
    offsets = np.zeros(old.pool.size, np.int64)
    extra: list[I64] = []
    end = new.pool.size
    for at, data in _objects(old.pool):
        if data not in places:
            places[data] = end
            extra.append(np.frombuffer(data, np.int64))
            end += len(data) // 8
        offsets[at] = places[data]
    return new.with_pool(np.concatenate([new.pool, *extra])), offsets


def _objects(pool: I64) -> list[tuple[int, bytes]]:
    found = []
    at = 0
    while at < pool.size:
        words = int(pool[at]) >> HEADER_SIZE_SHIFT
        found.append((at, pool[at : at + words].tobytes()))
        at += words
    return found


def _remap(machine: Machine, instance: int, old: Program, offsets: I64) -> bool:
    machine.enter_program(old)
    while True:
        status = remap_instance(machine.address, instance, offsets.ctypes.data, offsets.size)
        if status != Status.NEEDS_ARENA:
            return bool(status == Status.OK)
        machine.words[M.REQUEST] = 0
        machine.grow_arena()


def initial_state(machine: Machine, like: int, program: Program) -> dict[str, Any]:
    """Return the state that a program's top level makes, run where nothing outside can be changed."""
    scratch = machine.create(program)
    machine.copy_words(like, scratch, (InstanceWord.ENTITY, InstanceWord.RANDOM))
    machine.words[M.REFUSES_WRITES] = 1
    try:
        machine.run_top_level(scratch)
    except ScriptError:
        pass  # what was set before the failure is kept; the rest stays undefined
    finally:
        machine.words[M.REFUSES_WRITES] = 0
    state = machine.state(scratch)
    machine.destroy(scratch)
    return state


def _rebuild(machine: Machine, instance: int, new: Program, initial: dict[str, Any]) -> list[str]:
    state = machine.state(instance)
    kept = {name: value for name, value in state.items() if not _holds_function(value)}
    lost = [name for name in state if name not in kept and name in new.state_names]
    machine.recreate(instance, new)
    for name in new.state_names:
        value = kept.get(name, initial.get(name))
        if name in kept or name in initial:
            machine.set_state(instance, name, None if _holds_function(value) else value)
    return [f"state '{name}' held a function of the old version and begins anew" for name in lost]


def _holds_function(value: Any) -> bool:
    if isinstance(value, FunctionValue):
        return value.index >= 0
    if isinstance(value, dict):
        return any(map(_holds_function, value.values()))
    return isinstance(value, list) and any(map(_holds_function, value))
