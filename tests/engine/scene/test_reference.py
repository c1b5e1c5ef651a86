from pathlib import Path

import pytest

from engine.scene.reference import scene_reference

pytestmark = pytest.mark.unit

PAGE = Path(__file__).resolve().parents[3] / "docs" / "scene-reference.md"


def test_the_page_is_that_of_the_structs():
    found = PAGE.read_text(encoding="utf-8")
    assert found == scene_reference(), "run: python -m engine.scene.reference > docs/scene-reference.md"


def test_every_key_has_a_meaning():
    silent = [
        line for line in scene_reference().splitlines() if line.startswith("| `") and line.endswith("|  |")
    ]
    assert silent == []
