"""What happens after a fault: the innermost `try` around it goes on with a value, or the run ends."""

from __future__ import annotations

from typing import Any, NamedTuple

from lang.bytecode.ops import Op
from lang.bytecode.program import FunctionInfo, Handler
from lang.errors import CompileError, ScriptError
from lang.explain import call_stack, explain, fault_place, fields, has_place, place
from lang.faults import FIRST_UNCATCHABLE, Fault
from lang.hints import add_hint
from lang.layout import FRAME_BASE_SHIFT, M
from lang.source import NO_PLACE, within
from lang.stdlib.registry import HostFault
from lang.values import LOCK_MASK, LOCK_SHIFT, Tag
from lang.workspace import Workspace

FAULTS = frozenset(int(fault) for fault in Fault)
CAUGHT_COST = 150  # operations: Python takes as long as thousands to make the value that a handler gets


class Frame(NamedTuple):
    """A frame that a fault leaves: its function, and where in the script it was called."""

    info: FunctionInfo
    called_at: int


class Landing(NamedTuple):
    """Where a run goes on after a fault: the handler, its frame, and the frames left on the way."""

    handler: Handler
    base: int
    depth: int
    left: tuple[Frame, ...]


def handle(machine: Workspace, fault: Fault) -> None:
    """Go on in the innermost `try` around the fault.

    Raises:
        ScriptError: there is none, or the fault is not to be caught.
    """
    if fault == Fault.EXIT:
        _leave(machine)
        return
    try:
        _catch_or_raise(machine, fault)
    except HostFault as error:  # no room for the value that a handler receives
        raise script_error(machine, error.fault) from None
    except RecursionError:
        raise script_error(machine, Fault.TOO_DEEP) from None


def _catch_or_raise(machine: Workspace, fault: Fault) -> None:
    if fault < FIRST_UNCATCHABLE and machine.program.handlers:
        landing = _find_landing(machine)
        if landing is not None:
            try:
                _land(machine, fault, landing)
            except HostFault as error:  # there is no room for the value that tells of the fault
                raise script_error(machine, error.fault) from None
            return
    raise script_error(machine, fault)


def unlock_state(machine: Workspace, depth: int) -> None:
    """Unlock the state variables whose elements are `this` of a frame deeper than `depth`."""
    tags = machine.memory.heap[: 2 * machine.word(M.STATE_SLOTS) : 2]
    locked = tags >> LOCK_SHIFT & LOCK_MASK
    tags[locked > depth] &= ~(LOCK_MASK << LOCK_SHIFT)


def _leave(machine: Workspace) -> None:
    """Return from the entry frame; its first register holds the result."""
    machine.left_at = entry_pc(machine)
    unlock_state(machine, 0)
    machine.words[M.BASE] = 0
    machine.words[M.DEPTH] = 0
    machine.words[M.CALL_LIMIT] = machine.limits.call_depth
    machine.words[M.PC] = machine.program.infos[machine.program.top_level].end - 1


def entry_pc(machine: Workspace) -> int:
    """Return the instruction at which the entry frame stands."""
    if machine.word(M.DEPTH) == 0:
        return machine.word(M.PC) - 1
    return (int(machine.frames[0]) & (1 << FRAME_BASE_SHIFT) - 1) - 1


def _find_landing(machine: Workspace) -> Landing | None:
    program = machine.program
    pc = machine.word(M.PC) - 1
    base = machine.word(M.BASE)
    depth = machine.word(M.DEPTH)
    left: list[Frame] = []
    while True:
        inside = [handler for handler in program.handlers if handler.first <= pc < handler.end]
        if inside:
            return Landing(max(inside, key=lambda handler: handler.first), base, depth, tuple(left))
        if depth == machine.floor:
            return None
        info = program.infos[program.function_at(pc)]
        depth -= 1
        frame = int(machine.frames[depth])
        pc = (frame & (1 << FRAME_BASE_SHIFT) - 1) - 1
        base = (frame >> FRAME_BASE_SHIFT) // 2
        left.append(Frame(info, place(machine, pc, depth)))


def _land(machine: Workspace, fault: Fault, landing: Landing) -> None:
    """Go on in a handler: its registers get the caught value and, of a runtime error, the fault."""
    machine.words[M.FUEL] -= CAUGHT_COST
    machine.words[M.BUDGET] -= machine.words[M.CAUGHT_PRICE]
    unlock_state(machine, landing.depth)
    original, _ = rethrown(machine, fault)
    tag, payload = _caught_value(machine, fault, landing)
    machine.words[M.CALL_LIMIT] -= sum(frame.info.built_in for frame in landing.left)
    machine.words[M.PC] = landing.handler.target
    machine.words[M.BASE] = landing.base
    machine.words[M.DEPTH] = landing.depth
    at = 2 * (landing.base + landing.handler.register)
    kind = (Tag.UNIT, 0) if original == Fault.THROWN else (Tag.INT, int(original))
    machine.registers[at : at + 4] = (tag, payload, *kind)


