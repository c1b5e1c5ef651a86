"""The picture of memory: the machine's words, and the objects on a heap.

Every object starts with a header word: its `Kind` in the low 8 bits, its size in words (the header
included) from bit 32 on. While the collector runs, a moved object's header is `FORWARDED` with the
new offset from bit 8 on.

| kind | words after the header |
|---|---|
| STRING | bytes, from bit 32 on characters; then the UTF-8 bytes, zero padded |
| VECTOR | 2 or 3 floats |
| RANGE | start, end |
| ITERATOR | first, count, step (ints) |
| ARRAY, MAP, BLOB | length, offset of the storage, capacity (of elements) |
| VALUES (storage of an array) | tag, payload of each element |
| ENTRIES (storage of a map) | key (a string's reference), tag, payload; sorted by key |
| BYTES (storage of a blob) | the bytes |
| CELL | tag, payload of a shared variable; 1 + call depth of the frame that locked it last, or 0 |
| FN | function index or -1 - unit, name (a string's reference), number of captures, then tag, payload each |
"""

from __future__ import annotations

from enum import IntEnum, unique

HEADER_SIZE_SHIFT = 32
FORWARD_SHIFT = 8
NO_OFFSET = -1


@unique
class Kind(IntEnum):
    """What a heap object is."""

    STRING = 1
    VECTOR = 2
    RANGE = 3
    ITERATOR = 4
    ARRAY = 5
    MAP = 6
    BLOB = 7
    VALUES = 8
    ENTRIES = 9
    BYTES = 10
    CELL = 11
    FN = 12
    FORWARDED = 15


CONTAINER_WORDS = 4
ENTRY_WORDS = 3
STRING_HEAD_WORDS = 2
FN_HEAD_WORDS = 4
CELL_WORDS = 4
RANGE_WORDS = 3
ITERATOR_WORDS = 4

FRAME_BASE_SHIFT = 32  # a frame is one word: return pc, and from this bit on twice the caller's base
FUNCTION_WORDS = 4  # entry pc, twice the number of registers, parameters, first instruction after it
LEAST_MASK = 255  # in the form of a callback: how many arguments it gets at least
WITHOUT_THIS = 2  # the form of a callback that has no `this`
ALWAYS_THIS = 256  # the form of one that has it even if it takes all the arguments
CALL_BACK_FORMS = {
    "call_back": 0,
    "call_on_value": 1,
    "call_with": WITHOUT_THIS,
    "call_on_element": ALWAYS_THIS,
}
BUILT_IN_BIT = 32  # of the parameters: the function is the prelude's, and costs no call depth
MOST_REGISTERS = 4096  # of one function; a quarter of what a machine has
METHOD_WORDS = 4  # name (a string's reference), parameters and unit, type tag or -1, function
UNIT_SHIFT = 8  # of a number of parameters or arguments: from this bit on stands the unit, 0 for the script
UNITS = 1 << UNIT_SHIFT  # files that one program may be made of


