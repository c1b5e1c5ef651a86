from math import sqrt


def run() -> float:
    bodies = [
        {"x": 0.0, "y": 0.0, "vx": 0.0, "vy": 0.0, "m": 1000.0},
        {"x": 10.0, "y": 0.0, "vx": 0.0, "vy": 9.0, "m": 1.0},
        {"x": 0.0, "y": 20.0, "vx": -7.0, "vy": 0.0, "m": 2.0},
        {"x": -30.0, "y": 0.0, "vx": 0.0, "vy": -5.5, "m": 1.5},
    ]
    for _ in range(3000):
        for i in range(4):
            ax = 0.0
            ay = 0.0
            for j in range(4):
                if i != j:
                    dx = bodies[j]["x"] - bodies[i]["x"]
                    dy = bodies[j]["y"] - bodies[i]["y"]
                    d2 = dx * dx + dy * dy + 0.01
                    f = bodies[j]["m"] / (d2 * sqrt(d2))
                    ax += dx * f
                    ay += dy * f
            bodies[i]["vx"] += ax * 0.001
            bodies[i]["vy"] += ay * 0.001
        for i in range(4):
            bodies[i]["x"] += bodies[i]["vx"] * 0.001
            bodies[i]["y"] += bodies[i]["vy"] * 0.001
    return bodies[1]["x"]
