"""The ``astraweave`` command: reads arguments, calls one function, maps errors to exit codes.

Exit codes: 0 well (failing scripts included, unless ``--fail-on-script-error``), 1 failed, 2 bad input.
Imports are made inside the commands: ``--version`` and a mistyped option answer at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from engine import __version__
from engine.errors import EngineError, SceneError
from engine.tools.errors import BadInput

FAILED = 1
BAD_INPUT = 2
PATH = click.Path(path_type=Path)
PLUGINS = click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="MODULE:OBJECT",
    help="Trusted Python code with functions and vetoes for scripts.",
)


class _Command(click.Group):
    """Turns errors of ours into one message and an exit code; anything else is a bug with a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EngineError as error:
            write_error(f"error: {error}")
            sys.exit(BAD_INPUT if isinstance(error, SceneError | BadInput) else FAILED)


def write_line(line: str) -> None:
    """Write a line to standard output."""
    click.echo(line)


def write_error(line: str) -> None:
    """Write a line to standard error."""
    click.echo(line, err=True)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="astraweave")
def main() -> None:
    """Run and check 2D games made of TOML scenes and .rhai scripts."""
