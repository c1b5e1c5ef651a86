"""Saving a world to a file, and loading it."""

from __future__ import annotations

from pathlib import Path

from engine.ecs.world import World
from engine.errors import SaveError
from engine.saves.container import pack, read_file, unpack, write_file
from engine.saves.world_reading import world_from
from engine.saves.world_sections import world_sections


def world_bytes(world: World) -> bytes:
    """Return a world as the bytes of a save."""
    return pack(world_sections(world))


def restore_world(world: World, data: bytes) -> None:
    """Give a world the state that the bytes of a save hold.

    Raises:
        SaveError: they are damaged, of another version, or of a world with other components. The world is
            as it was.
    """
    world.restore(world_from(unpack(data), world).snapshot())


def save_world(world: World, path: Path | str) -> None:
    """Write a world to a file, whole or not at all.

    Raises:
        SaveError: the file cannot be written; an earlier one is as it was.
    """
    write_file(Path(path), world_bytes(world))


def load_world(world: World, path: Path | str) -> None:
    """Give a world the state that a file holds.

    Raises:
        SaveError: the file cannot be used, and why. The world is as it was.
    """
    file = Path(path)
    try:
        restore_world(world, read_file(file))
    except SaveError as error:
        raise SaveError(error.reason, file) from None
