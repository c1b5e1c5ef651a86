def run() -> int:
    text = ""
    for i in range(1000):
        text += "w" + str(i * 7 % 113) + " "
    counts: dict[str, int] = {}
    for _ in range(20):
        for word in text.split():
            counts[word] = counts.get(word, 0) + 1
    longest = ""
    for word in counts:
        if len(word) > len(longest):
            longest = word
    return counts["w7"] * 100 + len(counts) + len(longest)
