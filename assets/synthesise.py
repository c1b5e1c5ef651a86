"""Makes sounds out of numbers: ``python assets/synthesise.py`` writes those of Coin rush and the shared ones.

Nothing is recorded and nothing is copied. Short sounds are WAV files of 16 bits; the music is OGG, which is a
tenth of the size. Waves are summed from their harmonics, so nothing folds back from above half the rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

Wave = npt.NDArray[np.float64]

RATE = 32_000
HIGHEST = 12_000.0  # Hz of a harmonic
ROOT = Path(__file__).resolve().parent
COIN_RUSH = ROOT.parent / "examples" / "coin_rush" / "sounds"
SHARED = ROOT / "sounds"

# --- building blocks -------------------------------------------------------------------------------


def times(seconds: float) -> Wave:
    """Return the time of each frame."""
    return np.arange(round(seconds * RATE)) / RATE


def pitch_of(name: str) -> float:
    """Return the frequency of a note such as ``C#5``: A4 is 440 Hz, equal temperament."""
    step = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}[name[0]] + name.count("#")
    return 440.0 * 2.0 ** (step / 12.0 + int(name[-1]) - 4)


def phase_of(hertz: Wave) -> Wave:
    """Return the phase in turns of a tone whose frequency changes."""
    return np.cumsum(hertz) / RATE


def pulse(hertz: Wave, duty: float) -> Wave:
    """Return a pulse wave, the sound of old consoles; duty 0.5 is a square."""
    phase, lowest = phase_of(hertz), float(hertz.max())
    wave = np.zeros(len(hertz))
    for k in range(1, max(2, int(HIGHEST / lowest) + 1)):
        wave += 2.0 / (k * np.pi) * np.sin(np.pi * k * duty) * np.cos(2.0 * np.pi * k * phase)
    return wave


