"""Recorded runs: doing one again, and telling where it came to something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.errors import SaveError
from engine.tools.errors import BadInput
from engine.tools.plugins import load_plugins

if TYPE_CHECKING:
    from engine.game.replaying import ReplaySession
    from engine.replay.replay import Replay


class ReplayReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay came to: the object that ``--json`` prints."""

    steps: int
    """Steps that were the same, or until the first one that was not."""
    of: int
    """Steps that were recorded."""
    ticks: int
    differs: tuple[str, ...] = ()
    """What differs at the last step: a field and its entity, a variable of a script, a system."""

    @property
    def is_same(self) -> bool:
        """Whether all of the run came out as recorded."""
        return not self.differs and self.steps == self.of

    def as_json(self) -> str:
        """Return one line of JSON."""
        return msgspec.json.encode(self).decode()


def play_replay(
    file: Path,
    *,
    scene: Path | None,
    headless: bool,
    plugins: tuple[str, ...],
    err: Callable[[str], None],
) -> ReplayReport:
    """Do a recorded run again, in a window or without one, and check every step.

    Args:
        scene: its first scene, where that does not lie where it lay.  plugins: as they were at the recording.
        err: takes a line for standard error.
    Raises:
        BadInput: the replay is damaged or of another version, a file has changed, or the scene is not there.
        NoDisplay: no window can be opened.
    """
    try:
        session = _session(file, scene, plugins)
        try:
            if headless:
                while not session.is_over:
                    session.step()
            else:
                from engine.app import WindowOptions, run_window

                run_window(session, WindowOptions())
        finally:
            session.close()
    except SaveError as error:
        raise BadInput(f"{file}: {error.reason}") from None
    if session.divergence is not None:
        err(f"{file}: {session.divergence}")
    differs = () if session.divergence is None else session.divergence.parts
    return ReplayReport(steps=session.steps, of=session.replay.steps, ticks=session.ticks, differs=differs)


def _session(file: Path, scene: Path | None, plugins: tuple[str, ...]) -> ReplaySession:
    from engine.game.replaying import ReplaySession
    from engine.replay.replay import read_replay

    replay = read_replay(file)
    if replay.meta.plugins != plugins:
        wanted = " ".join(f"--plugin {name}" for name in replay.meta.plugins) or "no plugin"
        raise BadInput(f"{file}: it was recorded with {wanted}; code is run only where you name it yourself")
    return ReplaySession(replay, scene or _scene_of(file, replay), load_plugins(plugins))


def _scene_of(file: Path, replay: Replay) -> Path:
    """Return the scene that a replay names, seen from where it lies."""
    named = Path(replay.meta.scene)
    found = file.parent / named
    if named.is_absolute() or named.suffix != ".toml" or not found.is_file():
        raise BadInput(f"{file}: its scene {replay.meta.scene} is not there; name it with --scene")
    return found
