"""What a scene alone says of how its game is shown: the part of `GameView` that never changes in a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.input.bindings import Actions
from engine.render.view import ImageSettings
from engine.scene.background import Background
from engine.scene.description import SceneDescription
from engine.scene.hud import Hud
from engine.scene.screens import ScreenStyle
from engine.scene.tables import Window


class SceneView:
    """A scene as a window sees it.

    Attributes:
        scene: all that its file says.
    """

    def __init__(self, scene: SceneDescription) -> None:
        self.scene = scene

    @property
    def settings_name(self) -> str:
        """The name under which a player's settings of the game are kept."""
        return self.scene.settings_name

    @property
    def title(self) -> str:
        """The title of the window."""
        return self.scene.window.title or self.scene.scene.name or self.scene.file.stem

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the world in metres."""
        return self.scene.scene.size

    @property
    def background(self) -> int:
        """0xRRGGBBAA."""
        return int(self.scene.scene.background)

    @property
    def image_settings(self) -> ImageSettings:
        """Where images lie, and how they are shown."""
        is_pixelated = self.scene.scene.filter == "nearest"
        return ImageSettings(self.scene.file_names, self.scene.image_names(), is_pixelated)

    @property
    def window(self) -> Window:
        """What the scene says about the window."""
        return self.scene.window

    @property
    def backgrounds(self) -> Sequence[Background]:
        """What lies behind or before the world."""
        return self.scene.backgrounds

    @property
    def hud(self) -> Sequence[Hud]:
        """What lies over the picture."""
        return self.scene.hud

    @property
    def actions(self) -> Actions:
        """The actions of the scene, as its author bound them."""
        return self.scene.actions

    @property
    def style(self) -> ScreenStyle:
        """Colours of the screens."""
        return self.scene.style

    def names_of(self, kind: str) -> Iterable[str]:
        """Return the names that the scene has of a kind, as hints ask for them (`scripting.name_hints`)."""
        scene = self.scene
        match kind:
            case "prefab":
                return scene.prefabs
            case "effect":
                return scene.effects
            case "action":
                return scene.actions
            case "status effect":
                return scene.statuses
        return [screen.name for screen in scene.screens]
