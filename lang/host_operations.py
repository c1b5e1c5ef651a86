"""Instructions that need Python: text of floats and containers, slices, blobs, rare properties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lang.bytecode.ops import Op, encode
from lang.explain import Explanation, dereferenced
from lang.faults import Fault
from lang.heap.convert import Char, FunctionValue, RangeValue, Vector
from lang.layout import ALWAYS_THIS, LEAST_MASK, UNITS, M, Status
from lang.stdlib.core import write_tag
from lang.stdlib.overloads import Function, check_size
from lang.stdlib.registry import CHANGING, CHANGING_MAPS, HostFault, NativeEntry
from lang.stdlib.text import display, type_name
from lang.values import READ_ONLY, TAG_MASK, Tag, user_tag
from lang.vm.calls import call_kernel, enter_built_in
from lang.vm.moves import store_this
from lang.workspace import Workspace, paid


def _instruction(machine: Workspace) -> Explanation:
    return Explanation(machine, machine.word(M.PC) - 1)


def bounded(machine: Workspace, text: str) -> str:
    """Return a text, or fail if it is longer than strings may be."""
    if len(text.encode("utf-8", "replace")) > machine.limits.string_bytes:
        raise HostFault(Fault.STRING_TOO_LARGE)
    return text


def put_sized(machine: Workspace, register: int, value: Any) -> None:
    """Write a value into a register, or fail if it is larger than values may be."""
    check_size(machine, value)
    machine.put(register, value)


def add(machine: Workspace, word: int) -> None:
    """Text of a float or a container joined to a string; blobs; maps."""
    instruction = _instruction(machine)
    left, right = instruction.operands()
    dst = instruction.field(0)
    if isinstance(left, bytearray):
        put_sized(machine, dst, _joined_blob(left, right))
    elif type(left) is str and isinstance(right, bytearray):
        machine.put(dst, bounded(machine, left + bytes(right).decode("utf-8", "replace")))
    elif isinstance(right, bytearray):
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
    elif isinstance(left, str) or isinstance(right, str):
        machine.put(dst, bounded(machine, display(left) + display(right)))
    else:
        raise HostFault(Fault.FUNCTION_NOT_FOUND)


def _joined_blob(left: bytearray, right: Any) -> bytearray | str:
    match right:
        case bytearray():
            return left + right
        case Char():
            return left + right.encode()
        case str():
            return bytes(left).decode("utf-8", "replace") + right
    raise HostFault(Fault.FUNCTION_NOT_FOUND)


def add_to(machine: Workspace, word: int) -> None:
    """The same for +=."""
    instruction = _instruction(machine)
    left, right = instruction.operands()
    if isinstance(left, bytearray) and isinstance(right, str) and not isinstance(right, Char):
        put_sized(machine, instruction.field(0), left + right.encode())
    elif isinstance(left, bytearray) and type(right) is int:
        put_sized(machine, instruction.field(0), left + bytes([right & 0xFF]))
    else:
        add(machine, word)


def join(machine: Workspace, word: int) -> None:
    """The text of an interpolated string."""
    first = word >> 24 & 0xFFFF
    values = machine.memory_of_arguments(first - 1, word >> 40 & 0xFFFF)
    machine.put(word >> 8 & 0xFFFF, bounded(machine, "".join(map(display, values))))


def slice_bounds(index: RangeValue, length: int) -> tuple[int, int]:
    """Return (start, end) of a slice; negative bounds count from the end."""
    start = index.start + length if index.start < 0 else index.start
    end = index.end + length if index.end < 0 else index.end
    if index.inclusive and index.end != 2**63 - 1:
        end += 1
    if start < 0:
        raise HostFault(Fault.STRING_BOUNDS)
    return min(start, length), max(min(end, length), min(start, length))


def get_index(machine: Workspace, word: int) -> None:
    """Slices of strings, bytes of blobs, bits of ints."""
    instruction = _instruction(machine)
    container, index = instruction.operand("container"), instruction.operand("index")
    dst = instruction.field(0)
    if type(container) is str and isinstance(index, RangeValue):
        machine.words[M.DETAIL], machine.words[M.DETAIL2] = index.start, len(container)
        start, end = slice_bounds(index, len(container))
        machine.put(dst, container[start:end])
    elif isinstance(container, bytearray) and type(index) is int:
        machine.put(dst, container[_byte_index(machine, container, index)])
    elif type(container) is int and isinstance(index, RangeValue):
        shift, mask = _bit_range(machine, index)
        machine.put(dst, _signed(container >> shift & mask))
    elif isinstance(container, list | bytearray) or type(container) is str:
        raise HostFault(Fault.INDEX_NOT_INT)
    else:
        raise HostFault(Fault.INDEXING_TYPE)


def refer_to_part(machine: Workspace, word: int) -> None:
    """What `this` is for a method of a part that is no element: a value of its own."""
    instruction = _instruction(machine)
    container, index = instruction.operand("container"), instruction.operand("index")
    if isinstance(container, dict):
        raise HostFault(Fault.INDEX_NOT_STRING)
    if isinstance(container, list):
        raise HostFault(Fault.INDEX_NOT_INT)
    if type(index) is not int or isinstance(container, bytearray):
        get_index(machine, word)
    elif type(container) is str or isinstance(container, Vector):
        machine.words[M.DETAIL], machine.words[M.DETAIL2] = index, len(container)
        if not -len(container) <= index < len(container):
            raise HostFault(Fault.STRING_BOUNDS if type(container) is str else Fault.ARRAY_BOUNDS)
        part = container[index]
        machine.put(instruction.field(0), Char(part) if isinstance(part, str) else part)
    elif type(container) is int:
        machine.words[M.DETAIL] = index
        if not -64 <= index < 64:
            raise HostFault(Fault.BIT_BOUNDS)
        machine.put(instruction.field(0), bool(container >> index % 64 & 1))
    else:
        raise HostFault(Fault.INDEXING_TYPE)


def _byte_index(machine: Workspace, blob: bytearray, index: int) -> int:
    machine.words[M.DETAIL], machine.words[M.DETAIL2] = index, len(blob)
    at = index + len(blob) if index < 0 else index
    if not 0 <= at < len(blob):
        raise HostFault(Fault.ARRAY_BOUNDS)
    return at


def _bit_range(machine: Workspace, index: RangeValue) -> tuple[int, int]:
    """Return (lowest bit, mask) of a run of bits, which counts from the lowest bit only."""
    for bound in (index.start, index.end):
        machine.words[M.DETAIL] = bound
        if bound < 0 or (bound == index.start and bound >= 64):
            raise HostFault(Fault.BIT_BOUNDS)
    count = max(min(index.end + index.inclusive, 64) - index.start, 0)
    return index.start, (1 << count) - 1


def _signed(value: int) -> int:
    value &= 2**64 - 1
    return value - 2**64 if value >= 2**63 else value


def set_index(machine: Workspace, word: int) -> None:
    """Slices of strings, bytes of blobs, bits of ints."""
    instruction = _instruction(machine)
    container, index = instruction.operand("container"), instruction.operand("index")
    value = instruction.operand("value")
    register = instruction.field(0)
    if isinstance(container, bytearray) and type(index) is int:
        if type(value) is not int:
            raise HostFault(Fault.WRONG_TYPE, f"{type_name(value)} (expecting INT)")
        container[_byte_index(machine, container, index)] = value & 0xFF
        machine.replace(register, container)
    elif isinstance(container, list | bytearray):
        raise HostFault(Fault.INDEX_NOT_INT)
    elif type(container) is str and isinstance(index, RangeValue):
        machine.words[M.DETAIL], machine.words[M.DETAIL2] = index.start, len(container)
        start, end = slice_bounds(index, len(container))
        if type(value) is not str:
            raise HostFault(Fault.WRONG_TYPE, f"{type_name(value)} (expecting string)")
        machine.put(register, bounded(machine, container[:start] + value + container[end:]))
    elif type(container) is int and isinstance(index, RangeValue):
        shift, mask = _bit_range(machine, index)
        if type(value) is not int:
            raise HostFault(Fault.WRONG_TYPE, f"{type_name(value)} (expecting INT)")
        machine.put(register, _signed(container & ~(mask << shift) | (value & mask) << shift))
    else:
        raise HostFault(Fault.INDEXING_TYPE)


def get_property(machine: Workspace, word: int) -> None:
    """Properties that are natives, such as ``x.len`` and ``r.start``."""
    instruction = _instruction(machine)
    name = instruction.operand("constant")
    tag, payload = instruction.tagged("container")
    if name == "tag":
        machine.put(instruction.field(0), user_tag(tag))
        return
    number = machine.natives.properties.get(name)
    owner = None
    if number is not None:
        owner = getattr(machine.natives.entries[number].host_function, "__self__", None)
    if not isinstance(owner, Function):
        raise HostFault(Fault.PROPERTY_UNKNOWN)
    container = machine.memory.read(tag, payload)
    machine.pay_for([container])
    machine.put(instruction.field(0), owner.property_of(machine, tag & TAG_MASK, container))


def set_property(machine: Workspace, word: int) -> None:
    """The one property of all values that can be set: ``x.tag``."""
    instruction = _instruction(machine)
    if instruction.operand("constant") != "tag":
        raise HostFault(Fault.SETTER_UNKNOWN)
    value = instruction.operand("value")
    if type(value) is not int:
        raise HostFault(Fault.SETTER_UNKNOWN)
    write_tag(machine, instruction.field(0), value)


def call_native(machine: Workspace, number: int, window: int, count: int) -> None:
    """What a kernel leaves of a native: its host function, or the prelude's function of that name."""
    machine.pay_for_python()
    entry = machine.natives.entries[number]
    host = entry.host_function
    if host is not None and entry.takes(count):
        try:
            host(machine, window, count)
        except HostFault as error:
            if error.fault != Fault.FUNCTION_NOT_FOUND:
                raise
            if (entry.name, count) not in machine.program.built_ins:
                raise
        else:
            return
    built_in = machine.program.built_ins.get((entry.name, count))
    if built_in is None:
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
    status = enter_built_in(machine.address, window, built_in)
    if status != Status.ENTERED:
        raise HostFault(Fault(status))


