"""A level editor whose budgets are a script: `python examples/authoring/host.py`.

Designers change `budget.rhai` without touching the editor. The editor calls `configure(meta)` with a map
and reads a map back; whatever the script does, it ends within its limits and touches nothing else.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lang import Interpreter, LangError, Limits, Source

SCRIPT = Path(__file__).with_name("budget.rhai")


@dataclass
class Level:
    """What the editor knows of a level."""

    name: str
    platform: str
    size: tuple[float, float]
    texture_bytes: int
    mood: str = "day"
    tags: list[str] = field(default_factory=list)


@dataclass
class Budget:
    """What a level may use."""

    texture_bytes: int
    particles: int
    lights: int
    notes: list[str]


LEVELS = [
    Level("meadow", "phone", (60.0, 40.0), 90_000_000),
    Level("harbour", "desktop", (220.0, 80.0), 610_000_000, mood="night"),
    Level("crater", "console", (50.0, 50.0), 100_000_000, mood="dusk", tags=["boss"]),
    Level("attic", "toaster", (8.0, 8.0), 1_000),
]


def main() -> None:
    """Ask the script for the budget of each level."""
    interpreter = Interpreter(limits=Limits(operations=10_000, seconds=1.0))
    interpreter.register_type(Level, asdict)
    budgets = interpreter.instance(Source(SCRIPT.read_text(encoding="utf-8"), SCRIPT.name))
    for level in LEVELS:
        try:
            result: Any = budgets.call("configure", level)
        except LangError as error:
            print(f"{level.name}: {error}")
            continue
        budget = Budget(**result)
        size = budget.texture_bytes >> 20
        print(f"{level.name}: {size} MiB, {budget.particles} particles, {budget.lights} lights")
        for note in budget.notes:
            print(f"  {note}")


if __name__ == "__main__":
    main()
