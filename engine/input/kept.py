"""Bindings that a player has changed: kept in a file of the user, a file a game, and no part of any state.

The file holds only what differs from the scene. What it says of actions that the present scene lacks is
kept for the scenes of the game that have them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec

from engine.input.bindings import Action, Actions, Side, users_of
from engine.input.names import canonical_name, is_button_name
from lang.files import replace_file

LARGEST_FILE = 1_000_000


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1] = 1
    bindings: dict[str, tuple[str, ...]] = {}
    """``jump`` or ``move_x.negative`` → inputs."""


def bindings_file(game: str, folder: Path | None = None) -> Path:
    """Return the file of a game's bindings.

    Args:
        game: its name.  folder: instead of the user's folder of settings.
    """
    if folder is None:
        import platformdirs

        folder = Path(platformdirs.user_config_dir("astraweave", appauthor=False)) / "bindings"
    name = re.sub(r"[^a-z0-9]+", "-", game.lower()).strip("-") or "game"
    return folder / f"{name}.json"


class PlayerBindings:
    """The bindings of a scene as the player has them.

    Attributes:
        actions: the scene's, with the player's inputs. fault: why the file cannot be used or written, or "".
    """

    def __init__(self, actions: Actions, file: Path | None) -> None:
        """Take a scene's actions and lay the file's bindings over them; without a file nothing is kept."""
        self._defaults = dict(actions)
        self._file = file
        self.fault = ""
        self._kept = {} if file is None else self._read(file)
        self.actions: dict[str, Action] = {}
        self._apply()

    def _read(self, file: Path) -> dict[str, tuple[str, ...]]:
        try:
            return _decoded(file)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
            self.fault = f"the key bindings in {file} cannot be used: {error}; the game's own hold"
            return {}

    def take_fault(self) -> str:
        """Return the fault, and forget it: it is told once."""
        fault, self.fault = self.fault, ""
        return fault

    def _apply(self) -> None:
        self.actions = dict(self._defaults)
        for name, action in self._defaults.items():
            for side in action.sides:
                if _key(name, side) in self._kept:
                    self.actions[name] = self.actions[name].bound(side, self._kept[_key(name, side)])

    def bind(self, action: str, side: Side, name: str) -> None:
        """Give a side of an action an input, in the place of those of its kind, and keep that."""
        changed = self.actions[action].rebound(side, canonical_name(name))
        self._kept[_key(action, side)] = changed.inputs(side)
        self._apply()
        self._write()

    def reset(self) -> None:
        """Go back to the bindings of the scene."""
        for name, action in self._defaults.items():
            for side in action.sides:
                self._kept.pop(_key(name, side), None)
        self._apply()
        self._write()

    def other_users(self, action: str, side: Side) -> list[str]:
        """Return what else the inputs of a side are bound to: ``jump``, ``move_x.negative``."""
        names = self.actions[action].inputs(side)
        users = dict.fromkeys(user for name in names for user in users_of(self.actions, name))
        return [_key(*user) for user in users if user != (action, side)]

    def _write(self) -> None:
        if self._file is None:
            return
        text = msgspec.json.format(msgspec.json.encode(_File(bindings=self._kept)))
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._file, text)
        except OSError as error:
            self.fault = f"the key bindings cannot be kept: {error}"


def _decoded(file: Path) -> dict[str, tuple[str, ...]]:
    """Return what a file says.

    Raises:
        OSError, ValueError, MsgspecError: it cannot be read, is too large, or says what makes no sense.
    """
    if file.stat().st_size > LARGEST_FILE:
        raise ValueError(f"more than {LARGEST_FILE} bytes")
    kept = msgspec.json.decode(file.read_bytes(), type=_File).bindings
    for name in (name for names in kept.values() for name in names):
        if not is_button_name(name):
            raise ValueError(f'there is no key "{name}"')
    return kept


def _key(action: str, side: Side) -> str:
    return action if side is Side.BUTTONS else f"{action}.{side}"
