"""Taking back what a failed callback wrote: the notes of `engine.scripting.undo`.

Commands are cancelled, since a birth is many words.
"""

from __future__ import annotations

from engine.ecs.layout import Counter, StringCounter, WorldSlot
from engine.ecs.world import World
from engine.scripting.undo import INSTANCES, ROOM
from lang.jit import I64, entry, words_in
from lang.layout import UNDO_ENTRY_WORDS, M
from lang.machine import Machine

NONE_QUEUED = -1


def note_from_python(machine: Machine, world: World, slot: WorldSlot, at: int) -> None:
    """Note what a word of the world's table holds, before Python writes to it while a script waits."""
    if machine.word(M.UNDO_COUNT) + ROOM > machine.undo.size:
        machine.grow_undo()
    count = machine.word(M.UNDO_COUNT)
    machine.undo[count : count + UNDO_ENTRY_WORDS] = int(slot), at, world.storage.arrays[slot][at]
    machine.words[M.UNDO_COUNT] += UNDO_ENTRY_WORDS


@entry("int64(int64[::1], int64[::1], int64[::1])")
def put_words_back(notes: I64, table: I64, instances: I64) -> int:
    """Write what was noted back into its place, from last to first, except for the number of commands.

    Args:
        notes: rows of UNDO_ENTRY_WORDS words. table: the world's. instances: of the machine.
    Returns:
        how many commands there were at first, or NONE_QUEUED where none was queued.
    """
    commands = NONE_QUEUED
    for row in range(notes.size - UNDO_ENTRY_WORDS, -1, -UNDO_ENTRY_WORDS):
        array, at, old = notes[row], notes[row + 1], notes[row + 2]
        if array == INSTANCES:
            instances[at] = old
        elif array == WorldSlot.COUNTERS and at == Counter.COMMANDS:
            commands = old
        else:
            words_in(table, array)[at] = old
    return commands


def take_back(world: World, machine: Machine) -> None:
    """Undo what the current call noted: the words that it wrote, then commands and births."""
    notes = machine.undo[: machine.word(M.UNDO_COUNT)]
    commands = int(put_words_back(notes, world.table, machine.instances))
    if commands != NONE_QUEUED:
        world.cancel_commands(commands)
    machine.words[M.UNDO_COUNT] = 0


def noted_strings(world: World, machine: Machine) -> I64:
    """Return every noted word that could be the id of a string: it may be wanted back."""
    words = machine.undo[: machine.word(M.UNDO_COUNT)].reshape(-1, UNDO_ENTRY_WORDS)[:, 2]
    return words[(words > 0) & (words < world.strings.counters[StringCounter.STRINGS])]
