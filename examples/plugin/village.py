"""A plugin: wind for the scripts of `village.toml`, and a village where nobody is hurt.

`python examples/plugin/village.py` runs the scene for ten seconds; in a window it is
`astraweave run examples/plugin/village.toml --plugin examples.plugin.village:Village`.
"""

from pathlib import Path

from astraweave import Game, PluginHost, Query, Vector

SCENE = Path(__file__).parent / "village.toml"
VILLAGE = (4.0, 16.0)
"""From where to where the village reaches, in metres."""
MOST_SPARKS = 3


class Village:
    """Wind, peace, and few sparks."""

    def register(self, host: PluginHost) -> None:
        """Register with a game that is being made."""
        tagged = Query(host.world, ["tag"])

        @host.function
        def wind_at(place: Vector) -> Vector:
            """The wind at a place, in metres a second: it turns about the middle of the village."""
            x, y = place[0] - sum(VILLAGE) / 2, place[1] - 10.0
            return Vector((-y * 0.1, x * 0.1))

        @host.veto_damage
        def is_peaceful(entity: int, amount: float, source: int) -> bool:
            return VILLAGE[0] <= host.world.get(entity, "transform.x") <= VILLAGE[1]

        @host.veto_spawn
        def are_enough(prefab: str, place: tuple[float, ...], by: int) -> bool:
            sparks = [entity for entity in tagged.entities() if host.world.get(entity, "tag.name") == "Spark"]
            return prefab == "spark" and len(sparks) >= MOST_SPARKS


def main() -> None:
    """Run the scene for ten seconds, and tell how the houses stand."""
    game = Game.load(SCENE, plugins=[Village()])
    game.on_script_error(lambda failure: print(failure.diagnostic))
    for _ in range(600):
        game.step()
    for line in game.drain_log():
        print(line)
    for tag in ("Inside", "Outside"):
        house = game.scripts.first_with_tag(tag)
        print(f"{tag}: {game.world.get(house, 'health.value')}")


if __name__ == "__main__":
    main()
