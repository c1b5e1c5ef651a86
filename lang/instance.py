"""Instances of a program: each has variables of its own, which stay from one call to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self

from lang.bytecode.program import Program
from lang.compile.frame import HANDLES
from lang.host_machine import HostMachine
from lang.snapshot import Snapshot


class Owner(Protocol):
    """What an instance needs of its interpreter."""

    def idle(self) -> AbstractContextManager[HostMachine]:
        """Wait until no script runs."""

    def call(self, target: Instance, function: str, /, *arguments: Any) -> Any:
        """Call a function of an instance."""

    def to_script(self, value: Any) -> Any:
        """Return a value as scripts hold it."""

    def abandon(self, instance: int) -> None:
        """Give memory back before the next run."""


class Instance(Mapping[str, Any]):
    """A running copy of a program; made by `Interpreter.instance`.

    As a mapping it holds the script-level variables that have a value by now: reading copies,
    `instance["x"] = 1` writes. Closing it gives its memory back.
    """

    def __init__(self, interpreter: Owner, program: Program, number: int) -> None:
        """Wrap an instance of the interpreter's machine by its number."""
        self._interpreter = interpreter
        self.program = program
        self._number = number

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of the script.

        Raises:
            KeyError: it has none of that name. TypeError: it has none with so many parameters, or an
                argument is nothing that a script can hold. ScriptError: the call failed.
        """
        return self._interpreter.call(self, function, *arguments)

    # --- variables ----------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Any:
        """Return a copy of a variable's value."""
        with self._interpreter.idle() as machine:
            if name not in machine.defined(self.number):
                raise KeyError(name)
            return machine.read_state(self.number, name)

    def __setitem__(self, name: str, value: Any) -> None:
        """Give a variable a value.

        Raises:
            KeyError: the script has none of that name. ValueError: it is a constant.
            TypeError: no script value is like that.
        """
        if name in self.program.constant_names:
            raise ValueError(f"{name} is a constant")
        if name == HANDLES:
            raise KeyError(name)
        value = self._interpreter.to_script(value)
        with self._interpreter.idle() as machine:
            machine.set_state(self.number, name, value)

    def __repr__(self) -> str:
        """Return which script it runs."""
        return f"<Instance of {self.program.source.name!r}{' (closed)' if self.is_closed else ''}>"

    def __iter__(self) -> Iterator[str]:
        """Return the names of the variables that have a value."""
        with self._interpreter.idle() as machine:
            return iter(machine.defined(self.number))

    def __len__(self) -> int:
        """Return how many variables have a value."""
        return sum(1 for _ in self)

    # --- its state as a whole -------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return its state as bytes, which `restore` takes in any process that runs the same program.

        Functions of the script that Python holds are not a part of it.
        """
        with self._interpreter.idle() as machine:
            return machine.snapshot(self.number)

    def restore(self, snapshot: bytes) -> None:
        """Take the state of a snapshot; functions of this instance that Python holds end.

        Raises:
            SnapshotError: it is damaged, of another program or version, or too large for the limits. The
                instance stays as it was.
        """
        with self._interpreter.idle() as machine:
            machine.restore(self.number, snapshot)

    @property
    def state_hash(self) -> int:
        """A hash of its state, the same wherever the same was done."""
        with self._interpreter.idle() as machine:
            return machine.hash(self.number)

    # --- its life -----------------------------------------------------------------------------------

    def close(self) -> None:
        """Give its memory back; functions of it that Python holds end with it."""
        if not self.is_closed:
            with self._interpreter.idle() as machine:
                machine.destroy(self._number)
            self._number = -1

    def __del__(self) -> None:
        """Let its memory be given back before the next run."""
        if not self.is_closed:
            self._interpreter.abandon(self._number)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._number < 0

    @property
    def number(self) -> int:
        """Its number in the machine.

        Raises:
            ValueError: it was closed.
        """
        if self.is_closed:
            raise ValueError("this instance was closed")
        return self._number

    def __enter__(self) -> Self:
        """Return itself, to be closed at the end of a `with`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
