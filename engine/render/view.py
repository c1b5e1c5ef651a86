"""What a window asks of a game: the one interface between the two.

`engine.game` satisfies it without knowing the window; tests satisfy it with a fake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.audio.audio import Audio
from engine.ecs.world import World
from engine.input.bindings import Actions
from engine.particles.system import ParticleSystem
from engine.physics.step import PhysicsSystem
from engine.render.camera import CameraSettings
from engine.render.camera_motion import Shake
from engine.scene.background import Background
from engine.scene.file_names import FileNames
from engine.scene.hud import Hud
from engine.scene.screens import ScreenStyle
from engine.scene.tables import Window
from engine.screens.flow import GameFlow
from engine.scripting.scripts import Scripts
from engine.tilemap.ground import Ground


class MessageKind(StrEnum):
    """What a message in the window is about; it chooses the colour."""

    PRINT = "print"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True)
class Message:
    """A line that the window shows for a few seconds."""

    kind: MessageKind
    text: str


@dataclass(frozen=True)
class ImageSettings:
    """Which images a game has.

    Attributes:
        files: what finds them by name.  names: those that are known from the start.
        is_pixelated: enlarged pixels stay squares instead of being blurred.
    """

    files: FileNames
    names: Sequence[str] = ()
    is_pixelated: bool = False


@dataclass(frozen=True)
class Place:
    """A place in a file; line and column from 1."""

    file: Path
    line: int
    column: int


@dataclass(frozen=True)
class Fault:
    """Something that fails while the game goes on.

    Attributes:
        name: of the script, as the scene names it, or of another file.
        text: the newest diagnostic, several lines. others: how many other ones the script has.
        entities: how many instances of the script wait until it is mended; 0 for other files.
        place: what an editor is to open, if there is a place.
        is_script: whether it may be tried again.
    """

    name: str
    text: str
    others: int = 0
    entities: int = 0
    place: Place | None = None
    is_script: bool = False


class GameView(Protocol):
    """A running game, as a window sees it."""

    paused: bool
    """No ticks while true; the window switches it, and a game may too."""

    @property
    def scene_version(self) -> int:
        """Another number when a saved scene was taken over: what is shown of it may have changed."""

    @property
    def audio(self) -> Audio:
        """What is heard. It may be another one after each step."""

    @property
    def title(self) -> str:
        """The name of the scene."""

    @property
    def settings_name(self) -> str:
        """The name under which a player's settings of the game are kept."""

    @property
    def world(self) -> World:
        """The world that is drawn. It may be another one after each step."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the world in metres; its lower left corner is (0, 0)."""

    @property
    def background(self) -> int:
        """0xRRGGBBAA."""

    @property
    def camera(self) -> CameraSettings:
        """Whom to follow and how large a metre is."""

    @property
    def shakes(self) -> Sequence[Shake]:
        """What shakes the screen at the moment."""

    @property
    def window(self) -> Window:
        """What the scene says about the window."""

    @property
    def backgrounds(self) -> Sequence[Background]:
        """What lies behind or before the world."""

    @property
    def hud(self) -> Sequence[Hud]:
        """What lies over the picture."""

    @property
    def image_settings(self) -> ImageSettings:
        """Where images lie, and how they are shown."""

    @property
    def actions(self) -> Actions:
        """The actions of the scene, as its author bound them."""

    @property
    def flow(self) -> GameFlow:
        """The screens of the scene, and whether the game goes on."""

    @property
    def style(self) -> ScreenStyle:
        """Colours of the screens."""

    @property
    def tick(self) -> int:
        """How many ticks were done."""

    @property
    def entity_count(self) -> int:
        """How many entities are alive."""

    @property
    def particles(self) -> ParticleSystem:
        """The particles that are drawn; a window sets `is_shown`."""

    @property
    def ground(self) -> Ground | None:
        """The tile map, if there is one."""

    @property
    def physics(self) -> PhysicsSystem:
        """What a debug drawing shows."""

    @property
    def scripts(self) -> Scripts:
        """What an inspector looks into."""

    def poll_reload(self) -> None:
        """Swap in what was saved since; called between ticks, also while paused."""

    def faults(self) -> Sequence[Fault]:
        """Return what fails at the moment, oldest first, a script once; the same object until it changes."""

    def reload(self, name: str) -> bool:
        """Read a script again and let all that have it go on; returns whether it compiled."""

    def warn(self, text: str) -> None:
        """Tell whoever runs the game what is wrong with one of its files."""

    def take_messages(self) -> Sequence[Message]:
        """Return what was printed or noted since the last call."""

    def stage_times(self) -> Sequence[tuple[str, float]]:
        """Return the stages of the last tick in order, in milliseconds."""


class SessionView(Protocol):
    """A run over the scenes of a game, as the main loop of a window sees it."""

    is_over: bool
    """The game asked to quit."""

    @property
    def game(self) -> GameView:
        """The present game; another one after a step that changed the scene."""

    @property
    def sign(self) -> str:
        """What stands at the top while nothing else does, such as that the run is recorded."""

    @property
    def drives_itself(self) -> bool:
        """Whether its rows come from elsewhere, so that no open screen waits for anybody."""

    @property
    def past(self) -> int:
        """How many ticks `rewind` can take back."""

    def rewind(self, ticks: int) -> int:
        """Return to so many ticks ago, as far as they are kept; returns how many it were."""

    def end_rewind(self) -> None:
        """Go on from where `rewind` has led."""

    def step(self, row: NDArray[np.int64] | None = None) -> bool:
        """Take a row of input and do a tick unless the game is halted; returns whether one was done."""
