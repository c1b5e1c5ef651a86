"""The functions that a game's tests have beside the scripting API: they play the game and look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadFileName, EngineError, did_you_mean
from engine.game import Game
from engine.game.session import GameSession
from engine.input.bindings import DOWN_FROM
from engine.input.row import I64, InputWord, held_row, mouse_of, values_of
from engine.input.script import InputScript, InputScriptError
from engine.scene.file_names import SCENE, FileNames
from engine.scene.screens import numbered_clicks
from engine.scripting.plugins import Plugin
from engine.scripting.reports import ScriptFailure
from lang.stdlib.text import debug

FIRST_SCENE = "scene.toml"
MOST_TICKS = 1_000_000
"""Of one call: an hour of the game is 216,000."""
NEAR = 1e-6


class ExpectationFailed(EngineError):
    """A test asked for what is not so, or for what cannot be done."""


class Stage:
    """The game that a test plays; it begins when the test first asks for it.

    Attributes:
        folder: of the game.
        printed: lines that the game printed since the test asked for them last.
        log: all lines of the test and of its game, for who reads of its failure.
    """

    def __init__(self, folder: Path, plugins: Sequence[Plugin] = ()) -> None:
        """Take the folder of the game, and the plugins that it is played with."""
        self.folder = folder
        self._plugins = plugins
        self._session: GameSession | None = None
        self.begin()

    def begin(self) -> None:
        """Forget the game and all that was said of it: another test begins."""
        self.close()
        self._held: dict[str, float] = {}
        self._mouse: tuple[float, float] | None = None
        self._allows_errors = False
        self._failures: list[ScriptFailure] = []
        self._of_game: Game | None = None
        self._told = 0
        self.printed: list[str] = []
        self.log: list[str] = []

    def functions(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Yield (name, function) of all that a test may call."""
        yield from (
            ("assert", self.check),
            ("expect_eq", self.expect_equal),
            ("expect_near", self.expect_near),
            ("load", self.load),
            ("step", self.step),
            ("step_until", self.step_until),
            ("hold", self.hold),
            ("release", self.release),
            ("press", self.press),
            ("play", self.play),
            ("click", self.click),
            ("press_button", self.press_button),
            ("screen_name", self.screen_name),
            ("scene_name", self.scene_name),
            ("ticks", self.ticks),
            ("state", self.state),
            ("printed", self.take_printed),
            ("state_hash", self.state_hash),
            ("allow_script_errors", self.allow_script_errors),
            ("script_errors", self.script_errors),
        )

    def note(self, text: str) -> None:
        """Keep a line that the test printed."""
        self.log.append(text)

    # --- what must be so --------------------------------------------------------------------------

    def check(self, condition: bool, message: str = "this must be true") -> None:
        """Fail with a message unless a condition holds."""
        if not condition:
            raise ExpectationFailed(message)

    def expect_equal(self, found: Any, wanted: Any, what: str = "") -> None:
        """Fail unless two values are equal."""
        if not _are_equal(found, wanted):
            raise ExpectationFailed(f"{_prefix(what)}{debug(wanted)} is expected, not {debug(found)}")

    def expect_near(self, found: Any, wanted: Any, tolerance: float = NEAR) -> None:
        """Fail unless two numbers, or positions component by component, are nearly equal."""
        pairs = _pairs(found, wanted)
        if pairs is None or not all(abs(one - other) <= tolerance for one, other in pairs):
            message = f"{debug(wanted)} is expected within {debug(tolerance)}, not {debug(found)}"
            raise ExpectationFailed(message)

    # --- the game ---------------------------------------------------------------------------------

    @property
    def session(self) -> GameSession:
        """The run of the game; it begins with the first scene unless `load` chose another one."""
        return self._session or self._begin_game(FIRST_SCENE, None)

    def load(self, scene: str, seed: int | None = None) -> None:
        """Begin the game anew with a scene of its folder, and with a seed instead of the scene's."""
        self._held, self._mouse = {}, None
        self._begin_game(scene, seed)

    def _begin_game(self, scene: str, seed: int | None) -> GameSession:
        try:
            file = FileNames(self.folder).find(scene, SCENE)
        except BadFileName as fault:
            raise ExpectationFailed(fault.message + (f"; {fault.hint}" if fault.hint else "")) from None
        self.close()
        self._session = GameSession(file, seed, plugins=self._plugins)
        self._look_for_failures()
        return self._session

    def close(self) -> None:
        """End the game, if there is one."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def step(self, ticks: int = 1) -> None:
        """Do ticks; what is held stays held."""
        for _ in range(_within(ticks)):
            self._step(self._row())

    def step_until(self, condition: Callable[[], Any], most: int) -> bool:
        """Do ticks until a function returns true, at most so many; returns whether it did."""
        for _ in range(_within(most)):
            if condition() is True:
                return True
            self._step(self._row())
        return condition() is True

    def _row(self) -> I64:
        game = self.session.game
        values = np.array([self._held.get(name, 0.0) for name in game.actions], np.float64)
        row = held_row(game.input.row, (np.abs(values) >= DOWN_FROM).astype(np.int64))
        values_of(row)[:] = values
        if self._mouse is not None:
            mouse_of(row)[:] = self._mouse
        return row

    def _step(self, row: I64) -> None:
        if not self.session.is_over:
            self.session.step(row)
        self._look_for_failures()

    def _look_for_failures(self) -> None:
        """Take what scripts said; fail when one of them failed, unless that was allowed."""
        game = self.session.game
        if game is not self._of_game:
            self._of_game, self._told = game, 0
        lines = [*game.drain_log(), *game.log.take_warnings()]
        self.printed += lines
        self.log += lines
        new = list(game.error_reports[self._told :])
        self._told += len(new)
        self._failures += new
        if new and not self._allows_errors:
            raise ExpectationFailed(f"a script of the game failed:\n{new[0].diagnostic}")

    # --- what the player does -----------------------------------------------------------------------

    def _action(self, name: str) -> str:
        actions = self.session.game.actions
        if name not in actions:
            known = ", ".join(actions) or "none"
            raise ExpectationFailed(f'the scene has no action "{name}" (actions: {known})')
        return name

    def hold(self, action: str, value: float = 1.0) -> None:
        """Hold an action from now on; of an axis -1 to 1."""
        if not abs(value) <= 1.0:
            raise ExpectationFailed("the value of an action goes from -1 to 1")
        self._held[self._action(action)] = value

    def release(self, action: str) -> None:
        """Let go of an action."""
        self._held.pop(self._action(action), None)

    def press(self, action: str, ticks: int = 1) -> None:
        """Hold an action for so many ticks, which are done, and let go of it."""
        self.hold(action)
        self.step(ticks)
        self.release(action)

    def play(self, text: str) -> None:
        """Do the ticks of a recorded input: `60 right` lines as in a file of `astraweave run --input`."""
        try:
            script = InputScript(text)
        except InputScriptError as error:
            raise ExpectationFailed(str(error)) from None
        for name in script.action_lines():
            self._action(name)
        for _ in range(_within(script.ticks)):
            game = self.session.game
            self._step(script.next_row(game.input.row, tuple(game.actions)))

    def click(self, place: Any) -> None:
        """Click at a place of the world, in metres, and do a tick."""
        pairs = _pairs(list(place)[:2] if isinstance(place, list | tuple) else place, [0.0, 0.0])
        if pairs is None:
            raise ExpectationFailed(
                f"a place is expected: a vector or an array of 2 numbers, not {debug(place)}"
            )
        (x, _), (y, _) = pairs
        self._mouse = (float(x), float(y))
        row = self._row()
        row[InputWord.CLICK] = 1
        self._step(row)

    def press_button(self, words: str) -> None:
        """Press the button of the open screen with these words, and do a tick unless the game is halted."""
        flow = self.session.game.flow
        buttons = {
            flow.screens[click.screen].items[click.item].button: number
            for number, click in enumerate(numbered_clicks(flow.screens), 1)
            if click.screen == flow.screen_number and click.item >= 0
        }
        if words not in buttons:
            names = [name for name in buttons if name]
            where = "no screen is open" if flow.screen is None else f'the screen "{flow.screen.name}" is open'
            raise ExpectationFailed(f'{where}, without a button "{words}"{did_you_mean(words, names)}')
        row = self._row()
        row[InputWord.BUTTON] = buttons[words]
        self._step(row)

    # --- what is there ------------------------------------------------------------------------------

    def screen_name(self) -> str | None:
        """Return the name of the topmost open screen, or `()`."""
        screen = self.session.game.flow.screen
        return None if screen is None else screen.name

    def scene_name(self) -> str:
        """Return the file of the present scene, such as `level_2.toml`."""
        scene = self.session.game.scene
        return scene.file.resolve().relative_to(self.folder.resolve()).as_posix()

    def ticks(self) -> int:
        """Return how many ticks were done in all scenes."""
        return self.session.ticks

    def state(self, entity: int, script: str) -> dict[str, Any]:
        """Return the script-level variables of an entity's script, by its file."""
        game = self.session.game
        files = game.scripts.files
        if script not in files:
            raise ExpectationFailed(f'no script is called "{script}"{did_you_mean(script, files)}')
        index = np.array([game.world.index_of(entity)])  # raises NoSuchEntity
        if not files[script].has_instance(index)[0]:
            raise ExpectationFailed(f"entity {entity} has no script {script}")
        return game.scripts.state(entity, script)

    def take_printed(self) -> list[str]:
        """Return the lines that the game printed since this was asked last."""
        taken, self.printed = self.printed, []
        return taken

    def state_hash(self) -> str:
        """Return the hash of the whole state, 16 hexadecimal digits."""
        return f"{self.session.game.state_hash():016x}"

    def allow_script_errors(self) -> None:
        """Go on from now on when a script of the game fails."""
        self._allows_errors = True

    def script_errors(self) -> list[str]:
        """Return the diagnostics of all failures so far, oldest first."""
        return [failure.diagnostic for failure in self._failures]


def _within(ticks: int) -> int:
    if not 0 <= ticks <= MOST_TICKS:
        raise ExpectationFailed(f"from 0 to {MOST_TICKS} ticks at a time, not {ticks}")
    return ticks


def _prefix(what: str) -> str:
    return f"{what}: " if what else ""


def _are_equal(one: Any, other: Any) -> bool:
    """Return whether values are equal as scripts see it: a bool is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_are_equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_are_equal(one[key], other[key]) for key in one)
    return bool(one == other)


def _pairs(one: Any, other: Any) -> list[tuple[float, float]] | None:
    """Return numbers, or components of positions as long as each other, in pairs; None for all else."""
    if _is_number(one) and _is_number(other):
        return [(one, other)]
    if not isinstance(one, list | tuple) or not isinstance(other, list | tuple) or len(one) != len(other):
        return None
    if not all(map(_is_number, [*one, *other])):
        return None
    return list(zip(one, other, strict=True))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
