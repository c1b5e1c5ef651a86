def run() -> int:
    inside = 0
    for py in range(60):
        for px in range(80):
            x0 = px / 80.0 * 3.0 - 2.0
            y0 = py / 60.0 * 2.0 - 1.0
            x = 0.0
            y = 0.0
            n = 0
            while x * x + y * y <= 4.0 and n < 60:
                x, y = x * x - y * y + x0, 2.0 * x * y + y0
                n += 1
            if n == 60:
                inside += 1
    return inside
