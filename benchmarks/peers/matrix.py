def grid(n: int, scale: float) -> list[list[float]]:
    m = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append((i * n + j) % 17 * scale)
        m.append(row)
    return m


def run() -> float:
    n = 60
    a = grid(n, 0.5)
    b = grid(n, 0.25)
    trace = 0.0
    for i in range(n):
        for j in range(n):
            s = 0.0
            for k in range(n):
                s += a[i][k] * b[k][j]
            if i == j:
                trace += s
    return trace
