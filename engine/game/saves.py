"""The whole state of a game in a save: world, physics, scripts, screens, input.

Particles and voices are passing: after loading, nothing flies about and sounds begin anew. A save belongs to
a scene, with its prefabs, effects, animations and scripts as they were; everything else is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec import Struct

from engine.animation.system import AnimatorNames
from engine.ecs.components import Component, Field
from engine.ecs.entity import INDEX_MASK
from engine.ecs.layout import PartyWord
from engine.ecs.world import World
from engine.errors import SaveError
from engine.input.row import RowError, check_row
from engine.physics.joint_table import JointKind, JointWord
from engine.physics.layout import PASSING, TOUCHING, VOLUME, Contact
from engine.physics.state import parted
from engine.saves.carried import carried_sections, put_carried, read_carried
from engine.saves.container import Array, Sections, pack, read_file, unpack, write_file
from engine.saves.script_states import put_scripts, read_scripts, script_sections, suspended_in
from engine.saves.waiting import put_waiting, read_waiting, waiting_sections
from engine.saves.world_reading import string_ids, world_from
from engine.saves.world_sections import world_sections
from engine.space.layout import Part
from lang.jit import I64

if TYPE_CHECKING:
    from engine.game.game import Game

NAMES_OF_CONTACT = (Contact.NAME_FOR_FIRST, Contact.NAME_FOR_SECOND)


class GameMeta(Struct, frozen=True, forbid_unknown_fields=True):
    """What the numbers in a save mean that belong to the scene."""

    prefabs: dict[str, int]
    effects: tuple[str, ...]
    statuses: tuple[str, ...]
    clips: tuple[str, ...]
    animators: tuple[AnimatorNames, ...]
    actions: tuple[str, ...]
    screens: tuple[str, ...]


def _meta(game: Game) -> GameMeta:
    return GameMeta(
        prefabs=dict(game.prefabs.numbers),
        effects=game.particles.names,
        statuses=game.scripts.statuses.labels,
        clips=game.animation.book.clips,
        animators=game.animation.book.animators,
        actions=tuple(game.scene.actions),
        screens=tuple(screen.name for screen in game.scene.screens),
    )


def game_bytes(game: Game) -> bytes:
    """Return the state of a game between two ticks as the bytes of a save."""
    physics = game.physics
    own: dict[str, Array] = {
        "game.meta": np.frombuffer(msgspec.json.encode(_meta(game)), np.uint8),
        "game.flow": game.flow.state.copy(),
        "game.input": game.input.row.copy(),
        "physics.state": physics.state,
        "physics.polygons": physics.polygons.ravel(),
    }
    world = {f"world.{name}": array for name, array in world_sections(game.world).items()}
    scripts = {f"scripts.{name}": array for name, array in script_sections(game.scripts).items()}
    waiting = {f"waiting.{name}": array for name, array in waiting_sections(game.scripts).items()}
    carried = {f"carried.{name}": array for name, array in carried_sections(game.scripts).items()}
    return pack({**own, **world, **scripts, **waiting, **carried})


def restore_game(game: Game, data: bytes) -> None:
    """Give a game the state that the bytes of a save hold.

    Raises:
        SaveError: they are damaged, of another version, or of another scene. The game is as it was.
    """
    sections = unpack(data)
    _check_scene(game, sections)
    world_part = _part(sections, "world.")
    world = world_from(world_part, game.world)
    _check_effects(world, len(game.particles.names))
    strings = string_ids(world_part, world)
    physics = _physics_state(game, sections, world, strings)
    flow, row = _ints(sections, "game.flow"), _ints(sections, "game.input")
    if not game.flow.accepts(flow):
        raise SaveError("its screens are not those of the scene")
    try:
        row = check_row(row, len(game.scene.actions), game.flow.button_count)
    except RowError as error:
        raise SaveError(f"its input is none of the scene: {error}") from None
    seed, scripts = read_scripts(_part(sections, "scripts."), game.scripts, world)
    held, handles = suspended_in(game.scripts, scripts), world.storage.parties[:, PartyWord.SEQUENCES]
    waiting = read_waiting(_part(sections, "waiting."), strings, held, handles)
    effects = len(game.scripts.statuses.names)
    carried = read_carried(_part(sections, "carried."), strings, world, effects)
    game.world.restore(world.snapshot())
    game.physics.restore(physics)
    game.flow.state[:] = flow
    game.input.set_row(row)
    put_scripts(game.scripts, seed, scripts)
    put_waiting(game.scripts, waiting)
    put_carried(game.scripts, carried)
    game.scripts.link_world()
    game.space.take(Part.NOTHING)
    game.particles.clear()


def save_game(game: Game, path: Path) -> None:
    """Write a game's state to a file, whole or not at all.

    Raises:
        SaveError: it cannot be written.
    """
    write_file(path, game_bytes(game))


def load_game(game: Game, path: Path) -> None:
    """Give a game the state that a file holds.

    Raises:
        SaveError: the file cannot be used, and why. The game is as it was.
    """
    try:
        restore_game(game, read_file(path))
    except SaveError as error:
        raise SaveError(error.reason, path) from None


def _part(sections: Sections, prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in sections.items() if name.startswith(prefix)}


def _ints(sections: Sections, name: str) -> I64:
    if name not in sections or sections[name].dtype != np.int64:
        raise SaveError(f"section {name} is missing")
    return sections[name]


def _check_scene(game: Game, sections: Sections) -> None:
    """Check that the save is of this scene: the numbers in it mean the same."""
    try:
        found = msgspec.json.decode(sections["game.meta"].tobytes(), type=GameMeta)
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SaveError("it is not of a whole game") from None
    expected = _meta(game)
    for name in GameMeta.__struct_fields__:
        if getattr(found, name) != getattr(expected, name):
            raise SaveError(f"the scene has other {name} by now")
    polygons = sections.get("physics.polygons")
    if polygons is None or not np.array_equal(polygons, game.physics.polygons.ravel()):
        raise SaveError("the scene has other polygons by now")


def _check_effects(world: World, effects: int) -> None:
    """Check that emitters name effects: compiled code looks them up by these numbers."""
    for entity in world.entities().tolist():
        if world.has_component(entity, Component.EMITTER):
            number = int(world.column(Field.EMITTER_EFFECT)[world.row_of(entity, Component.EMITTER)])
            if not 0 <= number < effects:
                raise SaveError("an emitter has an effect that does not exist")


def _physics_state(game: Game, sections: Sections, world: World, strings: I64) -> I64:
    """Return the state of physics with the names that the world has for its strings."""
    state = _ints(sections, "physics.state").copy()
    try:
        contacts, _, joints = parted(state)
    except ValueError:
        raise SaveError("its physics does not fit together") from None
    capacity = world.storage.entity_capacity
    second = contacts[:, Contact.SECOND]
    volumes = second[second >= VOLUME] - VOLUME
    fits = _are_ids(contacts[:, Contact.FIRST], capacity) and _are_ids(second[second < VOLUME], capacity)
    fits = fits and bool((volumes < game.physics.volume_count).all())
    fits = fits and not (contacts[:, Contact.STATE] & ~(TOUCHING | PASSING)).any()
    others = joints[:, JointWord.SECOND]
    fits = fits and _are_ids(joints[:, JointWord.FIRST], capacity) and _are_ids(others[others != 0], capacity)
    fits = fits and bool(np.isin(joints[:, JointWord.KIND], list(JointKind)).all())
    names = contacts[:, NAMES_OF_CONTACT]
    if not fits or (names < 0).any() or (names >= strings.size).any() or (strings[names] < 0).any():
        raise SaveError("its contacts or joints are of nothing that exists")
    contacts[:, NAMES_OF_CONTACT] = strings[names]
    return state


def _are_ids(entities: I64, capacity: int) -> bool:
    """Return whether these are ids, of the living or the dead, that some array has room for."""
    indices = (entities & INDEX_MASK) - 1
    return bool(((entities > 0) & (entities < VOLUME) & (indices >= 0) & (indices < capacity)).all())