@unique
class M(IntEnum):
    """Words of the machine array, which every kernel receives by its address."""

    # registers and frames: set once
    REGISTERS = 0  # address; register i is the words 2 i (tag) and 2 i + 1 (payload)
    REGISTER_WORDS = 1
    FRAMES = 2
    FRAME_LIMIT = 3  # frames there is room for
    KERNELS = 4  # address of the table: slow path of each opcode
    NATIVES = 5  # address of the table of natives
    NATIVE_COUNT = 6
    # the running state
    PC = 8
    BASE = 9
    DEPTH = 10  # live frames above the entry
    HIGH = 11  # twice the registers in use: those beyond hold () since the instance was bound
    FUEL = 12  # operations left in this slice
    RESERVE = 13  # operations left beyond this slice
    CALL_LIMIT = 14  # call depth
    REQUEST = 15  # words a kernel needs, or the host function it asks for
    DETAIL = 16  # a fault's first detail
    DETAIL2 = 17
    BUDGET = 18  # operations that batches may still spend; one that could not be whole does not begin
    NATIVE_NAMES = 19  # address: (address, bytes) of the name of each native
    # the program: copied from its image when it is entered
    CODE = 20  # the program's image is copied here
    CODE_WORDS = 21
    CONSTANTS = 22  # address; laid out like the registers
    CONSTANT_WORDS = 23
    METHODS = 24
    POOL = 25  # address of the constant heap
    POOL_WORDS = 26
    FUNCTIONS = 27
    FUNCTION_COUNT = 28
    STATE_SLOTS = 29
    METHOD_COUNT = 30
    LIVE = 31  # address: for each instruction a row of ROOTS
    ROOTS = 32  # address: rows of registers: how many runs, then (first, length) of each
    ROOT_WORDS = 33
    SEQUENCE_STATE = 34  # the state slot of functions that wait (`lang.vm.suspension`), or -1
    PLACES = 35  # address: of each instruction its place in the text, 4 bytes
    RETRIED = 36  # which instruction of which call had to run again last, and in 8 bits how often
    # the bound instance
    HEAP = 56  # address
    HEAP_WORDS = 57
    HEAP_TOP = 58
    LIVE_LIMIT = 59  # words that may be live after a collection
    INSTANCE = 60
    # memory shared by all instances
    ARENA = 73
    ARENA_WORDS = 74
    ARENA_TOP = 37
    SCRATCH = 38
    SCRATCH_WORDS = 39
    FREE_LISTS = 40  # address: first free slice of each size class, or -1
    INSTANCES = 41  # address of the instance table
    INSTANCE_TABLE_WORDS = 42
    # sizes a script may reach
    STRING_LIMIT = 43  # bytes
    ARRAY_LIMIT = 44
    MAP_LIMIT = 45
    # what an embedder sets: constants of the context, and a table of its own
    ENTITY = 46
    DELTA = 47  # bits of a float
    TICK = 48
    WORLD = 49  # address of the embedder's table
    WORLD_WORDS = 50
    OPERATIONS = 51  # of each call in a batch
    BATCH = 52  # address: rows of the batch
    BATCH_WORDS = 53
    BATCH_NEXT = 54
    BATCH_FUNCTION = 55  # the function that the batch calls
    GATES = 61  # address: words of the embedder; a call whose gate is not 0 is left out
    GATES_WORDS = 62
    REFUSES_WRITES = 63  # not 0: the embedder's natives must change nothing
    # what a call that fails gives back
    ATOMIC = 64  # not 0: calls are whole or not at all
    KEPT = 65  # 0: the heap is as it was when the call began, and may not be written to before it is copied
    ENTRY_TOP = 66  # HEAP_TOP when the call began
    KEEP = 67  # address: the copy
    KEEP_WORDS = 68
    NATIVE_CHANGES = 69  # address: for each native, not 0 if it may change what it is called on
    UNDO = 70  # address: UNDO_ENTRY_WORDS of each word of the embedder's that the call has written
    UNDO_WORDS = 71
    UNDO_COUNT = 72  # words of it in use
    # the part of a sequence that runs
    SEQUENCE = 75  # its handle, or 0
    SEQUENCE_ROW = 76  # the embedder's number for it; -1: it is not to go on
    SEQUENCE_LIMIT = 77  # CALL_LIMIT when the part began
    MEMORY_LEFT = 78  # words by which heaps may still grow; no instance grows beyond
    CALL_FUEL = 79  # FUEL when the last kernel was called: one that has to run again shall not pay twice
    # operations of BUDGET that it takes beside those of FUEL:
    WORD_PRICE = 80  # each word that is copied in from outside, or that Python reads or writes
    CAUGHT_PRICE = 81  # an error that is caught
    BULK_PRICE = 82  # each operation that a kernel takes for 64 bytes that it allocates or goes through
    PYTHON_PRICE = 83  # an instruction that Python does
    PYTHON_FUEL = 84  # and that takes so much of FUEL


MACHINE_WORDS = 85
UNDO_ENTRY_WORDS = 3  # the embedder's: which array, which word of it, what it held
SLICE_OPERATIONS = 2_000_000
"""Operations between two looks at the clock."""
INSTANCE_WORDS = 8
BATCH_ARGUMENTS = 3
BATCH_ROW_WORDS = 2 + 3 * BATCH_ARGUMENTS
"""A row of a batch: instance, gate (an index of GATES), then tag, payload and extra of each argument.

The payload of a string is the address of its bytes, its extra word their number and, from bit 32 on,
that of the characters; the payload of a parcel is its address, its extra word its length.
"""


@unique
class InstanceWord(IntEnum):
    """Words of one row of the instance table."""

    BASE = 0  # offset of its slice in the arena
    CAPACITY = 1
    TOP = 2
    LIVE_LIMIT = 3
    ENTITY = 4
    DISABLED = 6  # not 0: batches leave it out
    RANDOM = 7  # state of its generator


@unique
class Status(IntEnum):
    """What a kernel answers: done, a request, or (from `FIRST_FAULT` on) a `Fault`."""

    OK = 0
    ENTERED = 1  # pc and base changed
    NEEDS_MEMORY = 2  # REQUEST words of heap
    RETURNED = 3  # the entry frame returned
    NEEDS_ARENA = 4  # the arena must grow by REQUEST words
    HOST_CALL = 5  # a host function must do this instruction
    SLICE = 6  # the slice of operations is used up
    NEEDS_ARENA_FIRST = 9  # as NEEDS_ARENA, but before the first instruction of a batch's call
    UNLINKED = 10  # the kernel is not loaded yet; then the instruction runs again
    EMBEDDER = 8  # the embedder must make room somewhere; then the instruction runs again
    NATIVE = 7  # the native that the instruction names is to run


FIRST_FAULT = 16