def call_by_name(machine: Workspace, word: int) -> None:
    """A pointer to a built-in function, or to one that does not exist."""
    window = word >> 8 & 0xFFFF
    most = word >> 24 & 0xFFFF
    least = most
    pointer = machine.memory_of_arguments(window, 1)[0]
    assert isinstance(pointer, FunctionValue), "kernels have looked at its tag"
    if pointer.captures:
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
    first = 2 * (machine.word(M.BASE) + window + 1)
    before = machine.registers[first : first + 2 + 2 * most].copy()
    arguments = before[2:]
    if word & 0xFF == Op.CALL_BACK:
        form = word >> 40 & 0xFFFF
        least = max(form & LEAST_MASK, 1)
        if form == ALWAYS_THIS:  # a method of the element
            element = dereferenced(machine, *(int(part) for part in machine.registers[first - 2 : first]))
            arguments = np.concatenate([np.array(element, np.int64), arguments])
            most += 1
    machine.registers[first : first + 2 * most] = arguments
    for count in range(least, most + 1):
        if _called(machine, pointer.name, window, count):
            return
    machine.registers[first : first + before.size] = before
    raise HostFault(Fault.FUNCTION_NOT_FOUND)


def _called(machine: Workspace, name: str, window: int, count: int) -> bool:
    """Call the built-in of a name, if there is one for the arguments in the window."""
    found = machine.find_native(name)
    if found is None or found[1].internal or not fits(found[1], count):
        built_in = machine.program.built_ins.get((name, count))
        return built_in is not None and enter_built_in(machine.address, window, built_in) == Status.ENTERED
    try:
        call_entry(machine, found[0], window, count)
    except HostFault as error:
        if error.fault != Fault.FUNCTION_NOT_FOUND:
            raise
        return False
    return True


