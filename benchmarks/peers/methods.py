class Entity:
    def __init__(self) -> None:
        self.hp = 100
        self.deaths = 0

    def damage(self, n: int) -> None:
        self.hp -= n
        if self.hp < 0:
            self.hp = 100
            self.deaths += 1


def run() -> int:
    e = Entity()
    for i in range(200000):
        e.damage(i % 9)
    return e.deaths * 1000 + e.hp
