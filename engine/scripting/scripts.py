"""All scripts of a world, and what they share with it: its table, events, timers, values and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.errors import NoSuchEntity, StringTableFull, TooMuchWaits
from engine.scripting.access_errors import InsideTick, TooManyArguments, UnknownCallback
from engine.scripting.calls import ScriptCalls
from engine.scripting.compiling import CALLBACKS
from engine.scripting.effects import Effects
from engine.scripting.entity_api import first_with_tag
from engine.scripting.entity_lists import EntityLists
from engine.scripting.event_queue import OTHER_OF, ScriptEvent
from engine.scripting.global_values import GlobalValues
from engine.scripting.holdings import holdings
from engine.scripting.plugins import PluginHost
from engine.scripting.python_values import parcels_of
from engine.scripting.script_file import I64, ScriptFile
from engine.scripting.status import StatusEffects
from engine.scripting.taking_back import noted_strings
from engine.scripting.teleports import Teleports
from engine.scripting.undo import MORE_UNDO, ROOM
from engine.space.layout import Part
from lang.bytecode.program import Program
from lang.faults import Fault
from lang.layout import INSTANCE_WORDS, InstanceWord, M
from lang.limits import ENTITY_LIMITS, Limits
from lang.modules import Resolver
from lang.stdlib.registry import HostFault
from lang.vm.hashing import FIRST_FUNCTION, NOTES, hash_instances, hash_words
from lang.words import float_payload

STRINGS_FULL = "the texts, tags and names of the world take all the room they may have"
EVENT_OF = {kind.callback: kind for kind in ScriptEvent}


class Store(Protocol):
    """What holds state of scripts in arrays that natives see."""

    @property
    def arrays(self) -> tuple[I64, ...]:
        """All arrays that it has; their number never changes."""

    @property
    def hold(self) -> Callable[..., None]:
        """Makes it work on other arrays, as many."""


class Scripts(ScriptCalls):
    """The scripts of one world.

    Attributes:
        effects, events, timers, globals, saved, items, statuses, teleports: what they share.
        stores: those of them that are state.
        on_strings_full, on_space_wanted: called when a native needs more of the world.
        is_in_tick: a game does a tick. host: where plugins have registered.
    """

    def __init__(
        self,
        world: World,
        seed: int,
        limits: Limits = ENTITY_LIMITS,
        resolver: Resolver | None = None,
        host: PluginHost | None = None,
    ) -> None:
        self.host = host or PluginHost(world)
        super().__init__(world, seed, limits, resolver, self.host.natives())
        self.host.guard.on_left = self.link_world
        self.machine.on_embedder_request = self._make_room
        self.on_strings_full: Callable[[int], None] = world.strings.make_room
        self.on_space_wanted: Callable[[Part], None] = lambda _part: None
        self.effects = Effects(world)
        self.globals = GlobalValues(world)
        self.saved = GlobalValues(world, (WorldSlot.SAVED, WorldSlot.SAVED_DATA))
        self.items = EntityLists(world, WorldSlot.ITEM_HEADS, WorldSlot.ITEMS, world.strings.hashes)
        self.statuses = StatusEffects(world, self.events)
        self.statuses.veto = self.host.damage_veto
        self.teleports = Teleports(world)
        self._state = (
            *(self.events, self.timers, self.globals, self.items),
            *(self.statuses.lists, self.sequences),
        )
        self.is_in_tick = False
        world.on_emit = self.emit
        self.stores: tuple[Store, ...] = (*self._state, self.saved, self.effects)
        self.link_world()

    # --- the world --------------------------------------------------------------------------------

    def link_world(self) -> None:
        """Let natives see the world's table and its marks of destruction."""
        words = self.machine.words
        table = self.world.table
        words[M.WORLD] = table.ctypes.data
        words[M.WORLD_WORDS] = table.size
        words[M.GATES] = table[WorldSlot.FLAGS]
        words[M.GATES_WORDS] = table[WorldSlot.FLAGS + 1]

    def begin_tick(self, tick: int, seconds: float) -> None:
        """Set the constants that scripts see."""
        self.budgets.begin_tick(self.world.storage.parties, self.memory_used(), holdings(self))
        self.machine.words[M.TICK] = tick
        self.machine.words[M.DELTA] = float_payload(seconds)
        self.link_world()

    def _make_room(self) -> None:
        """Grow whatever a native found full; it runs again after that.

        Raises:
            HostFault: the world may not grow any more; the script has to bear it.
        """
        if self.machine.word(M.REQUEST) == -MORE_UNDO:
            self.machine.grow_undo()
            return
        if self.machine.word(M.REQUEST) < 0:  # a part of the space, see `tactical_api.require`
            self.on_space_wanted(Part(-self.machine.word(M.REQUEST)))
            return
        try:
            self.on_strings_full(self.machine.word(M.REQUEST))
        except StringTableFull:
            raise HostFault(Fault.EMBEDDER_LIMIT, STRINGS_FULL) from None
        if self.machine.word(M.UNDO_COUNT) + ROOM > self.machine.undo.size:
            self.machine.grow_undo()
        try:
            for store in (*self._state, self.saved, self.teleports):
                store.make_room()
        except TooMuchWaits as error:
            raise HostFault(Fault.EMBEDDER_LIMIT, str(error)) from None
        self.world.make_room()
        self.link_world()

    @property
    def held_strings(self) -> I64:
        """Ids of strings that are held by what waits, and by what a callback that runs may give back."""
        stores = (self.effects, self.reflection, self.saved, *self._state[:4])
        return np.concatenate(
            [*(store.held_strings for store in stores), noted_strings(self.world, self.machine)]
        )

    def publish_prefabs(self, prefabs: list[tuple[int, int]]) -> None:
        """Let `spawn_entity` know the prefabs: (string id of the name, number) of each."""
        words = [len(prefabs), *(word for pair in prefabs for word in pair)]
        self.world.publish(WorldSlot.SCRIPTS, np.array(words, np.int64))
        self.link_world()

    def first_with_tag(self, tag: str) -> int:
        """Return the first living entity with a tag, or 0."""
        string = self.world.strings.find(tag)
        return 0 if string < 0 else int(first_with_tag(self.world.table, string))

    # --- from Python ------------------------------------------------------------------------------

    def emit(self, entity: int, name: str, arguments: Sequence[Any] = ()) -> None:
        """Let an engine event happen to an entity; see `World.emit`."""
        self.refuse_inside_call("emit an event")
        kind = EVENT_OF.get(name)
        if kind is None:
            raise UnknownCallback(name, CALLBACKS)
        if not self.world.exists(entity):
            raise NoSuchEntity(entity)
        if len(arguments) > CALLBACKS[name]:
            raise TooManyArguments(name, len(arguments), CALLBACKS[name])
        parcels = parcels_of(tuple(arguments), name)
        place = OTHER_OF.get(kind, len(arguments))
        other = arguments[place] if place < len(arguments) else 0
        self.events.emit(kind, entity, parcels, other if isinstance(other, int) else 0)

    def refuse_inside(self, what: str) -> None:
        """Refuse what would change scripts while a tick is on its way, or one of them runs.

        Raises:
            InsideTick.
        """
        if self.is_in_tick:
            raise InsideTick(what)
        self.refuse_inside_call(what)

    def refuse_inside_call(self, what: str) -> None:
        """Refuse what cannot be done while a script waits for Python.

        Raises:
            InsideTick.
        """
        if self.host.guard.is_calling:
            raise InsideTick(what, "while a script runs, which may yet fail")

    # --- state ------------------------------------------------------------------------------------

    def hash_state(self, others: I64) -> int:
        """Return the hash of what waits, of all instances by file and entity, and of further words."""
        counted = sum(not file.is_late or file.instances().size > 0 for file in self.files.values())
        state = int(hash_words(np.ascontiguousarray(others).ravel(), counted))
        if self.budgets.turns:
            state = int(hash_words(self.budgets.state, state))
        for store in (*self._state, self.saved) if len(self.saved.rows) else self._state:
            state = int(hash_words(store.state, state))
        for file in self.files.values():
            if file.program is not None:
                chosen, notes = self.hashing_of(file, file.program)
                state = int(hash_instances(self.machine.address, chosen, state, notes))
        return state % 2**64

    def hashing_of(self, file: ScriptFile, program: Program) -> tuple[I64, I64]:
        """Make ready to hash the instances of a script; returns them and the notes that the kernels take."""
        machine = self.machine
        machine.enter_program(program)
        notes = np.zeros(NOTES, np.int64)
        notes[FIRST_FUNCTION] = program.top_level
        chosen = file.instances()
        tops = machine.instances[INSTANCE_WORDS * chosen + InstanceWord.TOP]
        if tops.max(initial=0) > machine.scratch.size:
            machine.bind(int(chosen[tops.argmax()]))
            machine.words[M.REQUEST] = 0
            machine.grow_arena()
        return chosen, notes