def call_entry(
    machine: Workspace,
    number: int,
    window: int,
    count: int,
    collected: Callable[[], None] = lambda: None,
) -> None:
    """Call a native whose arguments stand in a window, whatever it is written in.

    Args:
        collected: called after a collection, which has cleared arguments that the plain program has not
            put there.
    """
    entry = machine.natives.entries[number]
    if callable(entry.implementation):
        call_native(machine, number, window, count)
        return
    word = encode(Op.CALL_NATIVE, window, number, count)
    status = call_kernel(machine.address, int(entry.implementation.address), word)
    while status in (Status.NEEDS_MEMORY, Status.EMBEDDER):
        if status == Status.NEEDS_MEMORY:
            machine.make_room()
            collected()
        else:
            machine.on_embedder_request()
        status = call_kernel(machine.address, int(entry.implementation.address), word)
    if status == Status.HOST_CALL:
        call_native(machine, number, window, count)
    elif status != Status.OK:
        raise HostFault(Fault(status))


def call_method(machine: Workspace, word: int) -> None:
    """A built-in method of a name that the script also uses, for a type that it does not; of a constant.

    Where it may change its receiver, the compiler has kept the reference in the register before the window.
    """
    window = word >> 8 & 0xFFFF
    count = (word >> 40 & UNITS - 1) + 1
    name = _instruction(machine).operand("constant")
    at = 2 * (machine.word(M.BASE) + window)
    this = [int(part) for part in machine.registers[at : at + 2]]
    value = dereferenced(machine, *this)

    def put_receiver() -> None:
        machine.registers[at + 2 : at + 4] = dereferenced(machine, *machine.registers[at : at + 2].tolist())

    found = machine.find_native(name)
    if found is not None and not found[1].internal and fits(found[1], count):
        if found[1].changes and this[0] & READ_ONLY:
            machine.put(window + 1, machine.memory.read(*value))
            call_entry(machine, found[0], window, count, _refuse)  # which fails if it is for other types
            _refuse()
        put_receiver()
        base = machine.word(M.BASE)
        call_entry(machine, found[0], window, count, put_receiver)
        if found[1].changes and machine.word(M.BASE) == base and window > 0:
            store_this(machine.address, window - 1, window + 1)
        return
    if (name, count) not in machine.program.built_ins:
        raise HostFault(Fault.FUNCTION_NOT_FOUND)
    if name in CHANGING and this[0] & READ_ONLY:
        kinds = (Tag.ARRAY, Tag.MAP) if name in CHANGING_MAPS else (Tag.ARRAY,)
        is_right = value[0] & TAG_MASK in kinds
        raise HostFault(Fault.CONSTANT_METHOD if is_right else Fault.FUNCTION_NOT_FOUND)
    put_receiver()
    enter_built_in(machine.address, window, machine.program.built_ins[name, count])


