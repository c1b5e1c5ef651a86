import json
import tomllib
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def scripts():
    """Every script of the kit, of the tests and of the examples, as (name, text); not all are scripts."""
    kit = TESTS / "conformance" / "kit"
    found = []
    for file in sorted(kit.glob("*.toml")):
        listed = tomllib.loads(file.read_text(encoding="utf-8"))["case"]
        found += [(f"{file.stem}/{case['name']}", case["script"]) for case in listed]
    listed = map(json.loads, (kit / "random.jsonl").read_text(encoding="utf-8").splitlines())
    found += [(case["id"], case["script"]) for case in listed]
    for folder in (TESTS / "scripts", TESTS.parent / "examples"):
        found += [(file.name, file.read_text(encoding="utf-8")) for file in sorted(folder.rglob("*.rhai"))]
    return found
