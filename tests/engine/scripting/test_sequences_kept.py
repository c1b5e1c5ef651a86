"""Sequences in saves, hashes, reloads and hostile files; a state machine does the same."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.ecs.layout import PartyWord
from engine.errors import SaveError
from engine.game.saves import game_bytes, restore_game
from engine.saves.container import pack, unpack
from lang.bytecode.program import SEQUENCES
from lang.errors import SnapshotError
from lang.instance_state import take_state
from lang.layout import Kind
from lang.snapshot import State, decode, encode
from lang.suspended import elements, suspended
from lang.values import Tag

pytestmark = pytest.mark.integration

SCENE = '[scene]\nseed = 3\ngravity = [0.0, 0.0]\n[[entity]]\nposition = [1, 2]\nscript = "a.rhai"\n'
VARIED = """
let log = [];
let list = [#{ n: 5 }];
fn inner(n) { wait(0.05); n * 2 }
fn poke(by) { this.n += by; wait(0.02); this.n += by; this.n }
fn element() { log.push(list[0].poke(3)); }
fn intro(x, y) {
    let sum = 0;
    let m = #{ n: 1 };
    for i in 0..3 { sum += inner(i); log.push(sum + m.poke(i)); }
    for c in "pö€q" { wait(0); log.push(c); }
    for v in [#{ a: 1 }, [2, 3]] { wait(0); log.push(v); }
    for v in (1.0, 2.0) { wait(0); log.push(v); }
    let count = 0;
    let f = || count += random(1, 6);
    try { wait(0.1); f.call(); f.call(); throw "oops"; } catch (e) { wait(0); log.push(`${e} ${count}`); }
    try { [1][7]; } catch (e) { wait(0); try { throw; } catch (again) { log.push(again.message); } }
    wait_until(|| tick >= 34);
    log.push(tick);
}
fn spawner() {
    while tick < 25 {
        start(|x| { log.push(x); wait(0.06); log.push(-x); }, [tick]);
        wait(0.03);
    }
}
fn on_update() {
    if tick == 1 { start(Fn("intro"), [1, "two"]); start(Fn("element")); start(Fn("spawner")); }
}
"""
TICKS = 38


@pytest.fixture
def varied(folder):
    """Return a game of VARIED."""
    return folder.game(SCENE, a=VARIED)


def run(game, ticks=TICKS):
    """Return the state hash after each tick, and what a save holds then."""
    hashes, saves = [], []
    for _ in range(ticks):
        game.step()
        hashes.append(game.state_hash())
        saves.append(game_bytes(game))
    assert [failure.diagnostic for failure in game.error_reports] == []
    return hashes, saves


class TestSaves:
    def test_in_every_tick_the_run_goes_on_as_it_would_have(self, folder, varied):
        hashes, saves = run(varied)
        assert len(varied.scripts.sequences) == 0
        assert len(varied.scripts.state(1, "a.rhai")["log"]) > 25
        other = folder.game(SCENE, a=VARIED)
        for tick, save in enumerate(saves):
            restore_game(other, save)
            assert other.state_hash() == hashes[tick]
            for later in range(tick + 1, min(tick + 4, TICKS)):
                other.step()
                assert other.state_hash() == hashes[later], (tick, later)

    def test_snapshots_in_memory_lead_back_to_every_tick(self, varied):
        hashes, taken = [], []
        for _ in range(TICKS):
            varied.step()
            hashes.append(varied.state_hash())
            taken.append(varied.snapshot())
        for tick in (30, 3, 17, 8, 1):
            varied.restore(taken[tick])
            assert varied.state_hash() == hashes[tick]
            for later in range(tick + 1, tick + 6):
                varied.step()
                assert varied.state_hash() == hashes[later], (tick, later)

    def test_hashes_are_the_same_without_the_optimiser(self, folder, varied, monkeypatch):
        from engine.scripting import programs

        hashes, _ = run(varied)
        plain = programs.compile_script
        monkeypatch.setattr(
            programs, "compile_script", lambda *given, **named: plain(*given, **named, passes=frozenset())
        )
        game = folder.game(SCENE, a=VARIED)
        sizes = [one.scripts.files["a.rhai"].program.code.size for one in (game, varied)]
        assert sizes[0] > sizes[1]
        assert run(game)[0] == hashes

    def test_a_hash_tells_where_a_function_waits(self, folder):
        text = "fn f() { %s } fn on_spawn() { start(Fn(`f`)); }"
        first = folder.game(SCENE, a=text % "wait(1); wait(1);", ticks=2)
        second = folder.game(SCENE, a=text % "wait(1); wait(1);", ticks=2)
        assert first.state_hash() == second.state_hash()
        second.step()
        first.step()
        other = folder.game(SCENE, a=text % "if false { wait(1); } wait(1);", ticks=3)
        assert other.state_hash() != first.state_hash() == second.state_hash()


RELOADED = """
let n = 3;
fn poke(by) { this.n += by; wait(0.1); this.n += by; }
fn inner(x) { wait(0.1); x }
fn f() { let m = #{ n: 1 }; m.poke(n); print(`f ${m.n}`); }
fn g() { let k = 1; let add = |x| k += x; wait(0.1); add.call(5); print(`g ${k}`); }
fn h() { wait_until(|| tick >= 6); print(`h ${inner(7)}`); }
fn on_spawn() { start(Fn("f")); start(Fn("g")); start(Fn("h")); }
"""


class TestReload:
    @pytest.mark.parametrize(
        ("old", "new", "told", "ended"),
        [
            ("", "", ["f 7", "g 6", "h 7"], []),
            (
                "let n = 3;",
                "let first = 1; let n = 9; fn more() { [1, 2].map(|x| x) }",
                ["f 7", "g 6", "h 7"],
                [],
            ),
            ("by; wait(0.1); this", "by; wait(0.1); this.n += 1; this", ["g 6", "h 7"], ["f"]),
            ("k += x", "k += 2 * x", ["f 7", "h 7"], ["g"]),
            ("tick >= 6", "tick >= 7", ["f 7", "g 6"], ["h"]),
            ("wait(0.1); x", "wait(0.1); x + 1", ["f 7", "g 6", "h 8"], []),
            ("`f $", "`new $", ["g 6", "h 7"], ["f"]),
        ],
    )
    def test_a_sequence_goes_on_if_its_functions_are_as_they_were(self, folder, old, new, told, ended):
        game = folder.game(SCENE, a=RELOADED, ticks=3)
        game.log.take_warnings()
        folder.write("a.rhai", RELOADED.replace(old, new) if old else "// nothing\n" + RELOADED)
        game.reload("a.rhai")
        warnings = game.log.take_warnings()
        assert [warning.split("'")[1] for warning in warnings if "sequence" in warning] == ended
        for _ in range(20):
            game.step()
        assert [failure.diagnostic for failure in game.error_reports] == []
        assert game.drain_log() == told
        assert len(game.scripts.sequences) == 0

    def test_one_that_has_not_begun_needs_its_function(self, folder):
        text = 'fn f() { print("f"); } fn on_message(name, data, sender) { start(Fn("f")); }'
        start = " fn on_update() { if tick == 0 { send_message(entity_id, `x`, ()); } }"
        game = folder.game(SCENE, a=text + start, ticks=1)
        folder.write("a.rhai", text.replace("f()", "other()") + start)
        game.reload("a.rhai")
        (warning,) = game.log.take_warnings()
        assert "the sequence 'f' ends" in warning


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Return a game with sequences of all kinds, its program, and the state of its instance."""
    from tests.engine.conftest import Folder

    folder = Folder(tmp_path_factory.mktemp("held"))
    game = folder.game(SCENE, a=VARIED, ticks=12)
    program = game.scripts.files["a.rhai"].program
    snapshot = take_state(game.scripts.machine, 0, program)
    return game, program, decode(program, snapshot)


@pytest.mark.security
class TestHostileFiles:
    def refuse(self, program, state, change):
        """Change the words of a state, and return whether bytes with them are refused."""
        words = state.words.tolist()
        change(words)
        data = bytes(encode(program, State(state.random, state.slots, np.array(words, np.int64))))
        try:
            decode(program, data)
        except SnapshotError:
            return True
        return False

    def test_the_plain_ones_are_sound(self, held):
        _, program, state = held
        assert not self.refuse(program, state, lambda words: None)
        assert len(suspended(state.words.tolist(), program)) >= 3

    def test_each_word_of_a_stack_is_looked_at(self, held):
        """Whatever one word becomes, the bytes are refused or the game runs on without harm."""
        game, program, state = held
        words = state.words.tolist()
        every = words[2 * program.slots[SEQUENCES] + 1]
        places = [*elements(words, every)]
        for sequence in suspended(words, program):
            places += elements(words, sequence.at)
        accepted = []
        for place in places:
            for at in (place, place + 1):
                for value in (-1, 0, 1, 7, 1 << 20, int(Tag.REF_REGISTER), int(Tag.ARRAY), -(2**63)):
                    if words[at] == value:
                        continue

                    def change(words, at=at, value=value):
                        words[at] = value

                    if not self.refuse(program, state, change):
                        accepted.append((at, value))
        changed = words.copy()
        before = game_bytes(game)
        for at, value in accepted[::15]:
            changed = words.copy()
            changed[at] = value
            self.play(game, program, State(state.random, state.slots, np.array(changed, np.int64)))
            restore_game(game, before)

    def play(self, game, program, state):
        """Let a game run on with a state, if the table of sequences fits it."""
        sections = dict(unpack(game_bytes(game)))
        data = bytes(encode(program, state))
        sections["scripts.0.states"] = np.frombuffer(data, np.uint8)
        sections["scripts.0.lengths"] = np.array([len(data)])
        try:
            restore_game(game, pack(sections))
        except SaveError:
            return
        for _ in range(30):
            game.step()
        game.state_hash()

    @pytest.mark.parametrize(("word", "value"), [(0, 99), (1, 0), (1, 500), (2, 5), (4, 9), (5, 1 << 62)])
    def test_the_table_has_a_row_for_each(self, held, word, value):
        game, _, _ = held
        save = game_bytes(game)
        sections = dict(unpack(save))
        table = sections["waiting.sequences"].copy()
        assert table[word] != value
        table[word] = value
        sections["waiting.sequences"] = table
        with pytest.raises(SaveError):
            restore_game(game, pack(sections))
        assert game_bytes(game) == save

    def test_handles_are_among_those_given_out(self, held):
        """Or one that runs would be given out once more."""
        game, _, _ = held
        sections = dict(unpack(game_bytes(game)))
        parties = sections["world.parties"].copy()
        assert parties[PartyWord.SEQUENCES] >= 3
        parties[PartyWord.SEQUENCES] = 1
        sections["world.parties"] = parties
        with pytest.raises(SaveError, match="its sequences are not those"):
            restore_game(game, pack(sections))

    def test_no_value_of_a_script_is_such_an_array(self, held):
        _, program, state = held
        sequence = suspended(state.words.tolist(), program)[0]

        def change(words):
            slot = 2 * program.slots["log"]
            assert words[sequence.at] & 0xFF == Kind.ARRAY
            words[slot : slot + 2] = (int(Tag.ARRAY), sequence.at)

        assert self.refuse(program, state, change)


WAITS = st.lists(st.sampled_from([0, 1, 2, 5]), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Return a game whose script does the same as a sequence and as a state machine."""
    from tests.engine.conftest import Folder

    text = """
        let waits = [];
        let said = [];
        let step = 0;
        let left = 0;
        let counted = [];
        fn f() {
            let total = 0;
            for ticks in waits { wait(ticks / 60.0); total += tick; said.push(total); }
        }
        fn on_message(name, data, sender) {
            waits = data; said = []; counted = []; step = 0; left = -1;
            start(Fn("f"));
        }
        let total = 0;
        fn on_update() {
            if left == -1 { total = 0; left = 0; if waits.len() > 0 { left = max(waits[0], 1); } return; }
            if step < waits.len() {
                left -= 1;
                if left == 0 {
                    total += tick;
                    counted.push(total);
                    step += 1;
                    if step < waits.len() { left = max(waits[step], 1); }
                }
            }
        }
        fn on_timer(name) {}
    """
    return Folder(tmp_path_factory.mktemp("pair")).game(SCENE, a=text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WAITS)
def test_it_is_a_state_machine(pair, waits):
    pair.world.emit(1, "on_message", ["go", waits, ()])
    for _ in range(2 + sum(max(wait, 1) for wait in waits)):
        pair.step()
    state = pair.scripts.state(1, "a.rhai")
    assert pair.error_reports == []
    assert len(state["said"]) == len(waits)
    assert state["said"] == state["counted"]
