"""A session that keeps what it is fed, and hashes of what comes of it: a replay in the making."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine import __version__
from engine.game.contents import contents_of
from engine.game.fingerprint import Fingerprint
from engine.game.game import TICKS_A_SECOND, Game
from engine.game.kept_data import DataFile, sections_of
from engine.game.session import GameSession
from engine.replay.replay import RunMeta, Stretch, replay_bytes
from engine.replay.streams import RowPacker
from engine.saves.container import write_file
from engine.scripting.plugins import Plugin
from lang.jit import I64

HOLD = "the recording"


class _Part(NamedTuple):
    """What was kept of one game."""

    scene: str
    fingerprint: Fingerprint
    names: tuple[str, ...]
    files: dict[str, str]
    rows: RowPacker
    sums: RowPacker
    width: int


class RecordingSession(GameSession):
    """A run that is recorded. Saved scripts wait for its end, and no tick is taken back."""

    def __init__(
        self,
        path: Path | str,
        seed: int | None = None,
        *,
        shows_screens: bool = False,
        data: DataFile | None = None,
        plugins: Sequence[Plugin] = (),
        plugin_names: tuple[str, ...] = (),
        file: Path | None = None,
    ) -> None:
        """Load the first scene; see `GameSession`.

        Args:
            file: where `close` writes the replay.
            plugin_names: what the plugins are called; whoever replays names them again.
        """
        super().__init__(path, seed, shows_screens=shows_screens, data=data, plugins=plugins)
        self._first = self.game.scene.file
        self._plugin_names = plugin_names
        self._file = file
        self._hashes: list[int] = []
        self._parts: list[_Part] = []
        self._steps: list[int] = []
        self._begin()

    def _begin(self) -> None:
        """Begin to keep the present game."""
        game = self.game
        game.reloads.hold(HOLD)
        fingerprint = Fingerprint(game)
        width = game.input.row.size
        sums = RowPacker(2 * len(fingerprint.names))
        scene = Path(os.path.relpath(game.scene.file, self._first.parent)).as_posix()
        self._parts.append(
            _Part(scene, fingerprint, fingerprint.names, contents_of(game), RowPacker(width), sums, width)
        )
        self._steps.append(0)
        self._note(game)

    def _note(self, game: Game) -> None:
        self._hashes.append(game.state_hash())
        self._parts[-1].sums.add(self._parts[-1].fingerprint.sums().ravel())

    def step(self, row: I64 | None = None) -> bool:
        """Take a row, as `GameSession.step` does, and keep it and what came of it."""
        game, part = self.game, self._parts[-1]
        taken = game.input.row.copy() if row is None else row.copy()
        done = super().step(taken)
        part.rows.add(taken)
        self._steps[-1] += 1
        self._note(game)
        if self.game is not game:
            self._begin()
        return done

    @property
    def sign(self) -> str:
        """Tell that the run is recorded."""
        return f"● Recording   ·   {self.ticks / TICKS_A_SECOND:.0f} s"

    def rewind(self, ticks: int) -> int:  # noqa: ARG002
        """Take nothing back: what was recorded stays."""
        return 0

    def end_rewind(self) -> None:
        """Go on; saved scripts wait all the same."""

    def replay(self, file: Path) -> bytes:
        """Return what was recorded so far as the bytes of a replay.

        Args:
            file: where it will lie: it tells its scene from there.
        """
        stretches = tuple(
            Stretch(scene=one.scene, steps=steps, width=one.width, parts=one.names, files=one.files)
            for one, steps in zip(self._parts, self._steps, strict=True)
        )
        meta = RunMeta(
            scene=_seen_from(file, self._first),
            seed=self._seed,
            shows_screens=self._shows_screens,
            plugins=self._plugin_names,
            made_by=__version__,
            stretches=stretches,
        )
        hashes = np.array(self._hashes, np.uint64).astype(np.int64)
        rows, sums = [one.rows.data() for one in self._parts], [one.sums.data() for one in self._parts]
        return replay_bytes(meta, sections_of(self.saved_at_start), hashes, rows, sums)

    def close(self) -> None:
        """End the run, and write the replay.

        Raises:
            SaveError: it cannot be written.
        """
        super().close()
        if self._file is not None:
            self.write(self._file)

    def write(self, file: Path) -> None:
        """Write the replay, whole or not at all.

        Raises:
            SaveError: it cannot be written.
        """
        write_file(file, self.replay(file))


def _seen_from(file: Path, scene: Path) -> str:
    try:
        return Path(os.path.relpath(scene.resolve(), file.resolve().parent)).as_posix()
    except ValueError:  # on another drive
        return scene.resolve().as_posix()
