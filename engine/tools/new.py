"""`astraweave new`: a folder with a small game that runs, to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from engine.errors import EngineError
from engine.tools.errors import BadInput

TEMPLATE = Path(__file__).parent / "templates" / "game"
TITLE = "TITLE"
"""What stands in the files of the template for the title of the game."""
TEXTS = frozenset({".toml", ".rhai"})
LONGEST_NAME = 64
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_DEVICES = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")


class CannotWrite(EngineError):
    """The files of a new game cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        super().__init__(f"{path}: cannot be written: {error.strerror or error}")


def make_game(name: str, where: Path | None = None) -> Iterator[str]:
    """Write a new game; return lines that tell what to do with it.

    Args:
        name: of its folder.  where: the folder that it is made in; None is the working folder.
    Raises:
        BadInput: that is no name, or something of that name is there already.
        CannotWrite: the disk is full, or nobody may write there.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or _DEVICES.fullmatch(name):
        message = f'"{name}" is no name for a game: a letter, then letters, digits, - and _'
        raise BadInput(f"{message} (at most {LONGEST_NAME}), none that Windows keeps for a device")
    folder = (where or Path()) / name
    try:
        folder.mkdir()
    except FileExistsError:
        raise BadInput(f"{folder}: is there already; nothing was changed") from None
    except OSError as error:
        raise CannotWrite(folder, error) from None
    title = title_of(name)
    for file in sorted(TEMPLATE.rglob("*")):
        if file.is_file():
            _write(file, folder / file.relative_to(TEMPLATE), title)
    return _advice(name)


def title_of(name: str) -> str:
    """Return the title of a game by the name of its folder: `star_catcher` → `Star catcher`."""
    words = re.split("[_-]+", name.strip("_-"))
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _write(file: Path, to: Path, title: str) -> None:
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix in TEXTS:
            to.write_text(file.read_text(encoding="utf-8").replace(TITLE, title), encoding="utf-8")
        else:
            to.write_bytes(file.read_bytes())
    except OSError as error:
        raise CannotWrite(to, error) from None


def _advice(name: str) -> Iterator[str]:
    yield f"made {name}: a scene, two scripts, three sounds and a test"
    yield ""
    yield f"    cd {name}"
    yield "    astraweave run scene.toml     play it; change scripts/player.rhai and save meanwhile"
    yield "    astraweave test               run its tests"
    yield "    astraweave check .            find mistakes without running anything"
