"""What a callback wrote outside its own memory, so that one that fails has done nothing.

A kernel notes a word before it writes to it: which array, which word of it, what it held. Arrays are
named by their place in the world's table, never by address: they may grow while a callback runs.
Own memory is `lang.vm.keeping`'s business; commands are cancelled, since a birth is many words.
"""

from __future__ import annotations

import numpy as np

from engine.ecs.components import WORLD_SLOT_COUNT, Field
from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.world import World
from lang.jit import I64, kernel, words_in
from lang.layout import UNDO_ENTRY_WORDS, M
from lang.machine import Machine

INSTANCES = -1
"""The table of instances: not the world's, but the machine's."""
ROOM = 32 * UNDO_ENTRY_WORDS
"""More than any API function notes."""
FIRST_SLOT = 2 * len(Field)
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
    """Note what a word holds that is about to be written: of an array of the world's table, or INSTANCES."""
    count = m[M.UNDO_COUNT]
    undo = words_in(m, M.UNDO)
    undo[count] = array
    undo[count + 1] = at
    undo[count + 2] = old
    m[M.UNDO_COUNT] = count + UNDO_ENTRY_WORDS


@kernel
def note_commands(m: I64) -> None:
    """Note how many commands wait, before one is queued."""
    counters = words_in(words_in(m, M.WORLD), WorldSlot.COUNTERS)
    note(m, WorldSlot.COUNTERS, Counter.COMMANDS, counters[Counter.COMMANDS])


def take_back(world: World, machine: Machine) -> None:
    """Undo what the current call noted: words from last to first, then commands and births."""
    notes = machine.undo[: machine.word(M.UNDO_COUNT)].reshape(-1, UNDO_ENTRY_WORDS)
    is_command = (notes[:, 0] == WorldSlot.COUNTERS) & (notes[:, 1] == Counter.COMMANDS)
    for array, at, old in notes[~is_command][::-1].tolist():
        _array(world, machine, array)[at] = old
    queued = notes[is_command]
    if len(queued):
        world.cancel_commands(int(queued[0, 2]))
    machine.words[M.UNDO_COUNT] = 0


def noted_strings(world: World, machine: Machine) -> I64:
    """Return every noted word that could be the id of a string: it may be wanted back."""
    words = machine.undo[: machine.word(M.UNDO_COUNT)].reshape(-1, UNDO_ENTRY_WORDS)[:, 2]
    return words[(words > 0) & (words < len(world.strings.length))]


def _array(world: World, machine: Machine, place: int) -> I64:
    if place == INSTANCES:
        return machine.instances
    if FIRST_SLOT <= place < FIRST_SLOT + 2 * WORLD_SLOT_COUNT:
        return world.storage.arrays[WorldSlot(place)]
    return world.column(place // 2).view(np.int64)
