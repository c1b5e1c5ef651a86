"""A session that is fed from a replay and checks after each step that the same came of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from engine.errors import ReplayDiverged, SaveError
from engine.game.contents import contents_of, differing
from engine.game.fingerprint import Fingerprint
from engine.game.game import Game
from engine.game.kept_data import contents_from
from engine.game.session import GameSession
from engine.input.row import RowError
from engine.replay.replay import Replay, Stretch
from engine.scripting.plugins import Plugin
from lang.jit import I64

HOLD = "the replay"


class ReplaySession(GameSession):
    """A run that repeats another one; what a window feeds it is left aside.

    Attributes:
        steps: how many were done.
        is_over: all steps are done, or one came to something else.
        replay: what is repeated. divergence: what differed first, or None.
    """

    def __init__(self, replay: Replay, scene: Path, plugins: Sequence[Plugin] = ()) -> None:
        """Load the first scene.

        Raises:
            SceneError: it is missing or wrong.
            SaveError: the replay is damaged, or a file is another one than at the recording.
        """
        meta = replay.meta
        saved = contents_from(replay.saved)
        screens = meta.shows_screens
        super().__init__(scene, meta.seed, shows_screens=screens, saved=saved, plugins=plugins)
        self.replay = replay
        self.steps = 0
        self.divergence: ReplayDiverged | None = None
        self._first = self.game.scene.file
        self._number = -1
        self._begin()

    @property
    def _stretch(self) -> Stretch:
        return self.replay.meta.stretches[self._number]

    def _begin(self) -> None:
        """Go on with the next stretch, in the game that is the present one now."""
        self._number += 1
        game, stretch = self.game, self._stretch
        game.reloads.hold(HOLD)
        scene = Path(os.path.relpath(game.scene.file, self._first.parent)).as_posix()
        if self._number and scene != stretch.scene:
            self._diverge([f"the scene that comes next: {scene} instead of {stretch.scene}"])
            return
        changed = differing(stretch.files, contents_of(game))
        if changed:
            raise SaveError(f"these files are others than at the recording: {', '.join(changed)}")
        if stretch.width != game.input.row.size:
            raise SaveError("its rows of input are not those of the scene")
        self._rows = self.replay.rows(self._number)
        self._states = self.replay.states(self._number)
        self._left = stretch.steps
        self._fingerprint = Fingerprint(game)
        if self._fingerprint.names != stretch.parts:
            raise SaveError("it was made by another version: the state has other parts by now")
        self._compare(game)
        self._end_of_stretch()

    def _compare(self, game: Game) -> None:
        expected = next(self._states)
        if game.state_hash() != expected.state:
            self._diverge(self._fingerprint.differences(expected.sums) or ["the state hash alone"])

    def _diverge(self, parts: list[str]) -> None:
        self.divergence = ReplayDiverged(self.steps, self.game.tick, tuple(parts))
        self.is_over = True

    def step(self, row: I64 | None = None) -> bool:  # noqa: ARG002
        """Do the next step of the replay, whatever row is given, and compare.

        Raises:
            SaveError: the replay is damaged, or a file of the next scene is another one.
        """
        if self.is_over:
            return False
        game, last = self.game, self._number + 1 == len(self.replay.meta.stretches)
        try:
            done = super().step(next(self._rows))
        except RowError as error:
            raise SaveError(f"a row of input is none of the scene: {error}") from None
        self.is_over = False  # the run ends with its rows
        self.steps += 1
        self._left -= 1
        self._compare(game)
        if self.divergence is not None:
            return done
        if self.game is not game:
            if last or self._left:
                self._diverge(["the scene: another one takes its place, which none did"])
            else:
                self._begin()
        elif self._left == 0 and not last:
            self._diverge(["the scene: none takes its place, which one did"])
        else:
            self._end_of_stretch()
        return done

    def _end_of_stretch(self) -> None:
        if self._left == 0 and self._number + 1 == len(self.replay.meta.stretches):
            self.is_over = True

    @property
    def sign(self) -> str:
        """Tell how far the replay is."""
        return f"Replay   ·   {self.steps} of {self.replay.steps} steps"

    @property
    def drives_itself(self) -> bool:
        """Whether its rows come from elsewhere."""
        return True

    def rewind(self, ticks: int) -> int:  # noqa: ARG002
        """Take nothing back."""
        return 0

    def end_rewind(self) -> None:
        """Go on; saved scripts wait all the same."""
