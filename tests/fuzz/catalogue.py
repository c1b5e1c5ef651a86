"""All targets by name."""

from __future__ import annotations

from tests.fuzz import assets, files, programs, scenes, scripts, states
from tests.fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for room in (scripts, programs, scenes, states, files, assets)
    for target in room.TARGETS
}
