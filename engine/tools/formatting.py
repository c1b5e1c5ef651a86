"""Laying out script files in the one style."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterable
from difflib import unified_diff
from pathlib import Path

import msgspec

from engine.tools.check import counted, read_script, scripts_below
from engine.tools.errors import PathMissing
from lang.errors import CompileError
from lang.format import FormatFault, format_text


class FormatReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the files."""

    files: int
    changed: tuple[Path, ...]
    """Those whose layout is another now, or would be."""
    diffs: tuple[str, ...]
    errors: tuple[str, ...]
    """Diagnostics of files that are left as they are."""
    written: bool

    def lines(self) -> list[str]:
        """Return a line for each file that changed, and one that counts."""
        verb = "formatted" if self.written else "would format"
        listed = [f"{verb} {file}" for file in self.changed]
        same = self.files - len(self.changed) - len(self.errors)
        parts = [
            f"{counted(len(self.changed), 'file')} {'formatted' if self.written else 'to format'}",
            f"{same} unchanged",
        ]
        if self.errors:
            parts.append(f"{len(self.errors)} with errors")
        return [*listed, ", ".join(parts)]


def format_paths(paths: Iterable[Path], *, writes: bool, strict: bool = False) -> FormatReport:
    """Format scripts, and in folders all of them.

    Args:
        writes: change the files. strict: scripts are plain Rhai, without vectors.
    Raises:
        PathMissing: a path does not exist or is no script.
    """
    files = sorted({file for path in paths for file in scripts_below(path)})
    changed: list[Path] = []
    diffs: list[str] = []
    errors: list[str] = []
    for file in files:
        try:
            text = read_script(file)
            made = format_text(text, str(file), vectors=not strict)
        except CompileError as error:
            errors.append(error.diagnostic())
        except (FormatFault, PathMissing) as error:
            errors.append(str(error))
        else:
            if made != text:
                changed.append(file)
                diffs.append(_difference(text, made, str(file)))
                if writes:
                    _write(file, made)
    return FormatReport(
        files=len(files), changed=tuple(changed), diffs=tuple(diffs), errors=tuple(errors), written=writes
    )


def format_stream(out: Callable[[str], None], err: Callable[[str], None], *, strict: bool = False) -> bool:
    """Format standard input to standard output; return whether it failed."""
    text = sys.stdin.read()
    try:
        out(format_text(text, "standard input", vectors=not strict).removesuffix("\n"))
    except CompileError as error:
        err(error.diagnostic())
        return True
    except FormatFault as error:
        err(str(error))
        return True
    return False


def _write(file: Path, text: str) -> None:
    """Write a file; a byte order mark stays."""
    mark = codecs.BOM_UTF8 if file.read_bytes().startswith(codecs.BOM_UTF8) else b""
    try:
        file.write_bytes(mark + text.encode())
    except OSError as error:
        raise PathMissing(file, f"cannot be written: {error.strerror or error}") from None


def _difference(before: str, after: str, name: str) -> str:
    lines = unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (formatted)"
    )
    ended = [line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines]
    return "".join(ended)
