"""Functions that wait: a call stack as values on its instance's heap, and back into the registers.

A *sequence* is a function that an embedder lets run in parts. Where a part waits, its frames and registers
become an array on the heap of the instance, so collections, snapshots, hashes, limits of memory and what a
failed call gives back (`lang.vm.keeping`) serve them as they serve all values. The arrays of an instance are
elements of one array, in the state slot `M.SEQUENCE_STATE`; () is an element that nobody uses. Such an array:

| elements | |
|---|---|
| handle, row | ints: the embedder's names for the sequence |
| levels | int: how many of the frames are of the prelude |
| depth | int: of the frame that waits, or BEGINS |
| pc, base | of each frame, from the first to the one that waits: a `Tag.CODE`, an int |
| registers | those of all frames; () for those that hold no value where their frame stands |

One that has not begun holds instead of frames and registers the pointer, and an array of its arguments.

A sequence begins at register 0 with no frame above it, so references between its registers mean the same
when it is put back. When it runs there is no array: it is either on the heap or in the registers. Nothing
stays locked while a sequence waits: other calls may touch what its methods work on.
"""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.access import put, put_unit, register_a
from lang.heap.alloc import container_words, has_room, take_container
from lang.heap.arrays import VALUE_WORDS, element_at, length_of, push
from lang.heap.copying import copy_value
from lang.heap.strings import object_address
from lang.jit import I64, kernel, words_at, words_in
from lang.layout import (
    FN_HEAD_WORDS,
    FRAME_BASE_SHIFT,
    FUNCTION_WORDS,
    Kind,
    M,
    Status,
)
from lang.values import Tag
from lang.vm.calls import (
    ANY_TYPE,
    enter_pointer,
    find_function,
    is_built_in,
    named_unit,
    parameters_of,
    prepare_pointer,
)
from lang.vm.keeping import keep
from lang.vm.locks import LOCK_BITS

HANDLE, ROW, LEVELS, DEPTH, HEAD = range(5)
"""Elements of the array of a sequence; from HEAD on frames, then registers."""
BEGINS = -1
POINTER, ARGUMENTS, FIRST_PART = HEAD, HEAD + 1, HEAD + 2
MOST_SEQUENCES = 64
"""Of one instance."""
PC_MASK = (1 << FRAME_BASE_SHIFT) - 1
SEQUENCE_PART = -1
"""In place of the function of a batch: its rows are parts of sequences, the first argument is the handle."""


@kernel
def all_sequences(m: I64) -> int:
    """Return the array of the bound instance's waiting sequences, or -1."""
    slot = m[M.SEQUENCE_STATE]
    if slot < 0:
        return -1
    heap = words_in(m, M.HEAP)
    return heap[2 * slot + 1] if heap[2 * slot] == Tag.ARRAY else -1


@kernel
def head_word(m: I64, sequence: int, number: int) -> int:
    """Return one of the ints with which the array of a sequence begins."""
    return words_in(m, M.HEAP)[element_at(m, sequence, number) + 1]


@kernel
def find_sequence(m: I64, handle: int) -> int:
    """Return the word of the heap at which a waiting sequence of the bound instance is held, or -1."""
    every = all_sequences(m)
    if every < 0:
        return -1
    heap = words_in(m, M.HEAP)
    for i in range(length_of(m, every)):
        at = element_at(m, every, i)
        if heap[at] == Tag.ARRAY and head_word(m, heap[at + 1], HANDLE) == handle:
            return at
    return -1


@kernel
def count_sequences(m: I64) -> int:
    """Return how many sequences the bound instance has, the one that runs among them."""
    count = 0 if m[M.SEQUENCE] == 0 else 1
    every = all_sequences(m)
    if every >= 0:
        heap = words_in(m, M.HEAP)
        for i in range(length_of(m, every)):
            count += heap[element_at(m, every, i)] == Tag.ARRAY
    return count


@kernel
def words_to_hold(m: I64, values: int) -> int:
    """Return the words that holding one more array of so many values takes at most."""
    every = all_sequences(m)
    length = length_of(m, every) if every >= 0 else 0
    return container_words(VALUE_WORDS, values) + container_words(VALUE_WORDS, 2 * length + 4)


