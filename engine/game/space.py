"""When the space of a game is taken: in `perception` and after `physics`, as far as scripts ask for it."""

from __future__ import annotations

from engine.ecs.world import World
from engine.physics.step import PhysicsSystem
from engine.scene.tables import Teams
from engine.scripting.compiling import script_natives
from engine.scripting.registry import FUNCTIONS
from engine.scripting.scripts import Scripts
from engine.space.layout import Part
from engine.space.space import Space
from engine.space.teams import Bond, relations_of
from lang.bytecode.program import Program
from lang.jit import I64


class GameSpace:
    """The space of a game.

    Which parts are taken follows from the programs that are loaded alone, so a run that is restored or
    replayed takes the same. A script that reaches a function in another way (a pointer by name) gets what
    it asks for at its first call in each half of the tick, of the places as they are then.

    Attributes:
        space: of the world.  names: string ids of the teams, which the world's strings must keep.
    """

    def __init__(self, world: World, physics: PhysicsSystem, scripts: Scripts, teams: Teams) -> None:
        self._scripts = scripts
        self._intern = world.strings.intern
        self.names: list[int] = []
        self.space = Space(world, physics, self._relations(teams))
        self._known: dict[str, tuple[Program, Part]] = {}
        self._version, self._wanted = -1, Part.NOTHING
        scripts.on_space_wanted = self.space.add

    def _relations(self, teams: Teams) -> I64:
        intern = self._intern
        pairs = [(intern(a), intern(b), Bond.ALLY) for a, b in teams.allied]
        pairs += [(intern(a), intern(b), Bond.ENEMY) for a, b in teams.hostile]
        neutral = [intern(name) for name in teams.neutral]
        self.names = [*neutral, *(name for a, b, _ in pairs for name in (a, b))]
        return relations_of(neutral, pairs)

    def relate(self, teams: Teams) -> None:
        """Let teams stand to each other as another table says."""
        self.space.relate(self._relations(teams))

    def take(self) -> None:
        """Take the parts that the loaded scripts ask for."""
        if self._version != self._scripts.programs_version:
            self._version = self._scripts.programs_version
            self._wanted = Part.NOTHING
            for file in self._scripts.files.values():
                if file.program is not None:
                    known = self._known.get(file.path)
                    if known is None or known[0] is not file.program:
                        known = self._known[file.path] = (file.program, _needs_of(file.program))
                    self._wanted |= known[1]
        self.space.take(self._wanted)


def _needs_of(program: Program) -> Part:
    """Return the parts that the functions need which a program calls by name."""
    numbers = {native for _, native in program.used_kernels()}
    table = script_natives().numbers
    needs = Part.NOTHING
    for function in FUNCTIONS:
        if function.needs and table[function.name] in numbers:
            needs |= function.needs
    return needs
