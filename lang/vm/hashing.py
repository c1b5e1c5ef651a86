"""Hash of the state of instances: live values in canonical order, whatever the heap looks like."""

from __future__ import annotations

import math

from lang.heap.strings import object_address, string_bytes
from lang.jit import I64, bits_float, bytes_at, entry, kernel, words_at, words_in, wrapping_mul
from lang.layout import (
    CELL_WORDS,
    ENTRY_WORDS,
    FN_HEAD_WORDS,
    INSTANCE_WORDS,
    MACHINE_WORDS,
    InstanceWord,
    Kind,
    M,
)
from lang.values import Tag
from lang.vm.instances import bind, unbind

MULTIPLIER = -7046029254386353131  # odd, bits well spread: 2**64 divided by the golden ratio
ONE_NAN = 0x7FF8000000000000
NUMBER_SHIFT = 9
NUMBER_MASK = (1 << 23) - 1
"""Bits of an object's header that hold the number of its first visit, from 1, while a hash is made."""
WORTH_NOTING = 64
"""Bytes from which a string's hash is kept for the next value that shares it."""
END, SHARED, STRINGS, FIRST_FUNCTION = 0, 1, 2, 3
NOTES = 4
"""Words of the notes: end of the queue, objects numbered, strings noted, first function of the script."""


@kernel
def mix(state: int, word: int) -> int:
    """Return the state with one more word in it."""
    state = wrapping_mul(state ^ word, MULTIPLIER)
    return state ^ ((state >> 29) & 0x7FFFFFFFF)


@kernel
def string_hash(m: I64, reference: int) -> int:
    """Return the hash of a string's bytes."""
    text = string_bytes(m, reference)
    state = mix(MULTIPLIER, text.size)
    for i in range(text.size):
        state = mix(state, int(text[i]))
    return state


@kernel
def known_string_hash(m: I64, reference: int, notes: I64) -> int:
    """Return the hash of a string, worked out once however many values share it."""
    if reference < 0 or string_bytes(m, reference).size < WORTH_NOTING:
        return string_hash(m, reference)
    heap = words_in(m, M.HEAP)
    scratch = words_in(m, M.SCRATCH)
    number = heap[reference] >> NUMBER_SHIFT & NUMBER_MASK
    if number == 0 and notes[STRINGS] < NUMBER_MASK and notes[END] + 2 * notes[STRINGS] + 2 <= scratch.size:
        at = scratch.size - 2 * (notes[STRINGS] + 1)
        scratch[at] = string_hash(m, reference)
        scratch[at + 1] = reference
        notes[STRINGS] += 1
        number = notes[STRINGS]
        heap[reference] |= number << NUMBER_SHIFT
    return scratch[scratch.size - 2 * number] if number > 0 else string_hash(m, reference)


@kernel
def mix_object(m: I64, state: int, kind: int, reference: int, notes: I64) -> int:
    """Mix an immutable object by its content."""
    if kind == Tag.STRING:
        return mix(state, known_string_hash(m, reference, notes))
    size = 2 if kind == Tag.RANGE or kind == Tag.RANGE_INCLUSIVE or kind == Tag.VEC2 else 3
    words = words_at(object_address(m, reference), 1 + size)
    for i in range(size):
        is_number = kind == Tag.VEC2 or kind == Tag.VEC3
        state = mix(state, one_nan(words[1 + i]) if is_number else words[1 + i])
    return state


@kernel
def one_nan(bits: int) -> int:
    """Return the bits of a float, the same for every NaN."""
    return ONE_NAN if math.isnan(bits_float(bits)) else bits


@kernel
def mix_value(m: I64, state: int, tag: int, payload: int, notes: I64) -> int:
    """Mix a value; what it holds goes to the end of the queue."""
    kind = tag & 0xFF
    state = mix(state, tag)
    if kind == Tag.FLOAT:
        return mix(state, one_nan(payload))
    if kind == Tag.CODE:
        return mix(state, place_of(m, payload - 1))
    if kind < Tag.STRING or (kind > Tag.CELL and kind != Tag.REF_ELEMENT):
        return mix(state, payload)
    if kind < Tag.FN:
        return mix_object(m, state, kind, payload, notes)
    return mix(state, visit(m, kind, payload, notes))


@kernel
def place_of(m: I64, pc: int) -> int:
    """Return the place of an instruction in its text: the same whatever the optimiser did."""
    places = bytes_at(m[M.PLACES], 4 * m[M.CODE_WORDS])
    return (
        int(places[4 * pc])
        | int(places[4 * pc + 1]) << 8
        | int(places[4 * pc + 2]) << 16
        | int(places[4 * pc + 3]) << 24
    )


@kernel
def visit(m: I64, kind: int, reference: int, notes: I64) -> int:
    """Queue an object, or return the number of its first visit if it may be held more than once."""
    if reference >= 0 and (kind == Tag.CELL or kind == Tag.FN or kind == Tag.BLOB):
        heap = words_in(m, M.HEAP)
        number = heap[reference] >> NUMBER_SHIFT & NUMBER_MASK
        if number > 0:
            return number
        notes[SHARED] = min(notes[SHARED] + 1, NUMBER_MASK)
        heap[reference] |= notes[SHARED] << NUMBER_SHIFT
    scratch = words_in(m, M.SCRATCH)
    if notes[END] + 2 * notes[STRINGS] < scratch.size:
        scratch[notes[END]] = reference
        notes[END] += 1
    return 0


