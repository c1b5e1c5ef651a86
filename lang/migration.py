"""Giving instances a new version of their program while they keep their state, name by name."""

from __future__ import annotations

import numpy as np

from lang.bytecode.program import Program
from lang.errors import ScriptError
from lang.faults import Fault
from lang.jit import I64
from lang.layout import BATCH_ROW_WORDS, HEADER_SIZE_SHIFT, InstanceWord, M, Status
from lang.machine import Machine
from lang.stdlib.registry import HostFault
from lang.vm.graft import Choice, compact_instance, graft_instance

NO_GATE = -1
NO_SLOT = -1


def prepare() -> None:
    """Load what `migrate` needs, so that the first reload is as fast as all others."""
    graft_instance.compile()  # type: ignore[attr-defined]
    compact_instance.compile()  # type: ignore[attr-defined]


def migrate(machine: Machine, instances: I64, old: Program, new: Program) -> tuple[Program, list[str]]:
    """Move all instances of a program to a new version of it.

    The new top level runs once for each instance, where it may change nothing outside. State whose name
    still exists then gets its old value back; new state and constants are what the top level made them;
    state without a name any more is dropped, and what holds functions of the old program begins anew.

    Returns:
        The program that the instances run now (the new one, with constants that their state needs), and
        warnings, each once.
    """
    joined, offsets = join_pools(old, new)
    scratch = [machine.create(joined) for _ in instances]
    for instance, fresh in zip(instances.tolist(), scratch, strict=True):
        machine.copy_words(instance, fresh, (InstanceWord.ENTITY, InstanceWord.RANDOM))
    failures = _run_top_levels(machine, joined, scratch)
    slots = _wanted_slots(old, new)
    warnings: dict[str, None] = {}
    for instance, fresh in zip(instances.tolist(), scratch, strict=True):
        compact(machine, instance, old)
        choices = _graft(machine, instance, fresh, (len(old.state_names), 0), offsets, slots)
        machine.exchange(instance, fresh)
        machine.destroy(fresh)
        if choices is None or int(choices.max(initial=0)) > Choice.INITIAL:
            warnings.update(dict.fromkeys(_warnings(joined, choices, failures.get(fresh))))
    return joined, list(warnings)


def extend(machine: Machine, instance: int, old: Program, new: Program) -> None:
    """Let an instance run a program that begins with all of the old one; its state stays as it is.

    Raises:
        HostFault: there is no memory for it.
    """
    if len(new.state_names) == len(old.state_names):
        machine.change_program(instance, new)
        return
    assert np.array_equal(new.pool[: old.pool.size], old.pool), "old constants keep their place"
    fresh = machine.create(new)
    compact(machine, instance, old)
    offsets = np.arange(old.pool.size, dtype=np.int64)
    choices = _graft(machine, instance, fresh, (len(old.state_names), 1), offsets, _wanted_slots(old, new))
    if choices is not None:
        machine.exchange(instance, fresh)
    machine.destroy(fresh)
    if choices is None:
        raise HostFault(Fault.MEMORY)


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


def _run_top_levels(machine: Machine, program: Program, instances: list[int]) -> dict[int, ScriptError]:
    """Run the top level in fresh instances, unheard and unable to change anything; returns the failures."""
    rows = np.zeros((len(instances), BATCH_ROW_WORDS), np.int64)
    rows[:, 0] = instances
    rows[:, 1] = NO_GATE
    failures: dict[int, ScriptError] = {}
    heard = machine.on_print, machine.on_debug
    is_atomic = machine.word(M.ATOMIC)
    machine.words[M.ATOMIC] = 0  # what a top level gave before it failed is of use
    machine.on_print, machine.on_debug = (lambda _text: None), (lambda _text, _at: None)
    machine.words[M.REFUSES_WRITES] = 1
    try:
        machine.call_batch(program, program.top_level, rows.ravel(), failures.__setitem__)
    finally:
        machine.words[M.REFUSES_WRITES] = 0
        machine.words[M.ATOMIC] = is_atomic
        machine.on_print, machine.on_debug = heard
    return failures


def _wanted_slots(old: Program, new: Program) -> I64:
    """Return for each new slot the old one of its name; constants are the new program's if they can be."""
    numbers = {name: slot for slot, name in enumerate(old.state_names)}
    constants = old.constant_names | new.constant_names
    return np.array(
        [2 * numbers.get(name, NO_SLOT) + (name in constants) for name in new.state_names],
        np.int64,
    )


def compact(machine: Machine, instance: int, program: Program) -> None:
    """Collect the heap of an instance."""
    machine.enter_program(program)
    while compact_instance(machine.address, instance) != Status.OK:
        machine.words[M.REQUEST] = 0
        machine.grow_arena()


def _graft(
    machine: Machine, instance: int, fresh: int, sizes: tuple[int, int], offsets: I64, slots: I64
) -> I64 | None:
    """Give a fresh instance the state of an old one; returns the choices, None if there is no room."""
    machine.bind(fresh)
    machine.words[M.PC] = NO_SLOT
    choices = slots.copy()
    while graft_instance(machine.address, instance, np.array(sizes), offsets, choices) != Status.OK:
        try:
            machine.make_room()
        except HostFault:
            machine.unbind()
            return None
    return choices


def _warnings(program: Program, choices: I64 | None, failure: ScriptError | None) -> list[str]:
    if choices is None:
        return ["there is no memory for the old state beside the new; all of it begins anew"]
    names = np.array(program.state_names, object)
    lost = names[choices == Choice.FUNCTION_LOST]
    found = [f"state '{name}' held a function of the old version and begins anew" for name in lost]
    undefined = names[choices == Choice.UNDEFINED]
    if failure is not None and undefined.size:
        which = ", ".join(f"'{name}'" for name in undefined)
        found.append(f"no value for {which}: the new top level failed. {failure.diagnostic()}")
    return found
