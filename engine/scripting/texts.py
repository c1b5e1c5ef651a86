"""Strings of scripts in the world's table, and strings of that table as values of scripts."""

from __future__ import annotations

from engine.ecs.layout import PartyWord, WorldSlot
from engine.ecs.strings import ROW_BYTES, find_string, intern_string, string_address, string_length
from engine.scripting.arguments import ask_for_room, read_string
from engine.scripting.quotas import left_of, running_party, spend, take_for_good
from engine.scripting.refusals import NO_ARGUMENT, Refusal, refuse
from lang.heap.access import put
from lang.heap.alloc import has_room, pay
from lang.heap.strings import string_bytes, string_words, take_string
from lang.jit import I64, bytes_at, kernel, words_in
from lang.layout import M, Status
from lang.values import Tag

LONGEST_KEPT = 16 * 1024
"""Bytes of a text or a name that the world keeps."""


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
    strings = words_in(words_in(m, M.WORLD), WorldSlot.STRINGS)
    string = find_string(strings, text, text.size)
    if string < 0:
        needed = text.size + ROW_BYTES
        if left_of(m, PartyWord.TEXTS) < needed:
            return refuse(m, Refusal.USED_UP, NO_ARGUMENT, 0), 0
        if left_of(m, PartyWord.KEPT) < needed:
            return ask_for_room(m, text.size), 0
        string = intern_string(strings, text, text.size, running_party(m))
        if string < 0:
            return ask_for_room(m, text.size), 0
        spend(m, PartyWord.TEXTS, needed)
        take_for_good(m, PartyWord.KEPT, needed)  # a failure leaves it until strings are collected
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
