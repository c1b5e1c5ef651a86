"""Snapshots: exact, checked when they come from elsewhere, and never a danger."""

import hashlib
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import lang
from lang import snapshot as snapshots
from lang.limits import MIB
from lang.values import Tag

pytestmark = pytest.mark.security

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
let n = 1;
let texts = ["constant", "b" + n, 'c', `${n} é`];
let all = #{a: [1.5, (), true], range: 1..5, step: range(0, 10, 3), v: (1, 2), w: (1, 2, 3), "é": #{}};
let bytes = blob(5, 7);
let counter = make(0);
let named = Fn("up");
let curried = Fn("add").curry([1, 2]);
let tagged = 5;
tagged.tag = -3;
fn make(start) { let c = start; let self = #{}; let get = || { c += 1; [c, n] }; get }
fn up() { n += 1; texts.push(`t${n}`); all[`k${n}`] = [n, texts.len()]; bytes.push(n); n }
fn add(list, x) { list.push(x); list }
fn look() { [n, texts, all, bytes, tagged, tagged.tag, curried.call(9), named.call()] }
fn count() { counter.call() }
fn grow(k) { let a = []; for i in 0..k { a.push([i, `${i}`]); } all = a; all.len() }
"""


@pytest.fixture(scope="module")
def interpreter():
    return lang.Interpreter(vectors=True, limits=lang.Limits(operations=200_000, memory=4 * MIB))


@pytest.fixture
def instance(interpreter):
    return interpreter.instance(SCRIPT)


def play(instance, steps=3):
    return [instance.call(name) for _ in range(steps) for name in ("up", "count", "look")]


def test_a_restored_instance_does_what_the_first_did(interpreter, instance):
    play(instance)
    saved = instance.snapshot()
    before = instance.state_hash
    expected = play(instance)
    after = instance.state_hash
    assert before != after
    instance.restore(saved)
    assert (instance.state_hash, instance.snapshot()) == (before, saved)
    assert (play(instance), instance.state_hash) == (expected, after)
    other = interpreter.instance(SCRIPT)
    other.restore(bytes(saved))
    assert (other.state_hash, other.snapshot()) == (before, saved)
    assert (play(other), other.state_hash) == (expected, after)


def test_taking_one_changes_nothing(interpreter):
    one, two = interpreter.instance(SCRIPT), interpreter.instance(SCRIPT)
    held = one.call("make", 5)
    for _ in range(3):
        one.snapshot()
        assert play(one, 1) == play(two, 1)
    assert one.state_hash == two.state_hash
    assert held()[0] == 6


def test_functions_that_python_holds_end_with_a_restore(instance):
    held = instance.call("make", 5)
    instance.restore(instance.snapshot())
    with pytest.raises(RuntimeError, match="has ended"):
        held()
    assert instance.call("make", 1)()[0] == 2


def test_another_process_goes_on(instance, tmp_path):
    play(instance)
    (tmp_path / "state").write_bytes(instance.snapshot())
    code = (
        "import lang, pathlib\n"
        "from tests.lang.host.test_snapshot import SCRIPT, play\n"
        f"instance = lang.Interpreter(vectors=True).instance(SCRIPT)\n"
        f"instance.restore(pathlib.Path({str(tmp_path / 'state')!r}).read_bytes())\n"
        "play(instance)\nprint(instance.state_hash)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    play(instance)
    assert int(done.stdout) == instance.state_hash


def test_pickled_ones_are_plain_bytes(instance):
    copy = pickle.loads(pickle.dumps(instance.snapshot()))
    assert type(copy) is bytes


class TestRefused:
    def test_what_is_no_snapshot(self, instance):
        for data in (b"", b"nonsense", bytes(1000), snapshots.MAGIC):
            with pytest.raises(lang.SnapshotError, match="no snapshot"):
                instance.restore(data)

    def test_of_another_program(self, interpreter, instance):
        other = interpreter.instance(SCRIPT + "let more = 1;")
        with pytest.raises(lang.SnapshotError, match="another program"):
            other.restore(instance.snapshot())

    def test_cut_short_or_with_a_bit_flipped(self, instance):
        saved = instance.snapshot()
        before = instance.state_hash
        chance = random.Random(1)
        damaged = [saved[: chance.randrange(len(saved))] for _ in range(50)]
        for _ in range(200):
            data = bytearray(saved)
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            damaged.append(bytes(data))
        for data in damaged:
            with pytest.raises(lang.SnapshotError):
                instance.restore(data)
        assert instance.state_hash == before

    def test_larger_than_the_limits(self, interpreter, instance):
        instance.call("grow", 2000)
        saved = instance.snapshot()
        small = lang.Interpreter(vectors=True, limits=lang.Limits(memory=50_000)).instance(SCRIPT)
        with pytest.raises(lang.SnapshotError, match="more memory"):
            small.restore(saved)
        assert small.call("up") == 2

    @pytest.mark.parametrize(
        ("text", "change", "message"),
        [
            ("let a = [1, 2];", {-4: Tag.CELL}, "shared variable"),
            ("let a = [1, 2];", {-4: 99}, "no value"),
            ("let a = [1, 2];", {-4: Tag.STRING}, "refers to nothing"),
            ("let a = [1, 2];", {-4: Tag.REF_STATE}, "no value"),
            ("let a = [1, 2];", {-4: Tag.CHAR, -3: 0x110000}, "no value"),
            ("let a = [true];", {-1: 2}, "no value"),
            ("let a = [1, 2];", {-4: 1 << 40 | 1 << 20}, "no tag"),
            ("let a = [1, 2];", {-5: 8 | 6 << 32}, "cannot be"),
            ("let a = [1, 2];", {-5: 15 | 5 << 32}, "no header"),
            ("let a = [1, 2];", {-8: 3}, "not its own"),
            ("let a = [1, 2];", {-6: 3}, "not its own"),
            ("let a = [[]];", {-6: Tag.ARRAY, -5: 4}, "holds itself"),
            ('let s = "a" + 1;', {-2: 3 | 2 << 32}, "not as long"),
            ('let s = "a" + 1;', {-1: 0xFF}, "UTF-8"),
            ('let s = "a" + 1;', {-1: 0x7F61}, None),
        ],
    )
    def test_heaps_that_no_machine_writes(self, interpreter, text, change, message):
        instance = interpreter.instance(text)
        data = forged(instance.snapshot(), change)
        if message is None:
            instance.restore(data)
            return
        with pytest.raises(lang.SnapshotError, match=message):
            instance.restore(data)


def forged(saved, change):
    """A snapshot with other words (counted from the end), and a checksum that fits them."""
    head = snapshots._HEAD.size
    words = np.frombuffer(saved[head:], np.int64).copy()
    for at, word in change.items():
        words[at] = word
    _, of_program, _, generator, slots, _ = snapshots._HEAD.unpack_from(saved)
    numbers = snapshots.struct.pack("<qq", generator, slots)
    checksum = hashlib.blake2b(numbers + words.tobytes(), digest_size=32).digest()
    packed = snapshots._HEAD.pack(snapshots.MAGIC, of_program, checksum, generator, slots, words.size)
    return packed + words.tobytes()


@pytest.mark.parametrize("seed", range(int(os.environ.get("SNAPSHOT_SEEDS", "4"))))
def test_forged_ones_are_refused_or_do_no_harm(interpreter, instance, seed):
    """Random changes of words that are likely to matter; what is taken must run (bounds checks see more)."""
    play(instance)
    saved = instance.snapshot()
    count = (len(saved) - snapshots._HEAD.size) // 8
    chance = random.Random(seed)
    taken = 0
    for _ in range(150):
        change = {}
        for _ in range(chance.choice([1, 1, 2, 3])):
            at = -1 - chance.randrange(count)
            old = int(np.frombuffer(saved, np.int64, 1, len(saved) + 8 * at)[0])
            small = chance.choice(
                [chance.randrange(-20, 60), chance.randrange(count), -1 - chance.randrange(99)]
            )
            flipped = old ^ 1 << chance.randrange(63)
            change[at] = chance.choice([small, flipped, old + chance.choice([-1, 1]), chance.getrandbits(62)])
        try:
            instance.restore(forged(saved, change))
        except lang.SnapshotError:
            continue
        taken += 1
        for name in ("look", "up", "count"):
            try:
                instance.call(name)
            except lang.ScriptError:
                continue
        assert instance.state_hash >= 0
        assert isinstance(dict(instance), dict)
        instance.restore(instance.snapshot())
    assert taken > 5
