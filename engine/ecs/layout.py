"""The picture of a world's memory: the address table that compiled code receives.

One int64 array holds a pair (address, length in words) for every array of the world::

    table[2 f], table[2 f + 1]          the column of field f (built-in fields first)
    table[slot], table[slot + 1]        the array of a `WorldSlot`
    table[2 f], table[2 f + 1]          columns of declared fields, f >= FIRST_DECLARED_FIELD

Every array is of 8-byte words. An entity index i leads to its data by `CHUNK[i]` (-1: free) and
`ROW[i]` (0..CHUNK_ROWS - 1); component c of it is at pool row
`CHUNK_BASE[chunk * components + c] + row`, where a negative base says that it lacks c. Addresses
change when Python grows an array: never keep one across a call that may answer "full".

`ADDED` and `CHANGED` are tables of (address, length) of their own, by component: the change tick at
which the component of a pool row was added, and that of the last write to it. The word in `CHANGED` of
a row that was not written to since it was added is of no meaning, but never later than that in `ADDED`.
"""

from __future__ import annotations

from enum import IntEnum, unique

from engine.ecs.components import WORLD_SLOT_COUNT, Field

CHUNK_ROWS = 256
"""Rows of a chunk, and so of every range of a pool."""

NONE = -1
"""No index, no chunk, no row."""

FULL = -1
"""What a kernel answers when Python must make room (`World.make_room`) before it is called again."""

MARKED = 1
"""Bit of `WorldSlot.FLAGS`: marked for destruction."""

_FIRST = 2 * len(Field)


@unique
class WorldSlot(IntEnum):
    """Places in the table of the arrays that are not columns."""

    COUNTERS = _FIRST  # by Counter
    # By entity index:
    GENERATION = _FIRST + 2
    CHUNK = _FIRST + 4
    ROW = _FIRST + 6
    FLAGS = _FIRST + 8
    FREE_ENTITIES = _FIRST + 10  # a stack of indices for each party, its k-th word at its k-th index
    FIRST_CHILD = _FIRST + 12  # -1: none, as for the next two
    NEXT_SIBLING = _FIRST + 14
    PREVIOUS_SIBLING = _FIRST + 16
    # By chunk; CHUNK_BASE also by component, CHUNK_ENTITY also by row (-1: no entity):
    CHUNK_BASE = _FIRST + 18
    CHUNK_ARCHETYPE = _FIRST + 20
    CHUNK_COUNT = _FIRST + 22
    CHUNK_ENTITY = _FIRST + 24
    CHUNK_NEXT = _FIRST + 26
    CHUNK_PREVIOUS = _FIRST + 28
    FREE_CHUNKS = _FIRST + 30  # stack of chunks
    # By component:
    COMPONENT_FIRST_FIELD = _FIRST + 32  # its length is the number of components
    COMPONENT_FIELD_COUNT = _FIRST + 34
    POOL_FREE_START = _FIRST + 36  # where the component's stack in POOL_FREE begins
    POOL_FREE_COUNT = _FIRST + 38
    POOL_FREE = _FIRST + 40  # stacks of first pool rows
    # By field:
    FIELD_DEFAULT = _FIRST + 42  # as bits
    FIELD_KIND = _FIRST + 44
    FIELD_PASSING = _FIRST + 46
    # By archetype; ARCHETYPE_HAS also by component:
    ARCHETYPE_HAS = _FIRST + 48
    ARCHETYPE_HEAD = _FIRST + 50
    ARCHETYPE_TAIL = _FIRST + 52
    ARCHETYPE_BORN = _FIRST + 54  # the archetype without UNBORN, or -1
    # By prefab:
    PREFAB_CHUNK = _FIRST + 56
    PREFAB_ROW = _FIRST + 58
    PREFAB_ARCHETYPE = _FIRST + 60  # the archetype of what it spawns, with UNBORN
    PREFAB_MEMBERS = _FIRST + 62  # of its family, itself included: they follow it, parents before children
    PREFAB_PARENT = _FIRST + 64  # number of the member that is its parent, or -1
    COMMANDS = _FIRST + 66  # rows of COMMAND_WORDS
    STRINGS = _FIRST + 68  # the table of the string table, by StringSlot
    COMMAND_VALUES = _FIRST + 70  # of ADD commands: number of fields, then (field, word) of each
    FIELD_COMPONENT = _FIRST + 72  # by field
    ADDED = _FIRST + 74  # tables of columns of change ticks, by component
    CHANGED = _FIRST + 76
    # Tables or buffers that other rooms publish; their owners say what they hold:
    PHYSICS = _FIRST + 78
    EVENTS = _FIRST + 80
    SPACE = _FIRST + 82
    INPUT = _FIRST + 84
    SCRIPTS = _FIRST + 86
    EFFECTS = _FIRST + 88  # records for Python: what is heard and seen, and what the session is asked
    GAME = _FIRST + 90
    PARTICLES = _FIRST + 92  # string ids of the names of effects
    MAIL = _FIRST + 94  # what waiting events carry
    TIMERS = _FIRST + 96
    GLOBALS = _FIRST + 98
    GLOBAL_DATA = _FIRST + 100
    ANIMATION = _FIRST + 102  # the book of clips and animators
    ITEM_HEADS = _FIRST + 104  # lists of entities, as for the next three
    ITEMS = _FIRST + 106
    STATUS_HEADS = _FIRST + 108
    STATUS_ROWS = _FIRST + 110
    STATUS_EFFECTS = _FIRST + 112
    TILES = _FIRST + 114  # the tile map
    TELEPORTED = _FIRST + 116  # entities whose contacts are to be forgotten
    REFLECTION = _FIRST + 118  # what scripts see of components, by name
    SAVED = _FIRST + 120  # values that outlive the game, as GLOBALS and GLOBAL_DATA
    SAVED_DATA = _FIRST + 122
    SEQUENCES = _FIRST + 124