@kernel
def mix_held(m: I64, state: int, reference: int, notes: I64) -> int:
    """Mix what a container, a pointer or a shared cell holds."""
    heap = words_in(m, M.HEAP)
    words = words_at(object_address(m, reference), CELL_WORDS)
    kind = words[0] & 0xFF
    if kind == Kind.FN:
        return mix_function(m, state, reference, notes)
    if kind == Kind.CELL:
        return mix_value(m, state, words[1], words[2], notes)
    state = mix(state, words[1])
    first = words[2] + 1
    if kind == Kind.ARRAY:
        for i in range(words[1]):
            state = mix_value(m, state, heap[first + 2 * i], heap[first + 2 * i + 1], notes)
    elif kind == Kind.MAP:
        for i in range(words[1]):
            at = first + ENTRY_WORDS * i
            state = mix_object(m, state, Tag.STRING, heap[at], notes)
            state = mix_value(m, state, heap[at + 1], heap[at + 2], notes)
    elif kind == Kind.BLOB:
        for i in range(words[1]):
            state = mix(state, (heap[first + i // 8] >> (8 * (i % 8))) & 0xFF)
    return state


@kernel
def mix_function(m: I64, state: int, reference: int, notes: I64) -> int:
    """Mix a function pointer: which function, and what it carries."""
    words = words_at(object_address(m, reference), FN_HEAD_WORDS)
    state = mix(state, words[1] - notes[FIRST_FUNCTION] if words[1] >= 0 else -1)
    if words[1] < 0:
        state = mix_object(m, state, Tag.STRING, words[2], notes)
    captures = words_at(object_address(m, reference), FN_HEAD_WORDS + 2 * words[3])
    for i in range(words[3]):
        at = FN_HEAD_WORDS + 2 * i
        state = mix_value(m, state, captures[at], captures[at + 1], notes)
    return state


@kernel
def forget_numbers(m: I64, notes: I64) -> None:
    """Take the numbers of first visits out of all headers again."""
    heap = words_in(m, M.HEAP)
    scratch = words_in(m, M.SCRATCH)
    for i in range(notes[END]):
        if scratch[i] >= 0:
            heap[scratch[i]] &= ~(NUMBER_MASK << NUMBER_SHIFT)
    for i in range(notes[STRINGS]):
        heap[scratch[scratch.size - 2 * i - 1]] &= ~(NUMBER_MASK << NUMBER_SHIFT)


@kernel
def _hash_slots(m: I64, state: int, slots: range, notes: I64) -> int:
    """Mix some state variables of the bound instance, and all that they hold."""
    heap = words_in(m, M.HEAP)
    notes[:FIRST_FUNCTION] = 0
    for slot in slots:
        if slot != m[M.SEQUENCE_STATE] or heap[2 * slot] != Tag.UNDEFINED:
            state = mix_value(m, state, heap[2 * slot], heap[2 * slot + 1], notes)
    done = 0
    while done < notes[END]:
        state = mix_held(m, state, words_in(m, M.SCRATCH)[done], notes)
        done += 1
    forget_numbers(m, notes)
    return state


@entry("int64(int64, int64[::1], int64, int64[::1])")
def hash_instances(machine: int, chosen: I64, state: int, notes: I64) -> int:
    """Return the hash of state variables and generators of instances in their order, begun with `state`.

    Objects are mixed breadth first; their queue is the scratch space (from its end on the hashes of long
    strings), which must be as large as the largest heap. What may be held more than once (shared cells,
    functions, blobs) is mixed at its first visit and numbered, so that cycles end.

    Args:
        chosen: [n] instances of the current program.
        notes: [NOTES] words of this function's own, but for FIRST_FUNCTION: functions are numbered from
            there, so that a built-in more or less changes no hash.
    """
    m = words_at(machine, MACHINE_WORDS)
    for instance in chosen:
        bind(m, instance)
        row = INSTANCE_WORDS * instance
        instances = words_in(m, M.INSTANCES)
        state = mix(state, instances[row + InstanceWord.ENTITY])
        state = mix(state, instances[row + InstanceWord.RANDOM])
        state = mix(state, instances[row + InstanceWord.DISABLED])
        state = _hash_slots(m, state, range(m[M.STATE_SLOTS]), notes)
        unbind(m)
    return state


@entry("int64(int64, int64[::1], int64[::1], int64[:,::1])")
def hash_variables(machine: int, chosen: I64, notes: I64, sums: I64) -> int:
    """Add the hashes of each state variable over instances, to tell which one differs; returns their number.

    Args:
        chosen, notes: as `hash_instances` takes them.
        sums: [1 + slots, 2] of the words of an instance's row, then of each variable: the sum of the hashes
            of all instances, and that of these hashes times the place of the instance, from 1.
    """
    m = words_at(machine, MACHINE_WORDS)
    for place in range(chosen.size):
        instance = chosen[place]
        bind(m, instance)
        row = INSTANCE_WORDS * instance
        instances = words_in(m, M.INSTANCES)
        known = mix(instances[row + InstanceWord.ENTITY], instances[row + InstanceWord.RANDOM])
        known = mix(known, instances[row + InstanceWord.DISABLED])
        sums[0, 0] += known
        sums[0, 1] += wrapping_mul(known, place + 1)
        for slot in range(m[M.STATE_SLOTS]):
            found = _hash_slots(m, place, range(slot, slot + 1), notes)
            sums[1 + slot, 0] += found
            sums[1 + slot, 1] += wrapping_mul(found, place + 1)
        unbind(m)
    return m[M.STATE_SLOTS]


@entry("int64(int64[::1], int64)")
def hash_words(words: I64, state: int) -> int:
    """Return the hash of an array of words, begun with `state`."""
    for i in range(words.size):
        state = mix(state, words[i])
    return state