@kernel
def new_array(m: I64, values: int) -> int:
    """Return a new array of () (there is room)."""
    array = take_container(m, Kind.ARRAY, Kind.VALUES, VALUE_WORDS, values)
    heap = words_in(m, M.HEAP)
    heap[array + 1] = values
    first = element_at(m, array, 0)
    for i in range(VALUE_WORDS * values):
        heap[first + i] = Tag.UNIT
    return array


@kernel
def put_element(m: I64, array: int, number: int, tag: int, payload: int) -> None:
    """Write an element."""
    heap = words_in(m, M.HEAP)
    at = element_at(m, array, number)
    heap[at] = tag
    heap[at + 1] = payload


@kernel
def hold(m: I64, sequence: int) -> None:
    """Hold the array of a sequence among those of the bound instance (there is room)."""
    heap = words_in(m, M.HEAP)
    every = all_sequences(m)
    if every < 0:
        every = new_array(m, 0)
        heap[2 * m[M.SEQUENCE_STATE]] = Tag.ARRAY
        heap[2 * m[M.SEQUENCE_STATE] + 1] = every
    for i in range(length_of(m, every)):
        at = element_at(m, every, i)
        if heap[at] != Tag.ARRAY:
            heap[at] = Tag.ARRAY
            heap[at + 1] = sequence
            return
    push(m, every, Tag.ARRAY, sequence)


@kernel
def forget(m: I64, at: int) -> None:
    """Hold a sequence no more, found by `find_sequence`; its instance's memory is kept."""
    heap = words_in(m, M.HEAP)
    heap[at] = Tag.UNIT
    heap[at + 1] = 0


@kernel
def function_to_start(m: I64, reference: int, count: int) -> int:
    """Return the function of the script that a pointer means with so many arguments, or -1."""
    pointer = words_at(object_address(m, reference), FN_HEAD_WORDS)
    wanted = pointer[3] + count
    function = pointer[1]
    if function < 0:
        function = find_function(m, pointer[2], wanted | named_unit(function), ANY_TYPE)
    if function < 0 or parameters_of(m, function) != wanted or is_built_in(m, function):
        return -1
    return function


@kernel
def begin_sequence(m: I64, pointer: int, arguments: int, handle: int, row: int) -> int:
    """Hold a sequence that has not begun.

    Args:
        pointer: the register word of the function's pointer. arguments: that of an array, or -1.
    Returns:
        OK, or NEEDS_MEMORY with nothing done.
    """
    if keep(m) != Status.OK:
        m[M.REQUEST] = 0
        return Status.NEEDS_MEMORY
    registers = words_in(m, M.REGISTERS)
    top = m[M.HEAP_TOP]
    fuel = m[M.FUEL]
    fine = True
    tag, payload = Tag.UNIT, 0
    if arguments >= 0:
        tag = Tag.ARRAY
        fine, payload = copy_value(m, Tag.ARRAY, registers[arguments + 1])
    if not fine or not has_room(m, words_to_hold(m, FIRST_PART)):
        m[M.REQUEST] += m[M.HEAP_TOP] - top
        m[M.HEAP_TOP] = top
        m[M.FUEL] = fuel
        return Status.NEEDS_MEMORY
    sequence = new_array(m, FIRST_PART)
    put_element(m, sequence, HANDLE, Tag.INT, handle)
    put_element(m, sequence, ROW, Tag.INT, row)
    put_element(m, sequence, LEVELS, Tag.INT, 0)
    put_element(m, sequence, DEPTH, Tag.INT, BEGINS)
    put_element(m, sequence, POINTER, registers[pointer], registers[pointer + 1])
    put_element(m, sequence, ARGUMENTS, tag, payload)
    hold(m, sequence)
    return Status.OK


@kernel
def leave_part(m: I64) -> int:
    """End the running part wherever it stands; returns the status that ends a run."""
    m[M.CALL_LIMIT] = m[M.SEQUENCE_LIMIT]
    m[M.DEPTH] = 0
    m[M.BASE] = 0
    return Status.RETURNED


