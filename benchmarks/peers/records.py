from typing import Any


def make(i: int) -> dict[str, Any]:
    return {"x": i, "y": i * 2, "tags": [i, i + 1], "name": "r" + str(i)}


def run() -> int:
    total = 0
    kept = []
    for i in range(30000):
        r = make(i)
        total += r["x"] + r["y"] + r["tags"][1] + len(r["name"])
        if i % 100 == 0:
            kept.append(r)
    for r in kept:
        total += r["x"]
    return total + len(kept)
