"""Giving instances a new version of their program while they keep their state, name by name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lang.bytecode.bodies import Bodies
from lang.bytecode.program import SEQUENCES, Program
from lang.errors import ScriptError
from lang.faults import Fault
from lang.jit import I64
from lang.layout import BATCH_ROW_WORDS, HEADER_SIZE_SHIFT, INSTANCE_WORDS, InstanceWord, Kind, M, Status
from lang.machine import Machine
from lang.stdlib.registry import HostFault
from lang.suspended import redirect
from lang.values import Tag
from lang.vm.graft import LOST, Choice, compact_instances, graft_instances
from lang.words import string_words

NO_GATE = -1
NO_SLOT = -1


@dataclass(frozen=True)
class Migration:
    """The way from one version of a program to the next, worked out before anything is changed.

    Attributes:
        old: what instances run now. new: what they are to run, with the constants that their state needs.
        offsets, functions, names: what becomes of what the state refers to, see `lang.vm.graft.Carried`.
        wanted: for each new state slot where its value comes from, see `graft_instances`.
    """

    old: Program
    new: Program
    offsets: I64
    functions: I64
    names: I64
    wanted: I64


def prepare() -> None:
    """Load what `migrate` needs, so that the first reload is as fast as all others."""
    graft_instances.compile()  # type: ignore[attr-defined]
    compact_instances.compile()  # type: ignore[attr-defined]


# --- the plan: no machine is needed, any thread may make it ---------------------------------------------


def plan_migration(old: Program, new: Program) -> Migration:
    """Return the way from a program to another version of it.

    A function in state stays if the new version has it: a closure, if there is one of the same body in the
    same file; a pointer by name, if all functions of its name are as they were.
    """
    before, after = Bodies(old), Bodies(new)
    files = _file_numbers(before, after)
    lost = _lost_names(before, after)
    functions = np.concatenate([_function_numbers(old, before, after), files])
    joined, offsets = _join_pools(old, new, files, lost)
    names = [word for file, name in sorted(lost) for word in (file, *string_words(name))]
    return Migration(old, joined, offsets, functions, np.array(names, np.int64), _wanted_slots(old, new))


def _file_numbers(before: Bodies, after: Bodies) -> I64:
    numbers = {name: number for number, name in after.files.items()}
    numbers[before.files[0]] = 0  # the script itself, whatever it is called
    found = np.full(1 + max(before.files), LOST, np.int64)
    for number, name in before.files.items():
        found[number] = numbers.get(name, LOST)
    return found


def _function_numbers(old: Program, before: Bodies, after: Bodies) -> I64:
    """Return the new index of each old function, or LOST; those of the prelude stay."""
    found = np.arange(len(old.infos), dtype=np.int64)
    closures = after.closures()
    for number, digest in before.hashes.items():
        info = old.infos[number]
        label = before.label(info)
        if info.is_closure:
            found[number] = closures.get((label.file, digest), LOST)
        else:
            found[number] = after.named[label] if before.same(label, after) else LOST
    return found


def _lost_names(before: Bodies, after: Bodies) -> set[tuple[int, str]]:
    """Return (old number of the file, name) of functions that pointers by name no longer mean."""
    numbers = {name: number for number, name in before.files.items()}
    return {
        (numbers[label.file], label.name)
        for label in before.named
        if label.name and label.file in numbers and not before.same(label, after)
    }


def _join_pools(old: Program, new: Program, files: I64, lost: set[tuple[int, str]]) -> tuple[Program, I64]:
    """Return the new program with the old constants it lacks, and where each old one now lies."""
    places: dict[bytes, int] = {}
    for at, data in _objects(new.pool):
        places.setdefault(data.tobytes(), at)
    offsets = np.zeros(old.pool.size, np.int64)
    extra: list[I64] = []
    end = new.pool.size
    objects = _objects(old.pool)
    for at, data in sorted(objects, key=lambda one: int(one[1][0]) & 0xFF == Kind.FN):  # names come first
        words = data
        if int(data[0]) & 0xFF == Kind.FN:
            file, name = int(-1 - data[1]), ~int(data[2])
            if files[file] == LOST or (file, _text_at(old.pool, name)) in lost:
                offsets[at] = LOST
                continue
            words = np.array([data[0], -1 - files[file], ~offsets[name], data[3]], np.int64)
        key = words.tobytes()
        if key not in places:
            places[key] = end
            extra.append(words)
            end += words.size
        offsets[at] = places[key]
    return new.with_pool(np.concatenate([new.pool, *extra])), offsets


def _objects(pool: I64) -> list[tuple[int, I64]]:
    found = []
    at = 0
    while at < pool.size:
        words = int(pool[at]) >> HEADER_SIZE_SHIFT
        found.append((at, pool[at : at + words]))
        at += words
    return found


def _text_at(pool: I64, at: int) -> str:
    words = int(pool[at]) >> HEADER_SIZE_SHIFT
    data: bytes = pool[at + 2 : at + words].tobytes()
    return data[: int(pool[at + 1]) & 0xFFFFFFFF].decode("utf-8", "replace")


def _wanted_slots(old: Program, new: Program) -> I64:
    """Return for each new slot the old one of its name; constants are the new program's if they can be."""
    numbers = {name: slot for slot, name in enumerate(old.state_names)}
    constants = old.constant_names | new.constant_names
    return np.array(
        [2 * numbers.get(name, NO_SLOT) + (name in constants) for name in new.state_names],
        np.int64,
    )


