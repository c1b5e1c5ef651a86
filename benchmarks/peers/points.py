def add(a: list[int], b: list[int]) -> list[int]:
    return [a[0] + b[0], a[1] + b[1]]


def run() -> int:
    p = [0, 0]
    for i in range(100000):
        p = add(p, [1, i % 3])
    return p[0] + p[1]
