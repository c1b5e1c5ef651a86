"""Values on their way from one script to another: packed as parcels into arrays of the world."""

from __future__ import annotations

from engine.ecs.layout import PartyWord
from engine.scripting.arguments import ask_for_room
from engine.scripting.quotas import spend
from engine.scripting.refusals import Refusal, refuse
from engine.scripting.undo import write_noted
from lang.heap.access import argument
from lang.jit import I64, kernel, words_in
from lang.layout import M, Status
from lang.vm.parcels import CANNOT_CROSS, NO_ROOM, pack


@kernel
def keep_value(m: I64, word: int, number: int, slot: int, top_at: int) -> tuple[int, int, int]:
    """Pack an argument into an array of parcels.

    Args:
        top_at: the word of the array that tells how far it is filled; the next asks for more room.
    Returns:
        (status, where the parcel lies, its words).
    """
    registers = words_in(m, M.REGISTERS)
    at = argument(word, m, number)
    out = words_in(words_in(m, M.WORLD), slot)
    first = out[top_at]
    words = pack(m, registers[at], registers[at + 1], out, first)
    if words == CANNOT_CROSS:
        return refuse(m, Refusal.CANNOT_CROSS, number, 0), 0, 0
    if words == NO_ROOM:
        out[top_at + 1] = 1
        return ask_for_room(m, 0), 0, 0
    if not spend(m, PartyWord.MAIL, words):
        return refuse(m, Refusal.USED_UP, number, 0), 0, 0
    write_noted(m, slot, top_at, first + words)
    return Status.OK, first, words
