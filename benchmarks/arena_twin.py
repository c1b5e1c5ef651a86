"""The arena's enemies in plain Python, with the same mind: objects, dictionaries of cells, a heap."""

from __future__ import annotations

import heapq
import math
import random
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.game import Game

Place = tuple[float, float]
TICK = 1.0 / 60.0
THINKING = 12
CELL = 5.0  # metres of the grid in which the nearest are looked for
SIGHT = 10.0
REACHES = {"grunt": 1.0, "spitter": 7.5, "wraith": 1.1, "brute": 1.5}


class Fighter:
    """One enemy with the state that behaviour.rhai has."""

    __slots__ = (
        "ends_at",
        "enemy",
        "goal",
        "health",
        "home",
        "max_health",
        "reach",
        "ready_at",
        "state",
        "team",
        "think_at",
        "way",
        "x",
        "y",
    )  # fmt: skip

    def __init__(self, place: Place, team: str, health: float, reach: float, chance: random.Random) -> None:
        self.x, self.y = place
        self.home, self.goal = place, place
        self.team, self.health, self.max_health, self.reach = team, health, 100_000.0, reach
        self.state, self.enemy, self.way = "idle", None, []
        self.ends_at, self.ready_at, self.think_at = 0, 0, chance.randint(1, THINKING)


class Missile:
    """Something in flight."""

    __slots__ = ("left", "team", "vx", "vy", "x", "y")

    def __init__(self, one: Fighter, goal: Place) -> None:
        dx, dy = goal[0] - one.x, goal[1] - one.y
        length = math.hypot(dx, dy) or 1.0
        self.x, self.y, self.vx, self.vy = one.x, one.y, 7.0 * dx / length, 7.0 * dy / length
        self.team, self.left = one.team, 120


