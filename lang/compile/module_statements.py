"""Statements about modules: `import` and `export`, and the top level of an imported file."""

from __future__ import annotations

from lang.bytecode.ops import Op
from lang.compile.control import Control
from lang.compile.frame import Alias, InlineFrame, alias_key
from lang.compile.order import LITERALS, start_of
from lang.faults import Fault
from lang.source import NO_PLACE
from lang.syntax import ast


class ModuleStatements(Control):
    """What a file does to have others, and to be one."""

    def finish(self, register: int, at: int) -> None:
        """Return a register's value."""
        built_in = self.unit.options.built_in and not self.top
        self.out.emit(Op.RETURN_BUILT_IN if built_in else Op.RETURN, at, register)

    def export(self, node: ast.Export) -> None:
        """``export x``: the variable has to be there."""
        if alias_key(node.name) in self.scopes[0]:
            return
        if not self.is_known(node.name):
            self.fault(Fault.VARIABLE_NOT_FOUND, node.at + len("export "), node.name)

    def bring_in(self, node: ast.Import) -> None:
        """``import "path" as name``: the file runs, unless it has run before in this instance."""
        module = self.unit.load(self.unit, node)
        if module is None:
            self.no_module(node)
            return
        has_run = self.out.jump(Op.JUMP_DEFINED, node.at, module.slot)
        window = self.registers.take(1, node.at)
        self.out.emit(Op.CALL, node.at, window, module.top_level)
        self.literal(ast.Bool(node.at, value=True), window)
        self.out.emit(Op.SET_STATE, node.at, window, module.slot, 1)
        self.out.patch(has_run)
        if node.alias is not None:
            self.scopes[-1][alias_key(node.alias)] = Alias(module=module)

    def no_module(self, node: ast.Import) -> None:
        """There is nothing of that path."""
        self.temporary(node.path)
        at = start_of(node.path)
        if isinstance(node.path, LITERALS) and not isinstance(node.path, ast.Str):
            self.fault(Fault.IMPORT_PATH, at)
        else:
            self.fault(Fault.NO_MODULE, at, node.path.value if isinstance(node.path, ast.Str) else "")

    def module_top_level(self, statements: tuple[ast.Stmt, ...]) -> None:
        """Compile what an imported file does; then what it exports is laid out."""
        result = self.registers.take(1)
        frame = InlineFrame(result)
        self.inlined.append(frame)
        self.begin_evaluations(statements)
        self.statements(statements, None, 0)
        self.inlined.pop()
        self.lay_out_exports(0)
        for end in frame.ends:
            self.out.patch(end)
        self.load_unit(result, NO_PLACE)
        self.finish(result, NO_PLACE)

    def lay_out_exports(self, at: int) -> None:
        """Write the values of exported variables, as far as they are there, to their slots."""
        for slot, name in self.unit.exports.items():
            if self.find(name) is not None:
                value = self.temporary(ast.Name(at, name))
                self.out.emit(Op.SET_STATE, at, value, slot, 1)
