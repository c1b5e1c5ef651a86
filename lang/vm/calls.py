"""Calls that the loop does not finish: pointers, methods by the type of `this`, the prelude."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.faults import Fault
from lang.heap.access import field_b, field_c, put, register_a
from lang.heap.alloc import has_room, take
from lang.heap.copying import copy_nested, copy_values, is_container
from lang.heap.maps import entry_at, find_bytes, find_constant_key
from lang.heap.strings import compare_strings, object_address
from lang.jit import I64, bytes_at, call_at, entry, kernel, native, words_at, words_in
from lang.layout import (
    ALWAYS_THIS,
    BUILT_IN_BIT,
    FN_HEAD_WORDS,
    FRAME_BASE_SHIFT,
    FUNCTION_WORDS,
    LEAST_MASK,
    MACHINE_WORDS,
    METHOD_WORDS,
    UNIT_SHIFT,
    WITHOUT_THIS,
    Kind,
    M,
    Status,
)
from lang.values import Tag
from lang.vm.locks import captures_locked, lock_noted
from lang.vm.moves import load_reference

STACK_STEP = 256  # words by which the registers in use grow
PARAMETERS_MASK = (1 << BUILT_IN_BIT) - 1
ANY_TYPE = -1


@kernel
def enter(m: I64, window: int, function: int) -> int:
    """Enter a script function whose window (`this`, arguments) starts at register word `window`.

    A function of the prelude raises the limit by the level it takes. The limit never exceeds the room
    for frames, so that the loop's own calls need to look at the limit alone.
    """
    functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
    row = FUNCTION_WORDS * function
    top = window + functions[row + 1]
    depth = m[M.DEPTH]
    limit = m[M.CALL_LIMIT] + (functions[row + 2] >> BUILT_IN_BIT)
    if depth >= limit or limit > m[M.FRAME_LIMIT] or top > m[M.REGISTER_WORDS]:
        return Fault.STACK_OVERFLOW
    m[M.CALL_LIMIT] = limit
    if top > m[M.HIGH]:
        m[M.HIGH] = min(top + STACK_STEP, m[M.REGISTER_WORDS])
    words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[depth] = m[M.PC] | (2 * m[M.BASE]) << FRAME_BASE_SHIFT
    m[M.DEPTH] = depth + 1
    m[M.BASE] = window // 2
    m[M.PC] = functions[row]
    return Status.ENTERED


@entry("int64(int64, int64, int64)")
def enter_built_in(machine: int, window: int, function: int) -> int:
    """Enter a function of the prelude whose window starts at a register, for Python; returns a status."""
    m = words_at(machine, MACHINE_WORDS)
    lock_noted(m)
    return enter(m, 2 * (m[M.BASE] + window), function)


@entry("int64(int64, int64, int64)")
def call_kernel(machine: int, address: int, word: int) -> int:
    """Call a native by its address, for Python; returns a status."""
    return call_at(address, machine, word)


@native
def call(machine: int, word: int) -> int:
    """Do CALL and CALL_BUILT_IN when the loop could not: deeper stack, or its limit."""
    m = words_at(machine, MACHINE_WORDS)
    window = register_a(m, word)
    op = word & 0xFF
    status = enter(m, window, field_b(word))
    if status == Status.ENTERED and op == Op.CALL:
        put(m, window, Tag.UNBOUND, 0)
    return status


@native
def return_entry(machine: int, word: int) -> int:
    """Do RETURN of the entry frame; the loop has moved the result."""
    return Status.RETURNED


@native
def return_built_in(machine: int, word: int) -> int:
    """Do RETURN_BUILT_IN."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    src = register_a(m, word)
    put(m, 2 * m[M.BASE], registers[src], registers[src + 1])
    m[M.CALL_LIMIT] -= 1
    if m[M.DEPTH] == 0:
        return Status.RETURNED
    m[M.DEPTH] -= 1
    frame = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])[m[M.DEPTH]]
    m[M.PC] = frame & 0xFFFFFFFF
    m[M.BASE] = (frame >> FRAME_BASE_SHIFT) // 2
    return Status.ENTERED


