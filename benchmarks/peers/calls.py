def add(a: int, b: int) -> int:
    return a + b


def clamp(x: int, lo: int, hi: int) -> int:
    if x < lo:
        return lo
    if x > hi:
        return hi
    return x


def run() -> int:
    s = 0
    for i in range(200000):
        s = clamp(add(s, i % 5), 0, 1000000)
    return s
