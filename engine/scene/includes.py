"""The raw tables of a scene: those of its own file and of all files that it includes.

What an included file holds is as if it stood in the scene: tables with names (`[prefab.coin]`), what the
scenes of a game share (`[input]`, `[[screen]]`), or a whole scene, which the one that includes it goes on
with. Each file is read once however often it is included; all names of files count from the scene's folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import BadFileName, SceneError
from engine.scene.document import parse_tables, read_text
from engine.scene.faults import hint_for, listed, read_table
from engine.scene.file_names import FileKind, FileNames
from engine.scene.places import line_of

INCLUDE = "include"
NAMED_TABLES = ("prefab", "component", "effect", "clip", "animator", "status")
"""Tables of tables with names: each of these stands in one file only."""
SINGLE_TABLES = (
    "camera",
    "input",
    "limits",
    "mods",
    "scene",
    "sound",
    "style",
    "teams",
    "tilemap",
    "trust",
    "window",
)
"""Tables that stand in one file only."""
ROWS = ("background", "entity", "hud", "joint", "screen", "system", "trigger")
"""Lists of tables: the rows of included files come before the scene's own."""
INCLUDED_FILE = FileKind("included file", (".toml",), is_shared=True)


class SceneTables:
    """The tables of a scene by name, and the file that each stands in.

    Attributes:
        raw: the scene's tables; tables with names hold those of included files before its own.
    """

    def __init__(self, file: Path, tables: Mapping[str, Any] | None = None) -> None:
        """Read a scene file, or take its tables, and read what it includes.

        Raises:
            SceneError: a file is missing, is no TOML, includes itself, or declares what another one does.
        """
        self.file = file
        self.raw: dict[str, Any] = {}
        self._names = FileNames(file.parent)
        self._texts: dict[str, str] = {}
        self._origins: dict[str, Path] = {}
        self._rows: dict[str, str] = {}  # of `screen 3` of all files, which one it is in its own
        self._done: set[Path] = set()
        try:
            if tables is None:
                self._read(file, ())
            else:
                self._take(file, dict(tables), ())
        except SceneError as fault:
            raise self.with_line(fault) from None

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that were read: the scene's own and those that it includes."""
        return tuple(Path(name) for name in self._texts)

    def file_of(self, table: str) -> Path:
        """Return the file of a table such as ``prefab.coin`` or ``screen 2``; the scene's own by default."""
        return self._origins.get(table, self.file)

    def with_line(self, fault: SceneError) -> SceneError:
        """Return a fault with the line of its place in the file that it names; rows are counted there."""
        text, table = self._texts.get(fault.file), self._rows.get(fault.table, fault.table)
        line = fault.line if text is None else fault.line or line_of(text, table, fault.key)
        return SceneError(
            fault.file,
            table,
            fault.key,
            fault.message,
            allowed=fault.allowed,
            hint=fault.hint,
            line=line,
            column=fault.column,
        )

    def add_text(self, file: Path, text: str) -> None:
        """Note the text of a further file, for the lines of faults."""
        self._texts[str(file)] = text

    def put(self, file: Path, kind: str, name: str, table: dict[str, Any]) -> None:
        """Declare a table with a name anew: it stands in this file from now on."""
        self.raw.setdefault(kind, {})[name] = table
        self._origins[f"{kind}.{name}"] = file

    def _read(self, file: Path, through: tuple[Path, ...]) -> None:
        text = read_text(file)
        tables = parse_tables(text, file)
        self._texts[str(file)] = text
        self._take(file, tables, through)

    def _take(self, file: Path, tables: dict[str, Any], through: tuple[Path, ...]) -> None:
        self._done.add(file.resolve())
        for number, name in enumerate(self._included(file, tables)):
            self._include(file, f"{INCLUDE}[{number}]", name, (*through, file))
        if file != self.file:
            self._check_tables(file, tables)
        for kind in NAMED_TABLES:
            self._merge(file, kind, tables)
        for kind in SINGLE_TABLES:
            self._share(file, kind, tables)
        for kind in ROWS:
            self.append(file, kind, tables)
        if file == self.file:
            self.raw = {**tables, **self.raw}

    def _included(self, file: Path, tables: dict[str, Any]) -> tuple[str, ...]:
        return read_table(tables.pop(INCLUDE, []), tuple[str, ...], file=file, table="", root=INCLUDE)

    def _include(self, file: Path, key: str, name: str, through: tuple[Path, ...]) -> None:
        try:
            found = self._names.find(name, INCLUDED_FILE)
        except BadFileName as fault:
            raise SceneError(file, "", key, fault.message, hint=fault.hint) from None
        if found.resolve() in {one.resolve() for one in through}:
            way = " → ".join(one.name for one in (*through, found))
            raise SceneError(file, "", key, f"files include each other: {way}")
        if found.resolve() not in self._done:
            self._read(found, through)

    def _check_tables(self, file: Path, tables: dict[str, Any]) -> None:
        allowed = (INCLUDE, *NAMED_TABLES, *SINGLE_TABLES, *ROWS)
        for name in tables:
            if name not in allowed:
                near = hint_for(name, allowed)
                message = "an included file has no such table"
                raise SceneError(file, name, "", message, allowed=listed(allowed), hint=near)

    def _share(self, file: Path, kind: str, tables: dict[str, Any]) -> None:
        if kind not in tables:
            return
        if kind in self.raw:
            message = f"{kind} stands in {self.file_of(kind)} as well"
            raise SceneError(file, kind, "", message, hint="keep all of it in one file")
        self.raw[kind] = tables[kind]
        self._origins[kind] = file

    def append(self, file: Path, kind: str, tables: dict[str, Any]) -> None:
        """Append the rows that a file holds of a kind, such as ``[[screen]]``, if there are some.

        Raises:
            SceneError: they are no list of tables.
        """
        if kind not in tables:
            return
        if not isinstance(tables[kind], list):
            raise SceneError(file, kind, "", "expected a list of tables", hint=f"write [[{kind}]]")
        rows = self.raw.setdefault(kind, [])
        for number, row in enumerate(tables[kind], 1):
            rows.append(row)
            label = f"{kind} {len(rows)}"
            self._rows[label] = f"{kind} {number}"
            self._origins[label] = file

    def _merge(self, file: Path, kind: str, tables: dict[str, Any]) -> None:
        if kind not in tables:
            return
        if not isinstance(tables[kind], dict):
            raise SceneError(file, kind, "", "expected a table", hint=f"write [{kind}.NAME]")
        known = self.raw.setdefault(kind, {})
        for name, table in tables[kind].items():
            label = f"{kind}.{name}"
            if name in known:
                other = self.file_of(label)
                raise SceneError(file, label, "", f'{kind} "{name}" is declared in {other} as well')
            known[name] = table
            self._origins[label] = file
