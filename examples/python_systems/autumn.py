"""Systems in Python over columns: `python examples/python_systems/autumn.py`."""

from pathlib import Path

import numpy as np

from astraweave import Game, Query

SCENE = Path(__file__).parent / "scene.toml"


def main() -> None:
    """Let leaves drift for four seconds; tell how many got wet and how many came to the ground."""
    game = Game.load(SCENE)
    world = game.world
    world.declare("wetness", [("amount", "float", 0.0)])

    drifting = Query(world, ["transform", "velocity"])
    dry = Query(world, ["transform", "velocity"], without=["wetness"])
    wet = Query(world, ["wetness", "velocity"])
    wetter = Query(world, ["velocity"], changed=["wetness"])
    heard = {"wet": 0, "soaked": 0, "fallen": 0}

    def wind() -> None:
        for rows in drifting:
            speed = rows.write("velocity.vx")
            speed += 0.02 * (12.0 - rows["transform.y"])

    def rain() -> None:
        for rows in dry:
            below = (rows["transform.x"] > 10.0) & (rows["transform.x"] < 20.0)
            for entity in rows.entities[below].tolist():
                world.queue_add(entity, "wetness", {"wetness.amount": 0.25})
        for rows in wet:
            light = rows["wetness.amount"] < 1.0
            rows.put("wetness.amount", light, rows["wetness.amount"][light] + 0.25)

    def weigh() -> None:
        for rows in wetter:  # only those whose wetness was written to since the last tick
            heavy = rows["wetness.amount"] >= 1.0
            heard["soaked"] += int(np.count_nonzero(heavy))
            rows.put("velocity.vy", heavy, -4.0)
        wetter.catch_up()

    def fall() -> None:
        for rows in drifting:
            down = rows["transform.y"] < 0.0
            world.destroy_many(rows.entities[down])
            for x in rows["transform.x"][down].tolist():
                ripple = world.queue_spawn(["transform", "tag"], {"transform.x": x})
                world.set(ripple, "tag.name", "Ripple")  # its id is good at once

    game.add_system("simulation", "wind", wind)
    game.add_system("simulation", "rain", rain)
    game.add_system("events", "weigh", weigh)
    game.add_system("events", "fall", fall)
    world.observers.on_add("wetness", "wet", lambda ids: heard.update(wet=heard["wet"] + ids.size))
    world.observers.on_remove(
        "velocity", "fallen", lambda ids: heard.update(fallen=heard["fallen"] + ids.size)
    )

    for _ in range(240):
        game.step()
    ripples = Query(world, ["transform", "tag"], without=["velocity"])
    print(f"{heard['wet']} leaves got wet, {heard['soaked']} through and through, {heard['fallen']} fell")
    print(f"{len(drifting)} are in the air, {len(ripples)} ripples on the water")


if __name__ == "__main__":
    main()
