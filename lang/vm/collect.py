"""The collector: copies what is live into scratch space and back, and grows the slice if need be.

Roots are the state slots and those registers of live frames that hold a value where the frame stands:
the program tells them for each instruction as its plain form has them, so that a program that was
optimised keeps the same objects. A storage is reached through its container only, so its spare capacity
is dropped on the way and never has to be initialised.
"""

from __future__ import annotations

from lang.faults import Fault
from lang.heap.alloc import copy_words
from lang.jit import I64, entry, kernel, words_at, words_in
from lang.layout import (
    ENTRY_WORDS,
    FN_HEAD_WORDS,
    FORWARD_SHIFT,
    FRAME_BASE_SHIFT,
    HEADER_SIZE_SHIFT,
    INSTANCE_WORDS,
    MACHINE_WORDS,
    InstanceWord,
    Kind,
    M,
    Status,
)
from lang.values import Tag
from lang.vm.keeping import keep

SIZE_CLASSES = 48
SMALLEST_CLASS = 6  # 64 words
PC_MASK = (1 << FRAME_BASE_SHIFT) - 1


@kernel
def is_reference(tag: int) -> bool:
    """Return whether the payload beside this tag word is a heap reference."""
    kind = tag & 0xFF
    return Tag.STRING <= kind <= Tag.SEQUENCE or kind == Tag.CELL or kind == Tag.REF_ELEMENT


@kernel
def size_class(words: int) -> int:
    """Return the power of two that a slice of so many words takes."""
    result = SMALLEST_CLASS
    while (1 << result) < words:
        result += 1
    return result


@kernel
def move(heap: I64, scratch: I64, reference: int, top: int) -> tuple[int, int]:
    """Return (the new offset of the object, the new top of the scratch space)."""
    header = heap[reference]
    if header & 0xFF == Kind.FORWARDED:
        return header >> FORWARD_SHIFT, top
    kind = header & 0xFF
    words = header >> HEADER_SIZE_SHIFT
    copy_words(scratch, top, heap, reference, words)
    heap[reference] = Kind.FORWARDED | top << FORWARD_SHIFT
    new = top
    top += words
    if kind == Kind.ARRAY or kind == Kind.MAP or kind == Kind.BLOB:
        length = scratch[new + 1]
        storage = scratch[new + 2]
        used = storage_words(kind, length)
        scratch[new + 3] = length
        if used == 0:
            scratch[new + 2] = -1
        else:
            copy_words(scratch, top, heap, storage, used)
            scratch[top] = (heap[storage] & 0xFF) | used << HEADER_SIZE_SHIFT
            scratch[new + 2] = top
            top += used
    return new, top


@kernel
def storage_words(kind: int, length: int) -> int:
    """Return the words of a container's storage without spare capacity; 0 if it needs none."""
    if length == 0:
        return 0
    if kind == Kind.ARRAY:
        return 1 + 2 * length
    if kind == Kind.MAP:
        return 1 + ENTRY_WORDS * length
    return 1 + (length + 7) // 8


@kernel
def move_values(heap: I64, scratch: I64, values: I64, first: int, count: int, top: int) -> int:
    """Move what `count` values (tag, payload from `first` on) refer to; returns the new top."""
    for i in range(count):
        at = first + 2 * i
        if is_reference(values[at]) and values[at + 1] >= 0:
            values[at + 1], top = move(heap, scratch, values[at + 1], top)
    return top


@kernel
def move_frame(m: I64, pc: int, base: int, end: int, top: int) -> int:
    """Move what a frame's registers refer to, which stand from `base` up to `end`; returns the new top.

    Those that hold no value at the instruction `pc` forget what they held before.
    """
    heap = words_in(m, M.HEAP)
    scratch = words_in(m, M.SCRATCH)
    registers = words_in(m, M.REGISTERS)
    roots = words_in(m, M.ROOTS)
    row = words_at(m[M.LIVE], m[M.CODE_WORDS])[pc]
    done = base
    for i in range(roots[row]):
        first = min(base + roots[row + 1 + 2 * i], end)
        for register in range(done, first):
            registers[2 * register] = Tag.UNIT
        done = min(first + roots[row + 2 + 2 * i], end)
        top = move_values(heap, scratch, registers, 2 * first, done - first, top)
    for register in range(done, end):
        registers[2 * register] = Tag.UNIT
    return top


