"""Random state through random reloads: values survive exactly, unless a function in them is lost."""

import random

import pytest

from lang.heap.convert import FunctionValue

pytestmark = pytest.mark.integration


def literal(rng, depth=0):
    """Return a random value as script text."""
    kinds = ["int", "float", "string", "char", "bool", "unit", "vector", "range"]
    if depth < 4:
        kinds += ["array", "map"] * 3 + ["closure", "pointer"]
    match rng.choice(kinds):
        case "int":
            return str(rng.randint(-(2**62), 2**62))
        case "float":
            return repr(rng.uniform(-1e6, 1e6))
        case "string":
            return '"' + "".join(rng.choices("abc äß€𝄞 ", k=rng.randint(0, 40))) + '"'
        case "char":
            return f"'{rng.choice('aß€𝄞')}'"
        case "bool":
            return rng.choice(["true", "false"])
        case "unit":
            return "()"
        case "vector":
            return f"({rng.uniform(-9, 9)}, {rng.uniform(-9, 9)})"
        case "range":
            return f"{rng.randint(0, 9)}..{rng.randint(0, 9)}"
        case "array":
            return "[" + ", ".join(literal(rng, depth + 1) for _ in range(rng.randint(0, 4))) + "]"
        case "map":
            return (
                "#{" + ", ".join(f"k{i}: {literal(rng, depth + 1)}" for i in range(rng.randint(0, 4))) + "}"
            )
        case "pointer":
            return 'Fn("helper")'
    return rng.choice(["|x| x", "|| held", "|x| x + held"])


def shapes(game):
    """Return the closures of the program by (captures, parameters), which tells them apart here."""
    infos = game.scripts.files["a.rhai"].program.infos
    return {(info.captures, len(info.parameters)) for info in infos if info.is_closure and not info.built_in}


def plain(value, game):
    """Return a value with each closure as its shape and what it carries: indices change with the program."""
    if isinstance(value, FunctionValue) and value.index >= 0:
        info = game.scripts.files["a.rhai"].program.infos[value.index]
        return ("closure", info.captures, len(info.parameters), plain(list(value.captures), game))
    if isinstance(value, dict):
        return {key: plain(one, game) for key, one in value.items()}
    return [plain(one, game) for one in value] if isinstance(value, list) else value


def survives(value, known):
    """Return whether every closure in a plain value is one of the new program's."""
    if isinstance(value, tuple) and value[:1] == ("closure",):
        return value[1:3] in known and survives(value[3], known)
    if isinstance(value, dict):
        return all(survives(one, known) for one in value.values())
    return all(survives(one, known) for one in value) if isinstance(value, list) else True


def script(rng, names):
    """Return a script with these state variables; closures capture a local of `on_update`."""
    lets = "".join(f"let {name} = ();\n" for name in names)
    assigned = "".join(f"    {name} = {literal(rng)};\n" for name in names)
    rubbish = "".join(f"    let r{i} = {literal(rng)};\n" for i in range(5))
    body = f"    let held = [1, 2];\n{assigned}{rubbish}"
    return f"{lets}fn helper() {{ 1 }}\nfn on_update() {{\n{body}}}\n"


@pytest.mark.parametrize("seed", range(12))
def test_what_survives(folder, seed):
    rng = random.Random(seed)
    names = [f"s{number}" for number in range(8)]
    scene = '[limits]\noperations = 1000000\n[[entity]]\ncount = 3\nscript = "a.rhai"\n'
    game = folder.game(scene, a=script(rng, names), ticks=2)
    assert [failure.diagnostic for failure in game.error_reports] == []
    for _ in range(4):
        before = [plain(game.scripts.state(entity, "a.rhai"), game) for entity in (1, 2, 3)]
        kept = [name for name in names if rng.random() < 0.8]
        names = [*kept, *(f"n{rng.randint(0, 10**9)}" for _ in range(2))]
        rng.shuffle(names)
        folder.write("a.rhai", script(rng, names))
        assert game.reload("a.rhai")
        for entity, old in zip((1, 2, 3), before, strict=True):
            new = plain(game.scripts.state(entity, "a.rhai"), game)
            expected = {
                name: old[name] if name in old and survives(old[name], shapes(game)) else None
                for name in names
            }
            assert new == expected
        game.step()
        assert [failure.diagnostic for failure in game.error_reports] == []
        game.state_hash()
