"""A Rhai-compatible script language: compiled to bytecode, run by a register machine, sandboxed.

`Interpreter` is the short way; the parts it is made of are here for those who need more. Names are
looked up when they are first used, so that importing one room does not load the others.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lang.bytecode.disassemble import disassemble
    from lang.bytecode.program import Program
    from lang.bytecode.verify import verify
    from lang.compile.compiler import compile_source
    from lang.compile.frame import Options
    from lang.errors import CompileError, LangError, ScriptError, SnapshotError, VerifyError
    from lang.handles import ScriptFunction
    from lang.heap.convert import Char, FunctionValue, RangeValue, Vector
    from lang.instance import Instance
    from lang.interpreter import Interpreter
    from lang.limits import ENTITY_LIMITS, Limits
    from lang.machine import Machine
    from lang.modules import FolderResolver, ImportRefused, MappingResolver, Resolver
    from lang.optimise.passes import ALL_PASSES, NO_PASSES, Pass
    from lang.prelude import prelude_program
    from lang.program_cache import ProgramCache
    from lang.scope import Scope
    from lang.source import Source
    from lang.stdlib.registry import HostFault, NativeEntry, NativeTable
    from lang.stdlib.table import standard_natives

__all__ = [
    "ALL_PASSES",
    "ENTITY_LIMITS",
    "NO_PASSES",
    "Char",
    "CompileError",
    "FolderResolver",
    "FunctionValue",
    "HostFault",
    "ImportRefused",
    "Instance",
    "Interpreter",
    "LangError",
    "Limits",
    "Machine",
    "MappingResolver",
    "NativeEntry",
    "NativeTable",
    "Options",
    "Pass",
    "Program",
    "ProgramCache",
    "RangeValue",
    "Resolver",
    "Scope",
    "ScriptError",
    "ScriptFunction",
    "SnapshotError",
    "Source",
    "Vector",
    "VerifyError",
    "compile_source",
    "disassemble",
    "prelude_program",
    "standard_natives",
    "verify",
]

_HOMES = {
    "ALL_PASSES": "lang.optimise.passes",
    "NO_PASSES": "lang.optimise.passes",
    "Pass": "lang.optimise.passes",
    "ENTITY_LIMITS": "lang.limits",
    "Char": "lang.heap.convert",
    "CompileError": "lang.errors",
    "FolderResolver": "lang.modules",
    "FunctionValue": "lang.heap.convert",
    "HostFault": "lang.stdlib.registry",
    "ImportRefused": "lang.modules",
    "Instance": "lang.instance",
    "Interpreter": "lang.interpreter",
    "LangError": "lang.errors",
    "Limits": "lang.limits",
    "Machine": "lang.machine",
    "MappingResolver": "lang.modules",
    "NativeEntry": "lang.stdlib.registry",
    "NativeTable": "lang.stdlib.registry",
    "Options": "lang.compile.frame",
    "Program": "lang.bytecode.program",
    "ProgramCache": "lang.program_cache",
    "RangeValue": "lang.heap.convert",
    "Resolver": "lang.modules",
    "Scope": "lang.scope",
    "ScriptError": "lang.errors",
    "ScriptFunction": "lang.handles",
    "SnapshotError": "lang.errors",
    "Source": "lang.source",
    "Vector": "lang.heap.convert",
    "VerifyError": "lang.errors",
    "compile_source": "lang.compile.compiler",
    "disassemble": "lang.bytecode.disassemble",
    "prelude_program": "lang.prelude",
    "standard_natives": "lang.stdlib.table",
    "verify": "lang.bytecode.verify",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"lang has no {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
