import json
import tomllib
from pathlib import Path

import pytest

from lang.errors import CompileError
from lang.source import Source
from lang.syntax import ast
from lang.syntax.parser import parse

KIT = Path(__file__).resolve().parents[2] / "conformance" / "kit"


@pytest.fixture(scope="session")
def kit():
    """Every case of the kit as (name, script, expected outcome)."""
    cases = []
    for file in sorted(KIT.glob("*.toml")):
        listed = tomllib.loads(file.read_text(encoding="utf-8"))["case"]
        cases += [(f"{file.stem}/{case['name']}", case["script"], case["expect"]) for case in listed]
    listed = map(json.loads, (KIT / "random.jsonl").read_text(encoding="utf-8").splitlines())
    return cases + [(case["id"], case["script"], case["expect"]) for case in listed]


@pytest.fixture
def refuse():
    """Return the error that a text is refused with."""

    def refuse(text, **options):
        with pytest.raises(CompileError) as caught:
            parse(Source(text), **options)
        return caught.value

    return refuse


@pytest.fixture
def expression():
    """Return the tree of a text that is one expression statement."""

    def expression(text, **options):
        (statement,) = parse(Source(text), **options).statements
        assert isinstance(statement, ast.ExprStmt), statement
        return statement.expr

    return expression


@pytest.fixture
def shape(expression):
    """Return an expression as text with all its parentheses."""
    return lambda text: _shape(expression(text))


def _shape(node):
    match node:
        case None:
            return ""
        case ast.Binary(_, operator, left, right):
            return f"({_shape(left)} {operator} {_shape(right)})"
        case ast.Range(_, start, end, inclusive):
            return f"({_shape(start)}{'..=' if inclusive else '..'}{_shape(end)})"
        case ast.Unary(_, operator, operand):
            return f"({operator}{_shape(operand)})"
        case ast.MethodCall(_, target, name, arguments):
            return f"{_shape(target)}.{name}({', '.join(map(_shape, arguments))})"
        case ast.Property(_, target, name):
            return f"{_shape(target)}.{name}"
        case ast.Index(_, target, index):
            return f"{_shape(target)}[{_shape(index)}]"
        case ast.Call(_, name, arguments):
            return f"{name}({', '.join(map(_shape, arguments))})"
        case ast.Closure(_, parameters, body):
            return f"|{', '.join(parameters)}| {_shape(body)}"
        case ast.Block(_, statements):
            return "{" + "; ".join(_shape(statement) for statement in statements) + "}"
        case ast.ExprStmt(_, expr):
            return _shape(expr)
        case ast.Assign(_, operator, target, value):
            return f"{_shape(target)} {operator} {_shape(value)}"
        case ast.Name(_, name):
            return name
    return str(node.value)
