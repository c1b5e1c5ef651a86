def run() -> float:
    total = 0
    sum_ = 0.0
    for i in range(15000):
        x = (i + 0.5) / 64.0
        line = f"{i}: {x} and {-x}"
        total += len(line)
        sum_ += float(str(x))
        total += int(str(i))
    return total + sum_
