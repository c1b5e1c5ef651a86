"""Plays Coin rush: walks to the nearest coin on the cheapest way, around walls and guards, then out.

It sees the world as it is and does nothing but hold keys, as a player does.
"""

import heapq
import math

import numpy as np

from engine.ecs.components import Component, Field

CELL = 0.5  # metres
COLUMNS, ROWS = 80, 44
AROUND = 0.5  # metres between a wall and the middle of the player
FEAR = 5.0  # metres: nearer to a guard a way is dear
THINKING = 12  # ticks from one plan to the next
EXIT = (38.0, 11.0)


def tagged(game, tag):
    """Return the entities of a tag, in order."""
    name = game.world.strings.intern(tag)
    return [
        entity
        for entity in game.world.entities().tolist()
        if game.world.has_component(entity, Component.TAG)
        and game.world.get(entity, Field.TAG_NAME) in {name, tag}
    ]


def place(game, entity):
    return game.world.get(entity, Field.TRANSFORM_X), game.world.get(entity, Field.TRANSFORM_Y)


def places(game, *tags):
    return [place(game, entity) for tag in tags for entity in tagged(game, tag)]


def words_of(game, tag):
    content = game.world.get(tagged(game, tag)[0], Field.TEXT_CONTENT)
    return content if isinstance(content, str) else game.world.strings.text(content)


def keys_towards(here, target):
    """Return [left, right, up, down, menu] for the next step from a place."""
    (x, y), near = here, 0.1
    return np.array(
        [target[0] < x - near, target[0] > x + near, target[1] > y + near, target[1] < y - near, 0], np.int64
    )


def cell_of(at):
    return min(max(int(at[0] / CELL), 0), COLUMNS - 1), min(max(int(at[1] / CELL), 0), ROWS - 1)


def middle_of(cell):
    return (cell[0] + 0.5) * CELL, (cell[1] + 0.5) * CELL


class Player:
    """Plays one level.

    Attributes:
        game: the level. rows: the keys that were held, tick by tick. hashes: of the state at some ticks.
    """

    def __init__(self, game):
        self.game = game
        self.rows = []
        self.hashes = {}
        self._way = []
        self._hero = game.scripts.first_with_tag("Player")
        self._walls = self._free_of_walls()

    def keys(self):
        """Return the keys to hold in the next tick."""
        game = self.game
        if game.tick % THINKING == 0 or not self._way:
            self._way = self._plan()
        here = place(game, self._hero)
        while len(self._way) > 1 and math.dist(here, self._way[0]) < 0.4:
            self._way.pop(0)
        return keys_towards(here, self._way[0] if self._way else here)

    def step(self):
        """Hold the keys of the next tick and do it."""
        game = self.game
        self.rows.append(self.keys())
        game.set_actions(self.rows[-1])
        game.step()
        if game.tick % 100 == 0:
            self.hashes[game.tick] = game.state_hash()

    def _free_of_walls(self):
        """Return which cells the player may stand in: [columns, rows]. The door is none of the walls."""
        world, free = self.game.world, np.ones((COLUMNS, ROWS), bool)
        across, along = (np.arange(count) * CELL + 0.5 * CELL for count in (COLUMNS, ROWS))
        for entity in world.entities().tolist():
            has = {one for one in Component if world.has_component(entity, one)}
            if Component.COLLIDER not in has or has & {Component.BODY, Component.TAG}:
                continue
            x, y = place(self.game, entity)
            width = world.get(entity, Field.COLLIDER_HALF_WIDTH) + AROUND
            height = world.get(entity, Field.COLLIDER_HALF_HEIGHT) + AROUND
            free &= (abs(across - x) >= width)[:, None] | (abs(along - y) >= height)[None, :]
        return free

    def _costs(self):
        """Return what a step into each cell costs: more near guards and spikes."""
        across, along = np.meshgrid(
            np.arange(COLUMNS) * CELL + 0.5 * CELL, np.arange(ROWS) * CELL + 0.5 * CELL, indexing="ij"
        )
        costs = np.ones((COLUMNS, ROWS))
        for (x, y), far in [
            *((at, FEAR) for at in places(self.game, "Guard", "Captain")),
            *((at, 1.4) for at in places(self.game, "Spikes")),
        ]:
            costs += 12.0 * np.maximum(0.0, 1.0 - np.hypot(across - x, along - y) / far)
        return costs

    def _plan(self):
        """Return places on the cheapest way to a coin, or to the exit when there is none."""
        goals = {cell_of(at) for at in places(self.game, "Coin")} or {cell_of(EXIT)}
        start, costs = cell_of(place(self.game, self._hero)), self._costs()
        before, best, queue = {}, {start: 0.0}, [(0.0, start)]
        while queue:
            cost, cell = heapq.heappop(queue)
            if cell in goals:
                way = [middle_of(cell)]
                while cell != start:
                    cell = before[cell]
                    way.append(middle_of(cell))
                return way[-2::-1] or way
            for step in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                other = (cell[0] + step[0], cell[1] + step[1])
                if not (0 <= other[0] < COLUMNS and 0 <= other[1] < ROWS):
                    continue
                if not self._walls[other] and other not in goals:
                    continue
                new = cost + costs[other]
                if new < best.get(other, math.inf):
                    best[other], before[other] = new, cell
                    heapq.heappush(queue, (new, other))
        return []
