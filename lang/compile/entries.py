"""What one file of a program knows of others: their functions, and what they export."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class FunctionEntry:
    """A script function as calls see it."""

    index: int
    name: str
    parameters: tuple[str, ...]
    type_tag: int
    built_in: bool


@dataclass
class Module:
    """An imported file.

    Attributes:
        number: that of its unit. top_level: index of the function that runs it.
        slot: state slot that has a value once it has run. exports: state slot by exported name.
        functions: those that others may call, by name and number of parameters. methods: all of them.
        modules: those that it imports at its top level, by the names that it gives them.
        constants: names of the slots of its constants.
    """

    number: int
    top_level: int
    slot: int
    exports: dict[str, int] = field(default_factory=dict)
    functions: dict[tuple[str, int], FunctionEntry] = field(default_factory=dict)
    methods: list[FunctionEntry] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)
    constants: set[str] = field(default_factory=set)
