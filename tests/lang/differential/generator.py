"""Random well-formed programs: mostly of sound types, now and then not.

A program is a list of lines, so that a smaller one is made by leaving lines out.
"""

from __future__ import annotations

from expressions_generator import CHARS, TYPES, Expressions, Function, Scope


class Generator(Expressions):
    """Makes one program."""

    def program(self) -> list[str]:
        """The lines of a program, which ends in what its variables hold."""
        lines = []
        for _ in range(self.random.randint(0, 3)):
            lines += self.function()
        for _ in range(self.statements):
            lines += self.statement(2)
        shown = [name for name, _, _ in self.scope.variables[-6:] if name[0] != "f"]
        return [*lines, f"[{', '.join(shown)}]"]

    # --- statements ---

    def statement(self, depth: int) -> list[str]:
        """Lines of a statement."""
        simple = [
            *([self.let] * 3),
            *([self.assignment] * 3),
            *([self.printing, self.change] * 2),
            self.closure,
            self.action,
        ]
        nested = [self.if_statement, self.for_statement, self.while_statement, self.try_statement,
                  self.block_statement, self.switch_statement]  # fmt: skip
        if self.scope.loop and self.chance(0.15):
            return [f"if {self.boolean(1)} {{ {self.pick('break', 'continue')}; }}"]
        if self.scope.function and self.chance(0.05):
            return [f"if {self.boolean(1)} {{ return {self.expression('int', 1)}; }}"]
        if depth > 0 and self.chance(0.35):
            return self.random.choice(nested)(depth - 1)
        lines = self.random.choice(simple)()
        if not lines[0].startswith(("let", "const", "throw")) and self.chance(0.5):
            self.counter += 1
            return [
                "try {",
                *("  " + line for line in lines),
                f"}} catch (e{self.counter}) {{",
                f"  print(e{self.counter});",
                "}",
            ]
        return lines

    def let(self) -> list[str]:
        kind = self.random.choice(TYPES)
        value = self.expression(kind, 3)
        constant = self.chance(0.08) and kind != "object"
        name = self.fresh("k" if constant else "v")
        self.scope.variables.append((name, kind, not constant))
        return [f"{'const' if constant else 'let'} {name} = {value};"]

    def assignment(self) -> list[str]:
        kind = self.random.choice(TYPES)
        place = self.lvalue(kind)
        if place is None:
            return self.let()
        operators = {
            "int": ("+=", "-=", "*=", "=", "|=", "&=", "%=", "<<="),
            "float": ("+=", "*=", "=", "-="),
            "string": ("+=", "="),
            "array": ("+=", "="),
            "map": ("+=", "="),
            "grid": ("=", "+="),
            "bool": ("=", "&=", "|="),
        }.get(kind, ("=",))
        operator = self.random.choice(operators)
        if operator == "+=" and kind in {"string", "array"}:
            more = self.pick("int", "char", kind) if kind == "string" else "int"
            return [f"{place} += {self.expression(more, 1)};"]
        return [f"{place} {operator} {self.expression(kind, 2)};"]

    def printing(self) -> list[str]:
        return [f"print({self.expression(self.random.choice(TYPES), 3)});"]

    def change(self) -> list[str]:
        """A method that changes its receiver."""
        kind = self.pick("array", "array", "string", "map")
        place = self.lvalue(kind)
        if place is None:
            return self.let()
        i = self.expression
        calls = {
            "array": (
                f"push({i('int', 2)})", f"insert({self.index(1)}, {i('int', 1)})", "pop()", "shift()",
                f"remove({self.index(1)})", "reverse()", "sort()", f"truncate({self.index(1)})",
                f"append({self.literal('array')})", "dedup()", f"pad(3, {i('int', 1)})",
                f"retain({self.lambda_('bool', 1)})", f"drain({self.lambda_('bool', 1)})",
                f"set({self.index(1)}, {i('int', 1)})", f"splice(0, 1, {self.literal('array')})",
                "sort(|x, y| y - x)", "for_each(|| this += 1)", f"split({self.index(1)})",
            ),
            "string": (
                "trim()", "make_upper()", f"append({i('int', 1)})", "pop()", f"crop({self.index(1)})",
                'replace("a", "b")', f"pad(4, {self.pick(*CHARS)})", f"truncate({self.index(1)})", "clear()",
            ),
            "map": (
                f"set({self.literal('string')}, {i('int', 1)})", 'remove("a")',
                f"mixin({self.literal('map')})", f"fill_with({self.literal('map')})", "clear()", "keys()",
            ),
        }[kind]  # fmt: skip
        call = self.random.choice(calls)
        return [f"{place}.{call};"] if self.chance(0.5) else [f"print({place}.{call});"]

    def closure(self) -> list[str]:
        kind = self.random.choice(("int", "int", "string", "bool"))
        name = self.fresh("f")
        size = len(self.scope.variables)
        loops = (self.scope.loop, self.scope.function, self.scope.this)
        self.scope.loop, self.scope.function, self.scope.this = False, False, None
        self.scope.variables.append(("x", "int", True))
        self.scope.closures += 1
        lines = [f"let {name} = |x| {{"]
        for _ in range(self.random.randint(0, 2)):
            lines += ["  " + line for line in self.statement(0)]
        lines += [f"  {self.expression(kind, 2)}", "};"]
        del self.scope.variables[size:]
        self.scope.closures -= 1
        self.scope.loop, self.scope.function, self.scope.this = loops
        self.scope.variables.append((name, f"Fn {kind}", False))
        return lines

    def action(self) -> list[str]:
        kind = self.random.choice(TYPES)
        if self.chance(0.15):
            return (
                [f"throw {self.expression(kind, 1)};"]
                if self.chance(0.2)
                else [f"{self.expression(kind, 3)};"]
            )
        return [f"{self.call(kind, 2)};"]

    def body(self, depth: int, count: int = 3) -> list[str]:
        """Indented statements in a scope of their own."""
        size = len(self.scope.variables)
        lines = []
        for _ in range(self.random.randint(1, count)):
            lines += ["  " + line for line in self.statement(depth)]
        del self.scope.variables[size:]
        return lines

    def block_statement(self, depth: int) -> list[str]:
        return ["{", *self.body(depth), "}"]

    def if_statement(self, depth: int) -> list[str]:
        lines = [f"if {self.boolean(2)} {{", *self.body(depth)]
        if self.chance(0.3):
            lines += [f"}} else if {self.boolean(1)} {{", *self.body(depth)]
        if self.chance(0.5):
            lines += ["} else {", *self.body(depth)]
        return [*lines, "}"]

    def switch_statement(self, depth: int) -> list[str]:
        lines = [f"switch {self.expression('int', 2)} {{"]
        for _ in range(2):
            guard = f" if {self.boolean(1)}" if self.chance(0.3) else ""
            lines += [f"  {self.pattern('int')}{guard} => {{", *self.body(depth, 2), "  }"]
        return [*lines, "  _ => {", *self.body(depth, 1), "  }", "}"]

    def looping(
        self, head: str, depth: int, *, before: list[str] | None = None, tail: str = "}"
    ) -> list[str]:
        was, self.scope.loop = self.scope.loop, True
        self.loops += 1
        lines = [head, *(before or []), *self.body(depth if self.loops < 3 else 0), tail]
        self.loops -= 1
        self.scope.loop = was
        return lines

    def for_statement(self, depth: int) -> list[str]:
        size = len(self.scope.variables)
        kind, iterable = self.pick(
            ("int", "0..3"),
            ("int", "0..=2"),
            ("int", "range(4, 0, -2)"),
            lambda: ("int", self.expression("array", 1)),
            lambda: ("char", f"({self.expression('string', 1)})[0..3]"),
            lambda: ("string", f"({self.expression('map', 1)}).keys()"),
        )
        name = self.fresh("v")
        counter = self.fresh("n") if self.chance(0.3) else None
        self.scope.variables.append((name, kind, True))
        if counter is not None:
            self.scope.variables.append((counter, "int", True))
        head = f"for ({name}, {counter}) in" if counter is not None else f"for {name} in"
        lines = self.looping(f"{head} {iterable} {{", depth)
        del self.scope.variables[size:]
        return lines

    def while_statement(self, depth: int) -> list[str]:
        self.counter += 1
        name = f"w{self.counter}"
        step = [f"  {name} += 1;", f"  if {name} > {self.random.randint(1, 3)} {{ break; }}"]
        head, tail = self.pick(
            ("loop {", "}"),
            lambda: (f"while {self.boolean(1)} {{", "}"),
            lambda: ("do {", f"}} {self.pick('while', 'until')} {self.boolean(1)};"),
        )
        return [f"let {name} = 0;", *self.looping(head, depth, before=step, tail=tail)]

    def try_statement(self, depth: int) -> list[str]:
        self.counter += 1
        lines = ["try {", *self.body(depth)]
        if self.chance(0.4):
            lines.append(f"  throw {self.expression(self.random.choice(TYPES), 1)};")
        lines.append(f"}} catch (e{self.counter}) {{")
        seen = f"e{self.counter}"
        show = self.pick(f"print({seen});", f"print(type_of({seen}));", f"{seen} = 1;")
        lines += [f"  {show}", *self.body(depth, 1)]
        if self.chance(0.1):
            lines.append("  throw;")
        return [*lines, "}"]

    def function(self) -> list[str]:
        parameters = [
            self.random.choice(("int", "int", "string", "array", "map")) for _ in range(self.pick(0, 1, 2))
        ]
        method = self.random.choice(("int", "array", "map", "string")) if self.chance(0.4) else None
        result = self.random.choice(("int", "int", "string", "array", "map", "bool"))
        self.counter += 1
        function = Function(f"g{self.counter}", parameters, result, method)
        outer = self.scope
        names = [f"p{i}" for i in range(len(parameters))]
        self.scope = Scope([(n, of, True) for n, of in zip(names, parameters, strict=True)], this=method)
        self.scope.function = True
        lines = [f"fn {function.name}({', '.join(names)}) {{"]
        for _ in range(self.random.randint(0, 4)):
            lines += ["  " + line for line in self.statement(1)]
        lines += [f"  {self.expression(result, 2)}", "}"]
        self.scope = outer
        self.functions.append(function)
        return lines