def rethrown(machine: Workspace, fault: Fault) -> tuple[Fault, dict[str, Any]]:
    """Return the fault that a bare `throw` throws again, with its map; other faults are themselves."""
    pc = machine.word(M.PC) - 1
    word = int(machine.program.code[pc])
    if fault != Fault.THROWN or word & 0xFF != Op.THROW or not word >> 24 & 0xFFFF:
        return fault, {}
    at = 2 * (machine.word(M.BASE) + (word >> 8 & 0xFFFF))
    if machine.registers[at + 2] != Tag.INT:
        return fault, {}
    value = machine.memory.read(machine.registers[at], machine.registers[at + 1])
    if int(machine.registers[at + 3]) not in FAULTS or not isinstance(value, dict) or "message" not in value:
        return fault, {}  # the registers come from a save that says so
    return Fault(int(machine.registers[at + 3])), value


def _thrown(machine: Workspace) -> tuple[int, int]:
    pc = machine.word(M.PC) - 1
    at = 2 * (machine.word(M.BASE) + (int(machine.program.code[pc]) >> 8 & 0xFFFF))
    return int(machine.registers[at]), int(machine.registers[at + 1])


def _caught_value(machine: Workspace, fault: Fault, landing: Landing) -> tuple[int, int]:
    """Return the (tag, payload) that a handler receives."""
    value = rethrown(machine, fault)[1]
    if fault == Fault.THROWN and not value:
        return _thrown(machine)
    pc = machine.word(M.PC) - 1
    at = fault_place(machine, fault, pc) if has_place(machine, fault, pc) else NO_PLACE
    calls = [frame for frame in landing.left if not frame.info.built_in]
    if not value:
        value = {"error": fault.kind, **fields(machine, fault, pc), "message": explain(machine, fault, pc)}
    if fault == Fault.STEP_ZERO:
        value.update(error="ErrorInFunctionCall", function="range", source="")
    if calls:
        message, at = _chain(machine, value["message"], at, calls)
        outermost = calls[-1].info
        if outermost.is_module:
            value = {"error": "ErrorInModule", "module": outermost.name, "message": message}
        else:
            value = {"error": "ErrorInFunctionCall", "function": outermost.name, "message": message}
            value["source"] = ""
    if at != NO_PLACE:
        value["line"], value["position"] = machine.program.source.place(at)
    return machine.write(value)


def _chain(machine: Workspace, message: str, at: int, calls: list[Frame]) -> tuple[str, int]:
    """Return the message of a fault inside functions, and the place of the outermost call."""
    for frame in calls:
        if at != NO_PLACE:
            line, position = machine.program.source.place(at)
            message += f" (line {line}, position {position})"
        name = "closure call" if frame.info.is_closure else f"call to function '{frame.info.name}'"
        if frame.info.is_module:
            name = f"module '{frame.info.name}'"
        message += f"\nin {name}"
        at = frame.called_at
    return message, at


def script_error(machine: Workspace, fault: Fault) -> ScriptError:
    """Return the error that tells of a fault of the instruction before PC."""
    unlock_state(machine, machine.floor)
    pc = machine.word(M.PC) - 1
    value = machine.memory.read(*_thrown(machine)) if fault == Fault.THROWN else None
    original, again = rethrown(machine, fault)
    message = str(again["message"]) if again else explain(machine, fault, pc)
    stack = call_stack(machine, pc)
    at = fault_place(machine, fault, pc)
    if fault == Fault.STACK_OVERFLOW and stack:
        at = stack[-1][1]  # that of the call which began it: all others are alike
    source = machine.program.source
    cause = machine.host_cause
    if original == Fault.PARSING and isinstance(cause, CompileError):  # of a text that the script reads
        stack = ((machine.program.names.get(pc, "eval"), at), *stack)
        source, at = within(source, cause.source, cause.at)
    error = ScriptError(source, at, message, original.kind, value, stack)
    if not again:
        add_hint(error, machine.program, machine.natives, int(machine.program.code[pc]) & 0xFF)
    if original == Fault.REFUSED:
        error.__cause__ = machine.host_cause
    return error
