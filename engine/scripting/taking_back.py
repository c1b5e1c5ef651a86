"""Taking back what a failed callback wrote: the notes of `engine.scripting.undo`, from last to first.

Commands are cancelled, since a birth is many words.
"""

from __future__ import annotations

import numpy as np

from engine.ecs.components import WORLD_SLOT_COUNT, Field
from engine.ecs.layout import Counter, WorldSlot
from engine.ecs.world import World
from engine.scripting.undo import INSTANCES, ROOM
from lang.jit import I64
from lang.layout import UNDO_ENTRY_WORDS, M
from lang.machine import Machine

FIRST_SLOT = 2 * len(Field)


def note_from_python(machine: Machine, world: World, slot: WorldSlot, at: int) -> None:
    """Note what a word of the world's table holds, before Python writes to it while a script waits."""
    if machine.word(M.UNDO_COUNT) + ROOM > machine.undo.size:
        machine.grow_undo()
    count = machine.word(M.UNDO_COUNT)
    machine.undo[count : count + UNDO_ENTRY_WORDS] = int(slot), at, world.storage.arrays[slot][at]
    machine.words[M.UNDO_COUNT] += UNDO_ENTRY_WORDS


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
