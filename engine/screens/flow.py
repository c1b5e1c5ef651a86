"""Whether a game goes on, which screens are open, and what is asked of whoever runs the game.

All of it that matters to a tick lies in `WorldSlot.GAME` and belongs to the state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import NamedTuple

import numpy as np

from engine.ecs.layout import WorldSlot
from engine.ecs.world import World
from engine.input.row import I64
from engine.scene.screens import Click, Screen, Verb, numbered_clicks
from engine.scripting.layout import MOST_SCREENS_OPEN, Effect, GameWord


class RequestKind(Enum):
    """What a game asks of whoever runs it."""

    LOAD = auto()
    AGAIN = auto()
    """The present scene as if it had been loaded: its title too, and with what the game has gathered."""
    RESTART = auto()
    """The present scene as it was when it began last."""
    QUIT = auto()


class Request(NamedTuple):
    """A wish of a script or of a button; `scene` is the file that LOAD names."""

    kind: RequestKind
    scene: str = ""


class GameFlow:
    """Pause, screens and requests of one game.

    Attributes:
        screens: of the scene. request: what was asked for last and not yet taken, or None.
        state: what of it belongs to the state of the game, a view.
        names: string ids of the screens' names, which the world's strings must keep.
        on_call: told of the name that a `call NAME` button has.
    """

    def __init__(self, world: World, screens: Sequence[Screen], on_call: Callable[[str], None]) -> None:
        self.screens = tuple(screens)
        self._clicks = numbered_clicks(self.screens)
        self.on_call = on_call
        self.request: Request | None = None
        self.names = [world.strings.intern(screen.name) for screen in screens]
        self._words = np.zeros(GameWord.FIRST_SCREEN + len(self.names), np.int64)
        self._words[GameWord.FIRST_SCREEN :] = self.names
        self.state: I64 = self._words[: GameWord.FIRST_SCREEN]
        world.publish(WorldSlot.GAME, self._words)

    def change(self, screens: Sequence[Screen]) -> None:
        """Take other screens of the same names."""
        assert [one.name for one in screens] == [one.name for one in self.screens], "open ones have numbers"
        self.screens = tuple(screens)
        self._clicks = numbered_clicks(self.screens)

    def accepts(self, state: I64) -> bool:
        """Return whether words are a state of these screens."""
        if state.size != self.state.size or state.dtype != np.int64:
            return False
        first, count = int(GameWord.FIRST_OPEN), int(state[GameWord.OPEN])
        opened = state[first : first + MOST_SCREENS_OPEN]
        in_range = bool(((opened >= 0) & (opened < max(len(self.screens), 1))).all())
        return 0 <= count <= min(MOST_SCREENS_OPEN, len(self.screens)) and in_range

    @property
    def button_count(self) -> int:
        """How many buttons the screens have, ways back included."""
        return len(self._clicks)

    @property
    def screen(self) -> Screen | None:
        """The topmost open screen."""
        number = self.screen_number
        return None if number < 0 else self.screens[number]

    @property
    def screen_number(self) -> int:
        """The number of the topmost open screen, or -1."""
        count = int(self._words[GameWord.OPEN])
        return int(self._words[GameWord.FIRST_OPEN + count - 1]) if count else -1

    @property
    def is_halted(self) -> bool:
        """Whether no tick may be done: paused, or a screen that pauses is open."""
        return bool(self._words[GameWord.PAUSED]) or any(one.pauses for one in self._open_screens())

    def _open_screens(self) -> list[Screen]:
        count = int(self._words[GameWord.OPEN])
        first = GameWord.FIRST_OPEN
        return [self.screens[number] for number in self._words[first : first + count].tolist()]

    def open(self, name: str) -> None:
        """Open a screen over all others; one that is open already comes to the top."""
        number = next(i for i, screen in enumerate(self.screens) if screen.name == name)
        first, count = GameWord.FIRST_OPEN, int(self._words[GameWord.OPEN])
        others = [one for one in self._words[first : first + count].tolist() if one != number]
        self._set_open([*others, number][-MOST_SCREENS_OPEN:])

    def close(self) -> None:
        """Close the topmost screen."""
        first, count = GameWord.FIRST_OPEN, int(self._words[GameWord.OPEN])
        self._set_open(self._words[first : first + count].tolist()[:-1])

    def resume(self) -> None:
        """End a pause and close all screens that pause."""
        self._words[GameWord.PAUSED] = 0
        staying = {screen.name for screen in self._open_screens() if not screen.pauses}
        self._set_open([i for i, screen in enumerate(self.screens) if screen.name in staying])

    def _set_open(self, numbers: list[int]) -> None:
        first = GameWord.FIRST_OPEN
        self._words[first : first + MOST_SCREENS_OPEN] = 0
        self._words[first : first + len(numbers)] = numbers
        self._words[GameWord.OPEN] = len(numbers)

    def open_at_start(self) -> None:
        """Open the screens that are there when a scene begins, the first of them on top."""
        for screen in reversed(self.screens):
            if screen.at_start:
                self.open(screen.name)

    def follow_actions(self, pressed: Sequence[str]) -> None:
        """Open the screen that an action opens, when none is open."""
        for screen in self.screens:
            if self.screen is None and screen.opens_on in pressed:
                self.open(screen.name)

    def press(self, number: int) -> None:
        """Do what a numbered button of the topmost screen does; one of another screen does nothing."""
        numbered = self._clicks[number - 1]
        if numbered.screen != self.screen_number:
            return
        if numbered.item >= 0 and self.screens[numbered.screen].items[numbered.item].disabled:
            return
        self.do(numbered.click)

    def do(self, click: Click) -> None:
        """Do what a button does."""
        match click.verb:
            case Verb.CLOSE:
                self.close()
            case Verb.RESUME:
                self.resume()
            case Verb.RESTART:
                self.request = Request(RequestKind.RESTART)
            case Verb.QUIT:
                self.request = Request(RequestKind.QUIT)
            case Verb.OPEN:
                self.open(click.target)
            case Verb.SCENE:
                kind = RequestKind.LOAD if click.target else RequestKind.AGAIN
                self.request = Request(kind, click.target)
            case Verb.CALL:
                self.on_call(click.target)
            case Verb.RESET_BINDINGS:
                pass  # the window's business: bindings are no part of a game's state

    def take(self, effect: int, text: str) -> None:
        """Take an effect that a script asked for, with the string it named."""
        match effect:
            case Effect.LOAD_SCENE:
                self.request = Request(RequestKind.LOAD, text)
            case Effect.RESTART:
                self.request = Request(RequestKind.RESTART)
            case Effect.QUIT:
                self.request = Request(RequestKind.QUIT)
            case Effect.PAUSE:
                self._words[GameWord.PAUSED] = 1
            case Effect.RESUME:
                self.resume()
            case Effect.OPEN_SCREEN:
                self.open(text)
            case Effect.CLOSE_SCREEN:
                self.close()

    def take_request(self) -> Request | None:
        """Return what was asked for last, and forget it."""
        request, self.request = self.request, None
        return request
