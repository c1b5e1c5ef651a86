def run() -> int:
    state = 0
    score = 0
    for i in range(300000):
        match state:
            case 0:
                score += 1
                state = 3
            case 1:
                score += 2
                state = 4
            case 2:
                score -= 1
                state = 0
            case 3:
                score += 3
                state = 1
            case 4:
                score += i % 2
                state = 2
            case _:
                state = 0
    return score
