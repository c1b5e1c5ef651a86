"""Commands about keys and signatures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from engine.cli.root import FAILED, PATH, main, write_line

PASSPHRASE = click.option(
    "--passphrase-file", type=PATH, help="Take the passphrase from this file instead of asking for it."
)


def _ask(file: Path | None, *, confirm: bool = False) -> Callable[[str], str]:
    """Return what tells a passphrase: the first line of a file, or the person at the terminal."""

    def ask(question: str) -> str:
        if file is None:
            return str(click.prompt(question, hide_input=True, confirmation_prompt=confirm))
        try:
            return (file.read_text("utf-8").splitlines() or [""])[0]
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"{file} cannot be read: {error}") from None

    return ask


@main.command()
@click.argument("stem", metavar="NAME", type=PATH)
@click.option("--plain", is_flag=True, help="Do not lock the secret key with a passphrase.")
@PASSPHRASE
def keygen(stem: Path, plain: bool, passphrase_file: Path | None) -> None:
    """Make a pair of keys: NAME.key, which signs, and NAME.pub, which checks."""
    from engine.tools.signing import make_keys

    if plain and passphrase_file is not None:
        raise click.UsageError("--plain and --passphrase-file exclude each other")
    passphrase = None if plain else _ask(passphrase_file, confirm=True)(f"Passphrase for {stem}.key")
    for line in make_keys(stem, passphrase):
        write_line(line)


@main.command()
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--key", type=PATH, required=True, help="The secret key: NAME.key.")
@click.option("--root", type=PATH, help="The folder of the game that scripts belong to.")
@PASSPHRASE
def sign(paths: tuple[Path, ...], key: Path, root: Path | None, passphrase_file: Path | None) -> None:
    """Sign scripts (x.rhai.sig beside x.rhai) and mods (mod.sig in the folder); in folders, all scripts."""
    from engine.tools.signing import load_secret, sign_paths

    for line in sign_paths(paths, load_secret(key, _ask(passphrase_file)), root):
        write_line(line)


@main.command()
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--key", "keys", type=PATH, multiple=True, help="A public key, NAME.pub, that is trusted.")
@click.option("--root", type=PATH, help="The folder of the game that scripts belong to.")
def verify(paths: tuple[Path, ...], keys: tuple[Path, ...], root: Path | None) -> None:
    """Check the signatures of scripts and mods; without --key, by the keys that you trust.

    Exits with 1 when one is refused.
    """
    from engine.tools.signing import verify_paths

    result = verify_paths(paths, keys, root)
    for line in result.lines:
        write_line(line)
    if not result.is_good:
        sys.exit(FAILED)
