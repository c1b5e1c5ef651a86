from typing import Any


def run() -> int:
    m: dict[str, Any] = {"x": 1, "y": 2, "hp": 100, "name": "bob", "pos": {"x": 0, "y": 0}}
    total = 0
    for _ in range(200000):
        m["x"] = m["x"] + 1
        m["pos"]["y"] += m["y"]
        total += m["x"] + m["hp"]
    counts: dict[str, int] = {}
    for i in range(50000):
        k = "k" + str(i % 64)
        counts[k] = counts.get(k, 0) + 1
    return total + m["pos"]["y"] + counts["k7"]
