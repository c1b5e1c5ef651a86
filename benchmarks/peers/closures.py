from functools import reduce


def run() -> int:
    a = []
    for i in range(50000):
        a.append(i)
    k = 3
    total = 0
    for _ in range(4):
        total += reduce(lambda acc, x: acc + x, filter(lambda x: x % 2 == 0, map(lambda x: x * k, a)), 0)
    count = 0

    def bump(n: int) -> None:
        nonlocal count
        count += n

    for _ in range(100000):
        bump(1)
    return total + count
