"""All scripts of a game: attaching them to entities, calling their callbacks, replacing their programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.errors import ScriptTooSlow, StringTableFull, TooMuchWaits
from engine.scripting.compiling import compile_script, script_natives
from engine.scripting.effects import Effects
from engine.scripting.entity_api import first_with_tag
from engine.scripting.entity_lists import EntityLists
from engine.scripting.event_queue import EventQueue
from engine.scripting.global_values import GlobalValues
from engine.scripting.reflection import Reflection
from engine.scripting.refusals import refusal_text
from engine.scripting.reports import ScriptFailure, failure_of
from engine.scripting.script_file import I64, NO_INSTANCE, ScriptFile, random_seed
from engine.scripting.status import StatusEffects
from engine.scripting.teleports import Teleports
from engine.scripting.timers import Timers
from engine.scripting.undo import MORE_UNDO, ROOM, noted_strings, take_back
from engine.space.layout import Part
from lang.bytecode.program import Program
from lang.errors import CompileError, ScriptError
from lang.faults import Fault
from lang.layout import BATCH_ROW_WORDS, INSTANCE_WORDS, InstanceWord, M
from lang.limits import ENTITY_LIMITS, Limits
from lang.machine import Machine
from lang.migration import migrate
from lang.modules import Resolver
from lang.source import parts_of
from lang.stdlib.registry import HostFault
from lang.vm.hashing import FIRST_FUNCTION, NOTES, hash_instance, hash_words
from lang.words import float_payload

MOST_FAILURES = 10_000
"""Failures kept; later ones are counted."""
NO_GATE = -1
STRINGS_FULL = "the texts, tags and names of the world take all the room they may have"
NO_ENTITY = 0


class Scripts:
    """The scripts of one world.

    Attributes:
        files: by path, in the order of paths. failures: the first failures, oldest first.
        dropped_failures: how many came after those. failing: instance → why it is disabled.
        broken: path → diagnostic of the newest version of the file, where that does not compile.
    """

    def __init__(
        self, world: World, seed: int, limits: Limits = ENTITY_LIMITS, resolver: Resolver | None = None
    ) -> None:
        self.world = world
        self._resolver = resolver
        self.seed = seed
        self.machine = Machine(script_natives(), limits)
        self.reflection = Reflection(world)
        self.machine.refusal = partial(refusal_text, words_of=self.reflection.words_of)
        self.machine.on_embedder_request = self._make_room
        self.machine.on_undo = lambda: take_back(world, self.machine)
        self.machine.make_atomic()
        self.files: dict[str, ScriptFile] = {}
        self.failures: list[ScriptFailure] = []
        self.failing: dict[int, ScriptFailure] = {}
        self.broken: dict[str, ScriptFailure] = {}
        self.dropped_failures = 0
        self.waiting: dict[str, dict[int, None]] = {}
        self.births: dict[str, int] = {}
        self.on_warning: Callable[[str], None] = lambda _text: None
        self.on_strings_full: Callable[[int], None] = world.strings.make_room
        self.on_space_wanted: Callable[[Part], None] = lambda _part: None
        self.effects = Effects(world)
        self.events = EventQueue(world)
        self.timers = Timers(world)
        self.globals = GlobalValues(world)
        self.saved = GlobalValues(world, (WorldSlot.SAVED, WorldSlot.SAVED_DATA))
        self.items = EntityLists(world, WorldSlot.ITEM_HEADS, WorldSlot.ITEMS, world.strings.hashes)
        self.statuses = StatusEffects(world, self.events)
        self.teleports = Teleports(world)
        self._state = (self.events, self.timers, self.globals, self.items, self.statuses.lists)
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

    # --- files ------------------------------------------------------------------------------------

    def load(self, path: str, text: str) -> ScriptFile:
        """Compile a file's first version; one that does not compile is reported and has no program."""
        file = self.files.get(path)
        if file is None:
            file = self.files[path] = ScriptFile(path)
            self.files = dict(sorted(self.files.items()))
        self.replace(path, text)
        return file

    def compile(self, path: str, text: str) -> Program | None:
        """Compile a version of a file; a failure is reported and leaves the file broken."""
        try:
            program = compile_script(text, path, resolver=self._resolver)
        except CompileError as error:
            self.files[path].files = tuple(part.name for part in parts_of(error.source))
            self.broken[path] = self._report(failure_of(error, path, self.world.tick))
            return None
        self.files[path].files = program.files
        self.broken.pop(path, None)
        for warning in program.warnings:
            self.on_warning(warning)
        return program

    def replace(self, path: str, text: str) -> bool:
        """Swap in a new version of a file for all its instances; returns whether it compiled."""
        file = self.files[path]
        file.text = text
        program = self.compile(path, text)
        if program is None:
            return False
        old = file.program
        file.program = program
        if old is not None:
            file.program, warnings = migrate(self.machine, file.instances(), old, program)
            for warning in dict.fromkeys(warnings):
                self.on_warning(f"{path}: warning: {warning}")
            for instance in file.instances().tolist():
                self._enable(instance)
        return True

    def _enable(self, instance: int) -> None:
        self.machine.instances[INSTANCE_WORDS * instance + InstanceWord.DISABLED] = 0
        self.failing.pop(instance, None)

    # --- instances --------------------------------------------------------------------------------

    def attach(self, entity: int, path: str) -> None:
        """Give an entity an instance of a script; its top level has not run yet."""
        file = self.files[path]
        if file.program is None:
            self.waiting.setdefault(path, {})[entity] = None
            return
        instance = self._create(path, file.program, entity)
        file.add(self.world.index_of(entity), instance)

    def attach_system(self, path: str, system: int) -> int:
        """Return a new instance of a compiled script for a system of that number."""
        file = self.files[path]
        assert file.program is not None, "the caller has looked"
        instance = self._create(path, file.program, NO_ENTITY)
        file.system_instances[system] = instance
        return instance

    def _create(self, path: str, program: Program, entity: int) -> int:
        instance = self.machine.create(program)
        row = INSTANCE_WORDS * instance
        words = self.machine.instances
        words[row + InstanceWord.ENTITY] = entity
        words[row + InstanceWord.DISABLED] = 0
        number = self.births[path] = self.births.get(path, 0) + 1
        words[row + InstanceWord.RANDOM] = random_seed(self.seed, path, number)
        return instance

    def is_disabled(self, instance: int) -> bool:
        """Return whether an instance failed and waits for a new version of its file."""
        return bool(self.machine.instances[INSTANCE_WORDS * instance + InstanceWord.DISABLED])

    def take_waiting(self, path: str) -> list[int]:
        """Return the entities that wait for a script's first version, and forget them."""
        return list(self.waiting.pop(path, {}))

    def detach_all(self, entity: int) -> None:
        """Drop the instances of an entity, and its wish for some."""
        for waiting in self.waiting.values():
            waiting.pop(entity, None)
        for file in self.files.values():
            instance = file.remove(self.world.index_of(entity))
            if instance != NO_INSTANCE:
                self.machine.destroy(instance)
                self.timers.drop(instance)
                self.failing.pop(instance, None)

    def run_top_levels(self, entities: I64, only: str | None = None) -> None:
        """Run the top level of every script of newly born entities, file by file in entity order."""
        indices = np.sort((entities & 0xFFFFFFFF) - 1)
        for file in self.files.values():
            if file.program is not None and only in (None, file.path):
                here = indices[file.has_instance(indices)]
                self.call(file, file.program.top_level, file.rows_for(here))

    # --- callbacks --------------------------------------------------------------------------------

    def dispatch_all(self, callback: str, only: str | None = None) -> None:
        """Call a callback of every instance (of one script), script by script in entity order."""
        for file in self.files.values():
            program = file.program
            if program is not None and callback in program.callbacks and only in (None, file.path):
                self.call(file, program.callbacks[callback], file.rows_of_all())

    def dispatch(
        self,
        callback: str,
        indices: I64,
        arguments: I64 | None = None,
        *,
        gated: bool = True,
        only: str | None = None,
        instances: I64 | None = None,
    ) -> None:
        """Call a callback for a list of entity indices in their order.

        Args:
            arguments: [n, 3 * BATCH_ARGUMENTS] tag, payload and extra word of each argument.
            gated: leave out entities that are marked for destruction. only: of this script alone.
            instances: [n] the one instance that each call is for; NO_INSTANCE is any of the entity's.
        """
        for file in self.files.values():
            program = file.program
            if program is None or callback not in program.callbacks or only not in (None, file.path):
                continue
            chosen = file.has_instance(indices)
            if instances is not None:
                meant = file.instance_of[np.where(chosen, indices, 0)]
                chosen &= (instances == NO_INSTANCE) | (instances == meant)
            if not chosen.any():
                continue
            rows = file.rows_for(indices[chosen])
            table = rows.reshape(-1, BATCH_ROW_WORDS)
            if arguments is not None:
                table[:, 2:] = arguments[chosen]
            if not gated:
                table[:, 1] = NO_GATE
            self.call(file, program.callbacks[callback], rows)

    def dispatch_to_all(self, callback: str, arguments: I64) -> None:
        """Call a callback of every instance, in the order of `dispatch_all`, once for each row of arguments.

        Args:
            arguments: [n, 3 * BATCH_ARGUMENTS] tag, payload and extra word of each argument.
        """
        for file in self.files.values():
            program = file.program
            if program is not None and callback in program.callbacks:
                each = file.rows_of_all().reshape(-1, BATCH_ROW_WORDS)
                table = np.repeat(each, len(arguments), axis=0)
                table[:, 2:] = np.tile(arguments, (len(each), 1))
                self.call(file, program.callbacks[callback], table.ravel())

    def anyone_has(self, callback: str) -> bool:
        """Return whether a script defines a callback."""
        programs = (file.program for file in self.files.values())
        return any(program is not None and callback in program.callbacks for program in programs)

    def indices_with(self, callback: str) -> I64:
        """Return the indices of the entities that have a script with a callback, ascending."""
        files = [f for f in self.files.values() if f.program is not None and callback in f.program.callbacks]
        found = [np.flatnonzero(file.instance_of != NO_INSTANCE) for file in files]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))

    def call(self, file: ScriptFile, function: int, rows: I64) -> None:
        """Call a function of a script for every row of a batch; what fails is disabled and reported."""

        def on_error(instance: int, error: ScriptError) -> None:
            self.fail(file, instance, error)

        if rows.size and file.program is not None:
            self.machine.call_batch(file.program, function, rows, on_error)

    def fail(self, file: ScriptFile, instance: int, error: ScriptError) -> None:
        """Disable an instance and report why.

        Raises:
            ScriptTooSlow: its wall time was over, which must not change the state of a game.
        """
        if error.kind == Fault.TERMINATED.kind:
            raise ScriptTooSlow(error.diagnostic())
        words = self.machine.instances
        words[INSTANCE_WORDS * instance + InstanceWord.DISABLED] = 1
        entity = int(words[INSTANCE_WORDS * instance + InstanceWord.ENTITY])
        self.failing[instance] = self._report(failure_of(error, file.path, self.world.tick, entity or None))

    def _report(self, failure: ScriptFailure) -> ScriptFailure:
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(failure)
        else:
            self.dropped_failures += 1
        return failure

    def publish_prefabs(self, prefabs: list[tuple[int, int]], most_entities: int) -> None:
        """Let `spawn_entity` know the prefabs: (string id of the name, number) of each."""
        words = [len(prefabs), most_entities, *(word for pair in prefabs for word in pair)]
        self.world.publish(WorldSlot.SCRIPTS, np.array(words, np.int64))
        self.link_world()

    def first_with_tag(self, tag: str) -> int:
        """Return the first living entity with a tag, or 0."""
        string = self.world.strings.find(tag)
        return 0 if string < 0 else int(first_with_tag(self.world.table, string))

    # --- state ------------------------------------------------------------------------------------

    def _instance(self, entity: int, path: str) -> int:
        file = self.files[path]
        index = self.world.index_of(entity)
        has_one = file.program is not None and file.has_instance(np.array([index]))[0]
        return int(file.instance_of[index]) if has_one else NO_INSTANCE

    def state(self, entity: int, path: str) -> dict[str, Any]:
        """Return the state variables of an entity's script by name (those that have a value)."""
        instance = self._instance(entity, path)
        return {} if instance == NO_INSTANCE else self.machine.state(instance)

    def set_state(self, entity: int, path: str, name: str, value: Any) -> None:
        """Set a state variable of an entity's script.

        Raises:
            KeyError: the entity has no such script, or the script no such variable.
            TypeError: no value of a script is like that.
        """
        instance = self._instance(entity, path)
        if instance == NO_INSTANCE:
            raise KeyError(path)
        self.machine.set_state(instance, name, value)

    def hash_state(self, others: I64) -> int:
        """Return the hash of what waits, of all instances by file and entity, and of further words."""
        state = int(hash_words(np.ascontiguousarray(others).ravel(), len(self.files)))
        for store in (*self._state, self.saved) if len(self.saved.rows) else self._state:
            state = int(hash_words(store.state, state))
        notes = np.zeros(NOTES, np.int64)
        for file in self.files.values():
            if file.program is not None:
                self.machine.enter_program(file.program)
                notes[FIRST_FUNCTION] = file.program.top_level
                for instance in file.instances().tolist():
                    self._make_scratch_room(instance)
                    state = int(hash_instance(self.machine.address, instance, state, notes))
        return state % 2**64

    def _make_scratch_room(self, instance: int) -> None:
        """Make the scratch space as large as an instance's heap."""
        machine = self.machine
        if machine.instances[INSTANCE_WORDS * instance + InstanceWord.TOP] > machine.scratch.size:
            machine.bind(instance)
            machine.words[M.REQUEST] = 0
            machine.grow_arena()
