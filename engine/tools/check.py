"""Checking scripts and scenes without running them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.errors import SceneError
from engine.scene import SceneDescription, load_scene
from engine.scene.mods.mod_file import MOD_FILE, read_mod_file
from engine.tools.errors import PathMissing
from engine.tools.plugins import load_plugins
from lang.check.finding import ERROR, WARNING, Finding
from lang.modules import FolderResolver
from lang.source import Source
from lang.stdlib.registry import NativeTable

if TYPE_CHECKING:
    from engine.scripting.plugins import Plugin
    from lang import Interpreter

SCRIPT_ENDING = ".rhai"
SCENE_ENDING = ".toml"
TESTS = "tests"
"""The folder of a game's scripted tests."""
SCENE_LEVELS = 4
"""A script's scene is looked for in its folder and those above, so many in all."""
_PLACE = re.compile(r"\.toml:(\d+)")
_SCENE_TABLE = re.compile(rb"^\s*\[scene\]|^\s*\[mods\]|^\s*\[\[entity\]\]", re.MULTILINE)


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found, in the order of files and places."""

    files: int
    findings: tuple[Finding, ...]

    def summary(self) -> str:
        """Return one line that counts."""
        return (
            f"{counted(self.files, 'file')} checked: "
            f"{counted(self.count(ERROR), 'error')}, {counted(self.count(WARNING), 'warning')}"
        )

    def count(self, severity: str) -> int:
        """Return how many findings are errors, or warnings."""
        return sum(finding.severity == severity for finding in self.findings)

    def as_json(self) -> str:
        """Return one line of JSON: `files`, and `findings` with their places, kinds and messages."""
        return msgspec.json.encode(self).decode()


def check_paths(paths: Iterable[Path], *, strict: bool = False, plugins: Sequence[str] = ()) -> CheckReport:
    """Check files, and in folders every script and scene.

    Args:
        strict: scripts are plain Rhai: no vectors, no state, no API.
        plugins: whose functions scripts may call, as `module:object`.
    Raises:
        PathMissing: a path does not exist, or is neither a script nor a scene.
        NoPlugin: a plugin cannot be loaded.  BadPlugin: one cannot be registered.
    """
    natives = natives_with(load_plugins(plugins))
    files = sorted({file for path in paths for file in _files_of(path)})
    findings: list[Finding] = []
    for file in files:
        is_script = file.suffix == SCRIPT_ENDING
        findings += _check_script(file, strict, natives) if is_script else _check_scene(file)
    return CheckReport(files=len(files), findings=tuple(findings))


def read_script(file: Path) -> str:
    """Return the text of a script.

    Raises:
        PathMissing: it cannot be read as UTF-8 text.
    """
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise PathMissing(file, "no such file") from None
    except UnicodeDecodeError as error:
        raise PathMissing(file, f"the file is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise PathMissing(file, f"cannot be read: {error.strerror or error}") from None


def _files_of(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from scripts_below(path)
        for file in path.rglob("*" + SCENE_ENDING):
            if _SCENE_TABLE.search(file.read_bytes()) and _mod_folder(file) is None:
                yield file
    elif not path.exists():
        raise PathMissing(path)
    elif path.suffix in {SCRIPT_ENDING, SCENE_ENDING}:
        yield path
    else:
        raise PathMissing(path, f"neither a script ({SCRIPT_ENDING}) nor a scene ({SCENE_ENDING})")


def _mod_folder(file: Path) -> Path | None:
    """Return the folder of the mod that a file belongs to: its tables are read with a scene that loads it."""
    return next((one for one in file.resolve().parents[:SCENE_LEVELS] if (one / MOD_FILE).is_file()), None)


def _check_scene(file: Path) -> list[Finding]:
    try:
        scene = load_scene(file)
    except SceneError as error:
        return [_unplaced(file, str(error), "SceneError")]
    return list(_check_sounds(file, scene))


def _check_sounds(file: Path, scene: SceneDescription) -> Iterator[Finding]:
    """Yield warnings: a game goes on without a sound."""
    from engine.audio.bank import SoundBank

    bank = SoundBank(scene.folder, scene.sound.folders, scene.mod_folders)
    sounds = (parts.sound.name for parts in scene.members() if parts.sound is not None)
    for name in sorted({scene.sound.music, scene.sound.button, *sounds} - {""}):
        if bank.number(name) is None:
            text = f'{file}: warning: no sound is called "{name}"{bank.hint(name)}'
            yield _unplaced(file, text, "unknown-sound", WARNING)
    for fault in bank.load():
        yield _unplaced(file, f"{file}: warning: {fault}", "bad-sound", WARNING)


def natives_with(plugins: Sequence[Plugin]) -> NativeTable:
    """Return what scripts can call in a game with plugins."""
    from engine.ecs.world import World
    from engine.scripting.plugins import PluginHost

    return PluginHost(World(), plugins=plugins).natives()


def _check_script(file: Path, strict: bool, natives: NativeTable) -> list[Finding]:
    from engine.scripting.compiling import check_script

    try:
        text = read_script(file)
    except PathMissing as error:
        return [_unplaced(file, str(error), "PathMissing")]
    if not strict and is_test_file(file):
        from engine.tools.testing.api_calls import api_functions

        tests = _interpreter_of_tests(file.resolve().parent.parent, tuple(api_functions(natives)))
        return tests.check(Source(text, str(file)), state=True)
    own = natives if strict else _natives_of_mod(file, natives)
    return check_script(text, str(file), strict=strict, resolver=resolver_for(file), natives=own)


def _natives_of_mod(file: Path, natives: NativeTable) -> NativeTable:
    """Return what a script can call: in the folder of a mod, what this has permission for."""
    from engine.scripting.permissions import withheld

    folder = _mod_folder(file)
    if folder is None:
        return natives
    try:
        mod = read_mod_file(folder / MOD_FILE)
    except SceneError:
        return natives  # told when a scene with it is checked
    return natives.without(withheld(mod.id, mod.permissions))


@lru_cache(maxsize=1)
def _interpreter_of_tests(game: Path, names: tuple[str, ...]) -> Interpreter:
    """Return what knows the functions of tests, for the files of one folder after the other."""
    from engine.tools.testing.running import interpreter_for
    from engine.tools.testing.stage import Stage

    return interpreter_for(Stage(game), names)


def is_test_file(file: Path) -> bool:
    """Return whether a script is one of `astraweave test`: it lies in the folder of tests beside a scene."""
    folder = file.resolve().parent
    return folder.name == TESTS and any(folder.parent.glob("*" + SCENE_ENDING))


def resolver_for(file: Path) -> FolderResolver:
    """Return what a script may import: files of its scene's folder, or else of its own."""
    folder = file.resolve().parent
    for above in (folder, *folder.parents)[:SCENE_LEVELS]:
        if any(above.glob("*" + SCENE_ENDING)):
            return FolderResolver(above, folder.relative_to(above).as_posix())
    return FolderResolver(folder)


def _unplaced(file: Path, text: str, kind: str, severity: str = ERROR) -> Finding:
    """Return a finding about a whole file; the text of a scene's names its place."""
    found = _PLACE.search(text)
    line = int(found[1]) if found else 1
    return Finding(
        file=str(file), line=line, column=1, severity=severity, kind=kind, message=text, hint=None, text=text
    )


def scripts_below(path: Path) -> Iterator[Path]:
    """Yield a script, or all scripts in a folder.

    Raises:
        PathMissing: the path does not exist or is no script.
    """
    if path.is_dir():
        yield from path.rglob("*" + SCRIPT_ENDING)
    elif not path.exists():
        raise PathMissing(path)
    elif path.suffix != SCRIPT_ENDING:
        raise PathMissing(path, f"not a script ({SCRIPT_ENDING})")
    else:
        yield path


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "2 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
