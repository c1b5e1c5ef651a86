def run() -> int:
    n = 300000
    composite = [False] * (n + 1)
    count = 0
    for p in range(2, n + 1):
        if composite[p]:
            continue
        count += 1
        k = p * p
        while k <= n:
            composite[k] = True
            k += p
    return count
