"""A run of a game over its scenes: the one present game, and what goes on when it asks for another.

A session is fed one row of input a step, so a run is its first scene, its seed and its rows. Of one scene
the next one has the values that scripts share (`set_global`) and nothing else; a scene that begins anew has
those with which it began. A scene keeps the seed of the session when one was given, and begins at tick 0.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

from engine.errors import BadFileName, SceneError
from engine.game.game import Game
from engine.game.history import History
from engine.game.kept_data import DataFile, KeptData
from engine.game.next_scenes import NextScenes
from engine.input.row import InputWord
from engine.scene import load_scene
from engine.scene.file_names import SCENE, FileNames
from engine.screens.flow import Request, RequestKind
from engine.scripting.global_values import Contents
from engine.scripting.plugins import Plugin
from lang.jit import I64

TICKS_A_WRITE = 60
"""What is to outlive the game is written so often, if it has changed."""


class GameSession:
    """The present game and its successors.

    Attributes:
        game: the present one; another one after a step that changed the scene.
        ticks: done in all scenes. is_over: the game asked to quit.
        saved_at_start: what `load_data` found in the first scene.
    """

    def __init__(
        self,
        path: Path | str,
        seed: int | None = None,
        *,
        shows_screens: bool = False,
        data: DataFile | None = None,
        plugins: Sequence[Plugin] = (),
        rewinds: bool = False,
        saved: Contents | None = None,
    ) -> None:
        """Load the first scene.

        Args:
            path: the scene file.  seed: takes the place of those of all scenes.
            data: returns the file of a game of this name that `load_data` reads; without one it is empty.
            plugins: those of all its games, which each registers with anew.
            shows_screens: open the screens that are there at the start, as there is somebody to see them.
            saved: what `load_data` finds, instead of what a file holds.
            rewinds: keep the last seconds of each game, unless its scene forbids it.
        Raises:
            SceneError: the scene is missing or wrong.  BadPlugin: a plugin cannot be registered.
        """
        self._seed = seed
        self._plugins = tuple(plugins)
        self._kept: Contents = ()
        self._shows_screens = shows_screens
        self.ticks = 0
        self.is_over = False
        scene = load_scene(path, seed)
        self._data = KeptData(None if data is None else data(scene.settings_name))
        self.saved_at_start = self._data.read() if saved is None else saved
        self.game = Game(scene, saved=self.saved_at_start, plugins=self._plugins)
        self._tell_of_data()
        self._rewinds = rewinds
        self._history = self._new_history()
        self._next_scenes: NextScenes | None = None
        if shows_screens:
            self.game.flow.open_at_start()
            self._next_scenes = NextScenes(self.game.scene, self.game.scripts.natives)

    def step(self, row: I64 | None = None) -> bool:
        """Take a row of input, press the button that it names, do a tick unless the game is halted.

        Args:
            row: see `engine.input.row`; without one, what is held stays held.
        Returns:
            Whether a tick was done.
        Raises:
            RowError: the row does not fit the present scene.
        """
        is_done = self._tick(row)
        self._do_request()
        return is_done

    def _tick(self, row: I64 | None) -> bool:
        game = self.game
        if row is not None:
            game.set_input(row)
        game.press_button(int(game.input.row[InputWord.BUTTON]))
        if game.flow.request is not None or game.flow.is_halted:
            game.input.end_tick()
            return False
        game.step()
        self.ticks += 1
        if self._history is not None:
            self._history.note()
        if self.ticks % TICKS_A_WRITE == 0:
            self._keep_data()
        return True

    def _new_history(self) -> History | None:
        return History(self.game.state) if self._rewinds and self.game.scene.window.rewind else None

    @property
    def sign(self) -> str:
        """What a window says of the run, if anything."""
        return ""

    @property
    def drives_itself(self) -> bool:
        """Whether its rows come from elsewhere, so that no open screen waits for anybody."""
        return False

    @property
    def past(self) -> int:
        """How many ticks `rewind` can take back."""
        return 0 if self._history is None else len(self._history)

    def rewind(self, ticks: int) -> int:
        """Let the present game return to so many ticks ago; saved scripts wait until `end_rewind`.

        Returns:
            How many ticks were taken back: fewer when no more are kept, and none of another scene.
        """
        self.game.reloads.hold("the rewind")
        taken = 0 if self._history is None else self._history.back(ticks)
        self.ticks -= taken
        return taken

    def end_rewind(self) -> None:
        """Go on from here: saved scripts are taken over again."""
        self.game.reloads.release()

    def _keep_data(self) -> None:
        self._data.write(self.game.scripts.saved.contents())
        self._tell_of_data()

    def _tell_of_data(self) -> None:
        fault = self._data.take_fault()
        if fault:
            self.game.warn(fault)

    def _do_request(self) -> None:
        request = self.game.flow.take_request()
        if request is None:
            return
        match request.kind:
            case RequestKind.QUIT:
                self.is_over = True
            case RequestKind.RESTART | RequestKind.AGAIN:
                self._go_to(self.game.scene.file, request)
            case RequestKind.LOAD:
                self._load(request)

    def _load(self, request: Request) -> None:
        try:
            file = FileNames(self.game.scene.folder).find(request.scene, SCENE)
        except BadFileName as fault:
            hint = f"\n  hint: {fault.hint}" if fault.hint else ""
            self.game.report_fault(request.scene, f"{request.scene}: {fault.message}{hint}")
        else:
            self._go_to(file, request)

    def _go_to(self, file: Path, request: Request) -> None:
        """Let the game of a scene take the place of the present one; a broken scene changes nothing."""
        begins_anew = request.kind is RequestKind.RESTART
        kept = self._kept if begins_anew else self.game.scripts.globals.contents()
        try:
            game = Game.load(file, self._seed, kept, self.game.scripts.saved.contents(), self._plugins)
        except SceneError as fault:
            self.game.report_fault(request.scene, str(fault))
            return
        self.game.close()
        self.game, self._kept = game, kept
        self._history = self._new_history()
        gc.collect()  # a game refers to itself and holds megabytes, which the collector does not count
        if self._shows_screens and not begins_anew:
            game.flow.open_at_start()

    def close(self) -> None:
        """Keep what is to outlive the game; stop watching files, and readying scenes."""
        self._keep_data()
        if self._next_scenes is not None:
            self._next_scenes.close()
        self.game.close()
