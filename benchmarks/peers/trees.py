from typing import Any


def tree(depth: int) -> list[Any]:
    return [] if depth == 0 else [tree(depth - 1), tree(depth - 1)]


def count(node: list[Any]) -> int:
    return 1 if not node else 1 + count(node[0]) + count(node[1])


def run() -> int:
    total = 0
    for _ in range(20):
        t = tree(10)
        total += count(t)
    return total