class TwinArena:
    """The fighters of a game, what they shoot, and the walls of its map."""

    def __init__(self, game: Game) -> None:
        from engine.ecs.query import Query

        world = game.world
        self.tick, self._chance = 0, random.Random(1)
        assert game.ground is not None
        self.solid: list[list[bool]] = game.ground.map.solid[::-1].tolist()
        self.fighters = []
        for number, one in enumerate(Query(world, ["health", "team"]).entities().tolist()):
            place = (float(world.get(one, "transform.x")), float(world.get(one, "transform.y")))
            reach = list(REACHES.values())[number // 4 % 4]
            health = float(world.get(one, "health.value"))
            self.fighters.append(
                Fighter(place, str(world.get(one, "team.name")), health, reach, self._chance)
            )
        self.cells: dict[tuple[int, int], list[Fighter]] = {}
        self.fine: dict[tuple[int, int], list[Fighter]] = {}
        self.missiles: list[Missile] = []

    def step(self) -> None:
        """Do a tick."""
        self.tick += 1
        self._perceive()
        for one in self.fighters:
            if self.tick >= one.think_at:
                one.think_at = self.tick + THINKING
                self._think(one)
            if one.state in {"patrol", "chase"}:
                self._walk(one)
            elif one.state == "attack":
                self._attack(one)
            elif one.state == "flee":
                self._flee(one)
        self.missiles = [one for one in self.missiles if self._fly(one)]
        self._push_apart()

    def hunt(self, find: Callable[[TwinArena, Place, Place], list[Place]]) -> None:
        """Do a tick of the script that finds its way in every call."""
        self._perceive()
        for one in self.fighters:
            enemy = self._nearest_enemy(one, 1e9)
            if enemy is None:
                continue
            if math.dist((one.x, one.y), (enemy.x, enemy.y)) < 1.2 and self._sees(one, enemy):
                enemy.health -= 0.01
            else:
                way = find(self, (one.x, one.y), (enemy.x, enemy.y))
                if way:
                    self._step_to(one, way[0], 3.0)

    # --- seeing ------------------------------------------------------------------------------------

    def _perceive(self) -> None:
        cells = defaultdict(list)
        for one in self.fighters:
            cells[int(one.x / CELL), int(one.y / CELL)].append(one)
        self.cells = cells

    def _nearest_enemy(self, one: Fighter, radius: float) -> Fighter | None:
        column, row = int(one.x / CELL), int(one.y / CELL)
        best, found = radius, None
        for ring in range(min(int(radius / CELL) + 2, 40)):
            if found is not None and (ring - 1) * CELL > best:
                break
            for c in range(column - ring, column + ring + 1):
                edge = abs(c - column) == ring
                for r in range(row - ring, row + ring + 1) if edge else (row - ring, row + ring):
                    for other in self.cells.get((c, r), ()):
                        if other.team != one.team:
                            far = math.hypot(other.x - one.x, other.y - one.y)
                            if far < best:
                                best, found = far, other
        return found

    def _sees(self, one: Fighter, other: Fighter) -> bool:
        return self._is_clear(one.x, one.y, other.x, other.y)

    def _is_clear(self, ax: float, ay: float, bx: float, by: float) -> bool:
        """Walk over the cells of the map between two places (Amanatides and Woo, 1987)."""
        column, row, last = int(ax), int(ay), (int(bx), int(by))
        dx, dy = bx - ax, by - ay
        step_x, step_y = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
        far_x = ((column + (dx > 0)) - ax) / dx if dx else math.inf
        far_y = ((row + (dy > 0)) - ay) / dy if dy else math.inf
        add_x, add_y = (abs(1 / dx) if dx else math.inf), (abs(1 / dy) if dy else math.inf)
        while not self.solid[row][column]:
            if (column, row) == last or min(far_x, far_y) > 1.0:
                return True
            if far_x < far_y:
                far_x, column = far_x + add_x, column + step_x
            else:
                far_y, row = far_y + add_y, row + step_y
        return False

    def _cover(self, one: Fighter, threat: Fighter) -> float:
        length = math.hypot(one.x - threat.x, one.y - threat.y) or 1.0
        across = (-(one.y - threat.y) / length, (one.x - threat.x) / length)
        hidden = 0
        for i in range(16):
            at = 0.4 * ((i + 0.5) / 8 - 1.0)
            place = one.x + at * across[0], one.y + at * across[1]
            hidden += not self._is_clear(threat.x, threat.y, *place)
        return hidden / 16

    # --- the mind ----------------------------------------------------------------------------------

    def _think(self, one: Fighter) -> None:
        found = self._nearest_enemy(one, SIGHT)
        sees = found is not None and self._sees(one, found)
        if sees:
            one.enemy = found
        strength = one.health / one.max_health
        if one.enemy is not None and (strength < 0.9 if one.state == "flee" else sees and strength < 0.3):
            one.state = "flee"
            if sees:
                self._choose_refuge(one)
        elif sees and found is not None:
            one.goal = (found.x, found.y)
            near = math.dist(one.goal, (one.x, one.y)) <= one.reach
            one.state, one.ends_at = ("attack" if near else "chase"), self.tick + 180
            one.way.clear()
        elif one.state in {"attack", "flee"}:
            one.state, one.ends_at = "chase", self.tick + 180
            one.way = find_path(self, (one.x, one.y), one.goal)
        elif self.tick >= one.ends_at:
            if one.state == "idle":
                turn = self._chance.uniform(0.0, 6.2832)
                one.state, one.ends_at = "patrol", self.tick + 180
                one.goal = (one.home[0] + 3.0 * math.cos(turn), one.home[1] + 3.0 * math.sin(turn))
            else:
                one.state, one.ends_at = "idle", self.tick + 60

    def _choose_refuge(self, one: Fighter) -> None:
        enemy = one.enemy
        assert enemy is not None
        one.goal = (one.x, one.y)
        if self._cover(one, enemy) >= 0.75:
            return
        turn = math.atan2(one.y - enemy.y, one.x - enemy.x)
        for more in (0.0, 0.8, -0.8, 1.6, -1.6):
            goal = (one.x + 4.0 * math.cos(turn + more), one.y + 4.0 * math.sin(turn + more))
            if self._is_clear(one.x, one.y, *goal):
                one.goal = goal
                return

    def _walk(self, one: Fighter) -> None:
        goal = one.way[0] if one.way else one.goal
        if math.dist((one.x, one.y), goal) < 0.4:
            if one.way:
                one.way.pop(0)
            else:
                one.ends_at = self.tick
        else:
            self._step_to(one, goal, 3.0)

    def _step_to(self, one: Fighter, goal: Place, speed: float) -> None:
        dx, dy = goal[0] - one.x, goal[1] - one.y
        length = math.hypot(dx, dy) or 1.0
        x, y = one.x + dx / length * speed * TICK, one.y + dy / length * speed * TICK
        self._move(one, x, y)

    def _move(self, one: Fighter, x: float, y: float) -> None:
        if not self.solid[int(y)][int(x)]:
            one.x, one.y = x, y

    def _attack(self, one: Fighter) -> None:
        if one.enemy is not None and self.tick >= one.ready_at:
            one.ready_at = self.tick + 54
            if one.reach > 5.0:
                self.missiles.append(Missile(one, (one.enemy.x, one.enemy.y)))
            else:
                one.enemy.health -= 8.0

    def _fly(self, one: Missile) -> bool:
        """Move a missile; returns whether it flies on."""
        one.x, one.y, one.left = one.x + one.vx * TICK, one.y + one.vy * TICK, one.left - 1
        if one.left == 0 or self.solid[int(one.y)][int(one.x)]:
            return False
        for other in self._around(one.x, one.y):
            if other.team != one.team and (other.x - one.x) ** 2 + (other.y - one.y) ** 2 < 0.16:
                other.health -= 6.0
                return False
        return True

    def _around(self, x: float, y: float) -> list[Fighter]:
        """Return who is in the fine cells around a place."""
        column, row = int(x), int(y)
        fine = self.fine
        return [
            one
            for c in (column - 1, column, column + 1)
            for r in (row - 1, row, row + 1)
            for one in fine.get((c, r), ())
        ]

    def _push_apart(self) -> None:
        """Move circles that overlap half of the depth each, as a crowd does."""
        fine = defaultdict(list)
        for one in self.fighters:
            fine[int(one.x), int(one.y)].append(one)
        self.fine = fine
        for one in self.fighters:
            for other in self._around(one.x, one.y):
                dx, dy = other.x - one.x, other.y - one.y
                far = dx * dx + dy * dy
                if other is not one and 0.0 < far < 0.52:
                    far = math.sqrt(far)
                    push = 0.1 * (0.72 - far) / far
                    self._move(one, one.x - dx * push, one.y - dy * push)

    def _flee(self, one: Fighter) -> None:
        if math.dist((one.x, one.y), one.goal) > 0.4:
            self._step_to(one, one.goal, 3.0)
        else:
            one.health = min(one.health + 6.0 * TICK, one.max_health)


def find_path(arena: TwinArena, start: Place, goal: Place) -> list[Place]:
    """Return the cells of the best way, A* in eight directions; empty where there is none."""
    solid, target = arena.solid, (int(goal[0]), int(goal[1]))
    first = (int(start[0]), int(start[1]))
    came, best, waiting = {first: first}, {first: 0.0}, [(0.0, first)]
    while waiting:
        _, cell = heapq.heappop(waiting)
        if cell == target:
            way = [goal]
            while came[cell] != cell:
                cell = came[cell]
                way.append((cell[0] + 0.5, cell[1] + 0.5))
            return way[-2::-1] or way
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                x, y = cell[0] + dx, cell[1] + dy
                if solid[y][x] or solid[cell[1]][x] or solid[y][cell[0]]:
                    continue
                cost = best[cell] + (1.4142 if dx and dy else 1.0)
                if cost < best.get((x, y), math.inf):
                    best[x, y], came[x, y] = cost, cell
                    heapq.heappush(waiting, (cost + math.dist((x, y), target), (x, y)))
    return []
