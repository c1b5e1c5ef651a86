"""Plays the arena: keeps away from those who are near, shoots at the nearest in sight, uses what it carries.

It sees the world as it is and does nothing but what a player does: each tick it makes the row of input of the
next one. `Bot.row` answers screens too, so a session goes on from game to game for as long as one likes.
"""

import math

import numpy as np

from engine.ecs.components import Field
from engine.ecs.query import Query
from engine.input.row import InputWord, empty_row, held_row, mouse_of, values_of
from engine.scene.screens import numbered_clicks

WAYS = [(math.cos(k * math.pi / 8), math.sin(k * math.pi / 8)) for k in range(16)]
AHEAD = 0.9  # metres that it looks along a way
THINKING = 4  # ticks from one thought to the next
PRESSES = {"title": "CLOSE", "lost": "again", "won": "again", "upgrade": ("rapid", "vigour", "swift")}


class Bot:
    """Plays game after game.

    Attributes:
        fights: whether it shoots, drinks and runs away; one that does not loses.
    """

    def __init__(self, fights=True):
        self.fights = fights
        self._game = None
        self._upgrades = 0
        self._charged = 0

    def row(self, game):
        """Return the row of input of the next tick."""
        if game is not self._game:
            self._begin(game)
        if game.flow.screen is not None:
            return self._press(game)
        if self.fights and game.tick % THINKING == 0:
            self._plan = self._act()
        down, mouse = self._plan
        names = list(game.actions)
        values = np.array([down.get(name, 0.0) for name in names])
        row = held_row(game.input.row, np.abs(values) > 0.3)
        values_of(row)[:] = values
        mouse_of(row)[:] = mouse
        return row

    def _begin(self, game):
        self._game, self._upgrades, self._charged = game, 0, 0
        world = game.world
        self._fighters = Query(world, ["transform", "health", "team", "foe"])
        self._shots = Query(world, ["transform", "velocity", "missile"])
        self._items = Query(world, ["transform", "pickup"])
        self._saws = Query(world, ["transform", "zone"])
        self._solid = game.ground.map.solid[::-1]
        self._hero = game.scripts.first_with_tag("Player")
        self._horde = world.strings.intern("horde")
        self._drank = -1000
        self._plan = ({}, (0.0, 0.0))

    def _press(self, game):
        """Press the button of the open screen that leads on."""
        screen = game.flow.screen
        wanted = PRESSES[screen.name]
        if screen.name == "upgrade":
            wanted = wanted[self._upgrades % len(wanted)]
            self._upgrades += 1
        row = empty_row(len(game.actions))
        for number, one in enumerate(numbered_clicks(game.flow.screens), 1):
            if one.screen == game.flow.screen_number and wanted in {one.click.target, one.click.verb.name}:
                row[InputWord.BUTTON] = number
        return row

    # --- seeing ------------------------------------------------------------------------------------

    def _places(self, query, hostile=False):
        """Return where those of a query are, [n, 2]."""
        found = [np.zeros((0, 2))]
        for rows in query:
            places = np.stack([rows["transform.x"], rows["transform.y"]], axis=1)
            found.append(places[rows["team.name"] == self._horde] if hostile else places)
        return np.concatenate(found)

    def _embers(self):
        """Return where hostile shots are and how they fly, [n, 4]."""
        found = [np.zeros((0, 4))]
        for rows in self._shots:
            names = ("transform.x", "transform.y", "velocity.vx", "velocity.vy")
            states = np.stack([rows[name] for name in names], axis=1)
            found.append(states[rows["missile.team"] == self._horde])
        return np.concatenate(found)

    def _is_free(self, x, y, around=0.45):
        """Whether there is room to stand."""
        return not any(
            self._solid[int(y + dy), int(x + dx)] for dx in (-around, around) for dy in (-around, around)
        )

    def _sees(self, here, there):
        steps = max(int(4 * math.dist(here, there)), 1)
        return not any(
            self._solid[
                int(here[1] + (there[1] - here[1]) * k / steps),
                int(here[0] + (there[0] - here[0]) * k / steps),
            ]
            for k in range(steps)
        )

    def _has(self, item):
        return self._game.world.get(self._hero, f"bag.{item}")

    # --- acting ------------------------------------------------------------------------------------

    def _act(self):
        world, tick = self._game.world, self._game.tick
        here = np.array([world.get(self._hero, Field.TRANSFORM_X), world.get(self._hero, Field.TRANSFORM_Y)])
        enemies = self._places(self._fighters, hostile=True)
        far = np.hypot(*(enemies - here).T)
        order = np.argsort(far, kind="stable")
        nearest = float(far[order[0]]) if len(far) else 99.0
        down = {}
        mouse = tuple(enemies[order[0]]) if len(far) else (15.0, 9.0)
        seen = [i for i in order[:6].tolist() if self._sees(here, enemies[i])]
        prey = None if seen or not len(far) else self._game.ground.find_path(tuple(here), mouse)
        down["move_x"], down["move_y"] = self._way(here, enemies, prey[0] if prey else None)
        if seen:
            mouse = tuple(enemies[seen[0]])
            down["fire"] = 1.0
        near = int((far < 4.5).sum())
        if self._charged or (seen and self._has("shells") and near >= 3):
            self._charged += 1
            if self._charged <= 4:
                down["blast"] = 1.0
            else:
                self._charged = 0
        if self._has("charms") and int((far < 4.0).sum()) >= 3 and tick % 32 == 0:
            down["charm"] = 1.0
        hurt = world.get(self._hero, Field.HEALTH_VALUE) < 55.0
        if hurt and self._has("potions") and tick > self._drank + 150:
            down["potion"], self._drank = 1.0, tick
        if nearest < 1.6 and tick % 52 == 0:
            down["dash"] = 1.0
        return down, mouse

    def _way(self, here, enemies, goal):
        """Return the direction of the least danger, which also leads to a goal or to what lies about."""
        saws, embers, items = self._places(self._saws), self._embers(), self._places(self._items)
        best, cheapest = (0.0, 0.0), math.inf
        if len(items):
            goal = items[np.argmin(np.hypot(*(items - here).T))]
        elif goal is None:
            goal = (15.0, 7.5)
        for way in [(0.0, 0.0), *WAYS]:
            there = here + np.multiply(way, AHEAD)
            if not self._is_free(*there) or not self._is_free(*(here + np.multiply(way, 0.4))):
                continue
            cost = 30.0 * np.exp(-np.hypot(*(enemies - there).T) / 1.3).sum()
            cost += 40.0 * (np.hypot(*(saws - there).T) < 1.8).sum()
            for soon in (0.08, 0.16, 0.24):
                cost += 6.0 * (np.hypot(*(embers[:, :2] + soon * embers[:, 2:] - there).T) < 0.8).sum()
            cost += 0.4 * math.dist(there, goal)
            if cost < cheapest:
                best, cheapest = way, float(cost)
        return best
