"""What every part of the compiler works on: one function's scopes and registers, and the options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lang.bytecode.ops import Op
from lang.compile.emit import Code, Output
from lang.compile.entries import FunctionEntry, Module
from lang.errors import CompileError
from lang.faults import Fault
from lang.modules import Resolver
from lang.optimise.passes import ALL_PASSES, Pass
from lang.resolve.resolver import Resolution
from lang.source import Source
from lang.stdlib.registry import NativeTable
from lang.syntax import ast
from lang.values import Tag
from lang.words import float_payload

THIS = 0
"""Register of `this`, and of the result."""


class ScopeName(NamedTuple):
    """A variable that is there before a script begins; a shared one is held by closures as well."""

    name: str
    constant: bool = False
    shared: bool = False


HANDLES = "$handles"
"""The state slot of what Python holds: no script can name it."""
SCOPE_PLACE = -2
"""Where variables of the scope are declared, as far as closures look."""


@dataclass(frozen=True)
class Options:
    """How to compile.

    Attributes:
        vectors: `(x, y)` is a vector. entity: script-level variables are state, and calls are checked.
        natives: what can be called. context: names of constants that are in scope everywhere.
        callbacks: name → most parameters, for functions that the embedder calls.
        built_in: compile the prelude (its functions cost no call depth and stay out of traces).
        scope: variables that the top level begins with; those that it has at its end are then listed in
            the program. None: its variables vanish with the run. With `entity` they are state, and so
            is what functions use and a later script may declare.
        handles: keep a state slot for what Python holds of an instance (`lang.handles`).
        hidden_functions: the script does not see the functions of the script that it links to.
        resolver: gives the files that scripts import; None: there are no such files.
        passes: those that the optimiser runs; scripts do and cost the same with and without them.
        sequences: keep a state slot for functions that wait (`lang.vm.suspension`).
        eval: scripts may evaluate texts; the table of natives then has `lang.evaluation.NATIVES`.
    """

    natives: NativeTable
    vectors: bool = False
    entity: bool = False
    context: tuple[str, ...] = ()
    callbacks: Mapping[str, int] = field(default_factory=dict)
    built_in: bool = False
    scope: tuple[ScopeName, ...] | None = None
    handles: bool = False
    hidden_functions: bool = False
    resolver: Resolver | None = None
    passes: frozenset[Pass] = ALL_PASSES
    eval: bool = False
    sequences: bool = False


@dataclass(frozen=True)
class Variable:
    """A local variable: its register, and whether a closure captures it."""

    register: int
    captured: bool = False
    constant: bool = False


@dataclass(frozen=True)
class Alias(Variable):
    """The name of a module, which is in scope as a variable is: under `alias_key`, that none can have."""

    register: int = -1
    module: Module = field(kw_only=True)


def alias_key(name: str) -> str:
    """Return under which name a scope knows the module of a name."""
    return name + "::"


@dataclass
class Unit:
    """What the functions of one file share.

    Attributes:
        state: slots of script-level variables, by name. number: 0 for the script, others are imported.
        imports: modules of its top level, which functions see. exports: variables by the slots for their last
            values, of imported files. nodes: functions that can be inlined.
        load: finds what an import statement names, and compiles it.
    """

    options: Options
    output: Output
    resolution: Resolution
    functions: dict[tuple[str, int], FunctionEntry]
    methods: list[FunctionEntry]
    state: dict[str, int]
    constants: set[str]
    built_ins: dict[tuple[str, int], FunctionEntry] = field(default_factory=dict)
    pending: list[Callable[[], None]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    number: int = 0
    source: Source = field(kw_only=True)
    imports: dict[str, Module] = field(default_factory=dict)
    exports: dict[int, str] = field(default_factory=dict)
    nodes: dict[tuple[str, int], ast.Function] = field(default_factory=dict)
    load: Callable[[Unit, ast.Import], Module | None] = field(kw_only=True)


@dataclass
class LoopFrame:
    """A loop being compiled: where its value goes, and the jumps that leave it or begin it anew."""

    dst: int | None
    breaks: list[int] = field(default_factory=list)
    continues: list[int] = field(default_factory=list)


@dataclass
class InlineFrame:
    """A function being compiled into its caller (``f!()``): where its value goes, and its returns."""

    dst: int
    ends: list[int] = field(default_factory=list)


class Frame:
    """One function under construction."""

    def __init__(self, unit: Unit, parameters: tuple[str, ...], at: int, *, top: bool) -> None:
        self.unit = unit
        self.out = Code(unit.output, len(parameters), this=not unit.options.built_in)
        self.top = top
        self.scopes: list[dict[str, Variable]] = [{}]
        self.registers = self.out.registers
        self.loops: list[LoopFrame] = []
        self.inlined: list[InlineFrame] = []
        self.this_use = 0  # flag of GET_THIS: what is going to happen to `this`
        self.settled: dict[int, int] = {}  # identity of a node evaluated ahead of its turn → register
        self.has_eval = False  # it calls `eval`: see `lang.compile.evaluations`
        self.is_text = False  # it is a text that `eval` runs
        for number, name in enumerate(parameters):
            self.scopes[0][name] = Variable(1 + number, self.is_captured(name, at))

    # --- constants ------------------------------------------------------------------------------

    def constant(self, node: ast.Expr) -> int | None:
        """Return the number of a literal's constant, or None if it is not a simple literal."""
        pool = self.out.pool
        match node:
            case ast.Int():
                return pool.value(Tag.INT, node.value)
            case ast.Float():
                return pool.value(Tag.FLOAT, float_payload(node.value))
            case ast.Str():
                return pool.value(Tag.STRING, pool.string(node.value))
            case ast.Bool():
                return pool.value(Tag.BOOL, int(node.value))
            case ast.Char():
                return pool.value(Tag.CHAR, ord(node.value))
            case ast.Unit():
                return pool.value(Tag.UNIT, 0)
        return None

    def string_constant(self, text: str) -> int:
        """Return the number of a string's constant."""
        return self.out.pool.value(Tag.STRING, self.out.pool.string(text))

    def load_unit(self, dst: int, at: int) -> None:
        """Write () into a register."""
        self.out.emit(Op.LOAD, at, dst, self.out.pool.value(Tag.UNIT, 0))

    # --- names ----------------------------------------------------------------------------------

    def find(self, name: str) -> Variable | None:
        """Return the local variable of that name."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def module(self, path: tuple[str, ...]) -> Module | None:
        """Return the module of a path such as ``a::b``, if it is in scope."""
        found = self.find(alias_key(path[0]))
        if isinstance(found, Alias):
            module: Module | None = found.module
        else:
            module = None if self.top else self.unit.imports.get(path[0])
        for name in path[1:]:
            module = module.modules.get(name) if module is not None else None
        return module

    def state_slot(self, name: str) -> int | None:
        """Return the slot of the script-level variable of that name, where it can be seen."""
        if not self.unit.options.entity:
            return None
        return self.unit.state.get(name)

    def is_captured(self, name: str, at: int) -> bool:
        """Return whether a closure captures the variable that is declared at a place."""
        return self.has_eval or (name, at) in self.unit.resolution.captured

    def declare(self, name: str, at: int, *, constant: bool = False) -> Variable:
        """Make a new variable in the innermost scope."""
        variable = Variable(self.registers.take(1, at), self.is_captured(name, at), constant)
        self.scopes[-1][name] = variable
        return variable

    def is_state_scope(self) -> bool:
        """Return whether a `let` here makes a state variable."""
        return self.top and len(self.scopes) == 1 and self.unit.options.entity

    # --- faults ---------------------------------------------------------------------------------

    def fault(self, fault: Fault, at: int, name: str = "") -> None:
        """Emit an instruction that fails."""
        self.out.emit(Op.FAULT, at, int(fault), self.string_constant(name))

    def error(self, at: int, message: str, hint: str | None = None) -> CompileError:
        """Return a compile error at a place."""
        return CompileError(self.out.source, at, message, hint=hint)