@kernel
def parameters_of(m: I64, function: int) -> int:
    """Return how many parameters a script function has."""
    functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
    return functions[FUNCTION_WORDS * function + 2] & PARAMETERS_MASK


@kernel
def is_built_in(m: I64, function: int) -> bool:
    """Return whether a function is the prelude's."""
    functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
    return functions[FUNCTION_WORDS * function + 2] >> BUILT_IN_BIT != 0


@kernel
def find_function(m: I64, name: int, parameters: int, kind: int) -> int:
    """Return the script function of that name and number of parameters for a type, or -1.

    `parameters` holds the number of the file that is looked in from `UNIT_SHIFT` on.
    """
    methods = words_at(m[M.METHODS], m[M.METHOD_COUNT] * METHOD_WORDS)
    for i in range(m[M.METHOD_COUNT]):
        row = METHOD_WORDS * i
        if methods[row + 1] != parameters or methods[row + 2] != kind:
            continue
        # Constants are stored once: two names in the pool are equal only if they are the same.
        if methods[row] == name or (name >= 0 and compare_strings(m, methods[row], name) == 0):
            return methods[row + 3]
    return -1


@kernel
def named_unit(index: int) -> int:
    """Return the file whose functions a pointer by name means, from `UNIT_SHIFT` on."""
    return (-1 - index) << UNIT_SHIFT


@kernel
def own_captures(m: I64, pointer: int) -> int:
    """Let the pointer in a register carry copies of its arrays, maps and blobs; returns a status."""
    registers = words_in(m, M.REGISTERS)
    head = words_at(object_address(m, registers[pointer + 1]), FN_HEAD_WORDS)
    words = FN_HEAD_WORDS + 2 * head[3]
    source = words_at(object_address(m, registers[pointer + 1]), words)
    nested = False
    for i in range(FN_HEAD_WORDS, words, 2):
        nested = nested or is_container(source[i])
    if not nested:
        return Status.OK
    top = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    if not has_room(m, words):
        return Status.NEEDS_MEMORY
    at = take(m, Kind.FN, words)
    heap = words_in(m, M.HEAP)
    for i in range(1, words):
        heap[at + i] = source[i]
    copies = m[M.HEAP_TOP]
    if not (copy_values(m, at + FN_HEAD_WORDS, head[3], 2, copies) and copy_nested(m, copies)):
        m[M.REQUEST] += copies - top
        m[M.HEAP_TOP] = top
        m[M.FUEL] = fuel
        return Status.NEEDS_MEMORY
    registers[pointer + 1] = at
    return Status.OK


@kernel
def prepare_pointer(m: I64, pointer: int) -> int:
    """Look whether a register holds a pointer, and let it own what it carries; returns a status.

    After a collection the instruction begins again: until this is done, it must leave its window alone.
    """
    registers = words_in(m, M.REGISTERS)
    if registers[pointer] & 0xFF != Tag.FN:
        m[M.DETAIL] = registers[pointer] & 0xFF
        return Fault.FUNCTION_POINTER
    return own_captures(m, pointer)


@kernel
def call_pointer(m: I64, window: int, pointer: int, count: int, keep_this: bool) -> int:
    """Prepare a pointer and call it, as `enter_pointer` does."""
    status = prepare_pointer(m, pointer)
    if status != Status.OK:
        return status
    return enter_pointer(m, window, pointer, count, keep_this)


