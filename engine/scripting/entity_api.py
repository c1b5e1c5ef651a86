"""API: tags, birth and destruction, texts, random numbers."""

from __future__ import annotations

import numpy as np

from engine.ecs.access import component_row, entity_of_index, first_with_word, is_alive, is_in_queries
from engine.ecs.components import Component, Field
from engine.ecs.hierarchy import destroy
from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.strings import intern_string, string_address, string_length
from engine.scripting.arguments import (
    ask_for_room,
    check_writable,
    put_float,
    read_index,
    read_row,
    read_string,
    world_string,
)
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from engine.scripting.results import put_array
from engine.scripting.undo import INSTANCES, has_undo_room, note, note_commands
from engine.scripting.writes import write_word
from lang.heap.access import argument, field_c, put, put_bool, put_unit, register_a
from lang.heap.alloc import has_room, pay
from lang.heap.strings import string_bytes, string_words, take_string
from lang.jit import I64, bytes_at, entry, kernel, native, words_at, words_in
from lang.layout import INSTANCE_WORDS, MACHINE_WORDS, InstanceWord, M, Status
from lang.numeric.splitmix import mixed, next_state, unit_of
from lang.stdlib.registry import NativeEntry
from lang.values import Tag

LONGEST_KEPT = 16 * 1024  # bytes of a text or a name that the world keeps
ONE = np.uint64(1)
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel
def take_world_string(m: I64, string: int) -> int:
    """Take a copy of a string of the world's table onto the heap (there is room) and return it."""
    strings = words_in(words_in(m, M.WORLD), WorldSlot.STRINGS)
    length = string_length(strings, string)
    source = bytes_at(string_address(strings, string), length)
    characters = 0
    for i in range(length):
        if (source[i] & 0xC0) != 0x80:
            characters += 1
    text = take_string(m, length, characters)
    out = string_bytes(m, text)
    for i in range(length):
        out[i] = source[i]
    return text


@kernel
def put_world_string(m: I64, at: int, string: int) -> int:
    """Write a string of the world's table into a register; returns a status."""
    strings = words_in(words_in(m, M.WORLD), WorldSlot.STRINGS)
    if not has_room(m, string_words(string_length(strings, string))):
        return Status.NEEDS_MEMORY
    put(m, at, Tag.STRING, take_world_string(m, string))
    return Status.OK


@kernel
def keep_text(m: I64, reference: int) -> tuple[int, int]:
    """Enter a script's string into the world's table; returns (status, its id there)."""
    text = string_bytes(m, reference)
    string = intern_string(words_in(words_in(m, M.WORLD), WorldSlot.STRINGS), text, text.size)
    if string < 0:
        return ask_for_room(m, text.size), 0
    pay(m, text.size)
    return Status.OK, string


@kernel
def keep_string(m: I64, word: int, number: int) -> tuple[int, int]:
    """Read a string that the world is to keep; returns (status, its id in the world's table)."""
    status, reference = read_string(m, word, number)
    if status != Status.OK:
        return status, 0
    if string_bytes(m, reference).size > LONGEST_KEPT:
        return refuse(m, Refusal.TEXT_TOO_LONG, number, 0), 0
    return keep_text(m, reference)


