"""The prompt in a terminal; without one (a pipe, a file) inputs are taken line by line."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from lang.repl.completion import completions
from lang.repl.highlighting import STYLES, Part, highlighted
from lang.repl.reading import INDENT, indentation
from lang.repl.session import COMMANDS, Session

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import History

PROMPT, CONTINUED = "> ", ". "
BANNER = "astraweave {version}: scripts, one input at a time (:help, :quit)"
_COMMAND_WORDS = [name.partition(" ")[0] for name in COMMANDS]


def run_repl(*, strict: bool = False, version: str = "") -> None:
    """Read and run inputs until there are no more.

    Args:
        strict: plain Rhai: no vectors, and functions see no variables.
        version: of the product, for the first line.
    """
    if sys.stdin.isatty() and sys.stdout.isatty():
        _run_in_terminal(strict, version)
    else:
        _run_plainly(strict, sys.stdin)


def _run_plainly(strict: bool, lines: Iterable[str]) -> None:
    """Take inputs from lines; errors go to standard error, all else to standard output."""

    def say(text: str, kind: str) -> None:
        print(text, file=sys.stderr if kind == "error" else sys.stdout, flush=True)

    session = Session(say, strict=strict)
    text = ""
    for line in lines:
        text += line
        if not session.is_unfinished(text.rstrip("\n") + ("\n" if text.endswith("\n\n") else "")):
            with _interruptible(session):
                session.submit(text.rstrip("\n"))
            text = ""
        if session.is_over:
            return
    session.submit(text.rstrip("\n"))


@contextmanager
def _interruptible(session: Session) -> Iterator[None]:
    """Let Ctrl-C end the script that runs, and not the prompt."""

    def cancel(_number: int, _frame: FrameType | None) -> None:
        session.interpreter.cancel()

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# --- the terminal


def _run_in_terminal(strict: bool, version: str) -> None:
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.styles import Style

    style = Style.from_dict(STYLES)

    def show(parts: list[Part]) -> None:
        print_formatted_text(FormattedText(_styled(parts)), style=style)

    def say(text: str, kind: str) -> None:
        show(_PAINTED[kind](text))

    session = Session(say, strict=strict)
    prompt = _prompt(session, style)
    show([("dim", BANNER.format(version=version))])
    while not session.is_over:
        try:
            text = prompt.prompt([("class:prompt", PROMPT)])
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        with _interruptible(session):
            session.submit(text.strip("\n"))


def _prompt(session: Session, style: Any) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document
    from prompt_toolkit.lexers import Lexer

    class _Names(Completer):
        def get_completions(self, document: Document, _: CompleteEvent) -> Iterable[Completion]:
            before = document.text_before_cursor
            found = completions(before, session.variables(), session.scope.functions, _COMMAND_WORDS)
            for item in found:
                yield Completion(item.word, -item.typed, display_meta=item.meaning)

    class _Colours(Lexer):
        def lex_document(self, document: Document) -> Callable[[int], Any]:
            lines = _lines(highlighted(document.text))
            return lambda number: lines[number] if number < len(lines) else []

    return PromptSession(
        history=_history(),
        completer=_Names(),
        complete_while_typing=False,
        lexer=_Colours(),
        style=style,
        multiline=True,
        prompt_continuation=lambda _width, _line, _wrapped: [("class:prompt", CONTINUED)],
        key_bindings=_keys(session),
    )


def _keys(session: Session) -> Any:
    from prompt_toolkit.filters import completion_is_selected, has_completions
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("enter", filter=~completion_is_selected)
    def _enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        at_end = not buffer.document.text_after_cursor.strip()
        if at_end and not session.is_unfinished(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n" + indentation(buffer.document.text_before_cursor))

    @keys.add("enter", filter=completion_is_selected & has_completions)
    def _choose(event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None

    @keys.add("}")
    def _close(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        line = buffer.document.current_line_before_cursor
        if line and not line.strip() and len(line) >= INDENT:
            buffer.delete_before_cursor(INDENT)
        buffer.insert_text("}")

    return keys


def _history() -> History:
    """Return what keeps earlier inputs, in a file where that can be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path: Path = user_state_path("astraweave", appauthor=False) / "repl_history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def _lines(parts: list[Part]) -> list[list[Part]]:
    """Cut parts at line ends."""
    lines: list[list[Part]] = [[]]
    for style, text in _styled(parts):
        first, *others = text.split("\n")
        lines[-1].append((style, first))
        lines += [[(style, other)] for other in others]
    return lines


def _styled(parts: list[Part]) -> list[Part]:
    return [(f"class:{style}" if style else "", text) for style, text in parts]


def _error(text: str) -> list[Part]:
    """Return a diagnostic: its message, then the line and the hint."""
    parts: list[Part] = []
    for number, line in enumerate(text.split("\n")):
        style = "error" if not number or line.lstrip(" |").startswith("^") else ""
        if line.startswith("hint: "):
            style = "hint"
        parts += ((style, line), ("", "\n"))
    return parts[:-1]


_PAINTED: dict[str, Callable[[str], list[Part]]] = {
    "value": highlighted,
    "print": lambda text: [("", text)],
    "note": lambda text: [("dim", text)],
    "error": _error,
}
