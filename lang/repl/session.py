"""A session: inputs in, values and messages out. It knows nothing of terminals."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lang.bytecode.disassemble import disassemble
from lang.errors import CompileError, LangError
from lang.format import FormatFault, format_text
from lang.interpreter import Interpreter
from lang.limits import Limits
from lang.repl.reading import is_unfinished
from lang.scope import Scope
from lang.source import Source
from lang.stdlib.text import host_debug, type_name

LONGEST_SHOWN = 4_000
WIDTH = 80
LIMITS = Limits(operations=2**62, seconds=24 * 3600.0)
"""A person sits in front of it and can interrupt."""

Say = Callable[[str, str], None]
"""Takes a text and its kind: "value", "print", "error" or "note"."""

COMMANDS = {
    ":help": "what there is",
    ":vars": "the variables and their values",
    ":type EXPRESSION": "the type of a value",
    ":time EXPRESSION": "how long it takes, in time and in operations",
    ":disasm SCRIPT": "the program that a script compiles to",
    ":load FILE": "run a file here",
    ":reset": "forget all variables and functions",
    ":quit": "leave; so does Ctrl-D",
}
_KEYS = (
    ("Tab", "completes names, methods behind a point, commands"),
    ("Up, Down", "go through earlier inputs, Ctrl-R looks for one"),
    ("Enter", "runs what is whole, else begins a new line"),
    ("an empty line", "runs the input in any case"),
    ("Ctrl-C", "ends a running script, or drops the input"),
)


class Session:
    """Variables and functions that last from one input to the next."""

    def __init__(self, say: Say, *, strict: bool = False) -> None:
        """Begin a session.

        Args:
            say: gets all that is to be shown. strict: plain Rhai: no vectors, and functions see no variables.
        """
        self.say = say
        self.is_entity = not strict
        self.inputs = 0
        self.is_over = False
        self.reset()

    def reset(self) -> None:
        """Forget all variables and functions."""
        self.interpreter = Interpreter(
            vectors=self.is_entity,
            limits=LIMITS,
            on_print=lambda text: self.say(text, "print"),
            on_debug=lambda text, line, column: self.say(f"{line}:{column} | {text}", "print"),
        )
        self.scope = Scope(state=self.is_entity)

    def variables(self) -> dict[str, Any]:
        """Return the variables with their values."""
        return dict(self.scope)

    def is_unfinished(self, text: str) -> bool:
        """Return whether an input goes on in the next line."""
        return not text.startswith(":") and is_unfinished(text, vectors=self.is_entity)

    # --- inputs

    def submit(self, text: str) -> None:
        """Run an input, or do what a command says; whatever is wrong with it is said."""
        if not text.strip():
            return
        if text.startswith(":"):
            self.command(text)
            return
        self.inputs += 1
        try:
            value = self.run(text)
        except LangError as error:
            self.complain(error)
        else:
            if value is not None:
                self.say(shown(value), "value")

    def run(self, text: str) -> Any:
        """Return the value of a script.

        Raises:
            CompileError: it is none. ScriptError: it failed.
        """
        return self.interpreter.run(Source(text, f"input {self.inputs}"), self.scope)

    def complain(self, error: LangError) -> None:
        """Show an error."""
        diagnostic = getattr(error, "diagnostic", None)
        self.say(diagnostic() if diagnostic is not None else str(error), "error")

    # --- commands

    def command(self, text: str) -> None:
        """Do what a command says."""
        word, _, argument = text.partition(" ")
        argument = argument.strip()
        known = {name.partition(" ")[0]: name for name in COMMANDS}
        matching = [name for name in known if name.startswith(word)]
        if word not in known and len(matching) != 1:
            self.say(f"there is no command {word}; :help lists them", "error")
            return
        name = word if word in known else matching[0]
        if " " in known[name] and not argument:
            self.say(f"{known[name]}: {COMMANDS[known[name]]}", "note")
            return
        try:
            getattr(self, "do_" + name[1:])(argument)
        except LangError as error:
            self.complain(error)

    def do_help(self, _: str) -> None:
        """List commands and keys."""
        rows = [*COMMANDS.items(), ("", ""), *_KEYS]
        self.say("\n".join(f"{name:<18}{meaning}".rstrip() for name, meaning in rows), "note")

    def do_vars(self, _: str) -> None:
        """List the variables."""
        if not self.scope:
            self.say("no variables yet", "note")
        for name, value in self.scope.items():
            word = "const" if self.scope.is_constant(name) else "let"
            line = f"{word} {name} = {one_line(value, WIDTH - len(name) - len(word) - 4)}"
            self.say(line, "value")
        for name, count in self.scope.functions.items():
            self.say(f"fn {name}({', '.join('_' * count)})", "value")

    def do_type(self, argument: str) -> None:
        """Show the type of an expression's value."""
        self.inputs += 1
        self.say(type_name(self.run(argument)), "note")

    def do_time(self, argument: str) -> None:
        """Run a script and show what it took."""
        self.inputs += 1
        start = time.perf_counter()
        value = self.run(argument)
        took = time.perf_counter() - start
        if value is not None:
            self.say(shown(value), "value")
        self.say(f"{_duration(took)}, {self.interpreter.operations:,} operations", "note")

    def do_disasm(self, argument: str) -> None:
        """Show the program of a script."""
        source = Source(argument, "input")
        program = self.scope.compile(source) or self.interpreter.compile(source, state=self.is_entity)
        self.say(disassemble(program, self.interpreter.native_names).rstrip(), "note")

    def do_load(self, argument: str) -> None:
        """Run a file."""
        path = Path(argument.strip("\"'")).expanduser()
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self.say(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}", "error")
            return
        value = self.interpreter.run(Source(text, str(path)), self.scope)
        if value is not None:
            self.say(shown(value), "value")

    def do_reset(self, _: str) -> None:
        """Forget all variables and functions."""
        self.reset()
        self.say("all variables and functions are forgotten", "note")

    def do_quit(self, _: str) -> None:
        """Leave."""
        self.is_over = True


def shown(value: Any) -> str:
    """Return a value as a script would write it, over several lines if it is long."""
    text = host_debug(value)
    if len(text) > LONGEST_SHOWN:
        return f"{text[:LONGEST_SHOWN]}… ({len(text):,} characters)"
    if len(text) <= WIDTH:
        return text
    try:
        return format_text(text, width=WIDTH).rstrip("\n")
    except (CompileError, FormatFault):  # a value may have no literal, such as a function
        return text


def one_line(value: Any, width: int) -> str:
    """Return a value in so many columns."""
    text = host_debug(value).replace("\n", "\\n")
    return text if len(text) <= width else text[: width - 1] + "…"


def _duration(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms" if seconds < 1.0 else f"{seconds:.2f} s"