@native
def get_tag(machine: int, word: int) -> int:
    """get_tag(e) → its tag, "" for none."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    row = component_row(table, index, Component.TAG)
    string = 0 if row < 0 else words_in(table, 2 * Field.TAG_NAME)[row]
    return put_world_string(m, register_a(m, word), string)


@native
def find_entity_by_tag(machine: int, word: int) -> int:
    """find_entity_by_tag(tag) → the first by index, or ()."""
    m = words_at(machine, MACHINE_WORDS)
    status, reference = read_string(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    string = world_string(m, reference)
    index = -1
    if string >= 0:
        index = first_with_word(table, Component.TAG, Field.TAG_NAME, string)
        looked_at = index + 1 if index >= 0 else words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]
        pay(m, looked_at)
    if index < 0:
        put_unit(m, register_a(m, word))
    else:
        put(m, register_a(m, word), Tag.INT, entity_of_index(table, index))
    return Status.OK


@kernel
def _has_tag(table: I64, index: int, string: int) -> bool:
    row = component_row(table, index, Component.TAG)
    return bool(
        row >= 0 and words_in(table, 2 * Field.TAG_NAME)[row] == string and is_in_queries(table, index)
    )


@native
def find_entities_by_tag(machine: int, word: int) -> int:
    """find_entities_by_tag(tag) → all of them, by index."""
    m = words_at(machine, MACHINE_WORDS)
    status, reference = read_string(m, word, 0)
    if status != Status.OK:
        return status
    table = words_in(m, M.WORLD)
    string, high_water = world_string(m, reference), words_in(table, WorldSlot.COUNTERS)[Counter.HIGH_WATER]
    count = 0
    for index in range(high_water if string >= 0 else 0):
        count += 1 if _has_tag(table, index, string) else 0
    status, place = put_array(m, register_a(m, word), count)
    if status != Status.OK:
        return status
    heap = words_in(m, M.HEAP)
    for index in range(high_water if count > 0 else 0):
        if _has_tag(table, index, string):
            heap[place] = entity_of_index(table, index)
            place += 2
    pay(m, high_water)
    return Status.OK


@native
def is_alive_(machine: int, word: int) -> int:
    """is_alive(e): it exists, is not marked for destruction, and its health, if any, is above 0."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, 0)
    if registers[at] & 0xFF != Tag.INT:
        return refuse(m, Refusal.NOT_AN_ENTITY, 0, 0)
    put_bool(m, register_a(m, word), is_alive(words_in(m, M.WORLD), registers[at + 1]))
    return Status.OK


@native
def destroy_entity(machine: int, word: int) -> int:
    """destroy_entity(e): it is removed in stage `commands`."""
    m = words_at(machine, MACHINE_WORDS)
    status, index = read_index(m, word, 0)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    note_commands(m)
    if destroy(words_in(m, M.WORLD), index) < 0:
        return ask_for_room(m, 0)
    put_unit(m, register_a(m, word))
    return Status.OK


@native
def set_text(machine: int, word: int) -> int:
    """set_text(e, text) of an entity with a text."""
    m = words_at(machine, MACHINE_WORDS)
    status, row = read_row(m, word, 0, Component.TEXT, Refusal.NO_TEXT)
    if status == Status.OK:
        status = check_writable(m)
    if status != Status.OK:
        return status
    status, string = keep_string(m, word, 1)
    if status != Status.OK:
        return status
    write_word(m, Field.TEXT_CONTENT, row, string)
    put_unit(m, register_a(m, word))
    return Status.OK


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
    registers = words_in(m, M.REGISTERS)
    first = argument(word, m, 0)
    last = argument(word, m, 1)
    if field_c(word) != 2 or registers[first] & 0xFF != Tag.INT or registers[last] & 0xFF != Tag.INT:
        return refuse(m, Refusal.NOT_TWO_INTS, NO_ARGUMENT, 0)
    low = registers[first + 1]
    high = registers[last + 1]
    if low > high:
        return refuse(m, Refusal.EMPTY_INTERVAL, NO_ARGUMENT, 0)
    put(m, register_a(m, word), Tag.INT, random_between(m, low, high))
    return Status.OK


@entry("int64(int64[::1], int64)")
def first_with_tag(table: I64, string: int) -> int:
    """Return the first living entity whose tag is a string of the world, or 0; for Python."""
    index = first_with_word(table, Component.TAG, Field.TAG_NAME, string)
    return 0 if index < 0 else entity_of_index(table, index)


ENTRIES = (
    NativeEntry("get_tag", get_tag, (1, 1), api=True),
    NativeEntry("find_entity_by_tag", find_entity_by_tag, (1, 1), api=True),
    NativeEntry("find_entities_by_tag", find_entities_by_tag, (1, 1), api=True),
    NativeEntry("is_alive", is_alive_, (1, 1), api=True),
    NativeEntry("destroy_entity", destroy_entity, (1, 1), api=True),
    NativeEntry("set_text", set_text, (2, 2), api=True),
    NativeEntry("random", random, (0, 2), api=True),
)
