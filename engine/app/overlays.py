"""All that is drawn over the world: errors, messages, times, help, the sign of time."""

from __future__ import annotations

import time

from engine.app.canvas import Canvas
from engine.app.error_panel import ErrorPanel
from engine.app.inspector_panel import InspectorPanel
from engine.app.panels import HelpPanel, LegendPanel, MessagesPanel, Statistics, TimeSign, TimesPanel
from engine.app.tools import WindowTools
from engine.app.window_input import WindowInput
from engine.app.window_keys import WindowCommand
from engine.render.frame_times import RecentTimes
from engine.render.messages import MessageFeed
from engine.render.overlay_text import rewind_text
from engine.render.view import GameView, Message, MessageKind


class Overlays:
    """The panels of a window.

    Attributes:
        statistics: times, filled by the main loop and by the window.
        shows_times, shows_help: which panels are open.
        rewind: while ticks are taken back, how many it were and how many there still are.
        sign: what stands at the top while time goes on as ever.
    """

    def __init__(self, game: GameView, canvas: Canvas, window_input: WindowInput, tools: WindowTools) -> None:
        self.statistics = Statistics(RecentTimes(), RecentTimes())
        self.shows_times = False
        self.shows_help = False
        self.rewind: tuple[int, int] | None = None
        self.sign = ""
        self._game = game
        self._canvas = canvas
        self._input = window_input
        self._tools = tools
        keys = window_input.keys
        go_on, step = keys.first_name(WindowCommand.PAUSE), keys.first_name(WindowCommand.STEP)
        self._feed = MessageFeed()
        self._times = TimesPanel(canvas)
        self._inspector = InspectorPanel(canvas)
        self._legend = LegendPanel(canvas)
        self._errors = ErrorPanel(canvas)
        self._messages = MessagesPanel(canvas)
        self._pause_keys = f"{go_on} goes on   ·   {step} steps"
        self._pause_sign = TimeSign(canvas)
        self._help = HelpPanel(canvas)

    def note(self, text: str, kind: MessageKind = MessageKind.NOTE) -> None:
        """Show a message of the window itself."""
        self._feed.add([Message(kind, text)], time.perf_counter())

    def draw(self, size: tuple[int, int], now: float) -> None:
        """Lay out all that is to be seen in a window of `size` pixels and draw it."""
        game, canvas = self._game, self._canvas
        canvas.begin(*size)
        self._feed.add(game.take_messages(), now)
        bottom = self._lay_out_errors()
        self._messages.lay_out(canvas, self._feed, now, bottom)
        self.statistics.tick = game.tick
        self.statistics.entities = game.entity_count
        self.statistics.particles = game.particles.count
        self.statistics.particles_left_out = game.particles.left_out
        self.statistics.stages = game.stage_times()
        if self.shows_times:
            self._times.lay_out(canvas, self.statistics, now)
        else:
            self._times.hide()
        self._inspector.lay_out(canvas, self._tools.inspector, now)
        self._legend.lay_out(canvas, self._tools.level)
        sign = rewind_text(*self.rewind) if self.rewind else self._pause_text()
        self._pause_sign.lay_out(canvas, sign)
        keys, actions = self._input.keys.help_rows(), self._input.bindings.actions
        self._help.lay_out(canvas, keys, actions, visible=self.shows_help)
        canvas.draw()

    def _pause_text(self) -> str:
        speed = self._tools.speed
        if self._game.paused:
            return f"Paused   ·   {self._pause_keys}"
        return self.sign if speed == 1.0 else f"{speed:g} × speed"

    def _lay_out_errors(self) -> float:
        errors = self._tools.errors
        errors.update(self._game.faults())
        return self._errors.lay_out(self._canvas, errors, self._input.keys.first_name(WindowCommand.ERRORS))
