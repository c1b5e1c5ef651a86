"""A display for the tests that open a window, and a game that needs no scripts."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine.audio.audio import Audio
from engine.audio.bank import SoundBank
from engine.audio.mixer import MixerSettings
from engine.ecs.components import Component, Field, ShapeKind
from engine.ecs.world import World
from engine.input.row import InputWord
from engine.particles.system import ParticleSystem
from engine.physics.step import PhysicsSystem
from engine.render.camera import CameraSettings
from engine.render.view import ImageSettings
from engine.scene.file_names import FileNames
from engine.scene.screens import ScreenStyle
from engine.scene.tables import Window
from engine.screens.flow import GameFlow
from engine.scripting.scripts import Scripts
from tests.engine.input.actions import actions_of

BACKGROUND = 0x203040FF


@pytest.fixture(scope="session", autouse=True)
def display():
    """Use the display there is, or start Xvfb for this session."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    if shutil.which("Xvfb") is None:
        pytest.skip("windows need a display: DISPLAY is not set and Xvfb is not installed")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    os.environ["DISPLAY"] = f":{number}"
    yield os.environ["DISPLAY"]
    del os.environ["DISPLAY"]
    server.terminate()
    server.wait(timeout=10)


class FakeGame:
    """Satisfies GameView: a world drawn by hand, and a note of what the window did."""

    def __init__(self):
        self.warnings = []
        self.paused = False
        self.audio = Audio(SoundBank(Path(), ()), MixerSettings(), {}, self.warnings.append)
        self.title = self.settings_name = "A test"
        self.world = World()
        self.particles = ParticleSystem(self.world, (), (1000,), 1)
        self.physics = PhysicsSystem((0.0, 0.0))
        self.scripts = Scripts(self.world, 1)
        self.size = (10.0, 8.0)
        self.background = BACKGROUND
        self.camera = CameraSettings(pixels_per_metre=40.0)
        self.actions = actions_of({"left": ["A", "LEFT"], "jump": ["SPACE"]})
        self.screens = ()
        self.style = ScreenStyle()
        self.is_over = False
        self.tick = 0
        self.errors = []
        self.reloaded = []
        self.messages = []
        self.rows = []
        self.reload_polls = 0
        self.scene_version = 0
        self.rewinds = 0
        self.on_step = lambda: None
        self.shakes = []
        self.hud = ()
        self.backgrounds = ()
        self.window = Window()
        self.ground = None
        self.image_settings = ImageSettings(FileNames(Path("no-such-folder")))

    @property
    def entity_count(self):
        return len(self.world)

    @property
    def game(self):
        """It is its own session: the only game there is."""
        return self

    @functools.cached_property
    def flow(self):
        return GameFlow(self.world, self.screens, lambda _name: None)

    def step(self, row=None):
        self.rows.append(row)
        if row[InputWord.BUTTON]:
            self.flow.press(int(row[InputWord.BUTTON]))
        if self.flow.is_halted:
            return False
        self.tick += 1
        self.on_step()
        return True

    past = 0
    sign = ""
    drives_itself = False

    def rewind(self, _ticks):
        self.rewinds += 1
        return 0

    def end_rewind(self):
        self.rewinds = 0

    def poll_reload(self):
        self.reload_polls += 1

    def faults(self):
        return self.errors

    def reload(self, name):
        self.reloaded.append(name)
        return True

    def warn(self, text):
        self.warnings.append(text)

    def take_messages(self):
        taken, self.messages = self.messages, []
        return taken

    def stage_times(self):
        return [("simulation", 0.25), ("physics", 0.5)]

    def sprite(self, shape, x, y, **fields):
        """Add a sprite of 2 m that stands still; further fields by name."""
        entity = self.world.spawn([Component.TRANSFORM, Component.SPRITE])
        values = {
            "SPRITE_SHAPE": int(shape),
            "SPRITE_WIDTH": 2.0,
            "SPRITE_HEIGHT": 2.0,
            "TRANSFORM_X": x,
            "TRANSFORM_PREVIOUS_X": x,
            "TRANSFORM_Y": y,
            "TRANSFORM_PREVIOUS_Y": y,
        }
        for name, value in (values | fields).items():
            self.world.set(entity, Field[name], value)
        return entity

    def crowd(self, count, seed=1):
        """Add many small sprites of all shapes."""
        rng = np.random.default_rng(seed)
        for number in range(count):
            x, y = rng.uniform((0.0, 0.0), self.size)
            color = int(rng.integers(1 << 24)) << 8 | 0xFF
            shape = ShapeKind(number % 3)
            self.sprite(shape, x, y, SPRITE_WIDTH=0.3, SPRITE_HEIGHT=0.3, SPRITE_COLOR=color)


@pytest.fixture
def game():
    return FakeGame()


@pytest.fixture
def open_window(display, tmp_path):
    """Open windows of 400 by 320 pixels, the whole fake world at 40 pixels a metre."""
    from engine.app.window import GameWindow

    opened = []

    def open_it(game, width=400, height=320):
        folder = tmp_path / "settings"
        opened.append(GameWindow(game, width=width, height=height, vsync=False, settings_folder=folder))
        return opened[-1]

    yield open_it
    for window in opened:
        window.close()
