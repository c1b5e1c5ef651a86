def run() -> int:
    total = 0
    for i in range(5000):
        line = ("  name" + str(i) + ",  " + str(i % 100) + " ,red;green;blue  ").strip()
        fields = line.split(",")
        name = fields[0].replace("name", "n-")
        number = fields[1].strip()
        colours = ""
        for colour in fields[2].split(";"):
            if colours != "":
                colours += "|"
            colours += colour.upper()
        total += int(number) + len(name) + name.index("-") + len(colours)
        if colours[4:9] == "GREEN" and colours.startswith("RED"):
            total += 1
    return total
