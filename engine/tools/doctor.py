"""What astraweave finds on this machine, each finding with what to do where something is missing."""

from __future__ import annotations

import os
import platform
import sys
import textwrap
from collections.abc import Iterator, Sequence
from enum import StrEnum
from importlib import metadata
from pathlib import Path

import msgspec

from engine import __version__
from engine.tools.cache import caches, size_text

WIDTH = 80
OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "numba",
    "llvmlite",
    "numpy",
    "pyglet",
    "soundfile",
    "msgspec",
    "lark",
    "watchdog",
    "pynacl",
    "platformdirs",
    "click",
    "rich",
    "prompt-toolkit",
)
SOFTWARE_RENDERERS = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software", "gdi generic")


class Level(StrEnum):
    """How good a finding is."""

    OK = "ok"
    WARNING = "warning"  # games run, with less
    ERROR = "error"  # no game runs


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    value: str
    level: Level = Level.OK
    advice: str = ""
    """What to do; empty when it is well."""


class Diagnosis(msgspec.Struct, frozen=True):
    """All findings, in the order in which they are shown."""

    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is missing that every game needs."""
        return all(finding.level is not Level.ERROR for finding in self.findings)

    def as_json(self) -> str:
        """Return one line of JSON: `well`, and `findings` with `name`, `value`, `level`, `advice`."""
        return msgspec.json.encode({"well": self.is_well, "findings": self.findings}).decode()

    def lines(self) -> Iterator[str]:
        """Yield lines of at most 80 columns."""
        for finding in self.findings:
            label = f"{finding.level.value:<8} {finding.name:<13} "
            yield from textwrap.wrap(
                finding.value or "-", WIDTH, initial_indent=label, subsequent_indent=" " * len(label)
            )
            yield from _indented(finding.advice, len(label))
        worst = [one for one in self.findings if one.level is not Level.OK]
        yield ""
        yield (
            "all is well"
            if not worst
            else f"{_counted(worst, Level.ERROR)}, {_counted(worst, Level.WARNING)}"
        )


def _indented(text: str, columns: int) -> list[str]:
    indent = " " * columns
    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}→ ", subsequent_indent=f"{indent}  ")


def _counted(findings: Sequence[Finding], level: Level) -> str:
    count = sum(finding.level is level for finding in findings)
    return f"{count} {level.value}{'' if count == 1 else 's'}"


def examine() -> Diagnosis:
    """Look at everything."""
    return Diagnosis(
        (
            Finding("astraweave", __version__),
            _python(),
            *_packages(),
            Finding("system", f"{platform.system()} {platform.release()}, {platform.machine()}"),
            _processors(),
            _open_gl(),
            _sound_device(),
            _sound_files(),
            _kernels(),
            *_folders(),
        )
    )


def _python() -> Finding:
    value = f"{platform.python_version()}, {platform.python_implementation()}, {sys.executable}"
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return Finding("Python", value, Level.ERROR, f"install Python {wanted} or newer")
    return Finding("Python", value)


def _packages() -> Iterator[Finding]:
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            yield Finding(name, "is not installed", Level.ERROR, f"pip install {name}")
    yield Finding("packages", ", ".join(versions))


def _processors() -> Finding:
    count = os.cpu_count() or 1
    return Finding("processors", f"{count} × {platform.processor() or platform.machine()}")


def _open_gl() -> Finding:
    from engine.app.diagnosis import find_open_gl
    from engine.app.display import NoDisplay

    try:
        found = find_open_gl()
    except NoDisplay as error:
        advice = "games run with --headless only; for a window start a desktop session, or Xvfb"
        return Finding("OpenGL", f"no window: {error.reason}", Level.WARNING, advice)
    value = f"{found.version}, {found.renderer}, {found.vendor}"
    if any(name in found.renderer.lower() for name in SOFTWARE_RENDERERS):
        advice = "the processor draws, which is slow: install the driver of the graphics card"
        return Finding("OpenGL", value, Level.WARNING, advice)
    return Finding("OpenGL", value)


def _sound_device() -> Finding:
    from engine.app.diagnosis import find_sound_driver

    driver = find_sound_driver()
    if driver is None:
        advice = "games run silently; on Linux, PulseAudio, PipeWire or OpenAL plays (libpulse0, libopenal1)"
        return Finding("sound device", "none", Level.WARNING, advice)
    return Finding("sound device", driver)


def _sound_files() -> Finding:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        advice = "pip install --force-reinstall soundfile, or install libsndfile of the system"
        return Finding("sound files", f"libsndfile is missing: {error}", Level.WARNING, advice)
    return Finding("sound files", f"libsndfile {soundfile.__libsndfile_version__}")


def _kernels() -> Finding:
    from engine.warm_up import is_warm
    from lang.kernel_cache import cache_folder

    if is_warm():
        return Finding("kernels", "compiled: games start at once")
    empty = not cache_folder().is_dir()
    value = "not compiled yet" if empty else "some are not compiled yet"
    return Finding(
        "kernels", value, Level.WARNING, "the next start compiles them; that takes a minute or two"
    )


def _folders() -> Iterator[Finding]:
    for cache in caches():
        yield _folder(f"{cache.name.removesuffix('s')} cache", cache.folder, f"{size_text(cache.size)} in ")
    from engine.input.kept import bindings_file

    yield _folder("settings", bindings_file("").parent, "")


def _folder(name: str, folder: Path, size: str) -> Finding:
    """Say where a folder is, and whether something can be written there, without writing it."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    value = f"{size}{folder}"
    if not there.is_dir() or not os.access(there, os.W_OK):
        advice = "nothing can be written there, so each start does the work again: mend its permissions"
        return Finding(name, value, Level.WARNING, advice)
    return Finding(name, value)
