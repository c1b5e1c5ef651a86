"""What a game has to do with sound: requests of scripts, entities that sound, where the listener is."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np

from engine.audio.audio import MUSIC_FADE, STOP_FADE, Audio
from engine.audio.bank import SoundBank
from engine.audio.emitters import Emitter
from engine.audio.layout import RATE, TICK_FRAMES, Bus
from engine.audio.mixer import MixerSettings
from engine.ecs.components import Component, Field
from engine.ecs.query import Query
from engine.ecs.world import World
from engine.game.log import GameLog
from engine.game.shares import parts_of
from engine.game.sound_reload import SoundReload
from engine.render.view import MessageKind
from engine.scene.description import SceneDescription
from engine.scene.tables import SoundTable
from engine.scripting.event_queue import parties_of_entities
from engine.scripting.layout import NO_PLACE_GIVEN, Effect
from lang.jit import I64

TINY = 1e-6
"""Metres of the least radius."""
SECONDS_A_TICK = TICK_FRAMES / RATE
_EMITTER_FIELDS = (
    Field.SOUND_NAME,
    Field.TRANSFORM_X,
    Field.TRANSFORM_Y,
    Field.SOUND_VOLUME,
    Field.SOUND_PITCH,
    Field.SOUND_RADIUS,
    Field.SOUND_LOOPS,
)


class GameSound:
    """Connects the world and the scripts of a game with its sound.

    Attributes:
        audio: what is heard. reload: reads saved sounds again.
    """

    def __init__(self, world: World, scene: SceneDescription, log: GameLog) -> None:
        table = scene.sound
        self._voices = parts_of(scene, min(scene.limits.voices or table.voices, table.voices))
        settings = MixerSettings(voices=self._voices, reference=table.reference)
        bank = SoundBank(scene.folder, table.folders, scene.mod_folders)
        self.audio = Audio(bank, settings, _volumes(table), log.warn)
        self.reload = SoundReload(self.audio, lambda text: log.note(MessageKind.NOTE, text))
        if table.music:
            self.audio.play_music(table.music, 0.0)
        self._button = table.button
        self._world = world
        self._middle = (scene.scene.size[0] / 2, scene.scene.size[1] / 2)
        self._sounding = Query(world, (Component.TRANSFORM, Component.SOUND))

    def change(self, before: SoundTable, scene: SceneDescription) -> None:
        """Take what a saved scene says of music and volumes, as far as it says something else than before."""
        table = scene.sound
        self._button = table.button
        self._middle = (scene.scene.size[0] / 2, scene.scene.size[1] / 2)
        for bus, volume in _volumes(table).items():
            if volume != _volumes(before)[bus]:
                self.audio.set_volume(bus, volume)
        if table.music != before.music:
            if table.music:
                self.audio.play_music(table.music)
            else:
                self.audio.stop_music()
        self.audio.flush()

    def take(self, records: I64) -> None:
        """Do what scripts asked for: records [n, EFFECT_WORDS]."""
        audio = self.audio
        records = records[records[:, 0] <= Effect.VOLUME]
        numbers = records[:, 3:7].view("float64").tolist()
        texts = {string: self._text(string) for string in set(records[:, 2].tolist())}
        for record, (first, second, third, fourth) in zip(records.tolist(), numbers, strict=True):
            kind, party, string, *_, last = record
            if kind == Effect.SOUND:
                place = None if first == NO_PLACE_GIVEN else (first, second)
                audio.play(texts[string], place, third, pitch=fourth, handle=last, party=party)
            elif kind == Effect.STOP_SOUND:
                audio.stop(last, first if first >= 0.0 else STOP_FADE)
            elif kind == Effect.STOP_SOUNDS:
                audio.stop(texts[string], first if first >= 0.0 else STOP_FADE)
            elif kind == Effect.MUSIC:
                audio.play_music(texts[string], first if first >= 0.0 else MUSIC_FADE, party)
            elif kind == Effect.STOP_MUSIC:
                audio.stop_music(first if first >= 0.0 else MUSIC_FADE)
            elif kind == Effect.VOLUME:
                audio.set_volume(Bus(last), first)

    def _text(self, string: int) -> str:
        return self._world.strings.text(string)

    def press_button(self) -> None:
        """Let a pressed button be heard, with what it asked for: no tick may follow soon."""
        if self._button:
            self.audio.play(self._button)
        self.audio.flush()

    def end_tick(self, find_followed: Callable[[], int]) -> None:
        """Hand on what this tick sounds like where an entity is; without one, in the scene's middle."""
        listener = self._middle
        if self.audio.is_heard:
            if followed := find_followed():
                x, y = Field.TRANSFORM_X, Field.TRANSFORM_Y
                listener = (float(self._world.get(followed, x)), float(self._world.get(followed, y)))
            seconds = self._world.tick * SECONDS_A_TICK
            self.audio.emitters.follow(self._emitters(listener), seconds)
        self.audio.end_tick(listener)

    def _emitters(self, listener: tuple[float, float]) -> list[Emitter]:
        """Return the loops that are heard, the nearest of each party's too many, and what sounds but once."""
        parties = len(self._voices)
        loops: list[list[tuple[float, Emitter]]] = [[] for _ in range(parties)]
        others: list[Emitter] = []
        for rows in self._sounding:
            dx, dy = rows[Field.TRANSFORM_X] - listener[0], rows[Field.TRANSFORM_Y] - listener[1]
            nearness = (dx * dx + dy * dy) / np.maximum(rows[Field.SOUND_RADIUS], TINY) ** 2
            chosen = np.flatnonzero((nearness < 1.0) | (rows[Field.SOUND_LOOPS] == 0))
            whose = parties_of_entities(rows.entities, parties)
            columns = [column[chosen].tolist() for column in (rows.entities, nearness, whose)]
            columns += [rows[field][chosen].tolist() for field in _EMITTER_FIELDS]
            for entity, near, party, name, *values in zip(*columns, strict=True):
                x, y, volume, pitch, radius, is_loop = values
                one = Emitter(entity, self._text(name), x, y, volume, pitch, radius, bool(is_loop), party)
                if is_loop:
                    loops[party].append((near, one))
                else:
                    others.append(one)
        nearest = map(heapq.nsmallest, self._voices, loops)
        return others + [one for chosen in nearest for _, one in chosen]


def _volumes(table: SoundTable) -> dict[Bus, float]:
    return {Bus.MASTER: table.master, Bus.MUSIC: table.music_volume, Bus.EFFECTS: table.effects_volume}
