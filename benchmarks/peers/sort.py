from functools import cmp_to_key


def run() -> int:
    a = []
    seed = 12345
    for _ in range(20000):
        seed = seed * 16807 % 2147483647
        a.append(seed % 100000)
    b = a.copy()
    a.sort()
    b.sort(key=cmp_to_key(lambda x, y: y - x))
    return a[100] + b[100]