@kernel
def move_frames(m: I64, pc: int, top: int) -> int:
    """Move what the registers of all frames refer to; the running one stands at `pc`."""
    if m[M.HIGH] == 0:
        return top
    frames = words_at(m[M.FRAMES], m[M.FRAME_LIMIT])
    for depth in range(m[M.DEPTH]):
        base = frames[depth] >> FRAME_BASE_SHIFT
        end = frames[depth + 1] >> FRAME_BASE_SHIFT if depth + 1 < m[M.DEPTH] else 2 * m[M.BASE]
        top = move_frame(m, (frames[depth] & PC_MASK) - 1, base // 2, end // 2, top)
    return move_frame(m, pc, m[M.BASE], m[M.HIGH] // 2, top)


@kernel
def scan(heap: I64, scratch: I64, at: int, top: int) -> int:
    """Move what the objects from `at` on refer to, until none is left; returns the final top."""
    while at < top:
        header = scratch[at]
        kind = header & 0xFF
        words = header >> HEADER_SIZE_SHIFT
        if kind == Kind.VALUES:
            top = move_values(heap, scratch, scratch, at + 1, (words - 1) // 2, top)
        elif kind == Kind.ENTRIES:
            for i in range((words - 1) // ENTRY_WORDS):
                entry_at = at + 1 + ENTRY_WORDS * i
                if scratch[entry_at] >= 0:
                    scratch[entry_at], top = move(heap, scratch, scratch[entry_at], top)
                top = move_values(heap, scratch, scratch, entry_at + 1, 1, top)
        elif kind == Kind.CELL:
            top = move_values(heap, scratch, scratch, at + 1, 1, top)
        elif kind == Kind.FN:
            if scratch[at + 2] >= 0:
                scratch[at + 2], top = move(heap, scratch, scratch[at + 2], top)
            top = move_values(heap, scratch, scratch, at + FN_HEAD_WORDS, scratch[at + 3], top)
        at += words
    return top


@kernel
def collect(m: I64, pc: int) -> None:
    """Compact the bound instance's heap; the scratch space is at least as large as its top.

    Args:
        pc: the instruction that runs or is about to.
    """
    heap = words_in(m, M.HEAP)
    scratch = words_in(m, M.SCRATCH)
    slots = m[M.STATE_SLOTS]
    top = 2 * slots
    top = move_values(heap, scratch, heap, 0, slots, top)
    top = move_frames(m, pc, top)
    top = scan(heap, scratch, 2 * slots, top)
    for i in range(2 * slots, top):
        heap[i] = scratch[i]
    m[M.HEAP_TOP] = top


@kernel
def free_slice(m: I64, base: int, words: int) -> None:
    """Put a slice of the arena on its free list."""
    lists = words_at(m[M.FREE_LISTS], SIZE_CLASSES)
    arena = words_in(m, M.ARENA)
    arena[base] = lists[size_class(words)]
    lists[size_class(words)] = base


@kernel
def take_slice(m: I64, words: int) -> int:
    """Return the offset of a slice of the size class of `words`, or -1 when the arena is full."""
    wanted = size_class(words)
    lists = words_at(m[M.FREE_LISTS], SIZE_CLASSES)
    if lists[wanted] >= 0:
        base = lists[wanted]
        lists[wanted] = words_in(m, M.ARENA)[base]
        return base
    base = m[M.ARENA_TOP]
    if base + (1 << wanted) > m[M.ARENA_WORDS]:
        m[M.REQUEST] = 1 << wanted
        return -1
    m[M.ARENA_TOP] = base + (1 << wanted)
    return base


@kernel
def grow_slice(m: I64, words: int) -> int:
    """Move the bound instance's heap to a slice of at least `words`; returns a status."""
    row = INSTANCE_WORDS * m[M.INSTANCE]
    instances = words_in(m, M.INSTANCES)
    more = (1 << size_class(words)) - instances[row + InstanceWord.CAPACITY]
    if more > m[M.MEMORY_LEFT]:
        return Fault.MEMORY
    wish = m[M.REQUEST]
    base = take_slice(m, words)
    if base < 0:
        return Status.NEEDS_ARENA
    m[M.REQUEST] = wish
    m[M.MEMORY_LEFT] -= more
    arena = words_in(m, M.ARENA)
    old = instances[row + InstanceWord.BASE]
    for i in range(m[M.HEAP_TOP]):
        arena[base + i] = arena[old + i]
    free_slice(m, old, instances[row + InstanceWord.CAPACITY])
    instances[row + InstanceWord.BASE] = base
    instances[row + InstanceWord.CAPACITY] = 1 << size_class(words)
    m[M.HEAP] = m[M.ARENA] + 8 * base
    m[M.HEAP_WORDS] = 1 << size_class(words)
    return Status.OK


@kernel
def make_room(machine: int) -> int:
    """Make room for the instruction at PC, which runs again then; see `collect_and_grow`."""
    m = words_at(machine, MACHINE_WORDS)
    return collect_and_grow(m, m[M.PC])


@kernel
def collect_and_grow(m: I64, pc: int) -> int:
    """Collect, and grow if REQUEST words still do not fit; returns OK, NEEDS_ARENA or a fault."""
    if m[M.SCRATCH_WORDS] < m[M.HEAP_TOP] or keep(m) != Status.OK:
        return Status.NEEDS_ARENA
    collect(m, pc)
    needed = m[M.HEAP_TOP] + m[M.REQUEST]
    if m[M.HEAP_TOP] > m[M.LIVE_LIMIT] or needed > 2 * m[M.LIVE_LIMIT]:
        return Fault.MEMORY
    # Half of the new space stays free, so that the next collection is as far away as this heap is large.
    if needed + m[M.HEAP_TOP] <= m[M.HEAP_WORDS]:
        return Status.OK
    if needed <= m[M.HEAP_WORDS] and 2 * m[M.HEAP_WORDS] > 2 * m[M.LIVE_LIMIT]:
        return Status.OK
    return grow_slice(m, min(needed + m[M.HEAP_TOP], max(2 * m[M.LIVE_LIMIT], needed)))


@entry("int64(int64)")
def collect_garbage(machine: int) -> int:
    """Collect the bound instance's heap before the instruction at PC; returns OK or NEEDS_ARENA."""
    m = words_at(machine, MACHINE_WORDS)
    m[M.REQUEST] = 0
    if m[M.SCRATCH_WORDS] < m[M.HEAP_TOP] or keep(m) != Status.OK:
        return Status.NEEDS_ARENA
    collect(m, m[M.PC])
    return Status.OK


@entry("int64(int64)")
def reserve(machine: int) -> int:
    """Make REQUEST words of room for the instruction before PC, for Python; returns a status."""
    m = words_at(machine, MACHINE_WORDS)
    if m[M.HEAP_TOP] + m[M.REQUEST] <= m[M.HEAP_WORDS]:
        return Status.OK
    return collect_and_grow(m, m[M.PC] - 1)
