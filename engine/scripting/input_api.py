"""API: what the player does in this tick. `WorldSlot.INPUT` holds the tick's row, then the actions' names."""

from __future__ import annotations

from engine.ecs.layout import WorldSlot
from engine.input.row import WORDS_OF_ACTION, InputWord, Pressing
from engine.scripting.arguments import NOT_FOUND, find_named, put_float, read_known
from engine.scripting.declaration import ApiFunction, ArgumentType, Category, Parameter
from engine.scripting.refusals import Refusal, refuse
from lang.heap.access import put_bool, register_a
from lang.heap.vectors import put_vector
from lang.jit import I64, bits_float, kernel, native, words_at, words_in
from lang.layout import MACHINE_WORDS, M, Status

# Literals of kernels: bit operations on enum members are not in Numba's reach.
_DOWN, _PRESSED, _RELEASED = int(Pressing.DOWN), int(Pressing.PRESSED), int(Pressing.RELEASED)
_FIRST = int(InputWord.FIRST_ACTION)


@kernel
def read_action(m: I64, word: int) -> tuple[int, int, int]:
    """Read the name of an action; returns (status, its state, its value as bits)."""
    status, name = read_known(m, word, 0)
    if status != Status.OK:
        return status, 0, 0
    row = words_in(words_in(m, M.WORLD), WorldSlot.INPUT)
    actions = (row.size - _FIRST) // (WORDS_OF_ACTION + 1)
    action = find_named(row, _FIRST + WORDS_OF_ACTION * actions, actions, 1, name)
    if action == NOT_FOUND:
        return refuse(m, Refusal.UNKNOWN_ACTION, 0, 0), 0, 0
    at = _FIRST + WORDS_OF_ACTION * action
    return Status.OK, row[at], row[at + 1]


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


_ACTION = Parameter("action", ArgumentType.ACTION)
FUNCTIONS = (
    ApiFunction(
        name="is_action_down",
        implementation=is_action_down,
        category=Category.INPUT,
        parameters=(_ACTION,),
        brief="whether it is held, or was tapped, in this tick",
        result="`bool`",
        pitfalls=("It is true in each tick: for one jump a press ask `is_action_pressed`.",),
        example="""
fn on_update() {
    if is_action_down("left") { set_velocity(entity_id, (-4.0, 0.0)); }
}""",
    ),
    ApiFunction(
        name="is_action_pressed",
        implementation=is_action_pressed,
        category=Category.INPUT,
        parameters=(_ACTION,),
        brief="whether it went down since the last tick",
        result="`bool`",
        pitfalls=("It is true for one tick: ask each tick, not on a timer.",),
        example="""
fn on_update() {
    if is_action_pressed("jump") { apply_impulse(entity_id, (0.0, 5.0)); }
}""",
    ),
    ApiFunction(
        name="is_action_released",
        implementation=is_action_released,
        category=Category.INPUT,
        parameters=(_ACTION,),
        brief="whether it went up since the last tick",
        result="`bool`",
        pitfalls=("A tap within one tick is pressed and released in the same one.",),
        example="""
let held = 0;

fn on_update() {
    if is_action_down("fire") { held += 1; }
    if is_action_released("fire") {
        print(`held for ${held} ticks`); held = 0;
    }
}""",
    ),
    ApiFunction(
        name="action_value",
        implementation=action_value,
        category=Category.INPUT,
        parameters=(_ACTION,),
        brief="of an axis -1 to 1; of a button 0 or 1, of a trigger or half a stick something between",
        result="`float` from -1 to 1",
        pitfalls=("It is no speed: multiply it by one.",),
        example="""
fn on_update() { set_velocity(entity_id, (5.0 * action_value("move"), 0.0)); }""",
    ),
    ApiFunction(
        name="mouse_position",
        implementation=mouse_position,
        category=Category.INPUT,
        brief="where the mouse is in the world",
        result="`vec2`, metres",
        pitfalls=("Without a window it is the origin.",),
        example="""
fn on_update() {
    let to = mouse_position() - get_position(entity_id);
    if to.length() > 0.5 { face_direction(entity_id, to); }
}""",
    ),
)
