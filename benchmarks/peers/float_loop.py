def run() -> float:
    x = 0.0
    for i in range(500000):
        t = i * 0.001
        x = x * 0.5 + (t * t + 1.0) / (t + 2.0)
    return x
