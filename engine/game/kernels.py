"""Kernels that ticks call, loaded before the first one: from the cache, each takes some milliseconds."""

from __future__ import annotations

from lang.jit import Kernel, entry_points

EVERY_TICK = (
    *("engine.animation.", "engine.physics.", "engine.ecs.previous.", "engine.ecs.query."),
    *("engine.scripting.event_rows.", "engine.scripting.batch_rows."),
)
SOME_TICKS = ("engine.ecs.", "engine.scripting.", "engine.space.", "engine.particles.")


def load_for_every_tick() -> None:
    """Load what every tick needs."""
    _load(EVERY_TICK)


def load_for_some_ticks() -> None:
    """Load what a tick may need: births, removals, questions about space, particles. Any thread may do it."""
    _load(SOME_TICKS)


def _load(modules: tuple[str, ...]) -> None:
    for kernel in entry_points():
        if isinstance(kernel, Kernel) and kernel.name.startswith(modules):
            kernel.compile()