def _refuse() -> None:
    raise HostFault(Fault.CONSTANT_METHOD)


def fits(entry: NativeEntry, count: int) -> bool:
    """Return whether a native takes so many arguments."""
    return entry.takes(count)


def begin_loop(machine: Workspace, word: int) -> None:
    """A loop over the bytes of a blob."""
    register = word >> 8 & 0xFFFF
    blob = machine.memory_of_arguments(register - 1, 1)[0]
    machine.put(register, list(blob))
    machine.put(register + 1, 0)
    machine.put(register + 2, None)


HOST_OPERATIONS: dict[Op, Callable[[Workspace, int], None]] = {
    Op.ADD: paid(add),
    Op.ADD_K: paid(add),
    Op.ADD_TO: paid(add_to),
    Op.ADD_TO_K: paid(add_to),
    Op.JOIN: paid(join),
    Op.GET_INDEX: paid(get_index),
    Op.GET_INDEX_REF: paid(get_index),
    Op.SET_INDEX: paid(set_index),
    Op.GET_PROPERTY: paid(get_property),
    Op.GET_PROPERTY_REF: paid(get_property),
    Op.UPDATE_AHEAD: paid(get_property),
    Op.SET_PROPERTY: paid(set_property),
    Op.REF_INDEX: paid(refer_to_part),
    Op.REF_PROPERTY: paid(get_property),
    Op.CALL_POINTER: call_by_name,
    Op.CALL_BACK: call_by_name,
    Op.CALL_METHOD_OF: call_method,
    Op.FOR_BEGIN: paid(begin_loop),
}
