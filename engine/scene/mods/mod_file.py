"""`mod.toml`: what a mod is, what it needs, and what it may do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

from msgspec import Meta, Struct, to_builtins
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from engine.errors import SceneError
from engine.scene.document import parse_tables, read_text
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.values import Name
from engine.scripting.permissions import PERMISSIONS

MOD_FILE = "mod.toml"
DEFAULT_CONTENT = ("content.toml",)
"""This one need not be there."""
LONGEST_TEXT = 200
"""Characters of a name, a description, an author."""
ModId = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,31}$")]


class ModFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mod as its author describes it."""

    id: ModId
    """What others call it; its folder has this name."""
    version: Name
    """Such as `1.2.0`."""
    name: str = ""
    """For people; the id when absent."""
    description: str = ""
    """One sentence for those who choose mods."""
    authors: tuple[str, ...] = ()
    """Who made it."""
    game: str = ""
    """The game that it is for (`[scene] game`, or its name); any when absent."""
    requires: dict[ModId, str] = {}
    """Mods that must be there, with their versions: `bats = ">=1.0, <2"`; `""` is any."""
    conflicts: tuple[ModId, ...] = ()
    """Mods that it cannot be together with."""
    after: tuple[ModId, ...] = ()
    """Mods that it comes after, if they are there."""
    permissions: tuple[Name, ...] = ()
    """Groups of API functions that its scripts call, besides those that only read."""
    content: tuple[Name, ...] = DEFAULT_CONTENT
    """Files with tables like those of a scene, laid over the scene's in this order."""

    @property
    def title(self) -> str:
        """The name for people."""
        return self.name or self.id

    def wants(self, other: ModFile) -> bool:
        """Return whether another mod's version is one that this mod requires (or it requires none)."""
        return SpecifierSet(self.requires.get(other.id, "")).contains(other.version, prereleases=True)


def read_mod_file(file: Path, text: str | None = None) -> ModFile:
    """Return what a `mod.toml` says.

    Args:
        text: its content, if it was read already.
    Raises:
        SceneError: it is missing or wrong; names the line where it is known.
    """
    tables = parse_tables(read_text(file) if text is None else text, file)
    mod = read_table(tables, ModFile, file=file, table="")
    _check_texts(mod, file)
    try:
        Version(mod.version)
    except InvalidVersion:
        raise SceneError(
            file, "", "version", f'"{mod.version}" is no version', allowed="such as 1.2.0"
        ) from None
    for other, versions in mod.requires.items():
        try:
            SpecifierSet(versions)
        except InvalidSpecifier:
            allowed = 'such as ">=1.0, <2"; "" is any'
            raise SceneError(
                file, "requires", other, f'"{versions}" names no versions', allowed=allowed
            ) from None
    for number, name in enumerate(mod.permissions):
        if name not in PERMISSIONS:
            refuse_permission(name, PERMISSIONS, file, "", f"permissions[{number}]")
    if mod.id in mod.requires or mod.id in mod.conflicts:
        raise SceneError(file, "", "id", f"{mod.id} requires itself or conflicts with itself")
    return mod


def refuse_permission(name: str, allowed: Sequence[str], file: Path, table: str, key: str) -> NoReturn:
    """Say that a permission is none, or that a scene does not give it."""
    message = f"there is no permission `{name}`"
    if name in PERMISSIONS:
        message = f"the scene gives its mods no permission `{name}`"
    near = hint_for(name, allowed)
    raise SceneError(file, table, key, message, allowed=listed(allowed) or "none", hint=near)


def _check_texts(mod: ModFile, file: Path) -> None:
    """Check that all texts can be shown: who installs a mod reads them, beside lines that none may forge."""
    for key, value in to_builtins(mod).items():
        texts = [value] if isinstance(value, str) else value
        for text in (*texts, *(value.values() if isinstance(value, dict) else ())):
            if not text.isprintable() or len(text) > LONGEST_TEXT:
                problem = f"{text[:LONGEST_TEXT]!a} cannot be shown"
                allowed = f"up to {LONGEST_TEXT} printable characters"
                raise SceneError(file, "", key, problem, allowed=allowed)
