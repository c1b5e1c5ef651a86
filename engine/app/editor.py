"""Opening a file at a line in the editor of the user.

The command is a setting of the user, never of a game. It is split into arguments once, places are put into
these, and no shell sees them: whatever a file is called, its name stays one argument.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import msgspec

from engine.errors import EngineError
from engine.render.view import Place

VARIABLE = "ASTRAWEAVE_EDITOR"
SETTINGS = "settings.toml"
EXAMPLE = "code -g {file}:{line}:{column}"
LARGEST_FILE = 1_000_000
_BATCH_FILES = frozenset({".bat", ".cmd"})
_MEANT_FOR_CMD = frozenset('"%&<>^|!\n')


class BadEditor(EngineError):
    """The setting of the editor is no command."""


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    editor: str = ""


class Editor:
    """The user's editor.

    Attributes:
        words: the command as arguments, with `{file}`, `{line}`, `{column}` in them; none without a command.
    """

    def __init__(self, command: str = "") -> None:
        """Take the command.

        Raises:
            BadEditor: it cannot be split into arguments, or has no `{file}`.
        """
        try:
            self.words = tuple(shlex.split(command, posix=os.name != "nt"))
        except ValueError as error:
            raise BadEditor(f"the editor `{command}` is no command: {error}") from None
        if self.words and not any("{file}" in word for word in self.words[1:]):
            raise BadEditor(f"the editor `{command}` does not say where the file goes, as in `{EXAMPLE}`")

    def arguments(self, place: Place) -> list[str]:
        """Return the command for a place."""
        return [_filled(word, place) for word in self.words]

    def open(self, place: Place | None) -> str:
        """Start the editor and do not wait for it; returns what to tell the user."""
        if place is None:
            return "there is no file to open"
        if not self.words:
            return f"no editor is set: {VARIABLE}='{EXAMPLE}', or --editor"
        command = self.arguments(place)
        program = shutil.which(command[0])
        if program is None:
            return f"the editor {command[0]} is not installed"
        if Path(program).suffix.lower() in _BATCH_FILES and _MEANT_FOR_CMD & set("".join(command[1:])):
            return f"{place.file.name} is a name that {command[0]} cannot be given safely"
        try:
            subprocess.Popen(  # noqa: S603 - an argument list; the program is the user's own choice
                [program, *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return f"the editor {command[0]} cannot be started: {error.strerror or error}"
        return f"opened {place.file.name}:{place.line}"


def _filled(word: str, place: Place) -> str:
    """Return an argument with a place put in, in one pass: a file may be called `{line}`."""
    parts = {"{file}": str(place.file), "{line}": str(place.line), "{column}": str(place.column)}
    out = ""
    while word:
        found = next((name for name in parts if word.startswith(name)), None)
        out += parts[found] if found else word[0]
        word = word[len(found) if found else 1 :]
    return out


def find_editor(given: str | None = None, folder: Path | None = None) -> Editor:
    """Return the editor that was given, or that of the environment, or that of the user's settings.

    Args:
        given: the command of `--editor`.  folder: of settings, instead of the user's own.
    Raises:
        BadEditor: the setting is no command, or the file of settings cannot be used.
    """
    command = given if given is not None else os.environ.get(VARIABLE)
    return Editor(_of_settings(folder) if command is None else command)


def settings_file(folder: Path | None = None) -> Path:
    """Return the file of the user's settings."""
    if folder is None:
        import platformdirs

        folder = Path(platformdirs.user_config_dir("astraweave", appauthor=False))
    return folder / SETTINGS


def _of_settings(folder: Path | None) -> str:
    file = settings_file(folder)
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise BadEditor(f"{file}: more than {LARGEST_FILE} bytes")
        return msgspec.toml.decode(file.read_bytes(), type=_Settings).editor
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise BadEditor(f"{file}: {error}") from None
    except RecursionError:
        raise BadEditor(f"{file}: is nested too deeply") from None
