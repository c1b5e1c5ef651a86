"""Hash of an instance's state: live values in canonical order, whatever the heap looks like."""

from __future__ import annotations

import math

from lang.heap.strings import object_address, string_bytes
from lang.jit import I64, bits_float, entry, kernel, words_at, words_in
from lang.layout import ENTRY_WORDS, FN_HEAD_WORDS, INSTANCE_WORDS, MACHINE_WORDS, InstanceWord, Kind, M
from lang.values import Tag
from lang.vm.instances import bind, unbind

MULTIPLIER = -7046029254386353131  # odd, bits well spread: 2**64 divided by the golden ratio
ONE_NAN = 0x7FF8000000000000


@kernel
def mix(state: int, word: int) -> int:
    """Return the state with one more word in it."""
    state = (state ^ word) * MULTIPLIER
    return state ^ ((state >> 29) & 0x7FFFFFFFF)


@kernel
def mix_object(m: I64, state: int, kind: int, reference: int) -> int:
    """Mix an immutable object by its content."""
    if kind == Tag.STRING:
        text = string_bytes(m, reference)
        state = mix(state, text.size)
        for i in range(text.size):
            state = mix(state, int(text[i]))
        return state
    size = 2 if kind == Tag.RANGE or kind == Tag.RANGE_INCLUSIVE or kind == Tag.VEC2 else 3
    words = words_at(object_address(m, reference), 1 + size)
    for i in range(size):
        state = mix(state, words[1 + i])
    return state


@kernel
def mix_value(m: I64, state: int, tag: int, payload: int, queue: I64, end: int) -> tuple[int, int]:
    """Mix a value; containers go to the end of the queue. Returns (state, end of the queue)."""
    kind = tag & 0xFF
    state = mix(state, tag)
    if kind == Tag.FLOAT:
        return mix(state, ONE_NAN if math.isnan(bits_float(payload)) else payload), end
    if kind < Tag.STRING:
        return mix(state, payload), end
    if kind < Tag.FN:
        return mix_object(m, state, kind, payload), end
    if end < queue.size:
        queue[end] = payload
        end += 1
    return state, end


@kernel
def mix_container(m: I64, state: int, reference: int, queue: I64, end: int) -> tuple[int, int]:
    """Mix the elements of a container or the captures of a pointer."""
    words = words_at(object_address(m, reference), FN_HEAD_WORDS)
    heap = words_in(m, M.HEAP)
    kind = words[0] & 0xFF
    if kind == Kind.FN:
        state = mix(state, words[1])
        if words[1] < 0:
            state = mix_object(m, state, Tag.STRING, words[2])
        captures = words_at(object_address(m, reference), FN_HEAD_WORDS + 2 * words[3])
        for i in range(words[3]):
            at = FN_HEAD_WORDS + 2 * i
            if captures[at] != Tag.CELL:
                state, end = mix_value(m, state, captures[at], captures[at + 1], queue, end)
        return state, end
    state = mix(state, words[1])
    first = words[2] + 1
    if kind == Kind.ARRAY:
        for i in range(words[1]):
            state, end = mix_value(m, state, heap[first + 2 * i], heap[first + 2 * i + 1], queue, end)
    elif kind == Kind.MAP:
        for i in range(words[1]):
            at = first + ENTRY_WORDS * i
            state = mix_object(m, state, Tag.STRING, heap[at])
            state, end = mix_value(m, state, heap[at + 1], heap[at + 2], queue, end)
    elif kind == Kind.BLOB:
        for i in range(words[1]):
            state = mix(state, (heap[first + i // 8] >> (8 * (i % 8))) & 0xFF)
    return state, end


@entry("int64(int64, int64, int64)")
def hash_instance(machine: int, instance: int, state: int) -> int:
    """Return the hash of an instance's state variables and generator, begun with `state`.

    Containers are mixed breadth first; their queue is the scratch space.
    """
    m = words_at(machine, MACHINE_WORDS)
    bind(m, instance)
    row = INSTANCE_WORDS * instance
    instances = words_in(m, M.INSTANCES)
    state = mix(state, instances[row + InstanceWord.ENTITY])
    state = mix(state, instances[row + InstanceWord.RANDOM])
    state = mix(state, instances[row + InstanceWord.DISABLED])
    heap = words_in(m, M.HEAP)
    queue = words_in(m, M.SCRATCH)
    end = 0
    for slot in range(m[M.STATE_SLOTS]):
        state, end = mix_value(m, state, heap[2 * slot], heap[2 * slot + 1], queue, end)
    done = 0
    while done < end:
        state, end = mix_container(m, state, queue[done], queue, end)
        done += 1
    unbind(m)
    return state


@entry("int64(int64[::1], int64)")
def hash_words(words: I64, state: int) -> int:
    """Return the hash of an array of words, begun with `state`."""
    for i in range(words.size):
        state = mix(state, words[i])
    return state
