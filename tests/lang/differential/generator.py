"""Random well-formed programs: mostly of sound types, now and then not.

A program is a list of lines, so that a smaller one is made by leaving lines out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

INTS = ("0", "1", "2", "3", "-1", "7", "10", "-4", "255", "9223372036854775807", "-9223372036854775808")
FLOATS = ("0.0", "1.0", "0.5", "-2.5", "3.75", "1e3", "0.1")
STRINGS = ('""', '"a"', '"hello"', '"k"', '"héllo"', '"a b"', '"x,y"', '"12"')
CHARS = ("'a'", "'z'", "'é'", "' '")
KEYS = {"a": "int", "b": "array", "c": "string", "d": "map", "f": "float"}
TYPES = (
    *("int", "int", "int", "string", "bool", "float", "array", "array", "map", "map", "char", "unit"),
    *("grid", "object"),
)
OBJECT = "#{a: 1, b: [2], get: |x| this.a + x, add: |x| { this.a += x; this.b.push(x); this.a }}"


@dataclass
class Function:
    """A function of the program; `method` if it uses `this`, which is of that type."""

    name: str
    parameters: list[str]
    result: str
    method: str | None = None


@dataclass
class Scope:
    """Variables that can be seen, innermost last: (name, type, whether it may be assigned)."""

    variables: list[tuple[str, str, bool]] = field(default_factory=list)
    loop: bool = False
    function: bool = False
    this: str | None = None


class Generator:
    """Makes one program."""

    def __init__(self, random: Random, statements: int = 12, mistakes: float = 0.03) -> None:
        self.random = random
        self.statements = statements
        self.mistakes = mistakes
        self.counter = 0
        self.loops = 0
        self.functions: list[Function] = []
        self.scope = Scope()

    def program(self) -> list[str]:
        """The lines of a program, which ends in what its variables hold."""
        lines = []
        for _ in range(self.random.randint(0, 3)):
            lines += self.function()
        for _ in range(self.statements):
            lines += self.statement(2)
        shown = [name for name, _, _ in self.scope.variables[-6:] if name[0] != "f"]
        return [*lines, f"[{', '.join(shown)}]"]

    # --- choices ---

    def pick(self, *options):
        """One of the options; those that are functions are called."""
        option = self.random.choice(options)
        return option() if callable(option) else option

    def chance(self, probability: float) -> bool:
        """True now and then."""
        return self.random.random() < probability

    def fresh(self, prefix: str) -> str:
        """A name; often one that is there already."""
        same = [name for name, _, _ in self.scope.variables if name.startswith(prefix)]
        if prefix == "v" and same and self.chance(0.2):
            return self.random.choice(same)
        self.counter += 1
        return f"{prefix}{self.counter}"

    def variables(self, kind: str, *, assigned: bool = False) -> list[str]:
        """Visible variables of a type."""
        seen = {}
        for name, type_, free in self.scope.variables:
            seen[name] = (type_, free)
        return [name for name, (type_, free) in seen.items() if type_ == kind and (free or not assigned)]

    # --- expressions ---

    def expression(self, kind: str, depth: int) -> str:
        """An expression of a type, or, by mistake, of another."""
        if self.chance(self.mistakes):
            kind = self.random.choice(TYPES)
        if depth <= 0:
            return self.leaf(kind)
        general: list[Callable[[], str]] = [lambda: self.leaf(kind)] * 3
        if kind != "unit":
            general += [lambda: self.compound(kind, depth)] * 2
        own = getattr(self, f"{kind}_expression")
        return self.pick(*general, *[lambda: own(depth - 1)] * 5)

    def leaf(self, kind: str) -> str:
        """A variable or a literal."""
        names = self.variables(kind)
        if self.scope.this == kind and self.chance(0.3):
            return "this"
        if names and self.chance(0.7):
            return self.random.choice(names)
        if self.chance(0.1):
            maps = self.variables("map")
            keys = [key for key, of in KEYS.items() if of == kind]
            if maps and keys:
                return f"{self.random.choice(maps)}.{self.random.choice(keys)}"
        return self.literal(kind)

    def literal(self, kind: str) -> str:
        """A literal."""
        match kind:
            case "int":
                return self.random.choice(INTS[:9] if self.chance(0.95) else INTS)
            case "float":
                return self.random.choice(FLOATS)
            case "string":
                return self.random.choice(STRINGS)
            case "char":
                return self.random.choice(CHARS)
            case "bool":
                return self.random.choice(("true", "false"))
            case "array":
                return f"[{', '.join(self.random.choice(INTS[:8]) for _ in range(self.pick(0, 1, 2, 3, 4)))}]"
            case "map":
                keys = [key for key in KEYS if key != "d" and self.chance(0.95)]
                inner = ", ".join(f"{key}: {self.literal(KEYS[key])}" for key in keys)
                deeper = ", d: #{a: 1, b: [2, 3]}" if self.chance(0.8) else ""
                return f"#{{{inner}{deeper if inner else deeper[2:]}}}"
            case "grid":
                return f"[{self.literal('array')}, {self.literal('array')}, [1, 2]]"
            case "object":
                return OBJECT
        return "()"

    def compound(self, kind: str, depth: int) -> str:
        """What can be of any type."""
        d = depth - 1
        return self.pick(
            lambda: (
                f"(if {self.boolean(d)} {{ {self.expression(kind, d)} }} "
                f"else {{ {self.expression(kind, d)} }})"
            ),
            lambda: self.block(kind, d),
            lambda: self.call(kind, d),
            lambda: self.switch(kind, d),
            lambda: f"({self.expression(self.pick(kind, 'unit'), d)} ?? {self.expression(kind, d)})",
            lambda: f"(loop {{ break {self.expression(kind, d)}; }})",
            lambda: f"[{self.expression(kind, d)}, {self.expression(kind, d)}][{self.pick('0', '1', '-1')}]",
            lambda: f"#{{q: {self.expression(kind, d)}}}.q",
            lambda: (
                f"(|x, y| {self.in_closure(kind, d)})"
                f".curry({self.literal('int')}).call({self.literal('int')})"
            ),
            lambda: f"[{self.expression(kind, d)}].pop()",
        )

    def boolean(self, depth: int) -> str:
        """A condition: one in parentheses cannot be taken for something else."""
        return f"({self.expression('bool', depth)})"

    def block(self, kind: str, depth: int) -> str:
        size = len(self.scope.variables)
        other = self.random.choice(TYPES)
        name = self.fresh("v")
        text = f"{{ let {name} = {self.expression(other, depth)}; "
        self.scope.variables.append((name, other, True))
        text += f"{self.expression(kind, depth)} }}"
        del self.scope.variables[size:]
        return f"({text})"

    def switch(self, kind: str, depth: int) -> str:
        subject = self.pick("int", "string", "bool")
        arms = []
        for _ in range(self.random.randint(1, 3)):
            guard = f" if {self.boolean(depth - 1)}" if self.chance(0.3) else ""
            arms.append(f"{self.pattern(subject)}{guard} => {self.expression(kind, depth)}")
        if subject == "int" and self.chance(0.4):
            arms.append(f"{self.pick('1..5', '0..=9', '-3..3')} => {self.expression(kind, depth)}")
        if self.chance(0.95):
            arms.append(f"_ => {self.expression(kind, depth)}")
        return f"(switch {self.expression(subject, depth)} {{ {', '.join(arms)} }})"

    def pattern(self, kind: str) -> str:
        return " | ".join(self.literal(kind) for _ in range(self.random.randint(1, 2)))

    def call(self, kind: str, depth: int) -> str:
        """A call of one of the program's functions, of a closure, or a literal if there is none."""
        fitting = [f for f in self.functions if f.result == kind]
        closures = self.variables(f"Fn {kind}")
        if closures and self.chance(0.5):
            return f"{self.random.choice(closures)}.call({self.expression('int', depth)})"
        if not fitting:
            return f"(|x| {self.in_closure(kind, depth)}).call({self.expression('int', depth)})"
        function = self.random.choice(fitting)
        arguments = ", ".join(self.expression(of, depth) for of in function.parameters)
        if function.method is None:
            return f"{function.name}({arguments})"
        return f"{self.receiver(function.method, depth)}.{function.name}({arguments})"

    def receiver(self, kind: str, depth: int) -> str:
        """What a method is called on: a place, if there is one."""
        return self.lvalue(kind) or f"({self.expression(kind, depth)})"

    def in_closure(self, kind: str, depth: int, parameter: str = "x", of: str = "int") -> str:
        size = len(self.scope.variables)
        self.scope.variables.append((parameter, of, True))
        this, self.scope.this = self.scope.this, None
        text = self.expression(kind, depth)
        self.scope.this = this
        del self.scope.variables[size:]
        return text

    def lambda_(self, kind: str, depth: int) -> str:
        return f"|x| {self.in_closure(kind, depth)}"

    def binary(self, kind: str, operators: tuple[str, ...], depth: int) -> str:
        left, right = self.expression(kind, depth), self.expression(kind, depth)
        return f"({left} {self.random.choice(operators)} {right})"

    def int_expression(self, d: int) -> str:
        return self.pick(
            lambda: self.binary("int", ("+", "-", "*"), d),
            lambda: self.binary("int", ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"), d),
            lambda: f"-({self.expression('int', d)})",
            lambda: f"{self.expression('array', d)}.len()",
            lambda: f"{self.expression('string', d)}.len",
            lambda: f"{self.expression('array', d)}[{self.index(d)}]",
            lambda: f"({self.expression('array', d)}.get({self.index(d)}) ?? {self.expression('int', d)})",
            lambda: f"({self.expression('array', d)}.pop() ?? {self.expression('int', d)})",
            lambda: f"({self.expression('map', d)}.a ?? 7)",
            lambda: f'({self.expression("map", d)}["a"] ?? 8)',
            lambda: f"{self.pick('min', 'max')}({self.expression('int', d)}, {self.expression('int', d)})",
            lambda: f"({self.expression('int', d)}).abs()",
            lambda: f"{self.expression('array', d)}.index_of({self.expression('int', d)})",
            lambda: f"{self.expression('array', d)}.reduce(|s, x| s + x, {self.expression('int', d)})",
            lambda: f"({self.expression('float', d)}).to_int()",
            lambda: f"({self.expression('map', d)}?.d?.a ?? {self.expression('int', d)})",
            lambda: f"{self.expression('object', d)}.{self.pick('get', 'add')}({self.expression('int', d)})",
            lambda: f"{self.receiver('object', d)}.{self.pick('get', 'add')}({self.expression('int', d)})",
            lambda: f"{self.receiver('object', d)}.a",
            lambda: f"({self.expression('grid', d)}[{self.index(d)}][{self.index(d)}])",
            lambda: f"{self.expression('grid', d)}.map(|r| r.len()).reduce(|s, n| s + n, 0)",
            lambda: f"({self.expression('int', d)} {self.pick('&', '|')} {self.pick('0xFF', '0b101')})",
        )

    def index(self, depth: int) -> str:
        return self.pick("0", "0", "1", "-1", lambda: self.expression("int", depth))

    def float_expression(self, d: int) -> str:
        return self.pick(
            lambda: self.binary("float", ("+", "-", "*", "/"), d),
            lambda: (
                f"({self.expression('int', d)} {self.pick('+', '-', '*', '/')} {self.expression('float', d)})"
            ),
            lambda: f"({self.expression('int', d)}).to_float()",
            lambda: f"({self.expression('float', d)}).{self.pick('floor', 'round', 'ceiling', 'abs')}()",
            lambda: f"({self.expression('map', d)}.f ?? 0.5)",
        )

    def string_expression(self, d: int) -> str:
        any_ = self.random.choice(TYPES)
        return self.pick(
            lambda: f"({self.expression('string', d)} + {self.expression(any_, d)})",
            lambda: f"({self.expression(any_, d)} + {self.expression('string', d)})",
            lambda: f"`{self.pick('', 'n=')}${{{self.expression(any_, d)}}}{self.pick('', '!')}`",
            lambda: f"type_of({self.expression(any_, d)})",
            lambda: f"({self.expression(any_, d)}).{self.pick('to_string', 'to_debug')}()",
            lambda: f"{self.expression('string', d)}.{self.pick('to_upper', 'to_lower')}()",
            lambda: f"{self.expression('string', d)}.sub_string({self.index(d)}, {self.index(d)})",
            lambda: f"{self.expression('string', d)}[{self.pick('0..2', '1..', '..=1', '-2..9')}]",
            lambda: f"({self.expression('map', d)}.c ?? {self.literal('string')})",
            lambda: f"({self.expression('char', d)} + {self.expression('char', d)})",
        )

    def char_expression(self, d: int) -> str:
        return self.pick(
            lambda: f"{self.expression('string', d)}[{self.index(d)}]",
            lambda: f"({self.expression('string', d)}.get({self.index(d)}) ?? {self.literal('char')})",
            lambda: f"({self.expression('char', d)}).to_upper()",
        )

    def bool_expression(self, d: int) -> str:
        kind = self.random.choice(("int", "int", "float", "string", "char"))
        any_ = self.random.choice(TYPES)
        return self.pick(
            lambda: self.binary(kind, ("==", "!=", "<", "<=", ">", ">="), d),
            lambda: f"({self.expression(any_, d)} {self.pick('==', '!=')} {self.expression(any_, d)})",
            lambda: self.binary("bool", ("&&", "||", "&", "|", "^"), d),
            lambda: f"!{self.boolean(d)}",
            lambda: f"({self.expression('int', d)} {self.pick('in', '!in')} {self.expression('array', d)})",
            lambda: f"({self.expression('string', d)} in {self.expression(self.pick('string', 'map'), d)})",
            lambda: f"{self.expression('array', d)}.{self.pick('some', 'all')}({self.lambda_('bool', d)})",
            lambda: f"{self.expression('string', d)}.contains({self.expression('string', d)})",
            lambda: (
                f"({self.expression('int', d)} in {self.expression('int', d)}..{self.expression('int', d)})"
            ),
            lambda: f"{self.expression('array', d)}.is_empty()",
            lambda: f"{self.expression('string', d)}.is_empty",
        )

    def array_expression(self, d: int) -> str:
        return self.pick(
            lambda: f"[{', '.join(self.expression('int', d) for _ in range(self.random.randint(1, 3)))}]",
            lambda: f"({self.expression('array', d)} + {self.expression('array', d)})",
            lambda: f"{self.expression('array', d)}.map({self.lambda_('int', d)})",
            lambda: f"{self.expression('array', d)}.filter({self.lambda_('bool', d)})",
            lambda: f"{self.expression('array', d)}.map(|x, i| x + i)",
            lambda: f"{self.expression('array', d)}.extract({self.index(d)}, {self.index(d)})",
            lambda: f"{self.expression('array', d)}.order()",
            lambda: f"({self.expression('map', d)}.b ?? {self.literal('array')})",
            lambda: f"({self.expression('grid', d)})[{self.index(d)}]",
            lambda: f"({self.expression('object', d)}).b",
            lambda: f"[{self.expression('array', d)}.len()] + {self.expression('array', d)}.order_desc()",
            lambda: f'{self.expression("map", d)}.values().filter(|x| type_of(x) == "i64")',
        )

    def map_expression(self, d: int) -> str:
        keys = [key for key in KEYS if self.chance(0.9)]
        return self.pick(
            lambda: "#{" + ", ".join(f"{key}: {self.expression(KEYS[key], d)}" for key in keys) + "}",
            lambda: f"({self.expression('map', d)} + {self.expression('map', d)})",
            lambda: f'{self.expression("map", d)}.filter(|k, v| k != "c")',
            lambda: f"({self.expression('map', d)}.d ?? {self.literal('map')})",
        )

    def grid_expression(self, d: int) -> str:
        return self.pick(
            lambda: f"[{self.expression('array', d)}, {self.expression('array', d)}]",
            lambda: f"({self.expression('grid', d)} + {self.expression('grid', d)})",
            lambda: (
                f"{self.expression('grid', d)}.map(|r| r.len()).map(|n| [n, {self.expression('int', d)}])"
            ),
            lambda: f"{self.expression('grid', d)}.filter(|r| r.len() > 1)",
        )

    def object_expression(self, d: int) -> str:
        return self.pick(
            lambda: OBJECT,
            lambda: (
                f"#{{a: {self.expression('int', d)}, b: {self.expression('array', d)}, "
                f"get: |x| this.b.len() + x, "
                f"add: |x| {{ this.b += x; {self.in_closure('int', d)} }}}}"
            ),
        )

    def unit_expression(self, d: int) -> str:
        return self.pick("()", f"{self.expression('map', d)}.nothing")

    # --- places ---

    def lvalue(self, kind: str) -> str | None:
        """A place of that type that may be assigned to."""
        options = list(self.variables(kind, assigned=True)) * 2
        if self.scope.this == kind:
            options += ["this", "this"]
        arrays = self.variables("array", assigned=True)
        maps = self.variables("map", assigned=True)
        if self.scope.this == "map":
            maps.append("this")
        options += [f"{name}.{key}" for name in maps for key, of in KEYS.items() if of == kind]
        options += [
            f'{name}["{key}"]' for name in maps for key, of in KEYS.items() if of == kind and key < "c"
        ]
        if kind == "int":
            options += [f"{name}[{self.index(1)}]" for name in arrays]
            options += [f"{name}.b[{self.index(1)}]" for name in maps]
            options += [f"{name}.d.a" for name in maps] + [f"{name}.d.b[0]" for name in maps]
        grids = self.variables("grid", assigned=True)
        objects = self.variables("object", assigned=True)
        if kind == "int":
            options += [f"{name}[{self.index(1)}][{self.index(1)}]" for name in grids] * 2
            options += [f"{name}.a" for name in objects] + [f"{name}.b[{self.index(1)}]" for name in objects]
        if kind == "array":
            options += [f"{name}[{self.index(1)}]" for name in grids] + [f"{name}.b" for name in objects]
        if kind == "bool" and (ints := self.variables("int", assigned=True)):
            options.append(f"{self.random.choice(ints)}[{self.random.randint(0, 5)}]")
        if kind == "char" and (strings := self.variables("string", assigned=True)):
            options.append(f"{self.random.choice(strings)}[0]")
        return self.random.choice(options) if options else None

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
        lines = [f"let {name} = |x| {{"]
        for _ in range(self.random.randint(0, 2)):
            lines += ["  " + line for line in self.statement(0)]
        lines += [f"  {self.expression(kind, 2)}", "};"]
        del self.scope.variables[size:]
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
