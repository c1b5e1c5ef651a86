"""Compiled programs on disk: read back as they were, and only what is ours, whole and sound."""

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import lang
from lang import program_cache
from lang.bytecode.program import Program
from lang.bytecode.serialise import from_bytes, to_bytes
from lang.bytecode.verify import verify
from lang.errors import VerifyError
from lang.modules import MappingResolver
from lang.program_cache import ProgramCache

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
CONTAINED = (TypeError, ValueError, LookupError, ArithmeticError, AssertionError, AttributeError)
"""What Python makes of instructions that no compiler emits: an end of the run, with nothing broken."""
SCRIPT = """
const RATE = 3;
fn twice(n) { n * 2 }
fn int.thrice() { this * RATE_OF() }
fn RATE_OF() { global::RATE }
let total = 0;
for i in 0..10 { total += twice(i); }
let f = |x| { total += x; total };
try { throw "x" } catch (e) { total += 1; }
switch total { 91 => "ninety-one", _ => [f.call(1), 5.thrice(), `${total}`, 'c', 1..3] }
"""


@pytest.fixture
def cache(tmp_path):
    return ProgramCache(tmp_path / "programs")


@pytest.fixture
def compiles(monkeypatch):
    """Count how often a text is compiled."""
    texts = []
    compile_source = program_cache.compile_source

    def counting(source, *arguments):
        texts.append(source.text)
        return compile_source(source, *arguments)

    monkeypatch.setattr(program_cache, "compile_source", counting)
    return texts


def files_of(cache):
    return sorted(cache.folder.glob("*.program"))


def same(left, right):
    for name in Program.__dataclass_fields__:
        one, other = getattr(left, name), getattr(right, name)
        if name not in {"image", "linked"}:
            equal = np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other
            assert equal, name


def test_a_program_comes_back_as_it_was(cache, compiles):
    first = lang.Interpreter(cache=cache)
    second = lang.Interpreter(cache=cache)
    same(first.compile(SCRIPT), second.compile(SCRIPT))
    assert len(compiles) == 1
    assert second.run(SCRIPT) == first.run(SCRIPT) == "ninety-one"
    instance = second.instance("let n = 1; fn up() { n += 1; n }")
    assert instance.call("up") == 2


def test_all_scripts_of_the_project_come_back(cache):
    one, other = lang.Interpreter(cache=cache), lang.Interpreter(cache=cache)
    scripts = [*(ROOT / "tests/scripts").rglob("*.rhai"), *(ROOT / "benchmarks/peers").glob("*.rhai")]
    for path in scripts:
        try:
            program = one.compile(path.read_text(encoding="utf-8"))
        except lang.CompileError:
            continue
        same(program, other.compile(path.read_text(encoding="utf-8")))
    assert len(scripts) > 30


def test_whatever_it_depends_on_makes_another_file(cache, compiles, monkeypatch):
    lang.Interpreter(cache=cache).compile("1")
    lang.Interpreter(cache=cache).compile("1 ")
    lang.Interpreter(cache=cache).compile(lang.Source("1", "other"))
    lang.Interpreter(cache=cache, vectors=True).compile("1")
    lang.Interpreter(cache=cache).compile("1", state=True)
    lang.Interpreter({"f": lambda: 1}, cache=cache).compile("1")
    assert len(files_of(cache)) == len(compiles) == 6
    monkeypatch.setattr(program_cache, "language_version", lambda: "another")
    lang.Interpreter(cache=cache).compile("1")
    assert len(compiles) == 7


def test_programs_of_several_files_are_not_kept(cache):
    interpreter = lang.Interpreter(cache=cache, resolver=MappingResolver({"a": "export let x = 1;"}))
    assert interpreter.run('import "a" as a; a::x') == 1
    assert files_of(cache) == []


