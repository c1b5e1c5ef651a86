def run() -> int:
    a = []
    for i in range(150000):
        a.append(i * 2)
    total = 0
    for i in range(len(a)):
        total += a[i]
    for i in range(len(a)):
        a[i] = a[i] + 1
    for v in a:
        total += v
    while len(a) > 1000:
        a.pop()
    return total + a[999]
