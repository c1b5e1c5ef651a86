"""Statements: declarations, assignments, jumps out, `try`; and functions as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lang.bytecode.ops import Op
from lang.bytecode.program import IN_SLOT, FunctionInfo, Handler, TopVariable
from lang.compile.expressions import OPERATORS, Restore
from lang.compile.frame import Alias, Unit, Variable
from lang.compile.module_statements import ModuleStatements
from lang.compile.order import start_of
from lang.errors import CompileError
from lang.faults import Fault
from lang.syntax import ast
from lang.values import TO_ASSIGN, TYPE_NAMES, Tag

DIRECT = (ast.Int, ast.Float, ast.Str, ast.Bool, ast.Char, ast.Array, ast.Map, ast.Vector, ast.Unary)


class FunctionCompiler(ModuleStatements):
    """Compiles one function: the top level, a script function, or a closure."""

    def statement(self, node: ast.Stmt, dst: int | None) -> None:
        """Compile a statement; its value, if wanted, goes into `dst`."""
        if isinstance(node, ast.ExprStmt):
            self.value(node.expr, dst)
            return
        mark = self.registers.next
        _STATEMENTS[type(node)](self, node)
        if not isinstance(node, ast.Let | ast.Try):
            self.registers.next = mark
        if isinstance(node, ast.Try):
            self.attempt(node, dst)
        elif dst is not None:
            self.load_unit(dst, node.at)

    def nothing(self, node: ast.Stmt) -> None:
        """Functions are compiled on their own; `export` says nothing here."""

    # --- declarations -------------------------------------------------------------------------------

    def let(self, node: ast.Let) -> None:
        """``let x = v`` and ``const X = v``."""
        value = node.value if node.value is not None else ast.Unit(node.at)
        slot = self.unit.state.get(node.name)
        if self.is_state_scope():
            assert slot is not None, "script-level variables have slots"
            self.out.emit(Op.SET_STATE, node.at, self.temporary(value), slot, 1)
            self.note_variable(node, IN_SLOT)
            return
        register = self.registers.take(1, node.at)
        self.into(value, register)
        stays = self.is_text and len(self.scopes) == 1
        captured = stays or self.is_captured(node.name, node.name_at)
        self.scopes[-1][node.name] = Variable(register, captured, node.constant)
        if not captured and self.unit.resolution.is_fixed((node.name, node.name_at)):
            self.out.fixed[self.out.here] = register
        self.keep_declaration(node.name, self.scopes[-1][node.name], node.at)
        is_outermost = self.top and len(self.scopes) == 1
        if is_outermost:
            self.note_variable(node, register)
        if is_outermost and node.constant and slot is not None:
            copy = self.registers.take(1, node.at)
            self.out.emit(Op.COPY, node.at, copy, register)
            self.out.emit(Op.SET_STATE, node.at, copy, slot, 1)

    def note_variable(self, node: ast.Let, register: int) -> None:
        """Tell that a variable of the top level is there from here on, if a scope is to keep it."""
        if self.unit.options.scope is not None:
            self.out.variables.append(TopVariable(node.name, register, self.out.here, node.constant))

    # --- assignment ---------------------------------------------------------------------------------

    def assign(self, node: ast.Assign) -> None:
        """``target = v`` and ``target += v``: the value first, then the target's indexes."""
        target = node.target
        if isinstance(target, ast.Name):
            self.assign_name(node, target)
            return
        if isinstance(target, ast.Path):
            self.operand(node.value)
            self.operand(target)
            self.refuse_constant(target)
            return
        value = self.temporary(node.value)
        if isinstance(target, ast.This):
            self.assign_this(node, target, value)
        elif isinstance(target, ast.Property | ast.Index):
            if self.is_constant(target):
                if isinstance(target, ast.Index):
                    self.operand(target)  # there has to be such an element
                self.refuse_constant(self.root_of(target))
            else:
                self.assign_element(node, target, value)
        else:
            raise self.error(target.at, "Expression cannot be assigned to")

    def refuse_constant(self, root: ast.Expr) -> None:
        """Fail: a constant, or a part of one, is assigned to."""
        if isinstance(root, ast.Path):
            before = "::".join(root.segments[:-1]) + "::"
            self.fault(Fault.CONSTANT_ASSIGNED, root.at + len(before), root.segments[-1])
        else:
            self.fault(Fault.CONSTANT_ASSIGNED, root.at, root.name if isinstance(root, ast.Name) else "")

    def assign_name(self, node: ast.Assign, target: ast.Name) -> None:
        """Assign to a variable."""
        variable = self.lookup(target.name, target.at)
        if variable is not None and variable.constant:  # one of the scope: the parser knows all others
            self.temporary(node.value)
            self.fault(Fault.CONSTANT_ASSIGNED, target.at, target.name)
            return
        if variable is not None and not variable.captured:
            if node.operator == "=":
                if isinstance(node.value, DIRECT) or self.is_plain_operation(node.value):
                    self.into(node.value, variable.register)
                else:
                    value = self.temporary(node.value)
                    self.out.emit(Op.MOVE, node.at, variable.register, value)
            else:
                self.operate(node, variable.register)
            return
        if variable is None:
            self.check_assignable(target)
        if variable is None and self.state_slot(target.name) is None:
            self.temporary(node.value)
            self.fault(Fault.VARIABLE_NOT_FOUND, target.at, target.name)
            return
        if node.operator == "=":
            value = self.temporary(node.value)
            if variable is not None:
                self.store(variable, value, node.at)
            else:
                self.out.emit(Op.SET_STATE, target.at, value, self.state_slot(target.name) or 0)
            return
        value = self.temporary(node.value)
        register, restore = self.reference(target)
        self.operate_with(node, register, value)
        assert restore is not None, "shared and state variables are written back"
        restore()

    def check_assignable(self, target: ast.Name) -> None:
        """Refuse to assign to a constant of the script or of its context."""
        is_constant = self.state_slot(target.name) is not None and target.name in self.unit.constants
        if is_constant or target.name in self.unit.options.context:
            message = f"Cannot assign to constant {target.name}"
            raise CompileError(self.out.source, target.at, message, "AssignmentToConstant")

    def is_plain_operation(self, node: ast.Expr) -> bool:
        """Return whether only the last instruction of an operation writes its destination."""
        return isinstance(node, ast.Binary) and node.operator in OPERATORS

    def operate(self, node: ast.Assign, register: int) -> None:
        """``x op= v`` on a variable's own register."""
        is_place = isinstance(node.value, ast.Name | ast.Property) and node.operator == "+="
        value = self.operand(node.value) if is_place else self.temporary(node.value)
        self.operate_with(node, register, value)

    def operate_with(self, node: ast.Assign, register: int, value: int) -> None:
        """``register op= value``."""
        op = Op.ADD_TO if node.operator == "+=" else OPERATORS[node.operator[:-1]]
        self.out.assignments.add(self.out.emit(op, node.at, register, register, value))

    def assign_this(self, node: ast.Assign, target: ast.This, value: int) -> None:
        """Assign to `this`."""
        if node.operator == "=":
            self.out.emit(Op.SET_THIS, target.at, value)
            return
        with self.changing_this(TO_ASSIGN):
            register, restore = self.reference(target)
        self.operate_with(node, register, value)
        assert restore is not None
        restore()

    def assign_element(self, node: ast.Assign, target: ast.Property | ast.Index, value: int) -> None:
        """Assign to ``x.name`` or ``x[i]``."""
        with self.settled_links(target):
            self.assign_link(node, target, value)

    def assign_link(self, node: ast.Assign, target: ast.Property | ast.Index, value: int) -> None:
        """Assign to the last link of a chain, whose indexes have been worked out."""
        stops: list[int] = []
        restore: Restore | None = None
        if self.has_safe_link(target.target):
            container = self.link_target(target.target, stops, target.safe)
        else:
            with self.changing_this(TO_ASSIGN):
                container, restore = self.reference(target.target)
        if target.safe:
            stops.append(self.out.jump(Op.JUMP_UNIT, target.at, container))
        if isinstance(target, ast.Property):
            name = self.string_constant(target.name)
            if node.operator != "=":
                value = self.changed(node, Op.GET_PROPERTY_REF, target.at, container, name, value)
            self.out.emit(Op.SET_PROPERTY, target.at, container, name, value)
            if target.name == "tag":
                self.write_back(container, restore, node.at)
        else:
            index = self.operand(target.index)
            if node.operator != "=":
                self.out.fault_places[self.out.here, Fault.INDEXING_TYPE] = target.at
                value = self.changed(node, Op.GET_INDEX_REF, start_of(target.index), container, index, value)
            for fault in (Fault.NOT_CHAR, Fault.NOT_BOOL, Fault.WRONG_TYPE):
                self.out.fault_places[self.out.here, fault] = node.at
            self.emit_index(Op.SET_INDEX, target, container, index, value)
            self.write_back(container, restore, node.at)
        for stop in stops:
            self.out.patch(stop)

    def changed(self, node: ast.Assign, op: Op, at: int, container: int, key: int, value: int) -> int:
        """Return a register with the element after ``op= value``."""
        register = self.registers.take(1, node.at)
        self.out.emit(op, at, register, container, key)
        self.operate_with(node, register, value)
        return register

    # --- jumps out ------------------------------------------------------------------------------------

    def leave(self, node: ast.Return) -> None:
        """``return v``."""
        if node.value is None:
            register = self.registers.take(1, node.at)
            self.load_unit(register, node.at)
        else:
            register = self.temporary(node.value)
        if self.inlined:
            if self.unit.number and len(self.inlined) == 1 and self.top:
                self.lay_out_exports(node.at)
            self.out.emit(Op.MOVE, node.at, self.inlined[-1].dst, register)
            self.inlined[-1].ends.append(self.out.jump(Op.JUMP, node.at))
        else:
            self.finish(register, node.at)

    def throw(self, node: ast.Throw) -> None:
        """``throw v``; without a value in a handler, what was caught."""
        if node.value is not None:
            self.out.emit(Op.THROW, node.at, self.temporary(node.value))
            return
        caught = self.find("$caught")
        if caught is not None:
            self.out.emit(Op.THROW, node.at, caught.register, 1)
        else:
            register = self.registers.take(1, node.at)
            self.load_unit(register, node.at)
            self.out.emit(Op.THROW, node.at, register)

    def leave_loop(self, node: ast.Break) -> None:
        """``break v``."""
        loop = self.loops[-1]
        if loop.dst is not None and node.value is not None:
            self.into(node.value, loop.dst)
        elif loop.dst is not None:
            self.load_unit(loop.dst, node.at)
        elif node.value is not None:
            self.discard(node.value)
        loop.breaks.append(self.out.jump(Op.JUMP, node.at))

    def go_on(self, node: ast.Continue) -> None:
        """``continue``."""
        self.loops[-1].continues.append(self.out.jump(Op.JUMP, node.at))

    def attempt(self, node: ast.Try, dst: int | None) -> None:
        """``try { } catch (e) { }``: a row in the table of handlers."""
        mark = self.registers.next
        caught = self.registers.take(2, node.at)
        holding = self.out.holding
        first = self.out.here
        self.block(node.body, dst)
        end = self.out.here
        skip = self.out.jump(Op.JUMP, node.at)
        self.out.handlers.append(Handler(first, end, self.out.here, caught))
        self.out.goes_on(holding)
        self.out.wrote(caught, 2)
        self.scopes.append({"$caught": Variable(caught)})
        if node.variable is not None:
            variable = self.declare(node.variable, node.handler.at)
            self.out.emit(Op.COPY, node.at, variable.register, caught)
        self.block(node.handler, None)
        if dst is not None:
            self.load_unit(dst, node.at)
        self.scopes.pop()
        self.out.patch(skip)
        self.registers.next = mark

    # --- functions ------------------------------------------------------------------------------------

    def tail(self, node: ast.Expr) -> None:
        """Return the value of an expression in tail position."""
        mark = self.registers.next
        if isinstance(node, ast.If) and node.orelse is not None:
            jumps = self.unless(node.condition)
            self.tail(node.then)
            for jump in jumps:
                self.out.patch(jump)
            self.tail(node.orelse)
        elif isinstance(node, ast.Block):
            self.open_scope(node.at)
            self.tail_statements(node.statements, node.at)
            self.scopes.pop()
        elif isinstance(node, ast.Name) and self.is_own(node.name):
            self.finish(self.operand(node), node.at)
        else:
            self.finish(self.temporary(node), node.at)
        self.registers.next = mark

    def is_own(self, name: str) -> bool:
        """Return whether a name is a local variable that dies with the function."""
        variable = self.find(name)
        return variable is not None and not variable.captured

    def tail_statements(self, statements: tuple[ast.Stmt, ...], at: int) -> None:
        """Compile the statements of a function's body; the last one's value is returned."""
        for node in statements[:-1]:
            self.statement(node, None)
        last = statements[-1] if statements else None
        if isinstance(last, ast.ExprStmt):
            self.tail(last.expr)
            return
        register = self.registers.take(1, at)
        if last is not None:
            self.statement(last, register)
        else:
            self.load_unit(register, at)
        self.finish(register, at)

    def make_closure(self, node: ast.Closure, captures: tuple[str, ...]) -> int:
        """Compile a closure's function later; returns its index."""
        index = len(self.out.infos)
        self.out.infos.append(None)

        constants = frozenset(name for name in captures if self.is_constant(ast.Name(node.at, name)))

        aliases = {
            key: found for scope in self.scopes for key, found in scope.items() if isinstance(found, Alias)
        }

        def compile_it() -> None:
            compile_function(self.unit, index, node, captures, constants=constants, aliases=aliases)

        self.unit.pending.append(compile_it)
        return index


