"""API: random numbers, of a generator that each script of each entity has for itself."""

from __future__ import annotations

import numpy as np

from engine.scripting.arguments import ask_for_room, put_float, read_int
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.undo import INSTANCES, has_undo_room, note
from lang.heap.access import field_c, put, register_a
from lang.jit import I64, kernel, native, words_at, words_in
from lang.layout import INSTANCE_WORDS, MACHINE_WORDS, InstanceWord, M, Status
from lang.numeric.splitmix import mixed, next_state, unit_of
from lang.values import Tag

ONE = np.uint64(1)
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel
def next_random(m: I64) -> int:
    """Return 64 random bits of the instance's own generator."""
    instances = words_in(m, M.INSTANCES)
    at = INSTANCE_WORDS * m[M.INSTANCE] + InstanceWord.RANDOM
    instances[at] = next_state(instances[at])
    return mixed(instances[at])


@kernel
def random_between(m: I64, low: int, high: int) -> int:
    """Return an int from low to high, each as likely as the others; low <= high.

    Unsigned on purpose: `high - low` may leave the signed ints, and what signed arithmetic does then is
    undefined to LLVM, which took a test for it away.
    """
    span = np.uint64(high) - np.uint64(low)
    bits = np.uint64(next_random(m))
    if span == ALL_BITS:
        return int(np.int64(bits))
    count = span + ONE
    uneven = (ALL_BITS % count + ONE) % count  # so many of the 2**64 draws would favour the lowest ints
    while bits > ALL_BITS - uneven:
        bits = np.uint64(next_random(m))
    return int(np.int64(np.uint64(low) + bits % count))


@native
def random(machine: int, word: int) -> int:
    """random() in [0, 1); random(a, b) an int from a to b, both included."""
    m = words_at(machine, MACHINE_WORDS)
    if not has_undo_room(m):
        return ask_for_room(m, 0)
    generator = INSTANCE_WORDS * m[M.INSTANCE] + InstanceWord.RANDOM
    note(m, INSTANCES, generator, words_in(m, M.INSTANCES)[generator])
    if field_c(word) == 0:
        put_float(m, register_a(m, word), unit_of(next_random(m)))
        return Status.OK
    if field_c(word) != 2:
        return refuse(m, Refusal.WRONG_COUNT, NO_ARGUMENT, 0)
    status, low = read_int(m, word, 0)
    if status != Status.OK:
        return status
    status, high = read_int(m, word, 1)
    if status != Status.OK:
        return status
    if low > high:
        return refuse(m, Refusal.EMPTY_INTERVAL, 1, 0)
    put(m, register_a(m, word), Tag.INT, random_between(m, low, high))
    return Status.OK


FUNCTIONS = (
    ApiFunction(
        name="random",
        implementation=random,
        category=Category.CHANCE,
        also=(
            Parameter("a", ArgumentType.INT),
            Parameter("b", ArgumentType.INT, errors=(Refusal.EMPTY_INTERVAL,)),
        ),
        brief="a float in [0, 1), or an int from `a` to `b`, both included",
        result="`float`, or `int`",
        details="Each script of each entity has its own generator, seeded by the scene.",
        pitfalls=(
            "`random(0, 1)` is an int, 0 or 1.",
            "Who is spawned has a generator of its own: its first numbers do not continue its parent's.",
        ),
        example="""
fn on_spawn() {
    set_velocity(entity_id, (random() * 2.0 - 1.0, random() * 2.0 - 1.0));
    add_to_inventory(entity_id, "Coin", random(1, 6));
}""",
    ),
)