@kernel
def enter_pointer(m: I64, window: int, pointer: int, count: int, keep_this: bool) -> int:
    """Call a prepared pointer with `count` arguments, which stand from the window's third register on.

    They move to the second register, after the pointer's captures.
    """
    registers = words_in(m, M.REGISTERS)
    function = words_at(object_address(m, registers[pointer + 1]), FN_HEAD_WORDS)
    captures = function[3]
    target = function[1]
    if target < 0:
        target = find_function(m, function[2], captures + count | named_unit(target), ANY_TYPE)
        if target < 0:
            return Status.HOST_CALL
    if parameters_of(m, target) != captures + count:
        return Fault.FUNCTION_NOT_FOUND
    end = window + 2 * (1 + captures + count)
    if end > m[M.REGISTER_WORDS]:
        return Fault.STACK_OVERFLOW
    m[M.HIGH] = max(m[M.HIGH], end)
    values = words_at(object_address(m, registers[pointer + 1]), FN_HEAD_WORDS + 2 * captures)
    from_at = window + 4
    to_at = window + 2 + 2 * captures
    if to_at <= from_at:
        for i in range(2 * count):
            registers[to_at + i] = registers[from_at + i]
    else:
        for i in range(2 * count - 1, -1, -1):
            registers[to_at + i] = registers[from_at + i]
    for i in range(2 * captures):
        registers[window + 2 + i] = values[FN_HEAD_WORDS + i]
    if not keep_this:
        put(m, window, Tag.UNBOUND, 0)
    return enter(m, window, target)


@native
def call_pointer_value(machine: int, word: int) -> int:
    """Do CALL_POINTER."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    window = register_a(m, word)
    count = field_b(word)
    if registers[window + 2] & 0xFF == Tag.FN or count == 0 or is_unbound_call(m, window):
        return call_pointer(m, window, window + 2, count, False)
    # x.call(f, …): what stands in the pointer's place is x, which `this` refers to
    if registers[window + 4] & 0xFF == Tag.FN and captures_locked(m, registers[window + 5]):
        return Fault.DATA_RACE
    status = prepare_pointer(m, window + 4)
    if status != Status.OK:
        return status
    for i in range(2 * count):
        registers[window + 2 + i] = registers[window + 4 + i]
    return enter_pointer(m, window, window + 2, count - 1, True)


@kernel
def is_unbound_call(m: I64, window: int) -> bool:
    """Return whether CALL_POINTER is of ``call(f, …)``: the window refers to its own second register."""
    registers = words_in(m, M.REGISTERS)
    return registers[window] == Tag.REF_REGISTER and registers[window + 1] == window // 2 + 1


@kernel
def call_in_map(m: I64, window: int, at: int, count: int) -> int:
    """Call the pointer at a word of the heap with the map in the window's second register as `this`."""
    registers = words_in(m, M.REGISTERS)
    heap = words_in(m, M.HEAP)
    put(m, window, heap[at], heap[at + 1])
    status = prepare_pointer(m, window)
    if status != Status.OK:
        return status
    tag, container = registers[window + 2], registers[window + 3]
    put(m, window + 2, registers[window], registers[window + 1])
    put(m, window, tag, container)
    lock_noted(m)
    return enter_pointer(m, window, window + 2, count, True)


@native
def call_on_map(machine: int, word: int) -> int:
    """Do CALL_ON of a map: a pointer stored under the name comes before the native."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    window = register_a(m, word)
    row = words_at(m[M.NATIVE_NAMES], 2 * m[M.NATIVE_COUNT])
    name = bytes_at(row[2 * field_b(word)], row[2 * field_b(word) + 1])
    container = registers[window + 3]
    found = find_bytes(m, container, name)
    if found >= 0:
        heap = words_in(m, M.HEAP)
        at = entry_at(m, container, found) + 1
        if heap[at] & 0xFF == Tag.FN:
            return call_in_map(m, window, at, field_c(word) - 1)
    return Status.NATIVE


@native
def call_built_in_on(machine: int, word: int) -> int:
    """Do CALL_BUILT_IN_ON: of a map, a pointer stored under the name comes before the prelude's function."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    window = register_a(m, word)
    function = field_b(word)
    if registers[window + 2] & 0xFF == Tag.MAP:
        container = registers[window + 3]
        found = find_constant_key(m, container, words_in(m, M.CONSTANTS)[2 * field_c(word) + 1])
        heap = words_in(m, M.HEAP)
        if found >= 0 and heap[entry_at(m, container, found) + 1] & 0xFF == Tag.FN:
            at = entry_at(m, container, found) + 1
            return call_in_map(m, window, at, parameters_of(m, function) - 1)
    return enter(m, window, function)


