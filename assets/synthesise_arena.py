"""Makes the sounds of `examples/arena` out of numbers: ``python assets/synthesise_arena.py`` writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from synthesise import (
    RATE,
    ROOT,
    Wave,
    add_round,
    decay,
    explosion,
    glide,
    hat,
    hurt,
    kick,
    levelled,
    low_pass,
    noise,
    note,
    overlay,
    phase_of,
    pitch_of,
    powerup,
    pulse,
    snare,
    steady,
    times,
    triangle,
    ui_click,
    write,
)

FOLDER = ROOT.parent / "examples" / "arena" / "sounds"
BATS = FOLDER.parent / "mods" / "bats" / "sounds"


def bolt() -> Wave:
    """A short bright ray."""
    beam = pulse(glide(1300.0, 420.0, 0.11), 0.25) * decay(0.11, 0.03)
    return levelled(beam + 0.25 * noise(0.11, 11) * decay(0.11, 0.008), 0.45)


def blast() -> Wave:
    """A shotgun: a burst with a boom under it."""
    burst = low_pass(noise(0.45, 12), 300.0 + 6000.0 * 0.5 ** (times(0.45) / 0.05)) * decay(0.45, 0.07)
    boom = np.sin(2.0 * np.pi * phase_of(glide(150.0, 45.0, 0.45))) * decay(0.45, 0.09)
    return levelled(np.tanh(2.5 * (1.5 * burst + boom)), 0.75)


def charge() -> Wave:
    """A hum that rises while strength gathers."""
    hum = pulse(glide(70.0, 280.0, 1.2), 0.4) * np.minimum(1.0, times(1.2) / 0.3)
    trembling = 0.7 + 0.3 * np.sin(2.0 * np.pi * phase_of(glide(8.0, 26.0, 1.2)))
    return levelled(low_pass(hum * trembling, 1400.0) * decay(1.2, 2.0), 0.4)


def hit() -> Wave:
    """Something soft is struck."""
    thud = np.sin(2.0 * np.pi * phase_of(glide(260.0, 90.0, 0.1))) * decay(0.1, 0.025)
    return levelled(thud + 0.7 * low_pass(noise(0.1, 13), 2500.0) * decay(0.1, 0.012), 0.5)


def clank() -> Wave:
    """Armour is struck."""
    parts = [0.7**n * np.sin(2.0 * np.pi * f * times(0.22)) for n, f in enumerate((1710.0, 2570.0, 4130.0))]
    return levelled(sum(parts) * decay(0.22, 0.035, 0.001), 0.45)


def spit() -> Wave:
    """A wet plop."""
    plop = np.sin(2.0 * np.pi * phase_of(glide(180.0, 620.0, 0.12))) * decay(0.12, 0.04)
    return levelled(plop + 0.4 * low_pass(noise(0.12, 14), 1500.0) * decay(0.12, 0.02), 0.45)


def dash() -> Wave:
    """Air that is pushed aside."""
    wind = low_pass(noise(0.25, 15), 700.0 + 3200.0 * np.sin(np.pi * times(0.25) / 0.25))
    return levelled(wind * np.sin(np.pi * times(0.25) / 0.25), 0.4)


def drink() -> Wave:
    """Three gulps, and a tone of relief."""
    gulp = np.sin(2.0 * np.pi * phase_of(glide(160.0, 330.0, 0.1))) * decay(0.1, 0.05)
    tone = 0.5 * note("E5", 0.35, 0.12, 0.5) + 0.4 * note("A5", 0.35, 0.12, 0.5)
    return levelled(overlay(0.75, (0.0, gulp), (0.12, gulp), (0.24, gulp), (0.38, tone)), 0.5)


def pickup() -> Wave:
    """Two quick notes."""
    return levelled(overlay(0.3, (0.0, note("A5", 0.1, 0.05)), (0.06, note("D6", 0.22, 0.06))), 0.5)


def arrival() -> Wave:
    """Somebody comes through a gate."""
    rise = pulse(glide(60.0, 240.0, 0.4), 0.5) * np.sin(np.pi * times(0.4) / 0.4)
    return levelled(low_pass(rise + 0.5 * noise(0.4, 16) * np.sin(np.pi * times(0.4) / 0.4), 900.0), 0.45)


def blink() -> Wave:
    """Somebody is elsewhere at once."""
    sweep = triangle(glide(300.0, 2400.0, 0.18)) * decay(0.18, 0.08)
    back = triangle(glide(2400.0, 700.0, 0.2)) * decay(0.2, 0.06)
    return levelled(overlay(0.4, (0.0, sweep), (0.16, back)), 0.45)


def roar() -> Wave:
    """The warden."""
    pitch = glide(130.0, 62.0, 1.3) * (1.0 + 0.06 * np.sin(2.0 * np.pi * 31.0 * times(1.3)))
    voice = pulse(pitch, 0.3) + 0.8 * low_pass(noise(1.3, 17), 700.0)
    hoarse = np.tanh(1.5 * low_pass(voice - voice.mean(), 1300.0))
    envelope = np.sin(np.pi * times(1.3) / 1.3) ** 0.4 * decay(1.3, 1.0)
    return levelled((hoarse - hoarse.mean()) * envelope, 0.75)


def horn() -> Wave:
    """A wave begins."""
    tones = [
        (begin, pulse(steady(pitch_of(name), seconds), 0.5) * decay(seconds, 0.5, 0.03))
        for begin, name, seconds in (
            (0.0, "A3", 0.3),
            (0.0, "E4", 0.3),
            (0.3, "A3", 0.7),
            (0.3, "E4", 0.7),
            (0.3, "C5", 0.7),
        )
    ]
    return levelled(low_pass(overlay(1.0, *tones), 2500.0), 0.55)


def cleared() -> Wave:
    """A wave is over."""
    parts = [(0.09 * n, note(name, 0.35, 0.1)) for n, name in enumerate(("A4", "C5", "E5", "A5"))]
    return levelled(overlay(0.65, *parts), 0.55)


def lost() -> Wave:
    """The hero falls."""
    parts = [(0.22 * n, note(name, 0.6, 0.16, 0.5)) for n, name in enumerate(("A4", "F4", "D4", "A3"))]
    bass = (0.66, 1.2 * triangle(steady(pitch_of("D2"), 0.7)) * decay(0.7, 0.3))
    return levelled(overlay(1.4, *parts, bass), 0.65)


def win() -> Wave:
    """A fanfare in A major."""
    parts = [(0.12 * n, note(name, 0.3, 0.1)) for n, name in enumerate(("A4", "C#5", "E5", "A5", "E5"))]
    chord = [(0.62, 0.8 * note(name, 0.9, 0.25)) for name in ("A4", "C#5", "E5", "A5")]
    bass = [(0.62, 1.3 * triangle(steady(pitch_of("A2"), 0.9)) * decay(0.9, 0.3))]
    return levelled(overlay(1.55, *parts, *chord, *bass), 0.7)


def screech() -> Wave:
    """A bat: two thin cries that fall."""
    cry = triangle(glide(3400.0, 1900.0, 0.11) * (1.0 + 0.08 * np.sin(2.0 * np.pi * 90.0 * times(0.11))))
    cry = (cry + 0.3 * low_pass(noise(0.11, 18), 6000.0)) * decay(0.11, 0.05, 0.01)
    return levelled(overlay(0.3, (0.0, cry), (0.13, 0.7 * cry)), 0.4)


# --- music -----------------------------------------------------------------------------------------

SIXTEENTH = 3360  # frames: 143 beats a minute
BAR = 16 * SIXTEENTH
CHORDS = ("Am", "Am", "F", "G", "Am", "Am", "Dm", "E", "F", "G", "Am", "Am", "F", "Dm", "E", "E")
NOTES_OF = {"Am": "A C E", "F": "F A C", "G": "G B D", "Dm": "D F A", "E": "E G# B"}
MELODY = (  # eighths; - goes on, . is silent
    "A4 . . A4 C5 . B4 A4",
    "E5 - - D5 C5 . B4 .",
    "C5 . . C5 F5 - E5 C5",
    "D5 - B4 . G4 - . .",
    "A4 . . A4 C5 . B4 A4",
    "E5 - - G5 E5 . D5 .",
    "F5 - E5 D5 A4 - D5 .",
    "E5 - G#4 - B4 - . .",
    "F5 - - A5 G5 . F5 .",
    "G5 - - B5 A5 . G5 .",
    "A5 - E5 - C5 - E5 .",
    "A5 G5 E5 D5 C5 D5 E5 .",
    "F5 - C5 . A4 - C5 .",
    "D5 - A4 . F4 - A4 .",
    "B4 - - E5 G#4 - B4 .",
    "E5 - - - . . G#4 B4",
)


def battle() -> Wave:
    """Sixteen bars that go round: a driving bass, broken chords, melody and drums."""
    out, lead = np.zeros(BAR * len(CHORDS)), np.zeros(BAR * len(CHORDS))
    drums = {"kick": kick(), "snare": snare(), "hat": hat()}
    for bar, (chord, line) in enumerate(zip(CHORDS, MELODY, strict=True)):
        begin, tones, eighths = bar * BAR, NOTES_OF[chord].split(), line.split()
        for n in range(16):
            bass = triangle(steady(pitch_of(tones[0] + ("3" if n % 4 == 2 else "2")), 0.14))
            add_round(
                out, begin + n * SIXTEENTH, (0.45 if n % 2 == 0 else 0.25) * bass * decay(0.14, 0.08, 0.004)
            )
            if bar >= 8 or n % 4:
                tone = note(tones[(n + bar) % 3] + ("4" if n % 6 < 3 else "5"), 0.12, 0.04, 0.125)
                add_round(out, begin + n * SIXTEENTH, 0.1 * tone)
        for n in range(0, 16, 2):
            add_round(out, begin + n * SIXTEENTH, drums["hat"] * (0.09 if n % 4 else 0.05))
        for n, name in ((0, "kick"), (4, "snare"), (6, "kick"), (8, "kick"), (12, "snare"), (14, "kick")):
            add_round(out, begin + n * SIXTEENTH, drums[name] * (0.6 if name == "kick" else 0.24))
        for n, name in enumerate(eighths):
            if name not in {"-", "."}:
                held = next((k for k, one in enumerate(eighths[n + 1 :], 1) if one != "-"), 8 - n)
                seconds = held * 2 * SIXTEENTH / RATE
                tone = pulse(steady(pitch_of(name), seconds), 0.25) * decay(seconds, 0.22, 0.006)
                add_round(lead, begin + n * 2 * SIXTEENTH, 0.32 * tone)
    out += lead + 0.28 * np.roll(lead, 3 * SIXTEENTH)
    return levelled(out, 0.6)


SOUNDS: dict[Path, Callable[[], Wave]] = {
    FOLDER / f"{make.__name__}.wav": make
    for make in (
        arrival,
        blast,
        blink,
        bolt,
        charge,
        clank,
        cleared,
        dash,
        drink,
        explosion,
        hit,
        horn,
        hurt,
        lost,
        pickup,
        powerup,
        roar,
        spit,
        ui_click,
        win,
    )
} | {FOLDER / "battle.ogg": battle, BATS / "screech.wav": screech}
"""Each file, and what makes it."""


if __name__ == "__main__":
    write(SOUNDS)
