"""Instances: their slices of the arena, entering and leaving them, and batches of callbacks."""

from __future__ import annotations

from lang.jit import I64, entry, kernel, words_at, words_in
from lang.layout import INSTANCE_WORDS, MACHINE_WORDS, InstanceWord, M, Status
from lang.values import Tag
from lang.vm.collect import free_slice, size_class, take_slice


@kernel
def bind(m: I64, instance: int) -> None:
    """Make an instance's heap the current one; registers forget what the last one left there."""
    instances = words_in(m, M.INSTANCES)
    row = INSTANCE_WORDS * instance
    registers = words_in(m, M.REGISTERS)
    for i in range(0, m[M.HIGH], 2):
        registers[i] = Tag.UNIT
    m[M.HIGH] = 0
    m[M.INSTANCE] = instance
    m[M.HEAP] = m[M.ARENA] + 8 * instances[row + InstanceWord.BASE]
    m[M.HEAP_WORDS] = instances[row + InstanceWord.CAPACITY]
    m[M.HEAP_TOP] = instances[row + InstanceWord.TOP]
    m[M.LIVE_LIMIT] = instances[row + InstanceWord.LIVE_LIMIT]
    m[M.ENTITY] = instances[row + InstanceWord.ENTITY]


@kernel
def unbind(m: I64) -> None:
    """Keep how far the current instance's heap is filled."""
    words_in(m, M.INSTANCES)[INSTANCE_WORDS * m[M.INSTANCE] + InstanceWord.TOP] = m[M.HEAP_TOP]


@entry("int64(int64, int64)")
def bind_instance(machine: int, instance: int) -> int:
    """Make an instance current, for Python."""
    bind(words_at(machine, MACHINE_WORDS), instance)
    return Status.OK


@entry("int64(int64)")
def unbind_instance(machine: int) -> int:
    """Leave the current instance, for Python."""
    unbind(words_at(machine, MACHINE_WORDS))
    return Status.OK


@entry("int64(int64, int64, int64, int64)")
def create_instance(machine: int, instance: int, slots: int, live_limit: int) -> int:
    """Give an instance a slice with `slots` undefined state variables; OK or NEEDS_ARENA."""
    m = words_at(machine, MACHINE_WORDS)
    base = take_slice(m, 2 * slots)
    if base < 0:
        return Status.NEEDS_ARENA
    instances = words_in(m, M.INSTANCES)
    row = INSTANCE_WORDS * instance
    instances[row + InstanceWord.BASE] = base
    instances[row + InstanceWord.CAPACITY] = 1 << size_class(2 * slots)
    instances[row + InstanceWord.TOP] = 2 * slots
    instances[row + InstanceWord.LIVE_LIMIT] = live_limit
    arena = words_in(m, M.ARENA)
    for i in range(slots):
        arena[base + 2 * i] = Tag.UNDEFINED
        arena[base + 2 * i + 1] = 0
    return Status.OK


@entry("int64(int64, int64)")
def free_instance(machine: int, instance: int) -> int:
    """Give an instance's slice back."""
    m = words_at(machine, MACHINE_WORDS)
    row = INSTANCE_WORDS * instance
    instances = words_in(m, M.INSTANCES)
    free_slice(m, instances[row + InstanceWord.BASE], instances[row + InstanceWord.CAPACITY])
    instances[row + InstanceWord.CAPACITY] = 0
    return Status.OK
