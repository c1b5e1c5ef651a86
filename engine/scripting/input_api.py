"""API: what the player does in this tick. `WorldSlot.INPUT` holds the tick's row, then the actions' names."""

from __future__ import annotations

from engine.ecs.layout import WorldSlot
from engine.input.row import WORDS_OF_ACTION, InputWord, Pressing
from engine.scripting.arguments import put_float, read_string, world_string
from engine.scripting.refusals import Refusal, refuse
from lang.heap.access import put_bool, register_a
from lang.heap.vectors import put_vector
from lang.jit import I64, bits_float, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status
from lang.stdlib.registry import NativeEntry

# Literals of kernels: bit operations on enum members are not in Numba's reach.
_DOWN, _PRESSED, _RELEASED = int(Pressing.DOWN), int(Pressing.PRESSED), int(Pressing.RELEASED)
_FIRST = int(InputWord.FIRST_ACTION)


@kernel
def read_action(m: I64, word: int) -> tuple[int, int, int]:
    """Read the name of an action; returns (status, its state, its value as bits)."""
    status, reference = read_string(m, word, 0)
    if status != Status.OK:
        return status, 0, 0
    string = world_string(m, reference)
    row = words_in(words_in(m, M.WORLD), WorldSlot.INPUT)
    actions = (row.size - _FIRST) // (WORDS_OF_ACTION + 1)
    names = _FIRST + WORDS_OF_ACTION * actions
    for i in range(actions):
        if row[names + i] == string and string >= 0:
            at = _FIRST + WORDS_OF_ACTION * i
            return Status.OK, row[at], row[at + 1]
    return refuse(m, Refusal.UNKNOWN_ACTION, 0, 0), 0, 0


@kernel
def put_state(machine: int, word: int, bit: int) -> int:
    """Answer whether the action of a call has a bit in its state."""
    m = words_at(machine, MACHINE_WORDS)
    status, state, _ = read_action(m, word)
    if status == Status.OK:
        put_bool(m, register_a(m, word), state & bit != 0)
    return status


@native
def is_action_down(machine: int, word: int) -> int:
    """is_action_down(action): whether it is held, or was tapped, in this tick."""
    return put_state(machine, word, _DOWN)


@native
def is_action_pressed(machine: int, word: int) -> int:
    """is_action_pressed(action): whether it went down since the last tick."""
    return put_state(machine, word, _PRESSED)


@native
def is_action_released(machine: int, word: int) -> int:
    """is_action_released(action): whether it went up since the last tick."""
    return put_state(machine, word, _RELEASED)


@native
def action_value(machine: int, word: int) -> int:
    """action_value(action): an axis from -1 to 1; a button is 0 or 1, a trigger in between."""
    m = words_at(machine, MACHINE_WORDS)
    status, _, value = read_action(m, word)
    if status == Status.OK:
        put_float(m, register_a(m, word), bits_float(value))
    return status


@native
def mouse_position(machine: int, word: int) -> int:
    """mouse_position() → (x, y) in the world."""
    m = words_at(machine, MACHINE_WORDS)
    row = words_in(words_in(m, M.WORLD), WorldSlot.INPUT)
    x, y = bits_float(row[InputWord.MOUSE_X]), bits_float(row[InputWord.MOUSE_Y])
    return put_vector(m, register_a(m, word), x, y, 0.0, 2)


ENTRIES = (
    NativeEntry("is_action_down", is_action_down, (1, 1), api=True),
    NativeEntry("is_action_pressed", is_action_pressed, (1, 1), api=True),
    NativeEntry("is_action_released", is_action_released, (1, 1), api=True),
    NativeEntry("action_value", action_value, (1, 1), api=True),
    NativeEntry("mouse_position", mouse_position, (0, 0), api=True),
)