def compile_function(
    unit: Unit,
    index: int,
    node: ast.Function | ast.Closure,
    captures: tuple[str, ...] = (),
    type_tag: int = -1,
    constants: frozenset[str] = frozenset(),
    aliases: Mapping[str, Variable] | None = None,
) -> None:
    """Compile a function or closure; what it captures comes first, in shared cells.

    Args:
        constants: those of its captures that cannot be assigned to. aliases: names of modules in scope.
    """
    parameters = captures + node.parameters
    name = f"anon${node.at:016x}" if isinstance(node, ast.Closure) else node.name
    frame = FunctionCompiler(unit, parameters, node.at, top=False)
    for parameter in captures:
        register = frame.scopes[0][parameter].register
        frame.scopes[0][parameter] = Variable(register, captured=True, constant=parameter in constants)
    frame.scopes[0].update(aliases or {})
    frame.begin_evaluations(node.body)
    frame.tail(node.body)
    first, end = unit.output.add(frame.out)
    written = node.this_type if isinstance(node, ast.Function) else None
    unit.output.infos[index] = FunctionInfo(
        name,
        parameters,
        len(captures),
        first,
        end,
        frame.registers.most,
        node.at,
        unit.options.built_in,
        type_tag,
        isinstance(node, ast.Closure),
        unit.number,
        this_type=TYPE_NAMES[Tag(type_tag)] if type_tag in TYPE_NAMES else written,
    )


_STATEMENTS: dict[type, Callable[..., None]] = {
    ast.Let: FunctionCompiler.let,
    ast.Assign: FunctionCompiler.assign,
    ast.Return: FunctionCompiler.leave,
    ast.Throw: FunctionCompiler.throw,
    ast.Break: FunctionCompiler.leave_loop,
    ast.Continue: FunctionCompiler.go_on,
    ast.Try: FunctionCompiler.nothing,
    ast.Function: FunctionCompiler.nothing,
    ast.Export: FunctionCompiler.export,
    ast.Import: FunctionCompiler.bring_in,
}