# --- doing it -------------------------------------------------------------------------------------------


def migrate(machine: Machine, instances: I64, plan: Migration) -> list[str]:
    """Move all instances of a program to a new version of it, which is `plan.new`.

    The new top level runs once for each instance, where it may change nothing outside. State whose name
    still exists then gets its old value back; new state and constants are what the top level made them;
    state without a name any more is dropped, and what holds functions that are lost begins anew.

    Returns:
        Warnings, each once.
    """
    fresh = np.array([machine.create(plan.new) for _ in instances], np.int64)
    rows = machine.instances.reshape(-1, INSTANCE_WORDS)
    for word in (InstanceWord.ENTITY, InstanceWord.RANDOM):
        rows[fresh, word] = rows[instances, word]
    failures = _run_top_levels(machine, plan.new, fresh)
    compact(machine, instances, plan.old)
    _redirect_functions_that_wait(machine, instances, plan)
    choices = _graft(machine, np.stack([instances, fresh], axis=1), plan)
    choices[:, [slot for name, slot in plan.new.slots.items() if name == SEQUENCES]] = Choice.KEPT
    machine.exchange(instances, fresh)
    for instance in fresh.tolist():
        machine.destroy(instance)
    warnings: dict[str, None] = {}
    for row in np.flatnonzero(choices.max(axis=1, initial=0) > Choice.INITIAL).tolist():
        warnings.update(dict.fromkeys(_warnings(plan.new, choices[row], failures.get(int(fresh[row])))))
    return list(warnings)


def _redirect_functions_that_wait(machine: Machine, instances: I64, plan: Migration) -> None:
    """Let functions that wait go on in the new program, if it has all of them as they were."""
    slot = plan.old.slots.get(SEQUENCES)
    if slot is not None:
        rows = machine.instances.reshape(-1, INSTANCE_WORDS)[instances]
        firsts = rows[:, InstanceWord.BASE]
        waits = machine.arena[firsts + 2 * slot] == Tag.ARRAY
        for first, top in rows[waits][:, [InstanceWord.BASE, InstanceWord.TOP]].tolist():
            redirect(machine.arena[first : first + top], plan.old, plan.new, plan.functions)


def extend(machine: Machine, instance: int, old: Program, new: Program) -> None:
    """Let an instance run a program that begins with all of the old one; its state stays as it is.

    Raises:
        HostFault: there is no memory for it.
    """
    if len(new.state_names) == len(old.state_names):
        machine.change_program(instance, new)
        return
    assert np.array_equal(new.pool[: old.pool.size], old.pool), "old constants keep their place"
    same = np.arange(len(old.infos) + len(old.files) + 1, dtype=np.int64)
    same[len(old.infos) :] -= len(old.infos)
    offsets = np.arange(old.pool.size, dtype=np.int64)
    plan = Migration(old, new, offsets, same, np.zeros(0, np.int64), _wanted_slots(old, new))
    fresh = machine.create(new)
    compact(machine, np.array([instance]), old)
    choices = _graft(machine, np.array([[instance, fresh]]), plan)
    has_room = choices.max(initial=0) < Choice.NO_ROOM
    if has_room:
        machine.exchange(np.array([instance]), np.array([fresh]))
    machine.destroy(fresh)
    if not has_room:
        raise HostFault(Fault.MEMORY)


def _run_top_levels(machine: Machine, program: Program, instances: I64) -> dict[int, ScriptError]:
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


def compact(machine: Machine, instances: I64, program: Program) -> None:
    """Collect the heaps of instances of a program."""
    machine.enter_program(program)
    work = np.concatenate([[1], instances]).astype(np.int64)
    while compact_instances(machine.address, work) != Status.OK:
        machine.words[M.REQUEST] = 0
        machine.grow_arena()


def _graft(machine: Machine, pairs: I64, plan: Migration) -> I64:
    """Give fresh instances the state of old ones; returns [pairs, slots] choices."""
    choices = np.zeros((len(pairs), plan.wanted.size), np.int64)
    head = [0, len(plan.old.infos), len(plan.old.state_names)]
    work = np.concatenate([head, pairs.ravel()]).astype(np.int64)
    machine.enter_program(plan.new)
    machine.words[M.PC] = NO_SLOT
    tables = (plan.offsets, plan.functions, plan.names, plan.wanted, choices.ravel())
    while graft_instances(machine.address, work, *tables) != Status.OK:
        try:
            machine.make_room()
        except HostFault:
            choices[work[0]] = Choice.NO_ROOM
            work[0] += 1
        machine.unbind()
    return choices


def _warnings(program: Program, choices: I64, failure: ScriptError | None) -> list[str]:
    if (choices == Choice.NO_ROOM).any():
        return ["there is no memory for the old state beside the new; all of it begins anew"]
    names = np.array(program.state_names, object)
    lost = names[choices == Choice.FUNCTION_LOST]
    found = [f"state '{name}' held a function that changed or is gone, and begins anew" for name in lost]
    undefined = names[choices == Choice.UNDEFINED]
    if failure is not None and undefined.size:
        which = ", ".join(f"'{name}'" for name in undefined)
        found.append(f"no value for {which}: the new top level failed. {failure.diagnostic()}")
    return found
