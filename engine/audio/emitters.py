"""Sounds that belong to entities and go along with them.

A loop has a voice only while the listener is within its radius: a thousand waterfalls cost what is heard of
them. It goes on where it would be had it played all the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from engine.audio.audio import Audio
    from engine.audio.mixer import Mixer

LEAVE_FADE = 0.1
"""Seconds in which the sound of an entity that is gone ends."""


class Emitter(NamedTuple):
    """An entity that sounds: where it is in this tick, and what it plays."""

    entity: int
    name: str
    x: float
    y: float
    volume: float
    pitch: float
    radius: float
    loops: bool
    party: int = 0


class Emitters:
    """The voices of the entities that sound."""

    def __init__(self, audio: Audio) -> None:
        self._audio = audio
        self._sounding: dict[int, tuple[str, int]] = {}

    def follow(self, emitters: Iterable[Emitter], seconds: float) -> None:
        """Begin, move and end voices for the entities heard in this tick, `seconds` after the start."""
        places: list[tuple[int, Emitter]] = []
        gone = dict(self._sounding)
        for one in emitters:
            name, handle = self._sounding.get(one.entity, ("", 0))
            if name == one.name:
                places.append((handle, one))
                del gone[one.entity]
            else:
                self._sounding[one.entity] = (one.name, self._begin(one, seconds))
        for entity, (name, handle) in gone.items():
            self._audio.stop(handle, LEAVE_FADE)
            if self._sounding[entity] == (name, handle):
                del self._sounding[entity]
        if places:
            self._audio.command(_moving(places))

    def restart(self) -> None:
        """Let all voices begin anew at the next tick: a mixer came that has none of them."""
        for _, handle in self._sounding.values():
            self._audio.stop(handle)
        self._sounding.clear()

    def _begin(self, one: Emitter, seconds: float) -> int:
        return self._audio.play(
            one.name,
            (one.x, one.y),
            one.volume,
            pitch=one.pitch,
            loops=one.loops,
            radius=one.radius,
            party=one.party,
            start=seconds * one.pitch if one.loops else 0.0,
        )


def _moving(places: list[tuple[int, Emitter]]) -> Callable[[Mixer], None]:
    def move(mixer: Mixer) -> None:
        for handle, one in places:
            mixer.move(handle, (one.x, one.y), one.volume, one.pitch)

    return move