@kernel
def unlock_all_state(m: I64) -> None:
    """Unlock the state variables whose elements are `this` of a frame."""
    heap = words_in(m, M.HEAP)
    for slot in range(m[M.STATE_SLOTS]):
        heap[2 * slot] &= ~LOCK_BITS


@kernel
def frame_end(m: I64, depth: int) -> int:
    """Return the register at which those of a frame end, as far as they hold values."""
    frames = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])
    if depth + 1 < m[M.DEPTH]:
        return (frames[depth + 1] >> FRAME_BASE_SHIFT) // 2
    if depth < m[M.DEPTH]:
        return m[M.BASE]
    roots = words_in(m, M.ROOTS)
    row = words_at(m[M.LIVE], m[M.CODE_WORDS])[m[M.PC] - 1]
    runs = roots[row]
    return m[M.BASE] if runs == 0 else m[M.BASE] + roots[row + 2 * runs - 1] + roots[row + 2 * runs]


@kernel
def copy_frame(m: I64, sequence: int, first: int, pc: int, base: int, end: int) -> None:
    """Copy the registers of a frame that hold values where it stands; register 0 is element `first`."""
    heap = words_in(m, M.HEAP)
    registers = words_in(m, M.REGISTERS)
    roots = words_in(m, M.ROOTS)
    row = words_at(m[M.LIVE], m[M.CODE_WORDS])[pc - 1]
    for i in range(roots[row]):
        start = min(base + roots[row + 1 + 2 * i], end)
        to = element_at(m, sequence, first + start)
        for j in range(0, VALUE_WORDS * (min(start + roots[row + 2 + 2 * i], end) - start), VALUE_WORDS):
            tag = registers[VALUE_WORDS * start + j]
            heap[to + j] = tag
            if tag != Tag.UNIT and tag != Tag.UNBOUND:  # whose payload says nothing
                heap[to + j + 1] = registers[VALUE_WORDS * start + j + 1]


@kernel
def suspend(m: I64) -> int:
    """Put the stack of the running part onto the heap.

    The instruction before PC is the call that waits. The part goes on after it, and finds () in its window.

    Returns:
        RETURNED, which ends the part, or NEEDS_MEMORY with nothing done.
    """
    depth = m[M.DEPTH]
    top = frame_end(m, depth)
    first = HEAD + 2 * (depth + 1)
    if keep(m) != Status.OK:
        m[M.REQUEST] = 0
        return Status.NEEDS_MEMORY
    if not has_room(m, words_to_hold(m, first + top)):
        return Status.NEEDS_MEMORY
    sequence = new_array(m, first + top)
    put_element(m, sequence, HANDLE, Tag.INT, m[M.SEQUENCE])
    put_element(m, sequence, ROW, Tag.INT, m[M.SEQUENCE_ROW])
    put_element(m, sequence, LEVELS, Tag.INT, m[M.CALL_LIMIT] - m[M.SEQUENCE_LIMIT])
    put_element(m, sequence, DEPTH, Tag.INT, depth)
    frames = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])
    for number in range(depth + 1):
        pc, base = m[M.PC], m[M.BASE]
        if number < depth:
            pc, base = frames[number] & PC_MASK, (frames[number] >> FRAME_BASE_SHIFT) // 2
        put_element(m, sequence, HEAD + 2 * number, Tag.CODE, pc)
        put_element(m, sequence, HEAD + 2 * number + 1, Tag.INT, base)
        copy_frame(m, sequence, first, pc, base, frame_end(m, number))
    hold(m, sequence)
    unlock_all_state(m)
    return leave_part(m)


@kernel
def function_of(m: I64, pc: int) -> int:
    """Return the first word of the row of the function that an instruction belongs to.

    Those of the script come after those of the prelude.
    """
    functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
    for row in range(functions.size - FUNCTION_WORDS, 0, -FUNCTION_WORDS):
        if functions[row] <= pc < functions[row + 3]:
            return row
    return 0


