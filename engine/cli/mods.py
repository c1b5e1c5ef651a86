"""Commands about mods."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli.root import PATH, main, write_line


@main.group()
def mod() -> None:
    """Pack, install, list and remove mods."""


@mod.command("pack")
@click.argument("folder", type=PATH)
@click.option("--out", type=PATH, help="The archive; ID-VERSION.mod.zip when left out.")
def pack(folder: Path, out: Path | None) -> None:
    """Write the mod in FOLDER as one archive; sign it first, if it should be signed."""
    from engine.tools.mods import pack_mod

    for line in pack_mod(folder, out):
        write_line(line)


@mod.command("install")
@click.argument("archive", type=PATH)
@click.option("--replace", is_flag=True, help="Take the place of another version.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def install(archive: Path, replace: bool, yes: bool) -> None:
    """Install an archive into your folder of mods, after telling what it may do."""
    from engine.tools.mods import install_mod

    def agrees(text: str) -> bool:
        if yes:
            write_line(text.rpartition("\n")[0])
        return yes or click.confirm(text)

    for line in install_mod(archive, replace=replace, agrees=agrees):
        write_line(line)


@mod.command("list")
def list_() -> None:
    """List the installed mods."""
    from engine.tools.mods import list_mods

    for line in list_mods():
        write_line(line)


@mod.command("remove")
@click.argument("mod_id", metavar="ID")
def remove(mod_id: str) -> None:
    """Remove an installed mod."""
    from engine.tools.mods import remove_mod

    for line in remove_mod(mod_id):
        write_line(line)