def test_damaged_and_foreign_files_are_compiled_again(cache, compiles, tmp_path):
    interpreter = lang.Interpreter(cache=cache)
    expected = interpreter.compile(SCRIPT)
    (path,) = files_of(cache)
    good = path.read_bytes()
    other = ProgramCache(tmp_path / "elsewhere")
    lang.Interpreter(cache=other).compile(SCRIPT)
    chance = random.Random(5)
    flipped = []
    for _ in range(30):
        data = bytearray(good)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        flipped.append(bytes(data))
    (foreign,) = files_of(other)
    cut = (b"", b"nonsense", good[:-1], good[: len(good) // 2], good + b"x")
    for data in (*cut, foreign.read_bytes(), *flipped):
        path.write_bytes(data)
        before = len(compiles)
        same(lang.Interpreter(cache=cache).compile(SCRIPT), expected)
        assert len(compiles) == before + 1
        assert path.read_bytes() == good
    lang.Interpreter(cache=cache).compile("2")
    moved = next(file for file in files_of(cache) if file != path)
    moved.write_bytes(good)
    assert lang.Interpreter(cache=cache).run("2") == 2


def test_a_folder_that_cannot_be_used_costs_time_alone(tmp_path, compiles):
    (tmp_path / "file").write_text("in the way")
    interpreter = lang.Interpreter(cache=ProgramCache(tmp_path / "file" / "programs"))
    assert interpreter.run("1 + 1") == 2
    assert len(compiles) == 1
    assert ProgramCache(tmp_path / "nowhere").clear() == 0


def test_pruning_by_age_and_size(tmp_path):
    cache = ProgramCache(tmp_path, most_bytes=4000, most_seconds=1000)
    interpreter = lang.Interpreter(cache=cache)
    for number in range(20):
        interpreter.compile(f"{number} + x")
    cache.prune()
    left = files_of(cache)
    assert 0 < sum(file.stat().st_size for file in left) <= 4000
    old = time.time() - 2000
    os.utime(left[0], (old, old))
    cache.prune()
    assert files_of(cache) == left[1:]
    assert cache.clear() == len(left) - 1
    assert files_of(cache) == []


def test_the_folder_is_the_users_unless_one_is_given(tmp_path, monkeypatch):
    monkeypatch.setattr(program_cache, "user_cache_path", lambda name, appauthor: tmp_path / name)
    lang.Interpreter(cache=ProgramCache()).compile("1")
    assert len(list((tmp_path / "astraweave" / "programs").glob("*.program"))) == 1


@pytest.mark.security
class TestForged:
    """The seal keeps strangers out; were it broken, the verifier still stands before the machine."""

    @pytest.fixture
    def interpreter(self):
        return lang.Interpreter(limits=lang.Limits(operations=3000, memory=200_000, seconds=5.0))

    @pytest.mark.parametrize("seed", range(int(os.environ.get("FORGED_SEEDS", "3"))))
    def test_changed_words_are_refused_or_do_no_harm(self, interpreter, seed, capfd):
        chance = random.Random(seed)
        base = interpreter._prelude
        program = interpreter.compile(SCRIPT)
        count = len(interpreter._options.natives.entries)
        first = base.code.size
        ran, told = 0, []
        for _ in range(250):
            code = program.code.copy()
            for _ in range(chance.choice([1, 1, 2])):
                at = chance.randrange(first, code.size)
                shift = chance.choice([0, 8, 24, 40])
                width = 0xFF if shift == 0 else 0xFFFF
                value = chance.randrange(chance.choice([8, 130, width + 1]))
                code[at] = int(code[at]) & ~(width << shift) | value << shift
            data = to_bytes(replace(program, code=code), base)
            try:
                forged = from_bytes(data, program.source, base)
                verify(forged, count, base)
            except VerifyError:
                continue
            ran += 1
            try:
                interpreter.run(forged)
            except lang.ScriptError:
                continue
            except CONTAINED as error:
                told.append(str(error))
        assert ran > 10
        assert not [text for text in told if "out of bounds" in text]
        assert capfd.readouterr().err == ""

    def test_bytes_that_are_no_program(self, interpreter):
        base = interpreter._prelude
        good = to_bytes(interpreter.compile(SCRIPT), base)
        chance = random.Random(3)
        refused = 0
        for _ in range(300):
            data = bytearray(good)
            for _ in range(chance.choice([1, 2, 5])):
                data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                verify(from_bytes(bytes(data), lang.Source(SCRIPT), base), 10_000, base)
            except VerifyError:
                refused += 1
        assert refused > 100


def test_another_process_reads_the_same_file(cache, tmp_path):
    code = (
        "import sys, lang, pathlib\n"
        "interpreter = lang.Interpreter(cache=lang.ProgramCache(pathlib.Path(sys.argv[1])))\n"
        "print(interpreter.run(sys.argv[2]))"
    )
    for _ in range(2):
        command = [sys.executable, "-c", code, str(cache.folder), SCRIPT]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        assert done.stdout == "ninety-one\n"
    assert len(files_of(cache)) == 1