@kernel
def put_back(m: I64, sequence: int, depth: int) -> int:
    """Put a stack back into the registers; returns a status."""
    heap = words_in(m, M.HEAP)
    first = HEAD + 2 * (depth + 1)
    words = VALUE_WORDS * (length_of(m, sequence) - first)
    frames = element_at(m, sequence, HEAD)
    pc, base = heap[frames + 4 * depth + 1], heap[frames + 4 * depth + 3]
    functions = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)
    needed = words
    for number in range(depth + 1):
        at = frames + 4 * number
        needed = max(needed, 2 * heap[at + 3] + functions[function_of(m, heap[at + 1] - 1) + 1])
    limit = m[M.CALL_LIMIT] + head_word(m, sequence, LEVELS)
    m[M.PC] = heap[frames + 1] - 1  # what fails is told of the outermost call
    if needed > m[M.REGISTER_WORDS] or depth > limit or limit > m[M.FRAME_LIMIT]:
        return Fault.STACK_OVERFLOW
    m[M.CALL_LIMIT] = limit
    m[M.HIGH] = needed
    registers = words_in(m, M.REGISTERS)
    source = element_at(m, sequence, first)
    for i in range(words):
        registers[i] = heap[source + i]
    into = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])
    for number in range(depth):
        at = frames + 4 * number
        into[number] = heap[at + 1] | (2 * heap[at + 3]) << FRAME_BASE_SHIFT
    m[M.DEPTH] = depth
    m[M.PC] = pc
    m[M.BASE] = base
    put_unit(m, register_a(m, words_at(m[M.CODE], m[M.CODE_WORDS])[pc - 1]))
    return Status.OK


@kernel
def clear_window(m: I64, words: int) -> None:
    """Let registers that hold a pointer and its arguments forget them."""
    registers = words_in(m, M.REGISTERS)
    for i in range(0, words, VALUE_WORDS):
        registers[i] = Tag.UNIT


@kernel
def enter_first(m: I64, sequence: int) -> int:
    """Stand at the start of a sequence's function; returns a status. No register holds anything yet."""
    heap = words_in(m, M.HEAP)
    registers = words_in(m, M.REGISTERS)
    pointer = element_at(m, sequence, POINTER)
    arguments = element_at(m, sequence, ARGUMENTS)
    count = length_of(m, heap[arguments + 1]) if heap[arguments] == Tag.ARRAY else 0
    function = function_to_start(m, heap[pointer + 1], count)
    words = VALUE_WORDS * (2 + count)
    if function < 0 or words > m[M.REGISTER_WORDS]:
        return Fault.STACK_OVERFLOW  # not what `start` has accepted
    m[M.PC] = words_at(m[M.FUNCTIONS], m[M.FUNCTION_COUNT] * FUNCTION_WORDS)[FUNCTION_WORDS * function]
    m[M.HIGH] = 0
    put(m, 2, heap[pointer], heap[pointer + 1])
    status = prepare_pointer(m, 2)
    if status == Status.OK:
        first = element_at(m, heap[arguments + 1], 0) if count > 0 else 0
        for i in range(VALUE_WORDS * count):
            registers[4 + i] = heap[first + i]
        status = enter_pointer(m, 0, 2, count, False)
    if status != Status.ENTERED:
        clear_window(m, words)
        return status
    m[M.DEPTH] = 0
    return Status.OK


@kernel
def begin_part(m: I64, handle: int) -> int:
    """Let a waiting sequence of the bound instance go on; its array is no more.

    Returns:
        OK when it stands where it waited, RETURNED when none of this handle waits, or what is needed first.
    """
    at = find_sequence(m, handle)
    if at < 0:
        return Status.RETURNED
    if keep(m) != Status.OK:
        m[M.REQUEST] = 0
        return Status.NEEDS_ARENA
    sequence = words_in(m, M.HEAP)[at + 1]
    depth = head_word(m, sequence, DEPTH)
    m[M.SEQUENCE_LIMIT] = m[M.CALL_LIMIT]
    status = enter_first(m, sequence) if depth == BEGINS else put_back(m, sequence, depth)
    if status == Status.OK:
        m[M.SEQUENCE] = handle
        m[M.SEQUENCE_ROW] = head_word(m, sequence, ROW)
        forget(m, at)
    return status
