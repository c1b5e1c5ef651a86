"""What a callback wrote outside its own memory, so that one that fails has done nothing.

A kernel notes a word before it writes to it: which array, which word of it, what it held. Arrays are
named by their place in the world's table, never by address: they may grow while a callback runs.
Own memory is `lang.vm.keeping`'s business. `engine.scripting.taking_back` undoes what is noted here.
"""

from __future__ import annotations

from engine.ecs.layout import Counter, WorldSlot
from lang.jit import I64, kernel, words_in
from lang.layout import UNDO_ENTRY_WORDS, M

INSTANCES = -1
"""The table of instances: not the world's, but the machine's."""
ROOM = 32 * UNDO_ENTRY_WORDS
"""More than any API function notes."""
MORE_UNDO = 1 << 8
"""Asked for as a negative request: a larger table of notes. Smaller ones are parts of the space."""


@kernel
def has_undo_room(m: I64) -> bool:
    """Return whether an API function may begin to write."""
    return m[M.UNDO_COUNT] + ROOM <= m[M.UNDO_WORDS]


@kernel
def has_undo_room_for(m: I64, notes: int) -> bool:
    """Return whether so many words can be noted, and what any API function notes beside them."""
    return m[M.UNDO_COUNT] + ROOM + UNDO_ENTRY_WORDS * notes <= m[M.UNDO_WORDS]


@kernel
def note(m: I64, array: int, at: int, old: int) -> None:
    """Note what a word held that is written: of an array of the world's table, or INSTANCES.

    Where nothing else is done with the word, `write_noted` writes it as well.
    """
    count = m[M.UNDO_COUNT]
    undo = words_in(m, M.UNDO)
    undo[count] = array
    undo[count + 1] = at
    undo[count + 2] = old
    m[M.UNDO_COUNT] = count + UNDO_ENTRY_WORDS


@kernel
def write_noted(m: I64, array: int, at: int, word: int) -> None:
    """Write a word of an array of the world's table, noting what it held (there is room)."""
    words = words_in(words_in(m, M.WORLD), array)
    note(m, array, at, words[at])
    words[at] = word


@kernel
def note_commands(m: I64) -> None:
    """Note how many commands wait, before one is queued."""
    counters = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)
    note(m, WorldSlot.COUNTERS, Counter.COMMANDS, counters[Counter.COMMANDS])
