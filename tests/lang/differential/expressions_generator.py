"""Random expressions: mostly of sound types, now and then not."""

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
    closures: int = 0


class Expressions:
    """Makes expressions and places."""

    def __init__(self, random: Random, statements: int = 12, mistakes: float = 0.03) -> None:
        self.random = random
        self.statements = statements
        self.mistakes = mistakes
        self.counter = 0
        self.loops = 0
        self.functions: list[Function] = []
        self.scope = Scope()

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
            if self.scope.closures > 0 and name.startswith("k"):
                continue  # nobody has told whether a captured constant is one
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
        self.scope.closures += 1
        text = self.expression(kind, depth)
        self.scope.closures -= 1
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
                f"{self.expression('grid', d)}.map(|r| r.len()).map(|x| [x, {self.in_closure('int', d)}])"
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
