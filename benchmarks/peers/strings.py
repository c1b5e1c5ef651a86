def run() -> int:
    total = 0
    for i in range(30000):
        s = "item-" + str(i) + ":" + str(i % 7)
        if "9:" in s:
            total += len(s)
        if s.endswith("3"):
            total += s.index("-")
    return total
