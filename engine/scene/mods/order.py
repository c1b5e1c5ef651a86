"""The order in which mods are loaded: what a mod requires, or comes after, is before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.errors import SceneError
from engine.scene.faults import hint_for
from engine.scene.mods.mod_file import MOD_FILE, ModFile


class ModConflict(SceneError):
    """These mods cannot be together: one is missing, of a wrong version, in conflict or in a circle."""


def ordered(mods: Mapping[str, ModFile]) -> list[ModFile]:
    """Return mods so that each comes after those that it requires and comes after.

    Among mods that are free to go, the one named first by the scene goes first: one order for one list.

    Args:
        mods: by id, in the order in which the scene names them.
    Raises:
        ModConflict: they cannot be together; the error names them.
    """
    for mod in mods.values():
        _check(mod, mods)
    placed: dict[str, ModFile] = {}
    waiting = list(mods.values())
    while waiting:
        free = next((mod for mod in waiting if all(b in placed for b in _before(mod, mods))), None)
        if free is None:
            raise _fault(waiting[0], f"these mods wait for each other: {_circle(waiting, mods)}")
        placed[free.id] = free
        waiting.remove(free)
    return list(placed.values())


def _before(mod: ModFile, mods: Mapping[str, ModFile]) -> list[str]:
    return [other for other in (*mod.requires, *mod.after) if other in mods]


def _check(mod: ModFile, mods: Mapping[str, ModFile]) -> None:
    for other, versions in mod.requires.items():
        if other not in mods:
            near = hint_for(other, mods)
            raise _fault(mod, f"{mod.id} requires the mod {other} {versions}".rstrip(), near or _ADD)
        if not mod.wants(mods[other]):
            raise _fault(mod, f"{mod.id} requires {other} {versions}, not {mods[other].version}")
    for other in mod.conflicts:
        if other in mods:
            raise _fault(mod, f"{mod.id} cannot be together with {other}", "load one of them only")


_ADD = "install it, and name it in `load` of [mods]"


def _circle(waiting: Sequence[ModFile], mods: Mapping[str, ModFile]) -> str:
    """Return mods that wait for each other, as ``a → b → a``."""
    stuck = {mod.id for mod in waiting}
    path = [waiting[0].id]
    while path.count(path[-1]) == 1:
        path.append(next(other for other in _before(mods[path[-1]], mods) if other in stuck))
    return " → ".join(path[path.index(path[-1]) :])


def _fault(mod: ModFile, message: str, hint: str = "") -> ModConflict:
    return ModConflict(f"{mod.id}/{MOD_FILE}", "", "", message, hint=hint)