@native
def call_method_of(machine: int, word: int) -> int:
    """Do CALL_METHOD_OF: window holds `this` (a reference), a free register, then the arguments."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    window = register_a(m, word)
    name = words_in(m, M.CONSTANTS)[2 * field_b(word) + 1]
    wanted = field_c(word)
    count = wanted & (1 << UNIT_SHIFT) - 1
    tag, payload = load_reference(m, registers[window], registers[window + 1])
    kind = tag & 0xFF
    if kind == Tag.MAP:
        found = find_constant_key(m, payload, name)
        heap = words_in(m, M.HEAP)
        if found >= 0 and heap[entry_at(m, payload, found) + 1] & 0xFF == Tag.FN:
            at = entry_at(m, payload, found) + 1
            put(m, window + 2, heap[at], heap[at + 1])
            return call_pointer(m, window, window + 2, count, True)
    function = find_function(m, name, wanted, kind)
    if function < 0:
        function = find_function(m, name, wanted, ANY_TYPE)
    if function < 0 or is_built_in(m, function):
        return Status.HOST_CALL  # a function of the prelude would take `this` as its first argument
    for i in range(2 * count):
        registers[window + 2 + i] = registers[window + 4 + i]
    return enter(m, window, function)


@native
def call_back(machine: int, word: int) -> int:
    """Do CALL_BACK: window holds `this` (the element), the pointer, then the arguments.

    A pointer gets as many of the arguments as it has parameters, but the least of its form at least.
    Only with the least is `this` bound: an element that is an argument is not `this`, too.
    """
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    window = register_a(m, word)
    count = field_b(word)
    form = field_c(word)
    least = form & LEAST_MASK
    pointer = window + 2
    if form == WITHOUT_THIS:
        put(m, window, Tag.UNBOUND, 0)
    if registers[pointer] & 0xFF == Tag.STRING:
        if not has_room(m, FN_HEAD_WORDS):
            return Status.NEEDS_MEMORY
        named = take(m, Kind.FN, FN_HEAD_WORDS)
        heap = words_in(m, M.HEAP)
        heap[named + 1] = -1
        heap[named + 2] = registers[pointer + 1]
        heap[named + 3] = 0
        put(m, pointer, Tag.FN, named)
    if registers[pointer] & 0xFF != Tag.FN:
        m[M.DETAIL] = registers[pointer] & 0xFF
        return Fault.FUNCTION_POINTER
    function = words_at(object_address(m, registers[pointer + 1]), FN_HEAD_WORDS)
    captures = function[3]
    unit = named_unit(function[1])
    for taken in range(least, count + 1):
        if function[1] < 0:
            fits = find_function(m, function[2], captures + taken | unit, ANY_TYPE) >= 0
        else:
            fits = parameters_of(m, function[1]) == captures + taken
        if fits:
            return call_pointer(m, window, pointer, taken, taken == least or form == ALWAYS_THIS)
    return Status.HOST_CALL if function[1] < 0 else Fault.FUNCTION_NOT_FOUND


@native
def closure(machine: int, word: int) -> int:
    """Do CLOSURE: a pointer to a function with captured cells."""
    m = words_at(machine, MACHINE_WORDS)
    registers = words_in(m, M.REGISTERS)
    dst = register_a(m, word)
    count = field_c(word)
    words = FN_HEAD_WORDS + 2 * count
    if not has_room(m, words):
        return Status.NEEDS_MEMORY
    at = take(m, Kind.FN, words)
    heap = words_in(m, M.HEAP)
    heap[at + 1] = field_b(word)
    heap[at + 2] = -1
    heap[at + 3] = count
    for i in range(2 * count):
        heap[at + FN_HEAD_WORDS + i] = registers[dst + 2 + i]
    put(m, dst, Tag.FN, at)
    return Status.OK
