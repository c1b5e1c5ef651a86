"""Variables that scripts share one after another: what one declares, the next one finds.

The values live in an instance whose program grows: a piece that defines functions, or leaves a closure
in a variable, becomes the beginning of the program of every later piece. So functions and closures stay
what they were, and a piece that leaves none behind costs nothing once it has run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from lang.bytecode.program import Program
from lang.compile.compiler import compile_source
from lang.compile.frame import Options, ScopeName
from lang.host_machine import HostMachine
from lang.migration import compact, extend
from lang.source import Source, joined
from lang.values import TAG_MASK, Tag
from lang.vm.graft import latest_function

PIECES_KEPT = 64
"""Compiled pieces that a scope remembers, for texts that are run again and again."""


class _Key(NamedTuple):
    """What a compiled piece depends on, beside the functions that it was linked to."""

    source: Source
    names: tuple[ScopeName, ...]
    slots: tuple[str, ...]


@dataclass
class _Room:
    """Where the values of a scope live once a script has run with it."""

    machine: HostMachine
    options: Options
    base: Program  # what the next piece is linked to
    instance: int
    to_script: Callable[[Any], Any]
    last: tuple[_Key, Program] | None = None  # the piece that the newest functions of `base` come from


class Scope(MutableMapping[str, Any]):
    """Variables by name, in the order of their declaration; a script that runs with it reads and writes them.

    A script's own top-level variables are in the scope afterwards, whether it ended well or failed.
    Declaring a name again replaces the variable, and puts it last. Values given here go in when the next
    script runs; values read are copies. A scope belongs to the first interpreter that
    runs a script with it.

        scope = Scope(x=20)
        interpreter.run("let y = x + 1; x += 1;", scope)
        dict(scope)  # {"x": 21, "y": 21}
    """

    def __init__(
        self,
        variables: Mapping[str, Any] | None = None,
        /,
        *,
        keep_functions: bool = True,
        state: bool = False,
        **more: Any,
    ) -> None:
        """Make a scope with some variables.

        Args:
            variables, more: their values by name.
            keep_functions: the functions that a script defines can be called by the next ones; if
                False each script sees its own alone, as in Rhai.
            state: functions and closures read and write the variables, also those that a later script
                declares; calls of unknown functions are then errors of the text.
        """
        self._names: dict[str, bool] = {}  # name → whether it is a constant
        self._given: dict[str, Any] = {}  # values that the machine has not yet
        self._keeps_functions = keep_functions
        self._is_state = state
        self._pieces: dict[_Key, Program] = {}
        self._room: _Room | None = None
        for name, value in {**(variables or {}), **more}.items():
            self[name] = value

    # --- a mapping --------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Any:
        """Return a copy of a variable's value."""
        if name in self._given:
            return self._given[name]
        if name not in self._names:
            raise KeyError(name)
        assert self._room is not None, "a name without a value given is in the machine"
        return self._room.machine.read_state(self._room.instance, name)

    def __setitem__(self, name: str, value: Any) -> None:
        """Give a variable a value; a new name is declared.

        Raises:
            ValueError: it is a constant, or the name is none. TypeError: no script value is like that.
        """
        if self._names.get(name):
            raise ValueError(f"{name} is a constant")
        if not name.isidentifier():
            raise ValueError(f"{name!r} is no name of a variable")
        self._given[name] = value if self._room is None else self._room.to_script(value)
        self._names.setdefault(name, False)

    def __delitem__(self, name: str) -> None:
        """Take a variable or constant out of the scope."""
        del self._names[name]
        self._given.pop(name, None)
        if self._room is not None:
            self._room.machine.forget_state(self._room.instance, name)

    def __iter__(self) -> Iterator[str]:
        """Return the names in the order of their declaration."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many variables there are."""
        return len(self._names)

    def __repr__(self) -> str:
        """Return the scope with its values."""
        return f"Scope({dict(self)!r})"

    def constant(self, name: str, value: Any) -> None:
        """Declare a constant: scripts may read and shadow it, and not assign to it."""
        self._names.pop(name, None)
        self[name] = value
        self._names[name] = True

    def is_constant(self, name: str) -> bool:
        """Return whether a variable is a constant."""
        return self._names[name]

    @property
    def number(self) -> int:
        """Number of its instance in the machine.

        Raises:
            ValueError: no script has run with it yet.
        """
        if self._room is None:
            raise ValueError("no script has run with this scope yet")
        return self._room.instance

    def __del__(self) -> None:
        """Let its memory be given back before the next run."""
        room: _Room | None = getattr(self, "_room", None)
        if room is not None:
            room.machine.abandoned.append(room.instance)

    @property
    def functions(self) -> dict[str, int]:
        """Functions that the next script can call, with their greatest number of parameters."""
        if self._room is None or not self._keeps_functions:
            return {}
        infos = self._room.base.infos
        found = {name: infos[index] for name, index in self._room.base.callbacks.items()}
        return {name: len(info.parameters) for name, info in found.items() if not info.built_in}

    # --- running ----------------------------------------------------------------------------------

    def run(
        self,
        source: Source,
        machine: HostMachine,
        options: Options,
        prelude: Program,
        to_script: Callable[[Any], Any],
    ) -> Any:
        """Run a script with the variables of this scope; `Interpreter.run` calls this.

        Raises:
            ValueError: the scope belongs to another interpreter.
            CompileError: the text is not a script. ScriptError: the run failed.
        """
        if self._room is None:
            self._room = _Room(machine, options, prelude, machine.create(prelude), to_script)
        room = self._room
        if room.machine is not machine:
            raise ValueError("this scope belongs to another interpreter")
        key = _Key(source, self._shape(room), room.base.state_names)
        program = self._compiled(room, key)
        extend(machine, room.instance, room.base, program)
        base, room.base = room.base, program
        self._write_given(room)
        try:
            return machine.run_in_scope(room.instance)
        finally:
            self._note_declarations(machine)
            if self._leaves_functions(room, base, program):
                if program.linked is not base.linked:
                    room.last = (key, program)
                    self._pieces.clear()
            else:
                room.base = _without_code(base, program)
                machine.change_program(room.instance, room.base)
                if program.state_names == key.slots and len(self._pieces) < PIECES_KEPT:
                    self._pieces[key] = program

    def compile(self, source: Source) -> Program | None:
        """Return the program that a script would run as, or None before the first run.

        Raises:
            CompileError: the text is not a script.
        """
        room = self._room
        if room is None:
            return None
        return self._compiled(room, _Key(source, self._shape(room), room.base.state_names))

    def _shape(self, room: _Room) -> tuple[ScopeName, ...]:
        """Return what the compiler must know of the variables."""
        tags = room.machine.state_tags(room.instance)
        shared = {name for name, slot in room.base.slots.items() if tags[slot] & TAG_MASK == Tag.CELL}
        return tuple(ScopeName(name, constant, name in shared) for name, constant in self._names.items())

    def _compiled(self, room: _Room, key: _Key) -> Program:
        """Return the program of a piece; one that ran before runs again with the constants of today."""
        base = room.base
        if room.last is not None and room.last[0][:2] == key[:2]:
            newest = room.last[1]
            return replace(newest, state_names=base.state_names, pool=base.pool, linked=base.linked)
        found = self._pieces.get(key)
        if found is not None:
            return found if found.pool.size == base.pool.size else found.with_pool(base.pool)
        first = base.infos[base.top_level].built_in
        source = key.source if first else joined(base.source, key.source)
        options = replace(
            room.options,
            entity=self._is_state,
            scope=key.names,
            hidden_functions=not self._keeps_functions,
        )
        return compile_source(source, options, base)

    def _write_given(self, room: _Room) -> None:
        while self._given:
            name = next(iter(self._given))
            room.machine.set_state(room.instance, name, room.to_script(self._given[name]))
            del self._given[name]

    def _note_declarations(self, machine: HostMachine) -> None:
        """Put the names that the script declared behind the others."""
        known = len(self._names)
        for variable in machine.kept_variables[known:]:
            self._names.pop(variable.name, None)
            self._names[variable.name] = variable.constant

    def _leaves_functions(self, room: _Room, base: Program, program: Program) -> bool:
        """Return whether functions of a piece that has run can still be called."""
        known, fresh = program.infos[: len(base.infos)], program.infos[len(base.infos) :]
        if known != base.infos:  # one was defined anew
            return True
        if self._keeps_functions and any(info.name and not info.is_closure for info in fresh):
            return True
        if len(fresh) <= 1:
            return program.linked is base.linked
        compact(room.machine, np.array([room.instance]), program)
        return latest_function(room.machine.address) >= len(base.infos)


def _without_code(base: Program, program: Program) -> Program:
    """Return the program that a piece was linked to, with the piece's names, and its constants in place."""
    if program.state_names == base.state_names and program.pool.size == base.pool.size:
        return base
    linked = replace(base.linked, pool=base.linked.pool.with_heap_of(program.linked.pool))
    return replace(base, state_names=program.state_names, pool=program.pool, linked=linked)
