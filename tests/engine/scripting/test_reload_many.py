"""Two hundred edits in a row, good and broken ones, of a script and of what it imports."""

import random
import time

import pytest

pytestmark = pytest.mark.integration

SCENE = """
[[entity]]
tag = "Me"
count = 3
spread = { box = [10, 10] }
script = "a.rhai"
"""
STATE = ("n", "list", "text", "extra", "more")
BROKEN = ("let x = ;", "fn on_update( {", 'import "nothing" as no;', "fn on_update() { get_postion(1); }")


def main_text(rng, number):
    """Return a good version: some state variables, a constant, an import or none, what a tick does."""
    names = [name for name in STATE if rng.random() < 0.7] or ["n"]
    lets = "".join(f"let {name} = {rng.choice(['1', '[1, 2]', '`t`', '#{ a: 1 }'])};\n" for name in names)
    imports = rng.random() < 0.5
    head = 'import "lib" as lib;\n' if imports else ""
    step = "lib::step(VERSION)" if imports else "VERSION"
    return f"{head}const VERSION = {number};\n{lets}let last = 0;\nfn on_update() {{ last = {step}; }}\n"


def lib_text(number):
    return f"let calls = 0;\nfn step(v) {{ calls += 1; v * 1000 + {number} }}\n"


def without_history(state):
    """Return what the rules say of any game: values that every version begins or computes anew."""
    return {name: state[name] for name in ("VERSION", "last")}


def settle(game, folder, marker):
    """Poll until a last, recognisable version runs and nothing waits any more."""
    end = time.monotonic() + 10.0
    while game.scripts.state(1, "a.rhai").get("VERSION") != marker or game.reloads.is_busy:
        assert time.monotonic() < end, game.script_errors()
        game.poll_reload()
        time.sleep(0.001)


@pytest.mark.parametrize("seed", [5])
def test_many_edits_end_in_the_last_good_version(folder, tmp_path, seed):
    rng = random.Random(seed)
    folder.write("lib.rhai", lib_text(0))
    game = folder.game(SCENE, a=main_text(rng, 0), ticks=1)
    game.watch()
    last = ""
    for number in range(1, 201):
        kind = rng.random()
        if kind < 0.3:
            folder.write("a.rhai", rng.choice(BROKEN))
        elif kind < 0.4:
            folder.write("lib.rhai", "fn step(v) {")
        elif kind < 0.55:
            folder.write("lib.rhai", lib_text(number))
        else:
            last = main_text(rng, number)
            folder.write("a.rhai", last)
        for _ in range(rng.choice([0, 0, 0, 18])):
            game.poll_reload()
            time.sleep(0.002)
        if rng.random() < 0.3:
            game.step()
    folder.write("lib.rhai", lib_text(7))
    last = main_text(rng, 1_000)
    folder.write("a.rhai", last)
    settle(game, folder, 1_000)
    game.step()
    assert game.script_errors() == []
    fresh = folder.game(SCENE, a=last, ticks=2)
    for entity in (1, 2, 3):
        state, expected = game.scripts.state(entity, "a.rhai"), fresh.scripts.state(entity, "a.rhai")
        assert state.keys() == expected.keys()
        assert without_history(state) == without_history(expected)
    assert game.scripts.files["a.rhai"].program.callbacks == fresh.scripts.files["a.rhai"].program.callbacks
    game.close()


def test_edits_move_state_as_one_reload_of_the_last_good_version_does(folder):
    """Versions in between that have the same state leave no trace: values, random draws, hash."""
    text = "let n = 0;\nlet log = [];\nconst V = {};\nfn on_update() {{ n += 1; log.push(random(1, 9)); }}\n"
    hashes = []
    for versions in ([9], [*range(1, 9), 9]):
        game = folder.game(SCENE, a=text.format(0), ticks=5)
        for number in versions:
            for broken in BROKEN:
                folder.write("a.rhai", broken)
                assert not game.reload("a.rhai")
            folder.write("a.rhai", text.format(number))
            assert game.reload("a.rhai")
        for _ in range(5):
            game.step()
        hashes.append(game.state_hash())
    assert hashes[0] == hashes[1]


def test_the_old_text_clears_the_error_and_moves_nothing(folder):
    game = folder.game(SCENE, a="let n = 0;\nconst AT = tick;\nfn on_reload() { n = -1; }", ticks=3)
    program, state = game.scripts.files["a.rhai"].program, game.scripts.state(1, "a.rhai")
    for broken in BROKEN:
        folder.write("a.rhai", broken)
        assert not game.reload("a.rhai")
    assert game.script_errors()
    folder.write("a.rhai", "let n = 0;\nconst AT = tick;\nfn on_reload() { n = -1; }")
    assert game.reload("a.rhai")
    assert game.script_errors() == []
    assert game.scripts.files["a.rhai"].program is program
    assert game.scripts.state(1, "a.rhai") == state


def test_a_missing_import_is_taken_up_when_it_comes(folder):
    game = folder.game(SCENE, a='import "parts/late" as late;\nlet n = late::VALUE;', ticks=1)
    assert len(game.script_errors()) == 1
    game.watch()
    folder.write("parts/late.rhai", "export const VALUE = 5;")
    end = time.monotonic() + 5.0
    while game.script_errors():
        assert time.monotonic() < end
        game.poll_reload()
        time.sleep(0.002)
    assert game.scripts.state(1, "a.rhai")["n"] == 5
    (folder.path / "parts" / "late.rhai").unlink()
    while not any("late.rhai is gone" in one.text for one in game.take_messages()):
        assert time.monotonic() < end
        game.poll_reload()
        time.sleep(0.002)
    assert game.script_errors() == [], "a deleted file is a message"
    game.close()


def test_callbacks_come_and_go(folder):
    game = folder.game(SCENE, a="fn on_update() { print(1); }", ticks=1)
    game.drain_log()
    folder.write("a.rhai", 'fn on_message(name, data, sender) { print("got " + name); }')
    assert game.reload("a.rhai")
    game.world.emit(1, "on_message", ("hello", (), 1))
    game.step()
    assert game.drain_log() == ["got hello"]
