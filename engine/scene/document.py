"""Reads a scene file's text as TOML; what cannot be read is a `SceneError` of the file as a whole."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from engine.errors import SceneError
from engine.scene.faults import hint_for

LARGEST_FILE = 16_000_000
_AT_PLACE = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)


def read_text(file: Path) -> str:
    """Return the text of a scene file.

    Raises:
        SceneError: no such file, not readable, not UTF-8.
    """
    try:
        if file.is_dir():
            raise _fault(file, "this is a folder", hint="name a scene file (.toml)")
        if file.exists() and not file.is_file():
            raise _fault(file, "this is no file but a device or a pipe")
        if file.stat().st_size > LARGEST_FILE:
            raise _fault(file, f"the file is too large: at most {LARGEST_FILE} bytes")
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = hint_for(file.name, (one.name for one in file.parent.glob("*.toml")))
        raise _fault(file, "no such file", hint=near) from None
    except UnicodeDecodeError as error:
        raise _fault(file, f"the file is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise _fault(file, f"cannot be read: {error.strerror or error}") from None


def parse_tables(text: str, file: Path) -> dict[str, Any]:
    """Return the raw tables of a scene's text.

    Raises:
        SceneError: it is not TOML; the error has the place.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _AT_PLACE.fullmatch(str(error))
        message = match.group(1) if match else str(error)
        line, column = map(int, match.group(2, 3)) if match else (text.count("\n") + 1, 0)
        raise _fault(file, f"not TOML: {message}", line=line, column=column) from None
    except RecursionError:
        raise _fault(file, "not TOML: too deeply nested") from None


def _fault(file: Path, message: str, *, hint: str = "", line: int = 0, column: int = 0) -> SceneError:
    return SceneError(file, "", "", message, hint=hint, line=line, column=column)
