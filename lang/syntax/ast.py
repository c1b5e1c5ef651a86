"""The typed syntax tree. Every node has `at`, the character offset that an error in it names.

Nodes are msgspec structs because making them is several times faster than making dataclasses,
and a script of a thousand lines makes ten thousand of them.
"""

from __future__ import annotations

import msgspec


class Node(msgspec.Struct, frozen=True, gc=False):
    """What all nodes share."""

    at: int


# --- expressions --------------------------------------------------------------------------------


class Unit(Node, frozen=True):
    """`()`."""


class Bool(Node, frozen=True):
    """`true`, `false`."""

    value: bool


class Int(Node, frozen=True):
    """An integer literal, its sign included (`-1`), within 64 bits."""

    value: int


class Float(Node, frozen=True):
    """A float literal, its sign included."""

    value: float


class Char(Node, frozen=True):
    """A character literal."""

    value: str


class Str(Node, frozen=True):
    """A string literal, escapes resolved."""

    value: str


class Template(Node, frozen=True):
    """A back-quoted string with `${}` parts: literal parts are `Str`, others any expression or `Block`."""

    parts: tuple[Expr, ...]


class Array(Node, frozen=True):
    """`[a, b]`."""

    items: tuple[Expr, ...]


class MapEntry(Node, frozen=True):
    """`key: value` in a map literal; `at` is the key's place."""

    key: str
    value: Expr


class Map(Node, frozen=True):
    """`#{a: 1}`."""

    entries: tuple[MapEntry, ...]


class Vector(Node, frozen=True):
    """`(x, y)` or `(x, y, z)`: an extension; `at` is the opening parenthesis."""

    items: tuple[Expr, ...]


class Name(Node, frozen=True):
    """A variable (or a script function's bare name)."""

    name: str


class This(Node, frozen=True):
    """`this`."""


class Path(Node, frozen=True):
    """`global::NAME` or `a::b::NAME`; `at` is the first segment."""

    segments: tuple[str, ...]


class Unary(Node, frozen=True):
    """`-x`, `+x`, `!x`; `at` is the operator."""

    operator: str
    operand: Expr


class Binary(Node, frozen=True):
    """`a + b` and every other infix operator, also `&&`, `||`, `??`, `in`, `!in`; `at` is the operator."""

    operator: str
    left: Expr
    right: Expr


class Range(Node, frozen=True):
    """`a..b`, `a..=b` with either end left out; `at` is the operator."""

    start: Expr | None
    end: Expr | None
    inclusive: bool


class Call(Node, frozen=True):
    """`f(a)`, `f!(a)`, `m::f(a)`; `at` is the name, `path` the segments before it."""

    name: str
    arguments: tuple[Expr, ...]
    bang: bool = False
    path: tuple[str, ...] = ()


class MethodCall(Node, frozen=True):
    """`x.f(a)` or `x?.f(a)` (`safe`); `at` is the method's name, `dot` the operator."""

    target: Expr
    name: str
    arguments: tuple[Expr, ...]
    safe: bool
    dot: int


class Property(Node, frozen=True):
    """`x.name` or `x?.name` (`safe`); `at` is the property's name, `dot` the operator."""

    target: Expr
    name: str
    safe: bool
    dot: int


class Index(Node, frozen=True):
    """`x[i]` or `x?[i]` (`safe`); `at` is the opening bracket."""

    target: Expr
    index: Expr
    safe: bool


class Closure(Node, frozen=True):
    """`|a, b| body`; `at` is the opening bar."""

    parameters: tuple[str, ...]
    body: Expr


class Block(Node, frozen=True):
    """`{ … }` as an expression or a body; `at` is the opening brace, `end` the closing one."""

    statements: tuple[Stmt, ...]
    end: int


class If(Node, frozen=True):
    """`if c { } else …`; `orelse` is a `Block`, another `If`, or None."""

    condition: Expr
    then: Block
    orelse: Expr | None


class SwitchArm(Node, frozen=True):
    """One arm: literal patterns (`Range` of literals included), none for `_`; `guard` after `if`."""

    patterns: tuple[Expr, ...]
    guard: Expr | None
    body: Expr


class Switch(Node, frozen=True):
    """`switch x { … }`; the default arm, if any, is last and has no patterns."""

    subject: Expr
    arms: tuple[SwitchArm, ...]


class Loop(Node, frozen=True):
    """`loop { }`."""

    body: Block


class While(Node, frozen=True):
    """`while c { }`."""

    condition: Expr
    body: Block


class Do(Node, frozen=True):
    """`do { } while c` or `until c` (`until`)."""

    body: Block
    condition: Expr
    until: bool


class For(Node, frozen=True):
    """`for x in it { }`, `for (x, i) in it { }`; the `_at` are the places of the names."""

    variable: str
    variable_at: int
    counter: str | None
    counter_at: int
    iterable: Expr
    body: Block


# --- statements ---------------------------------------------------------------------------------


class ExprStmt(Node, frozen=True):
    """An expression as a statement; its value is the block's value if it is the last one."""

    expr: Expr


class Let(Node, frozen=True):
    """`let x = v` or `const X = v`; `name_at` is the place of the name."""

    name: str
    name_at: int
    value: Expr | None
    constant: bool
    export: bool = False


class Assign(Node, frozen=True):
    """`target = value`, `target += value`, …; `at` is the operator."""

    operator: str
    target: Expr
    value: Expr


class Return(Node, frozen=True):
    """`return v`."""

    value: Expr | None


class Throw(Node, frozen=True):
    """`throw v`."""

    value: Expr | None


class Break(Node, frozen=True):
    """`break v`."""

    value: Expr | None


class Continue(Node, frozen=True):
    """`continue`."""


class Try(Node, frozen=True):
    """`try { } catch (e) { }`."""

    body: Block
    variable: str | None
    handler: Block


class Function(Node, frozen=True):
    """`fn name(a, b) { }`; `this_type` is the type of a typed method (`fn int.f()`)."""

    name: str
    name_at: int
    parameters: tuple[str, ...]
    body: Block
    private: bool = False
    this_type: str | None = None
    doc: str = ""


class Import(Node, frozen=True):
    """`import "path" as name`."""

    path: Expr
    alias: str | None


class Export(Node, frozen=True):
    """`export name as other`."""

    name: str
    alias: str | None


Expr = (
    Unit | Bool | Int | Float | Char | Str | Template | Array | Map | Vector | Name | This | Path
    | Unary | Binary | Range | Call | MethodCall | Property | Index | Closure | Block | If | Switch
    | Loop | While | Do | For
)  # fmt: skip
Stmt = ExprStmt | Let | Assign | Return | Throw | Break | Continue | Try | Function | Import | Export


class Script(msgspec.Struct, frozen=True):
    """A whole script: its statements in order (functions among them)."""

    statements: tuple[Stmt, ...]
