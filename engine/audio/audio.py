"""What a game, its scene and its scripts ask to be heard, handed on to every mixer that there is.

Sound is outside the state of a game: nothing here is read by scripts or physics, and a game without a mixer
(no window, no recording) does hardly anything of it. A handle is given out whether the sound is heard or not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from engine.audio.bank import SoundBank
from engine.audio.emitters import Emitters
from engine.audio.layout import Bus
from engine.audio.mixer import Mixer, MixerCommand, MixerSettings, Voice

MUSIC_FADE = 1.0
"""Seconds in which one piece of music gives way to the next."""
STOP_FADE = 0.02
"""Seconds in which a stopped sound ends."""
MUSIC_PRIORITY = 1_000_000
MOST_NAMES_TOLD = 20
SOUNDS_A_VOICE = 4
"""So many sounds may begin in a tick for each voice; more of them would not be heard."""


class VoiceOptions(TypedDict, total=False):
    """What else may be said of a voice; see `Voice`."""

    pitch: float
    loops: bool
    radius: float
    priority: int
    party: int
    fade: float
    start: float


class Audio:
    """The sounds of one game.

    Attributes:
        bank: the sounds that there are. music: the name of what plays, or empty. volumes: by bus.
        emitters: the sounds that entities have.
        on_warning: told of each unknown name and each bad file, once.
    """

    def __init__(
        self,
        bank: SoundBank,
        settings: MixerSettings,
        volumes: dict[Bus, float],
        on_warning: Callable[[str], None],
    ) -> None:
        self.bank = bank
        self.music = ""
        self.volumes = dict.fromkeys(Bus, 1.0) | volumes
        self.on_warning = on_warning
        self._settings = settings
        self._mixers: list[Mixer] = []
        self._commands: list[MixerCommand] = []
        self._begun = [0] * len(settings.voices)
        self._last_handle = 0
        self._music_handle = 0
        self._music_party = 0
        self._unknown: set[str] = set()
        self._loaded = False
        self.emitters = Emitters(self)

    # --- mixers ---------------------------------------------------------------------------------

    @property
    def is_heard(self) -> bool:
        """Whether there is a mixer: without one nothing needs to be worked out."""
        return bool(self._mixers)

    def add_mixer(self, music_start: float = 0.0) -> Mixer:
        """Return a new mixer that plays all that is asked for from now on, and the music from a second on."""
        if not self._loaded:
            self._loaded = True
            for fault in self.bank.load():
                self.on_warning(str(fault))
        mixer = Mixer(self.bank, self._settings)
        for bus, volume in self.volumes.items():
            mixer.set_volume(bus, volume)
        self.emitters.restart()
        if (number := self.bank.number(self.music)) is not None:
            mixer.play(replace(self._music_voice(number, 0.0), start=music_start))
        self._mixers.append(mixer)
        return mixer

    def take_over(self, other: Audio, mixer: Mixer) -> Mixer:
        """Return a new mixer for who listened to another game's; the same music goes on where it is."""
        same = other.music and self._music_file() == other._music_file()
        start = mixer.seconds_into(other._music_handle) if same else 0.0
        other.remove_mixer(mixer)
        self.bank.take_sounds(other.bank)
        new = self.add_mixer(start)
        new.begin_after(mixer)
        return new

    def _music_file(self) -> Path | None:
        number = self.bank.number(self.music)
        return None if number is None else self.bank.files[number]

    def remove_mixer(self, mixer: Mixer) -> None:
        """Let a mixer go; it plays what it has to the end."""
        self._mixers.remove(mixer)

    def end_tick(self, listener: tuple[float, float]) -> None:
        """Hand on what was asked for in this tick; the listener is at a place in metres."""
        for mixer in self._mixers:
            mixer.listen_at(*listener)
        self.flush()

    def flush(self) -> None:
        """Hand on what was asked for since the last time."""
        commands, self._commands = self._commands, []
        self._begun = [0] * len(self._begun)
        for mixer in self._mixers:
            mixer.apply(commands)

    def command(self, command: MixerCommand) -> None:
        """Have something done with every mixer at the end of the tick."""
        self._commands.append(command)

    # --- files ----------------------------------------------------------------------------------

    def places(self) -> list[Path]:
        """Return the files of all sounds, and where those could be that were asked for and are not there."""
        missing = (place for name in sorted(self._unknown) for place in self.bank.places(name))
        return [*self.bank.files, *missing]

    def reload(self, file: Path) -> bool:
        """Read a file of `places` again; return whether it is a sound. A deleted one keeps its sound."""
        if not file.is_file():
            return False
        self.bank.look()
        self._unknown = {name for name in self._unknown if self.bank.number(name) is None}
        fault = self.bank.reload(self.bank.files.index(file)) if file in self.bank.files else None
        if fault is not None:
            self.on_warning(str(fault))
        for mixer in self._mixers:
            mixer.take_sounds()
        return fault is None and file in self.bank.files

    # --- sounds ---------------------------------------------------------------------------------

    def play(
        self,
        name: str,
        at: tuple[float, float] | None = None,
        volume: float = 1.0,
        *,
        handle: int | None = None,
        **options: Unpack[VoiceOptions],
    ) -> int:
        """Play a sound; return its handle. One that nobody knows is told once and not heard.

        Args:
            name: its path below a sound folder, with or without suffix. at: metres; None is everywhere.
            volume: from 0, 1 is as recorded. handle: for those who count their own.
            options: see `VoiceOptions`.

        Raises:
            ValueError: NaN or infinity among the numbers, from which no mixer would come back.
        """
        numbers = (volume, *(at or ()), *(one for one in options.values() if isinstance(one, float)))
        if not all(map(math.isfinite, numbers)):
            raise ValueError(f"a sound is played with finite numbers alone, not {numbers}")
        if handle is None:
            handle = self._next_handle()
        party = options.get("party", 0)
        most = SOUNDS_A_VOICE * self._settings.voices[party]
        if (number := self._known(name)) is not None and self._begun[party] < most:
            self._begun[party] += 1
            voice = Voice(sound=number, handle=handle, volume=volume, place=at, **options)
            self.command(lambda mixer: mixer.play(voice))
        return handle

    def stop(self, what: int | str, fade: float = STOP_FADE) -> None:
        """Stop the sound of a handle, or all sounds of a name, within `fade` seconds."""
        if isinstance(what, int):
            self.command(lambda mixer: mixer.stop(what, fade))
        elif (number := self._known(what)) is not None:
            self.command(lambda mixer: mixer.stop_sound(number, fade))

    def play_music(self, name: str, fade: float = MUSIC_FADE, party: int = 0) -> None:
        """Let a sound go round and round as the only music; what played before fades out meanwhile.

        Args:
            party: whose voice it takes; of one that has none it is not heard, and changes nothing.
        """
        if name == self.music or not self._settings.voices[party]:
            return
        self.stop_music(fade)
        if (number := self._known(name)) is not None:
            self.music, self._music_party = name, party
            if self._mixers:  # one that comes later begins with the music
                voice = self._music_voice(number, fade)
                self.command(lambda mixer: mixer.play(voice))

    def stop_music(self, fade: float = MUSIC_FADE) -> None:
        """Let the music fade out."""
        handle, self.music = self._music_handle, ""
        self.command(lambda mixer: mixer.stop(handle, fade))

    def set_volume(self, bus: Bus, volume: float) -> None:
        """Set the volume of a bus: 0 is silent, 1 as mixed; NaN or infinity is a ValueError."""
        if not math.isfinite(volume):
            raise ValueError(f"a bus has a finite volume, not {volume}")
        self.volumes[bus] = volume
        self.command(lambda mixer: mixer.set_volume(bus, volume))

    def _music_voice(self, number: int, fade: float) -> Voice:
        self._music_handle = self._next_handle()
        return Voice(
            sound=number,
            handle=self._music_handle,
            loops=True,
            bus=Bus.MUSIC,
            priority=MUSIC_PRIORITY,
            party=self._music_party,
            fade=fade,
        )

    def _next_handle(self) -> int:
        self._last_handle -= 1  # those of scripts count upwards
        return self._last_handle

    def _known(self, name: str) -> int | None:
        number = self.bank.number(name)
        if number is None and name not in self._unknown and len(self._unknown) < MOST_NAMES_TOLD:
            self._unknown.add(name)
            where = ", ".join(f"{folder}/" for folder in self.bank.folders)
            self.on_warning(f'no sound in {where} is called "{name}"{self.bank.hint(name)}')
        return number