PUBLISHED = tuple(slot for slot in WorldSlot if slot >= WorldSlot.PHYSICS)
"""The slots that `World.publish` may fill."""

assert max(WorldSlot) < _FIRST + 2 * WORLD_SLOT_COUNT, "WORLD_SLOT_COUNT is too small"


@unique
class Counter(IntEnum):
    """Scalars of a world, in the array of `WorldSlot.COUNTERS`."""

    HIGH_WATER = 0  # above all entity indices ever used
    LIVE = 1  # entities with rows, unborn ones included
    PARTY = 2  # whose entities and requests come now
    FREE_CHUNKS = 3
    CHUNK_HIGH_WATER = 4
    COMMANDS = 5
    TICK = 6
    STRUCTURE = 7  # counts structural changes: caches of queries compare it
    HIDDEN_STRUCTURE = 8  # those among them that concern unborn entities alone
    CHANGE_TICK = 9  # what is written now counts as changed at this tick; it only rises
    COMMAND_VALUES = 10  # words in use
    CHILDREN = 11  # entities with a parent
    PARTIES = 12  # how many share the world; for each PARTY_WORDS from FIRST_PARTY on


@unique
class PartyWord(IntEnum):
    """Words of each party (the game, or a mod) in the array of `WorldSlot.COUNTERS`."""

    USED = 0  # entity indices of its own that were ever used
    FREE = 1  # of these, how many lie on its stack
    LIVE = 2  # entities
    SOUNDS = 3  # handles given out
    SEQUENCES = 4
    MOST = 5  # entities; from here on what the scene gives it
    EFFECTS = 6  # left in this tick: requests for Python
    COMMANDS = 7
    EVENTS = 8
    MAIL = 9  # words of values that messages and shared values carry
    TEXTS = 10  # bytes of texts and names that the world did not know
    TIMERS = 11  # from here on what it may hold, without what it holds
    NAMES = 12  # of shared values
    SHARED = 13  # words of shared values
    WAITING = 14  # sequences
    KEPT = 15  # bytes of texts and names in the world's table that it brought
    ITEMS = 16  # kinds that it gave to entities
    STATUSES = 17  # effects that it put on entities
    SAVED = 18  # words of values that outlive the game: what it holds is not taken off


FIRST_PARTY = 16
PARTY_WORDS = len(PartyWord)
COUNTER_COUNT = FIRST_PARTY + PARTY_WORDS
UNLIMITED = 1 << 60
BLOCK = 256
"""Entity indices in a row that belong to one party: the k-th index of party p of n is
((k // BLOCK) n + p) BLOCK + k % BLOCK, so that nobody's ids hang on what others do."""

COMMAND_WORDS = 4
"""Words of a command: kind, entity id, and two operands."""


@unique
class Command(IntEnum):
    """Kinds of deferred structural changes. Operands never hold string ids."""

    DESTROY = 1
    BIRTH = 2  # operand a: prefab, or -1
    ADD = 3  # operand a: component, b: place in COMMAND_VALUES + 1, or 0 for defaults
    REMOVE = 4  # operand a: component


@unique
class StringSlot(IntEnum):
    """Places in the table of a `StringTable`: pairs (address, length), as in the world's table."""

    COUNTERS = 0  # by StringCounter
    BYTES = 2  # the only array of single bytes
    START = 4  # by string id, offset in BYTES
    LENGTH = 6  # by string id, bytes; -1: the id is free
    HASH = 8  # by string id, of the content
    BUCKETS = 10  # open addressing: string id + 1, or 0
    FREE = 12  # stack of ids that collection freed
    OWNER = 14  # by string id, the party that brought it; 0 is the game
    HELD = 16  # by party, bytes of the strings that it brought and their rows


@unique
class StringCounter(IntEnum):
    """Scalars of a string table."""

    STRINGS = 0  # ids ever used
    BYTES = 1  # bytes in use
    FREE = 2
    LIVE = 3


STRING_TABLE_WORDS = 18
STRING_COUNTER_COUNT = 4