def triangle(hertz: Wave) -> Wave:
    """Return a triangle wave: soft, for basses."""
    phase, lowest = phase_of(hertz), float(hertz.max())
    wave = np.zeros(len(hertz))
    for k in range(1, max(2, int(HIGHEST / lowest) + 1), 2):
        wave += 8.0 / (np.pi * k) ** 2 * (-1) ** (k // 2) * np.sin(2.0 * np.pi * k * phase)
    return wave


def steady(hertz: float, seconds: float) -> Wave:
    """Return a frequency that does not change."""
    return np.full(round(seconds * RATE), hertz)


def glide(begin: float, end: float, seconds: float) -> Wave:
    """Return a frequency that goes evenly, as we hear it, from one to another."""
    return begin * (end / begin) ** (times(seconds) / seconds)


def noise(seconds: float, seed: int) -> Wave:
    """Return white noise from -1 to 1."""
    return np.random.default_rng(seed).uniform(-1.0, 1.0, round(seconds * RATE))


def low_pass(wave: Wave, hertz: Wave | float) -> Wave:
    """Return a wave with what lies above a frequency damped, by two poles; the frequency may change."""
    share = 1.0 - np.exp(-2.0 * np.pi * np.broadcast_to(hertz, wave.shape) / RATE)
    out = np.empty(len(wave))
    first = second = 0.0
    for i, (value, part) in enumerate(zip(wave.tolist(), share.tolist(), strict=True)):
        first += part * (value - first)
        second += part * (first - second)
        out[i] = second
    return out


def decay(seconds: float, half_life: float, attack: float = 0.002) -> Wave:
    """Return an envelope that rises at once and falls by half again and again, to nothing at the end."""
    at = times(seconds)
    ends = np.minimum(1.0, (seconds - at) / min(0.02, seconds / 4.0))
    return np.minimum(1.0, at / attack) * 0.5 ** (at / half_life) * ends


def overlay(total: float, *parts: tuple[float, Wave]) -> Wave:
    """Return waves laid over each other, each from a time in seconds on."""
    out = np.zeros(round(total * RATE))
    for begin, wave in parts:
        first = round(begin * RATE)
        out[first : first + len(wave)] += wave[: len(out) - first]
    return out


def levelled(wave: Wave, peak: float) -> Wave:
    """Return a wave whose largest value is `peak`."""
    return wave * (peak / np.abs(wave).max())


def note(name: str, seconds: float, half_life: float, duty: float = 0.25) -> Wave:
    """Return one plucked note of a pulse wave."""
    return pulse(steady(pitch_of(name), seconds), duty) * decay(seconds, half_life)


# --- sounds ----------------------------------------------------------------------------------------


def coin_pickup() -> Wave:
    """Two bright notes, the second rings."""
    return levelled(overlay(0.42, (0.0, note("B5", 0.08, 0.05)), (0.07, note("E6", 0.35, 0.08))), 0.6)


def door_open() -> Wave:
    """Stone that scrapes aside, and comes to rest with a thud."""
    scrape = low_pass(noise(0.8, 1), 500.0 + 500.0 * np.sin(2.0 * np.pi * 1.1 * times(0.8)) ** 2)
    grains = 0.6 + 0.4 * np.sin(2.0 * np.pi * phase_of(glide(19.0, 31.0, 0.8)))
    swell = np.sin(np.pi * times(0.8) / 0.8) ** 0.6
    thud = np.sin(2.0 * np.pi * phase_of(glide(110.0, 45.0, 0.35))) * decay(0.35, 0.07)
    return levelled(overlay(1.1, (0.0, 2.5 * scrape * grains * swell), (0.72, 0.9 * thud)), 0.8)


def caught() -> Wave:
    """A tone that falls in steps: oh no."""
    parts = [(0.1 * n, note(name, 0.2, 0.07, 0.5)) for n, name in enumerate(("E4", "D#4", "D4"))]
    fall = pulse(glide(pitch_of("C#4"), 70.0, 0.4), 0.5) * decay(0.4, 0.12)
    return levelled(overlay(0.72, *parts, (0.3, fall)), 0.65)


def win() -> Wave:
    """A fanfare up the chord, with a second voice at the end."""
    parts = [(0.11 * n, note(name, 0.3, 0.09)) for n, name in enumerate(("C5", "E5", "G5", "C6", "G5"))]
    chord = [(0.55, 0.8 * note(name, 0.85, 0.2)) for name in ("C5", "E5", "G5", "C6")]
    bass = [(0.55, 1.3 * triangle(steady(pitch_of("C3"), 0.85)) * decay(0.85, 0.22))]
    return levelled(overlay(1.4, *parts, *chord, *bass), 0.75)


def alert() -> Wave:
    """Two short notes, the second a tritone up: somebody has been seen."""
    parts = ((0.0, note("B4", 0.12, 0.05, 0.25)), (0.09, note("F5", 0.22, 0.07, 0.25)))
    return levelled(overlay(0.34, *parts), 0.5)


def ui_click() -> Wave:
    """A short wooden tick."""
    body = np.sin(2.0 * np.pi * phase_of(glide(1500.0, 900.0, 0.05))) * decay(0.05, 0.008, 0.001)
    return levelled(body, 0.5)


def step() -> Wave:
    """A foot on stone."""
    return levelled(low_pass(noise(0.09, 2), 900.0) * decay(0.09, 0.014), 0.4)


def explosion() -> Wave:
    """A burst that grows dull while it fades."""
    seconds = 1.0
    burst = low_pass(noise(seconds, 3), 200.0 + 5000.0 * 0.5 ** (times(seconds) / 0.12))
    boom = np.sin(2.0 * np.pi * phase_of(glide(120.0, 30.0, seconds)))
    body = 1.6 * burst * decay(seconds, 0.2, 0.006) + 0.8 * boom * decay(seconds, 0.15)
    return levelled(np.tanh(3.0 * body), 0.85)


def shot() -> Wave:
    """A ray that falls through three octaves."""
    beam = pulse(glide(1800.0, 220.0, 0.2), 0.25) * decay(0.2, 0.05)
    return levelled(beam + 0.3 * noise(0.2, 4) * decay(0.2, 0.012), 0.55)


def hurt() -> Wave:
    """A dull hit and a short cry."""
    hit = low_pass(noise(0.3, 5), 1800.0) * decay(0.3, 0.03)
    cry = pulse(glide(330.0, 140.0, 0.3), 0.5) * decay(0.3, 0.07)
    return levelled(1.5 * hit + 0.6 * cry, 0.7)


def powerup() -> Wave:
    """Notes that climb faster than one can sing."""
    names = ("G4", "C5", "E5", "G5", "C6", "E6", "G6", "C7")
    return levelled(
        overlay(0.78, *((0.07 * n, note(name, 0.28, 0.06)) for n, name in enumerate(names))), 0.55
    )


# --- music -----------------------------------------------------------------------------------------

SIXTEENTH = 3840  # frames: 125 beats a minute
BAR = 16 * SIXTEENTH
CHORDS = ("C", "G", "Am", "F", "C", "G", "F", "G", "Am", "F", "C", "G", "Am", "F", "G", "G")
NOTES_OF = {"C": "C E G", "G": "G B D", "Am": "A C E", "F": "F A C"}
MELODY = (  # eighths; - goes on, . is silent
    "E5 . G5 . E5 D5 C5 .",
    "D5 . G5 . D5 . B4 .",
    "C5 . E5 . A5 - G5 E5",
    "F5 - E5 D5 C5 - . .",
    "E5 . G5 . C6 - B5 G5",
    "A5 - G5 . D5 - E5 .",
    "F5 . A5 . G5 . F5 E5",
    "D5 - - . B4 C5 D5 .",
    "E5 - C5 . A4 . C5 .",
    "F5 - C5 . A4 . C5 .",
    "G5 - E5 . C5 . E5 .",
    "D5 - B4 . G4 . B4 D5",
    "E5 . E5 G5 A5 - E5 .",
    "F5 . F5 A5 C6 - A5 .",
    "B5 - A5 - G5 - F5 -",
    "G5 - - - . . D5 .",
)


def theme() -> Wave:
    """Sixteen bars that go round: melody with an echo, broken chords, bass and drums."""
    out = np.zeros(BAR * len(CHORDS))
    lead = np.zeros(len(out))
    drums = {"kick": kick(), "snare": snare(), "hat": hat()}
    for bar, (chord, line) in enumerate(zip(CHORDS, MELODY, strict=True)):
        begin = bar * BAR
        add_melody(lead, begin, line.split())
        tones = NOTES_OF[chord].split()
        for n in range(16):
            tone = note(tones[n % 3] + ("5" if n % 6 > 2 else "4"), 0.16, 0.05, 0.125)
            add_round(out, begin + n * SIXTEENTH, 0.16 * tone)
        for n in (0, 3, 6, 8, 11, 14):
            octave = "3" if n in {6, 14} else "2"
            bass = triangle(steady(pitch_of(tones[0] + octave), 0.3)) * decay(0.3, 0.16, 0.004)
            add_round(out, begin + n * SIXTEENTH, 0.4 * bass)
        for n in range(0, 16, 2):
            add_round(out, begin + n * SIXTEENTH, drums["hat"] * (0.10 if n % 4 else 0.05))
        for n, name in ((0, "kick"), (4, "snare"), (8, "kick"), (10, "kick"), (12, "snare")):
            add_round(out, begin + n * SIXTEENTH, drums[name] * (0.55 if name == "kick" else 0.22))
    out += lead + 0.3 * np.roll(lead, 3 * SIXTEENTH) + 0.12 * np.roll(lead, 6 * SIXTEENTH)
    return levelled(out, 0.6)


def add_melody(out: Wave, begin: int, line: list[str]) -> None:
    """Add a bar of the melody."""
    for n, name in enumerate(line):
        if name in {"-", "."}:
            continue
        held = 1
        while n + held < len(line) and line[n + held] == "-":
            held += 1
        seconds = held * 2 * SIXTEENTH / RATE
        at = times(seconds)
        trembling = 1.0 + 0.006 * np.sin(2.0 * np.pi * 5.5 * at) * np.minimum(1.0, at / 0.3)
        tone = pulse(pitch_of(name) * trembling, 0.25) * decay(seconds, 0.25, 0.006)
        add_round(out, begin + n * 2 * SIXTEENTH, 0.4 * tone)


def add_round(out: Wave, begin: int, wave: Wave) -> None:
    """Add a wave to a loop: what goes beyond its end sounds at its beginning."""
    places = (begin + np.arange(len(wave))) % len(out)
    out[places] += wave


def kick() -> Wave:
    """Return a bass drum."""
    return np.sin(2.0 * np.pi * phase_of(glide(160.0, 48.0, 0.16))) * decay(0.16, 0.04)


def snare() -> Wave:
    """Return a snare drum."""
    return low_pass(noise(0.14, 6), 6000.0) * decay(0.14, 0.03) * 1.6


def hat() -> Wave:
    """Return a hi-hat: noise without its low part."""
    wave = noise(0.05, 7)
    return (wave - low_pass(wave, 5000.0)) * decay(0.05, 0.012)


SOUNDS: dict[Path, Callable[[], Wave]] = {
    COIN_RUSH / "alert.wav": alert,
    COIN_RUSH / "caught.wav": caught,
    COIN_RUSH / "coin_pickup.wav": coin_pickup,
    COIN_RUSH / "door_open.wav": door_open,
    COIN_RUSH / "hurt.wav": hurt,
    COIN_RUSH / "powerup.wav": powerup,
    COIN_RUSH / "theme.ogg": theme,
    COIN_RUSH / "ui_click.wav": ui_click,
    COIN_RUSH / "win.wav": win,
    SHARED / "explosion.wav": explosion,
    SHARED / "hurt.wav": hurt,
    SHARED / "powerup.wav": powerup,
    SHARED / "shot.wav": shot,
    SHARED / "step.wav": step,
}
"""Each file, and what makes it."""


def write(sounds: Mapping[Path, Callable[[], Wave]]) -> None:
    """Write sounds to their files."""
    for file, make in sounds.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        subtype = "VORBIS" if file.suffix == ".ogg" else "PCM_16"
        options = {"compression_level": 0.85} if file.suffix == ".ogg" else {}
        soundfile.write(file, make(), RATE, subtype=subtype, **options)
        print(f"{file.relative_to(ROOT.parent)}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    write(SOUNDS)
