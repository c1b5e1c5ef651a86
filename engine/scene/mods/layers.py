"""Mods laid over a scene: what is new is added, and what is known is changed key by key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import BadFileName, SceneError
from engine.scene.faults import hint_for, listed
from engine.scene.file_names import IMAGE, SCRIPT, FileKind, FileNames
from engine.scene.includes import SceneTables
from engine.scene.mods.mod import Mod
from engine.scene.prefabs import merged

CHANGED_TABLES = ("prefab", "effect", "clip", "animator", "status")
"""Tables with names: a mod adds some, and changes keys of others."""
ADDED_TABLES = ("component",)
"""Tables with names of which a mod adds some: others already hold values of the rest."""
ADDED_ROWS = ("entity", "trigger", "system", "hud")
"""Lists of tables: a mod's come after the scene's own."""
ADD_SCRIPTS = "add_scripts"
"""Key of a mod's prefab: scripts that its entities get besides those that they have."""
_FILE_KEYS: Mapping[str, FileKind] = {"script": SCRIPT, "image": IMAGE}
_FILE_LISTS: Mapping[str, FileKind] = {"scripts": SCRIPT, ADD_SCRIPTS: SCRIPT}


def lay_over(tables: SceneTables, mod: Mod) -> None:
    """Lay the tables of a mod over those of a scene and of the mods before it.

    Names of scripts and images are looked for in the mod, then in the scene's folder.

    Raises:
        SceneError: a table or name is none that a mod may hold.
    """
    names = FileNames(mod.folder)
    for file, text, raw in mod.contents:
        tables.add_text(file, text)
        for kind, content in raw.items():
            _check_kind(kind, content, file)
            own = _with_prefix(content, mod.prefix, names)
            if kind in ADDED_ROWS:
                tables.append(file, kind, {kind: own})
                continue
            for name, table in own.items():
                _lay(tables, file, kind, name, table)


def _check_kind(kind: str, content: Any, file: Path) -> None:
    known = (*CHANGED_TABLES, *ADDED_TABLES, *ADDED_ROWS)
    if kind not in known:
        message = "a mod has no such table"
        raise SceneError(file, kind, "", message, allowed=listed(known), hint=hint_for(kind, known))
    if kind not in ADDED_ROWS and not isinstance(content, dict):
        raise SceneError(file, kind, "", "expected a table", hint=f"write [{kind}.NAME]")


def _lay(tables: SceneTables, file: Path, kind: str, name: str, table: Any) -> None:
    label = f"{kind}.{name}"
    if not isinstance(table, dict):
        raise SceneError(file, label, "", "expected a table")
    below = tables.raw.get(kind, {}).get(name)
    if below is not None and kind in ADDED_TABLES:
        other = tables.file_of(label)
        raise SceneError(file, label, "", f'{kind} "{name}" is declared in {other} as well')
    table = dict(table)
    added = table.pop(ADD_SCRIPTS, None) if kind == "prefab" else None
    laid = merged(below, table) if isinstance(below, dict) else table
    if added is not None:
        if not (isinstance(added, list) and all(isinstance(one, str) for one in added)):
            raise SceneError(file, label, ADD_SCRIPTS, "expected a list of text")
        laid["scripts"] = [*_scripts(laid, tables.raw.get("prefab", {})), *added]
        laid.pop("script", None)
    tables.put(file, kind, name, laid)


def _scripts(table: Mapping[str, Any], prefabs: Mapping[str, Any]) -> list[Any]:
    """Return the scripts of a prefab: its own, or else those of the one that it takes its keys from."""
    seen: list[Any] = []
    while isinstance(table, dict):
        if "scripts" in table:
            return list(table["scripts"]) if isinstance(table["scripts"], list) else [table["scripts"]]
        if "script" in table:
            return [table["script"]]
        above = table.get("prefab")
        if above in seen:
            return []  # a circle: found when the prefab is read
        seen.append(above)
        table = prefabs.get(above, None) if isinstance(above, str) else None  # type: ignore[assignment]
    return []


def _with_prefix(value: Any, prefix: str, names: FileNames) -> Any:
    """Return raw tables in which names of the mod's own files begin with its prefix."""
    if isinstance(value, list):
        return [_with_prefix(one, prefix, names) for one in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, one in value.items():
        if key in _FILE_KEYS and isinstance(one, str):
            result[key] = _named(one, _FILE_KEYS[key], prefix, names)
        elif key in _FILE_LISTS and isinstance(one, list):
            kind = _FILE_LISTS[key]
            result[key] = [_named(n, kind, prefix, names) if isinstance(n, str) else n for n in one]
        else:
            result[key] = _with_prefix(one, prefix, names)
    return result


def _named(name: str, kind: FileKind, prefix: str, names: FileNames) -> str:
    try:
        names.find(name, kind)
    except BadFileName:
        return name  # a file of the game, or one that is missing: told when the table is read
    return prefix + name
